"""Dates: in the order, calendar and language of the source, read from the text of a cell.

A date without a day is a month long, one without a month a year. Impossible dates are None.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import jdatetime

from schemas.date_form import PARTS, Calendar, Serial, split_form
from schemas.language import find_locale, is_spoken
from schemas.lexicon import load_month_words
from transforms.number import level_number
from transforms.wording import level_name

DAYS = {"d": r"\d{1,2}", "m": r"\d{1,2}", "Y": r"\d{4}", "y": r"\d{2}", "B": r"[^\W\d_][^\d,]*?", "b": ""}
TIME = r"\d{1,2}(?:\.\d+)?"
ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
SERIAL = re.compile(r"(\d{1,7})(?:[.,]\d+)?")
BUDDHIST_OFFSET = 543
LAST_MONTH, CENTURY = 12, 100
LEAP_BUG = 60
"""Serial number of 29 February 1900, a day that only Excel knows."""
INVISIBLE = dict.fromkeys(map(ord, "\u200e\u200f\u061c\u202a\u202b\u202c\ufeff"))
"""Marks that tell the direction of writing."""


@dataclass(frozen=True)
class Span:
    """The days that a date may mean, both included."""

    first: date
    last: date


Read = Callable[[str], Span | None]


def build_date_reading(
    forms: tuple[str, ...], calendar: Calendar, pivot: int | None, languages: tuple[str, ...]
) -> Read:
    """How dates are read: by the forms, else as ISO 8601 as workbook readers write dates.

    A cell that means different days in two of the forms is not read.
    """
    readings = [_build_form(form, calendar, pivot, languages) for form in forms]

    def read(cell: str) -> Span | None:
        text = " ".join(level_number(cell.translate(INVISIBLE)).split())
        found = {span for reading in readings if (span := reading(text)) is not None}
        if len(found) > 1:
            return None
        return next(iter(found)) if found else _read_iso(text)

    return read


def _build_form(form: str, calendar: Calendar, pivot: int | None, languages: tuple[str, ...]) -> Read:
    if form in tuple(Serial):
        return lambda text: _read_serial(text, Serial(form))
    pattern = _compile_form(form)
    months = index_months(languages or ("en",), calendar)

    def read(text: str) -> Span | None:
        match = pattern.fullmatch(text)
        if match is None:
            return None
        found = match.groupdict()
        name = found.get("name")
        month = found.get("month") if name is None else months.get(level_name(name), 0)
        day, year = found.get("day"), _complete_year(found["year"], pivot)
        return _make_span(calendar, year, None if month is None else int(month), day and int(day))

    return read


def _compile_form(form: str) -> re.Pattern[str]:
    names = {"d": "day", "m": "month", "Y": "year", "y": "year", "B": "name", "b": "name"}
    pattern = ""
    for directive, space, other in split_form(form):
        if directive in names:
            pattern += f"(?P<{names[directive]}>{DAYS[directive] or DAYS['B']})"
        elif directive in PARTS:
            pattern += TIME
        else:
            pattern += r"\s+" if space else re.escape(other)
    return re.compile(pattern, re.IGNORECASE)


def _complete_year(digits: str, pivot: int | None) -> int:
    """Two digits as the latest year that ends in them and is not after the pivot."""
    year = int(digits)
    if len(digits) > 2 or pivot is None:
        return year
    return year + (pivot - year) // CENTURY * CENTURY


def _make_span(calendar: Calendar, year: int, month: int | None, day: int | None) -> Span | None:
    """The days of a year, a month or a date."""
    try:
        first = _make_date(calendar, year, 1 if month is None else month, 1 if day is None else day)
        if day is not None:
            return Span(first, first)
        at_end = month is None or month == LAST_MONTH
        following = _make_date(calendar, year + at_end, 1 if at_end else (month or 0) + 1, 1)
        return Span(first, following - timedelta(days=1))
    except (ValueError, OverflowError):
        return None


def _make_date(calendar: Calendar, year: int, month: int, day: int) -> date:
    """The day in the Gregorian calendar.

    Raises:
        ValueError: there is no such day.
    """
    if calendar is Calendar.SOLAR_HIJRI:
        found: date = jdatetime.date(year, month, day).togregorian()
        return found
    return date(year - BUDDHIST_OFFSET if calendar is Calendar.BUDDHIST else year, month, day)


def _read_serial(text: str, serial: Serial) -> Span | None:
    match = SERIAL.fullmatch(text)
    if match is None:
        return None
    days = int(match[1])
    if serial is Serial.EXCEL_1904:
        begin = date(1904, 1, 1)
    elif days in (0, LEAP_BUG):
        return None
    else:
        begin = date(1899, 12, 30) if days > LEAP_BUG else date(1899, 12, 31)
    try:
        found = begin + timedelta(days=days)
    except OverflowError:
        return None
    return Span(found, found)


def _read_iso(text: str) -> Span | None:
    match = ISO.fullmatch(text)
    if match is None:
        return None
    return _make_span(Calendar.GREGORIAN, *(int(part) for part in match.groups()))


@cache
def index_months(languages: tuple[str, ...], calendar: Calendar) -> dict[str, int]:
    """Levelled names of the months, whole and short; a name of several months is none."""
    words: dict[str, set[int]] = {}
    for number, name in _list_months(languages, calendar):
        words.setdefault(level_name(name), set()).add(number)
    return {word: next(iter(numbers)) for word, numbers in words.items() if word and len(numbers) == 1}


def _list_months(languages: tuple[str, ...], calendar: Calendar) -> list[tuple[int, str]]:
    if calendar is Calendar.SOLAR_HIJRI:
        named = (jdatetime.date.j_months_fa, jdatetime.date.j_months_en, DARI_MONTHS)
        return [(number, name) for names in named for number, name in enumerate(names, 1)]
    found = [
        (number, name)
        for language in languages
        for form in find_locale(language).months.values()
        for width in ("wide", "abbreviated")
        for number, name in form[width].items()
    ]
    ours = load_month_words()
    return found + [(word.month, word.word) for word in ours if is_spoken(word.language, languages)]


DARI_MONTHS = ("حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله", "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت")
"""The months of the Solar Hijri calendar as Afghanistan names them."""
