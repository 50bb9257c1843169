"""Texts: everything an agency reads, by a stable id, in every language Palermo speaks.

The translations are data in `schemas/texts`, a CSV file a subject and a column a language. English stands
there too, except where the code is its home already: findings, rules and code lists. Serbian in
Cyrillic letters is written from the Latin column. There is no way back to English: a text that is
missing in one language is an error, and a test finds it before anybody else does.
"""

import csv
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path

from babel import Locale
from babel.numbers import format_decimal, format_percent

from schemas.codelist import list_codelists, load_codelist
from schemas.cyrillic import write_cyrillic
from schemas.finding import FindingCode
from schemas.language import is_spoken
from schemas.unreadable import Remedy, Unreadable

FOLDER = Path(__file__).with_name("texts")
COUNTRY = "country"
UNSPOKEN = ("m49_region", "m49_subregion", "year_band")
"""Code lists whose labels nobody is asked for: derived from others, or the same figures everywhere."""

SMALLEST_SHARE, LARGEST_SHARE = 0.0005, 0.9995


class UnknownText(Exception):
    """There is no text of that id."""


class Language(StrEnum):
    """The languages Palermo speaks, by their BCP 47 tags."""

    ENGLISH = "en"
    FRENCH = "fr"
    SPANISH = "es"
    SERBIAN_LATIN = "sr-Latn"
    SERBIAN_CYRILLIC = "sr-Cyrl"
    MACEDONIAN = "mk"
    ARABIC = "ar"

    @property
    def locale(self) -> Locale:
        """What the Unicode CLDR knows of the language: names of countries, how numbers are written."""
        return Locale.parse(self.value, sep="-")

    @property
    def own_name(self) -> str:
        """What its speakers call it."""
        return str(self.locale.get_display_name() or self.value)

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, as HTML names it."""
        return "rtl" if self.locale.text_direction == "rtl" else "ltr"


def text(id_: str, language: Language, **values: object) -> str:
    """One text in one language, its placeholders filled.

    Raises:
        UnknownText: there is no text of that id.
    """
    try:
        found = load_texts(language)[id_]
    except KeyError:
        raise UnknownText(f"there is no text {id_} in {language.value}") from None
    return found.format(**values) if values else found


def write_figure(value: float, language: Language) -> str:
    """A count or figure as the language writes it, with one decimal where it is no whole number."""
    return str(format_decimal(round(value, 1), format="#,##0.#", locale=language.locale))


def write_percent(share: float, language: Language) -> str:
    """A share in percent with one decimal; what is not quite nothing or all is never written so."""
    shown, sign = share, ""
    if 0 < share < SMALLEST_SHARE:
        shown, sign = 0.001, "< "
    elif LARGEST_SHARE <= share < 1:
        shown, sign = 0.999, "> "
    return sign + str(format_percent(shown, format="#,##0.# %", locale=language.locale))


def name_country(code: str, language: Language) -> str:
    """The name of a country by its ISO 3166 alpha-3 code, as CLDR has it, else as the code list has it."""
    (entry,) = (entry for entry in load_codelist(COUNTRY).entries if entry.code == code)
    return str(language.locale.territories.get(entry.extra["alpha2"], entry.label))


def name_code(codelist: str, code: str, language: Language) -> str:
    """The label of a code, without the code.

    Raises:
        UnknownText: the code list has no such code, or its labels are not translated.
    """
    if codelist == COUNTRY:
        return name_country(code, language)
    return text(f"code.{codelist}.{code}", language)


def name_field(field: str, language: Language) -> str:
    """What a field of the case is called; a name that is no field's stays as it is."""
    return load_texts(language).get(f"field.{field}", field)


def choose_language(tags: Iterable[str]) -> Language:
    """The first of the languages of a source that Palermo speaks, else English.

    `ar-IQ` is spoken as `ar`; `sr` without its letters is written in Latin.
    """
    for tag in tags:
        for language in Language:
            if is_spoken(tag, (language.value,)):
                return language
    return Language.ENGLISH


@cache
def load_texts(language: Language) -> dict[str, str]:
    """All texts of a language by id."""
    texts = dict(_list_homes()) if language is Language.ENGLISH else {}
    for path in sorted(FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            texts |= {row["id"]: found for row in csv.DictReader(file) if (found := _choose(row, language))}
    return texts


def _choose(row: dict[str, str], language: Language) -> str | None:
    if language is Language.SERBIAN_CYRILLIC:
        return write_cyrillic(row[Language.SERBIAN_LATIN.value])
    return row.get(language.value)


def _list_homes() -> Iterator[tuple[str, str]]:
    """English texts that stand where the thing itself is defined."""
    # here, as rules know all fields of a case, and most of what is written needs none of them
    from schemas.rules import RULES, RULES_ELSEWHERE

    for finding in FindingCode:
        yield f"finding.{finding.name}.title", finding.title
        yield f"finding.{finding.name}.advice", finding.advice
    for reason in Unreadable:
        yield f"unreadable.{reason.name}", reason.why
    for remedy in Remedy:
        yield f"remedy.{remedy.name}", remedy.value
    for rule in RULES:
        yield f"rule.{rule.id}", rule.title
    for elsewhere in RULES_ELSEWHERE:
        yield f"rule.{elsewhere.id}", elsewhere.title
    for name in list_codelists():
        if name != COUNTRY and name not in UNSPOKEN and not name.startswith(("palermo_", "perpetrator_")):
            for entry in load_codelist(name).entries:
                yield f"code.{name}.{entry.code}", entry.label
