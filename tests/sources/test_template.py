"""A form that is filled in, in any language, becomes the same cases without a description of its columns."""

import io
from typing import Any

import openpyxl
import pandas as pd
import pytest

from portal.template_workbook import render_template
from schemas.case import case_fields
from schemas.description import parse_source
from schemas.field import Kind
from schemas.template import (
    CASES,
    COVER,
    FIRST_ROW,
    NAME_ROW,
    Question,
    Variant,
    list_answers,
    list_cover_questions,
    list_questions,
)
from schemas.text import Language
from transforms.mapped import Mapped
from transforms.mapping import map_cases
from transforms.reading import name_tables, read_tables

LATEST = 2026
DESCRIPTION = """
title: Shelters without a system (invented)
publisher: {{name: Office, country: SRB}}
terms: {{licence: restricted-submission, agreement: "none needed: invented"}}
schedule: {{every: year}}
template: {variant}
"""
COVERED = {
    "reporting_country": "SRB",
    "data_source_type": "CaseManagement",
    "reporting_entity_type": "NGO",
    "period": "2024",
}
# What each question is answered with; a reason in brackets, nothing where nobody asked.
ANSWERS: tuple[dict[str, Any], ...] = (
    {
        "case_number": "A-1",
        "consent_publication": 1,
        "year_of_registration": "2024",
        "trafficking_status": "ActualVictimOfTrafficking",
        "gender": "Woman",
        "age_broad": "9--17",
        "citizenship": "NAM",
        "country_of_exploitation": "ITA",
        "form_of_exploitation": ["is_sexual_exploit"],
        "form_of_exploitation_2": ["is_forced_begging"],
    },
    {
        "case_number": "A-2",
        "consent_publication": 0,
        "year_of_registration": "2023",
        "trafficking_status": "PossibleVictimOfTrafficking",
        "gender": "unknown",
        "age_broad": "refused",
        "country_of_exploitation": "CIV",
        "form_of_exploitation": ["is_forced_labour"],
    },
)
WANTED = (
    {
        "data_source_type": "CaseManagement",
        "reporting_country": "SRB",
        "reporting_entity_type": "NGO",
        "consent_publication": True,
        "year_of_registration": 2024,
        "trafficking_status": "ActualVictimOfTrafficking",
        "gender": "Woman",
        "age_broad": "9--17",
        "citizenship": "NAM",
        "country_of_exploitation": "ITA",
        "coe_basis": "Reported",
        "is_sexual_exploit": 1,
        "is_forced_begging": 1,
        "is_forced_labour": "(unknown)",
    },
    {
        "consent_publication": False,
        "year_of_registration": 2023,
        "trafficking_status": "PossibleVictimOfTrafficking",
        "gender": "(unknown)",
        "age_broad": "(refused)",
        "citizenship": "(not_collected)",
        "country_of_exploitation": "CIV",
        "is_forced_labour": 1,
        "is_sexual_exploit": "(unknown)",
    },
)
# What a person sees in the list, written here by hand.
SEEN = {
    Language.ENGLISH: {"gender": "Woman", "citizenship": "Namibia", "consent_publication": "Yes"},
    Language.FRENCH: {"gender": "Femme", "citizenship": "Namibie", "consent_publication": "Oui"},
    Language.SPANISH: {"gender": "Mujer", "citizenship": "Namibia", "consent_publication": "Sí"},
    Language.SERBIAN_LATIN: {"gender": "Žena", "citizenship": "Namibija", "consent_publication": "Da"},
    Language.SERBIAN_CYRILLIC: {"gender": "Жена", "citizenship": "Намибија", "consent_publication": "Да"},
    Language.MACEDONIAN: {"gender": "Жена", "citizenship": "Намибија", "consent_publication": "Да"},
    Language.ARABIC: {"gender": "امرأة", "citizenship": "ناميبيا", "consent_publication": "نعم"},
}


def fill(form: bytes, answers: dict[str, list[dict[str, str]]]) -> bytes:
    """Write answers into a form by the names of its hidden rows, from the first free row on."""
    workbook = openpyxl.load_workbook(io.BytesIO(form))
    for title, rows in answers.items():
        sheet = workbook[title]
        names = [cell.value for cell in sheet[NAME_ROW]]
        for number, row in enumerate(rows, FIRST_ROW):
            for name, answer in row.items():
                sheet.cell(number, names.index(name) + 1).value = answer
    filled = io.BytesIO()
    workbook.save(filled)
    return filled.getvalue()


def write(questions: tuple[Question, ...], row: dict[str, Any], language: Language) -> dict[str, str]:
    """Answers as the lists of the language have them."""
    written = {}
    for question in questions:
        if question.name in row:
            entries = list_answers(question.subject, language, LATEST)
            wanted = row[question.name]
            written[question.name] = next((w for w, code in entries.items() if code == wanted), wanted)
    return written


def ingest(variant: Variant, content: bytes) -> Mapped:
    source = parse_source("srb_office_shelters", DESCRIPTION.format(variant=variant.value))
    tables = read_tables(source, dict.fromkeys(name_tables(source, "filled.xlsx"), content))
    return map_cases(tables, source, period="2024", key=b"key", source_version="0" * 64)


def show(mapped: Mapped, row: int, field: str) -> Any:
    value = mapped.cases.at[row, field]
    return f"({mapped.reasons.at[row, field]})" if pd.isna(value) else value


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("variant", list(Variant))
def test_a_blank_form_has_no_case(variant, language):
    mapped = ingest(variant, render_template(variant, language, LATEST))
    assert (len(mapped.cases), mapped.read, mapped.findings) == (0, 0, ())


@pytest.mark.parametrize("language", list(Language))
def test_the_short_form_becomes_the_same_cases_in_every_language(language):
    questions = list_questions(Variant.MINIMUM)
    rows = [write(questions, row, language) for row in ANSWERS]
    assert {name: rows[0][name] for name in SEEN[language]} == SEEN[language]
    cover = write(list_cover_questions(), COVERED, language)
    form = render_template(Variant.MINIMUM, language, LATEST)
    mapped = ingest(Variant.MINIMUM, fill(form, {COVER: [cover], CASES: rows}))
    assert mapped.findings == ()
    assert mapped.held == frozenset()
    for number, wanted in enumerate(WANTED, FIRST_ROW):
        assert {name: show(mapped, number, name) for name in wanted} == wanted
    assert mapped.cases["source_record_key"].is_unique


@pytest.mark.parametrize("language", list(Language))
def test_every_entry_of_every_list_of_the_full_form_is_read_back(language):
    """A row for each place of the longest list: whatever an agency can choose becomes what it stands for."""
    questions = [question for question in list_questions(Variant.FULL) if not question.is_typed]
    entries = {question.name: list_answers(question.subject, language, LATEST) for question in questions}
    longest = max(map(len, entries.values()))
    rows = [
        {"case_number": str(number)}
        | {name: list(words)[number] for name, words in entries.items() if number < len(words)}
        for number in range(longest)
        if number < 40 or number % 50 == 0
    ]
    cover = write(list_cover_questions(), COVERED, language)
    mapped = ingest(
        Variant.FULL, fill(render_template(Variant.FULL, language, LATEST), {COVER: [cover], CASES: rows})
    )
    assert {finding.code.name for finding in mapped.findings} <= {"COUNTRY_HISTORIC"}
    for question in questions:
        if case_fields()[question.subject].kind is not Kind.CODES:
            for number, row in enumerate(rows, FIRST_ROW):
                if question.name in row:
                    code = entries[question.name][row[question.name]]
                    shown = show(mapped, number, question.subject)
                    assert str(shown).strip("()") == _expect(question.subject, code)


def _expect(subject: str, code: Any) -> str:
    if case_fields()[subject].kind is Kind.BOOLEAN and code in (0, 1):
        return str(bool(code))
    return "SRB" if code == "XKX" else str(code)


@pytest.mark.parametrize("wrong", [{"period": "2023"}, {"reporting_country": "HRV"}])
def test_a_cover_that_states_something_else_stops_the_form(wrong):
    cover = write(list_cover_questions(), COVERED | wrong, Language.MACEDONIAN)
    rows = [write(list_questions(Variant.MINIMUM), row, Language.MACEDONIAN) for row in ANSWERS]
    form = render_template(Variant.MINIMUM, Language.MACEDONIAN, LATEST)
    mapped = ingest(Variant.MINIMUM, fill(form, {COVER: [cover], CASES: rows}))
    assert [(f.code.name, f.count) for f in mapped.findings] == [("STATEMENT_DIFFERS", 2)]
