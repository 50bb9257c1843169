"""Templates: which questions the forms ask that agencies without a system fill in, and how an answer reads.

A form is a workbook with a cover of one line and a sheet of cases; a hidden row holds the names of the
columns. Every answer but the case number comes from a list in the language of the form, so that a filled
one can be read in whichever language it was handed out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from schemas.case import case_fields, case_schema
from schemas.codelist import load_codelist
from schemas.field import Kind, Requirement
from schemas.missing import MissingReason
from schemas.problem import Problem
from schemas.text import COUNTRY, Language, name_code, text
from schemas.variant import Variant

CASES, COVER = "cases", "cover"
NAME_ROW, LABEL_ROW, FIRST_ROW = 1, 2, 3
ANSWER = "answer"
KEY, PERIOD, FORM = "case_number", "period", "form_of_exploitation"
LONGEST_KEY = 40
ANSWERS = 3
"""How often a question stands whose answer is a list."""


COVERED = ("reporting_country", "data_source_type", "reporting_entity_type")
"""What holds for every case of a delivery and is asked once."""

# SDG indicator 16.2.2 counts victims by sex, age and form of exploitation; the units of IC-TIP add status,
# citizenship, the place and the year; whether the person agrees is asked before anything is shared.
EIGHT = (
    "consent_publication",
    "year_of_registration",
    "trafficking_status",
    "gender",
    "age_broad",
    "citizenship",
    "country_of_exploitation",
    FORM,
)
FORMS = (
    "is_sexual_exploit",
    "is_forced_labour",
    "is_slavery_and_practices",
    "is_servitude",
    "is_organ_removal",
    "is_forced_begging",
    "is_forced_criminality",
    "is_forced_marriage",
    "is_other_exploit",
)
"""The purposes of Article 3 of the Palermo Protocol, then the further ones that registers name."""

NOT_ASKED = ("citizenship_all",)
"""The form asks for one citizenship; text is what Palermo writes itself."""

ASKED = (Requirement.MANDATORY, Requirement.EXPECTED, Requirement.OPTIONAL)
YES_NO = {"word.yes": 1, "word.no": 0}
NO_ANSWER = {"word.unknown": MissingReason.UNKNOWN, "template.refused": MissingReason.REFUSED}


@dataclass(frozen=True)
class Question:
    """One column of a form: its name in the hidden row, what it asks, which of several answers it takes."""

    name: str
    subject: str
    answer: int = 1

    @property
    def is_typed(self) -> bool:
        """Whether the agency writes the answer itself; all others come from a list."""
        return self.subject == KEY


def list_questions(variant: Variant) -> tuple[Question, ...]:
    """The columns of the sheet of cases."""
    subjects = EIGHT if variant is Variant.MINIMUM else _list_all_subjects()
    return (Question(KEY, KEY), *(question for subject in subjects for question in _repeat(subject)))


def list_cover_questions() -> tuple[Question, ...]:
    """The columns of the cover."""
    return tuple(Question(subject, subject) for subject in (*COVERED, PERIOD))


def label_question(question: Question, language: Language) -> str:
    """What stands above a column."""
    home = "template" if question.subject in (KEY, PERIOD, FORM) else "field"
    label = text(f"{home}.{question.subject}", language)
    return label if question.answer == 1 else text("template.further", language, question=label)


def list_answers(subject: str, language: Language, latest_year: int) -> dict[str, Any]:
    """The entries of a list and what each stands for; years end with `latest_year`.

    Text that is typed has no list. A question without whose answer the case could not be used offers
    no way to leave it open.
    """
    if subject == KEY:
        return {}
    if subject == PERIOD:
        return {period: period for period in _list_periods(latest_year)}
    reasons = (
        {} if _must_be_answered(subject) else {text(id_, language): code for id_, code in NO_ANSWER.items()}
    )
    return _list_values(subject, language, latest_year) | reasons


def describe_template(variant: Variant) -> dict[str, Any]:
    """The keys of a source description that every filled form of the variant has in common."""
    sheets = {name: {"reader": _describe_sheet(name)} for name in (CASES, COVER)}
    questions = list_questions(variant)
    asked = {field for question in questions for field in _list_fields(question.subject)} | set(COVERED)
    return {
        "tables": sheets,
        "link": {"table": COVER},
        "columns": {
            **{question.name: _describe_answer(question.subject) for question in questions},
            **{f"{COVER}.{subject}": _describe_answer(subject) for subject in COVERED},
        },
        "stated": {"period": f"{COVER}.{PERIOD}", "country": f"{COVER}.reporting_country"},
        "constants": {} if "coe_basis" in asked else {"coe_basis": "Reported"},
        "not_collected": sorted(_list_expected() - asked - {"coe_basis"}),
        "missing": {"": MissingReason.NOT_COLLECTED.value, **_read_words(NO_ANSWER)},
        "lookups": {lookup: _read_answers(lookup) for lookup in _list_lookups(questions)},
    }


def fill_in_template(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """A source description that names a template, with all keys that this stands for; others as they are.

    A problem for each key that is written although the template says it.
    """
    if "template" not in values:
        return dict(values), []
    known = values["template"] in tuple(Variant)
    described = describe_template(Variant(values["template"]) if known else Variant.MINIMUM)
    twice = [key for key in (*described, "reader", "cases") if key in values]
    said = "the template says what stands in the form; remove this key"
    return {**values, **described}, [Problem((key,), said) for key in twice]


def _list_all_subjects() -> tuple[str, ...]:
    """Every field that a person can answer, in the order of the case."""
    fields = [field for field in case_fields().values() if field.kind is not Kind.TEXT]
    return tuple(f.name for f in fields if f.requirement in ASKED and f.name not in {*COVERED, *NOT_ASKED})


def _repeat(subject: str) -> Iterator[Question]:
    several = subject == FORM or case_fields()[subject].kind is Kind.CODES
    for answer in range(1, (ANSWERS if several else 1) + 1):
        yield Question(subject if answer == 1 else f"{subject}_{answer}", subject, answer)


def _describe_sheet(name: str) -> dict[str, Any]:
    return {"format": "xlsx", "sheet": name, "header_row": NAME_ROW, "label_row": LABEL_ROW}


def _describe_answer(subject: str) -> dict[str, Any]:
    """What a column means; columns with the same answers share a lookup."""
    if subject == KEY:
        return {"key": True}
    if subject == FORM:
        return {"flags": FORM}
    field = case_fields()[subject]
    match field.kind:
        case Kind.FLAG | Kind.BOOLEAN:
            return {"field": subject, "lookup": ANSWER}
        case Kind.CODE:
            return {"field": subject, "lookup": field.codelist}
        case Kind.CODES:
            return {"field": subject, "lookup": field.codelist, "together": "any"}
    return {"field": subject}


def _list_lookups(questions: tuple[Question, ...]) -> tuple[str, ...]:
    meanings = [_describe_answer(subject) for subject in (*(q.subject for q in questions), *COVERED)]
    named = (meaning.get("lookup") or meaning.get("flags") for meaning in meanings)
    return tuple(dict.fromkeys(name for name in named if name))


def _list_fields(subject: str) -> tuple[str, ...]:
    return FORMS if subject == FORM else () if subject == KEY else (subject,)


def _list_expected() -> set[str]:
    fields = case_fields().values()
    return {field.name for field in fields if field.requirement is Requirement.EXPECTED}


def _read_answers(lookup: str) -> dict[str, Any]:
    """The entries of a list in every language and what each stands for."""
    if lookup == ANSWER:
        return _read_words(YES_NO)
    read = _list_forms if lookup == FORM else partial(_list_codes, lookup)
    return {word: code for language in Language for word, code in read(language).items()}


def _read_words(words: Mapping[str, Any]) -> dict[str, Any]:
    return {text(id_, language): code for language in Language for id_, code in words.items()}


def _must_be_answered(subject: str) -> bool:
    is_field = subject in case_fields()
    return subject in COVERED or (is_field and case_fields()[subject].requirement is Requirement.MANDATORY)


def _list_values(subject: str, language: Language, latest_year: int) -> dict[str, Any]:
    """Entries that give a value."""
    if subject == FORM:
        return _list_forms(language)
    field = case_fields()[subject]
    match field.kind:
        case Kind.CODE | Kind.CODES:
            return _list_codes(field.codelist or "", language)
        case Kind.FLAG | Kind.BOOLEAN:
            return {text(id_, language): code for id_, code in YES_NO.items()}
        case Kind.YEAR:
            first, _ = _bounds(subject)
            return {str(year): year for year in range(latest_year, first - 1, -1)}
    first, last = _bounds(subject)
    return {str(number): number for number in range(first, last + 1)}


def _list_forms(language: Language) -> dict[str, list[str]]:
    return {text(f"field.{flag}", language): [flag] for flag in FORMS}


def _list_codes(codelist: str, language: Language) -> dict[str, str]:
    """Labels of the codes that an agency may choose; contested territories are among the countries."""
    if codelist != COUNTRY:
        return {name_code(codelist, code, language): code for code in load_codelist(codelist).codes}
    named = language.locale.territories
    countries = [e for e in load_codelist(COUNTRY).entries if e.extra["alpha2"] in named]
    there = [e for e in countries if e.status in ("active", "contested")]
    return dict(sorted((name_code(COUNTRY, entry.code, language), entry.code) for entry in there))


@cache
def _bounds(subject: str) -> tuple[int, int]:
    checks = case_schema().columns[subject].checks
    limits = next(check.statistics for check in checks if check.name == "in_range")
    return limits["min_value"], limits["max_value"]


def _list_periods(latest_year: int) -> Iterator[str]:
    """Years, and the quarters and months of the last ones, newest first."""
    for year in range(latest_year, latest_year - 10, -1):
        yield str(year)
    for year in (latest_year, latest_year - 1):
        yield from (f"{year}-Q{quarter}" for quarter in range(4, 0, -1))
        yield from (f"{year}-{month:02}" for month in range(12, 0, -1))
