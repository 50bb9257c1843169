"""Notations: cells that need no lookup, because their form or the source's language says what they mean."""

from collections.abc import Callable
from functools import cache

from schemas.case import CaseField, case_schema
from schemas.codelist import load_codelist
from schemas.date_form import Calendar
from schemas.field import Kind
from schemas.finding import FindingCode
from schemas.ladder import LADDERS, Range, parse_range, place_range
from schemas.missing import MissingReason
from schemas.precision import Precision
from schemas.source import Column, Source
from transforms.answer import GARBLED, STRANGE, UNKNOWN, Answer, Reading
from transforms.country import Ambiguous, Country, parse_code, parse_name, parse_numeric
from transforms.date import Read, build_date_reading
from transforms.lookup import fold_word
from transforms.number import parse_whole, parse_year
from transforms.wording import level_digits
from transforms.yes_no import parse_yes_no

SUB_REGIONS = {"citizenship": "citizenship_subregion", "country_of_exploitation": "coe_subregion"}
"""Where a country is kept that is counted in no country."""

FURTHEST = 1000
"""A number above is no age and no duration in months, whatever band has no end."""


def build_notation(source: Source, column: Column, field: CaseField) -> Reading:
    """How a cell is read without a lookup, by the kind of the field; a code of its list is a notation."""
    if field.codelist == "country":
        return _build_country(source, column, field)
    match field.kind:
        case Kind.CODE | Kind.CODES:
            return lambda cell: _read_code(cell, field)
        case Kind.FLAG | Kind.BOOLEAN:
            return lambda cell: _read_yes_no(cell, source.language, field)
        case Kind.YEAR:
            return _build_year(source, column, field)
        case Kind.INTEGER:
            return lambda cell: _read_number(cell, column, field)
    return lambda cell: GARBLED


def build_span_reading(source: Source, column: Column) -> Read:
    """How the dates of a column are read; without `date` they are years."""
    forms = column.date or ("%Y",)
    read = build_date_reading(forms, column.calendar, column.pivot, source.language)
    if column.date:
        return read
    return lambda cell: read(cell.strip().removesuffix(".0"))


def list_coarser(field: str) -> tuple[str, ...]:
    """The coarser fields that can take what a column says which is mapped to a field."""
    rungs = (*LADDERS.get(field, ()), *([SUB_REGIONS[field]] if field in SUB_REGIONS else []))
    return tuple(rung for rung in rungs if rung != field)


def place_numbers(found: Range, field: CaseField) -> Answer:
    """A range of numbers in the finest code that can hold the whole of it."""
    rung = place_range(field.name, found)
    if rung is None:
        return Answer(reason=MissingReason.UNKNOWN, finding=FindingCode.RANGE_UNPLACED)
    is_own = rung.field == field.name
    is_noted = not is_own and rung.precision is not Precision.EXACT
    note = FindingCode.LEVEL_COARSER if is_noted else None
    return Answer(rung.code, None, note, rung.precision, None if is_own else rung.field)


def read_country_code(code: str, source: Source, field: CaseField) -> Answer:
    """A code of the list of countries, as a lookup gives it."""
    return _answer_country(parse_code(code, source.territories), field) or GARBLED


def _build_country(source: Source, column: Column, field: CaseField) -> Reading:
    readings: dict[str, Callable[[str], Country | Ambiguous | None]] = {
        "codes": lambda cell: parse_code(cell, source.territories),
        "numeric": lambda cell: parse_numeric(cell, source.territories),
        "names": lambda cell: parse_name(cell, source.language, source.territories),
    }
    read, otherwise = readings[column.country], STRANGE if column.country == "names" else GARBLED
    return lambda cell: _answer_country(read(cell), field) or otherwise


def _answer_country(country: Country | Ambiguous | None, field: CaseField) -> Answer | None:
    if country is None:
        return None
    if isinstance(country, Ambiguous):
        return Answer(reason=MissingReason.UNKNOWN, finding=FindingCode.COUNTRY_AMBIGUOUS)
    if country.placed is None:
        return Answer(country.code) if country.code else UNKNOWN
    note, coarser = FindingCode.COUNTRY_HISTORIC, SUB_REGIONS.get(field.name)
    if country.code:
        return Answer(country.code, None, note, country.placed)
    if country.sub_region and coarser:
        return Answer(country.sub_region, None, note, Precision.BROADER, coarser)
    return Answer(reason=MissingReason.UNKNOWN, finding=note)


def _read_code(cell: str, field: CaseField) -> Answer:
    codes = _index_codes(field.codelist or "")
    if code := codes.get(fold_word(cell)):
        return Answer(code)
    found = _read_range(cell) if field.name in LADDERS else None
    if found is None:
        return STRANGE
    return place_numbers(found, field) if found.low <= FURTHEST else GARBLED


def _read_range(cell: str) -> Range | None:
    number = parse_whole(cell)
    if number is not None:
        return Range(number, number) if number >= 0 else None
    return parse_range(level_digits(cell))


def _read_yes_no(cell: str, languages: tuple[str, ...], field: CaseField) -> Answer:
    answer = parse_yes_no(cell, languages)
    if answer is None:
        return GARBLED
    return Answer(int(answer) if field.kind is Kind.FLAG else answer)


def _build_year(source: Source, column: Column, field: CaseField) -> Reading:
    if column.date is None and column.calendar is Calendar.GREGORIAN:
        return lambda cell: _answer_number(parse_year(cell), field)
    read_span = build_span_reading(source, column)

    def read(cell: str) -> Answer:
        """A year of another calendar that lies in two of ours is the one in which it began."""
        span = read_span(cell)
        if span is None:
            return GARBLED
        precision = Precision.EXACT if span.first.year == span.last.year else Precision.LOSSY
        return _answer_number(span.first.year, field, precision)

    return read


def _read_number(cell: str, column: Column, field: CaseField) -> Answer:
    number = parse_whole(cell, column.thousands)
    if number is not None or field.name not in LADDERS:
        return _answer_number(number, field)
    found = parse_range(level_digits(cell))
    if found is None or found.low > _bounds(field.name)[1]:
        return GARBLED
    return place_numbers(found, field)


def _answer_number(number: int | None, field: CaseField, precision: Precision = Precision.EXACT) -> Answer:
    """The number if the field's definition allows it."""
    lowest, highest = _bounds(field.name)
    if number is None or not lowest <= number <= highest:
        return GARBLED
    return Answer(number, precision=precision)


@cache
def _bounds(name: str) -> tuple[int, int]:
    checks = case_schema().columns[name].checks
    limits = next(check.statistics for check in checks if check.name == "in_range")
    return limits["min_value"], limits["max_value"]


@cache
def _index_codes(codelist: str) -> dict[str, str]:
    return {fold_word(code): code for code in load_codelist(codelist).codes}
