"""Values: years, dates, whole numbers, yes and no, countries and bands, read from the text of a cell.

Each function gives None for what it cannot read; the caller turns that into a finding.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from schemas.codelist import load_codelist

WHOLE = re.compile(r"^[+-]?\d{1,9}(\.0*)?$")
YEAR = re.compile(r"^[12]\d{3}(\.0*)?$")
BAND = re.compile(r"^0*(\d+)\s*[-\u2010-\u2015\u2212]+\s*0*(\d+)$")
OPEN_BAND = re.compile(r"^0*(\d+)\s*\+$")
YES, NO = frozenset({"1", "true", "yes"}), frozenset({"0", "false", "no"})
UNKNOWN_COUNTRIES = frozenset({"0", "00", "ZZ"})


@dataclass(frozen=True)
class Country:
    """ISO alpha-3 code, null where a country cannot be placed; whether policy placed it."""

    code: str | None
    is_placed: bool = False


def parse_whole(text: str) -> int | None:
    """A whole number, also one that a spreadsheet wrote as `14.0`."""
    return int(text.split(".")[0]) if WHOLE.match(text) else None


def parse_year(text: str) -> int | None:
    """A year of four digits, also as `2002.0`."""
    return int(text[:4]) if YEAR.match(text) else None


def parse_year_of_date(text: str, form: str) -> int | None:
    """The year of a date in the form of the source, or in ISO 8601 as the workbook reader writes dates."""
    try:
        return datetime.strptime(text, form).year
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text).year
    except ValueError:
        return None


def parse_yes_no(text: str) -> bool | None:
    """1 and 0, true and false, yes and no; words of other languages are a lookup of the source."""
    word = text.casefold().removesuffix(".0")
    return True if word in YES else False if word in NO else None


def parse_band(text: str) -> str:
    """A band as code lists write it: `09-17` and `9–17` become `9--17`."""
    if match := BAND.match(text):
        return f"{int(match[1])}--{int(match[2])}"
    if match := OPEN_BAND.match(text):
        return f"{int(match[1])}+"
    return text


def parse_country(text: str) -> Country | None:
    """An ISO 3166 alpha-3 or alpha-2 code; `NA` is Namibia.

    Historic and contested codes are placed as the code list says, or stay without a place.
    """
    if text in UNKNOWN_COUNTRIES:
        return Country(None)
    return _index_countries().get(text)


@cache
def _index_countries() -> dict[str, Country]:
    countries = load_codelist("country")
    active = set(countries.codes)
    by_code = {
        entry.code: Country(entry.code)
        if entry.code in active
        else Country(entry.extra["maps_to"] or None, True)
        for entry in countries.entries
    }
    by_alpha2 = {two: by_code[entry.code] for two, entry in countries.by_extra("alpha2").items()}
    return by_code | by_alpha2
