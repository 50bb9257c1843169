"""Answers: what one cell says to the field its column is mapped to, by the field's kind.

A column is read word by word, not row by row: the same word gives the same answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from schemas.case import CaseField, case_fields, case_schema
from schemas.codelist import load_codelist
from schemas.field import Kind
from schemas.finding import FindingCode, Level
from schemas.missing import MissingReason
from schemas.source import Column, LookupTarget, Source
from transforms.lookup import fold_list, fold_word, fold_words, split_cell
from transforms.readers.content import UNREADABLE
from transforms.value import (
    parse_band,
    parse_country,
    parse_whole,
    parse_year,
    parse_year_of_date,
    parse_yes_no,
)


@dataclass(frozen=True)
class Answer:
    """A value, or why there is none; and the finding, if the cell is worth one."""

    value: Any = None
    reason: MissingReason | None = None
    finding: FindingCode | None = None


UNKNOWN = Answer(reason=MissingReason.UNKNOWN)
STRANGE = Answer(reason=MissingReason.UNKNOWN, finding=FindingCode.WORD_UNKNOWN)
GARBLED = Answer(reason=MissingReason.UNKNOWN, finding=FindingCode.VALUE_UNREADABLE)

Reading = Callable[[str], Answer]


def build_reading(source: Source, column: Column) -> Reading:
    """How the cells of a column that is mapped to one field are read."""
    read_one = _read_one(source, column, case_fields()[column.field or ""])
    return _read_list(source, column, read_one) if column.separator else read_one


def build_missing(source: Source, column: Column) -> dict[str, MissingReason]:
    """Folded words that stand for no answer, in this column or in all of them; blank is unknown."""
    return {"": MissingReason.UNKNOWN, **fold_words(source.missing), **fold_words(column.missing)}


def _read_one(source: Source, column: Column, field: CaseField) -> Reading:
    """The column's own missing tokens come first, then its lookup, then the tokens of the whole source."""
    own, general = fold_words(column.missing), build_missing(source, column)
    lookup = fold_words(source.lookups[column.lookup]) if column.lookup else {}

    def read(cell: str) -> Answer:
        word = fold_word(cell)
        if cell == UNREADABLE:
            return GARBLED
        if word in lookup and word not in own:
            return _place(lookup[word], field)
        if word in general:
            return Answer(reason=general[word])
        if lookup and field.codelist != "country":
            return STRANGE
        answer = _read_notation(cell, column, field)
        return STRANGE if lookup and answer is GARBLED else answer

    return read


def _read_list(source: Source, column: Column, read_one: Reading) -> Reading:
    """Several words in one cell; a field of one code takes the first."""
    field, separator = case_fields()[column.field or ""], column.separator or ""
    words = [*build_missing(source, column), *(source.lookups[column.lookup] if column.lookup else {})]
    known = {fold_list(word, separator): word for word in words if word}

    def read(cell: str) -> Answer:
        whole = read_one(cell)
        if whole not in (STRANGE, GARBLED) or cell == UNREADABLE:
            return whole
        found, left_over = split_cell(cell, separator, known)
        parts = cell.split(separator.strip() or separator) if left_over else [known[part] for part in found]
        return _join_answers([read_one(part.strip()) for part in parts if part.strip()], field)

    return read


def _join_answers(answers: list[Answer], field: CaseField) -> Answer:
    bad = next((a for a in answers if a.finding and a.finding.level is Level.HOLD), None)
    values = list(dict.fromkeys(answer.value for answer in answers if answer.value is not None))
    if bad or not values:
        return bad or next((a for a in answers if a.reason), UNKNOWN)
    note = next((answer.finding for answer in answers if answer.finding), None)
    return Answer(";".join(values) if field.kind is Kind.CODES else values[0], finding=note)


def _place(target: LookupTarget, field: CaseField) -> Answer:
    """What stands on the right side of a lookup, as a value of the field."""
    if target is None or target == ():
        return UNKNOWN
    if isinstance(target, tuple):
        return _join_answers([_place(one, field) for one in target], field)
    if target in set(MissingReason):
        return Answer(reason=MissingReason(str(target)))
    if field.codelist == "country":
        return _read_country(str(target))
    if field.kind is Kind.BOOLEAN:
        return Answer(bool(target))
    return Answer(int(target) if field.kind is Kind.FLAG else target)


def _read_notation(cell: str, column: Column, field: CaseField) -> Answer:
    """A cell in a notation that needs no lookup; a code of the field's own list is one."""
    if field.codelist == "country":
        return _read_country(cell)
    if field.kind in (Kind.CODE, Kind.CODES):
        codes = _index_codes(field.codelist or "")
        code = codes.get(fold_word(cell)) or codes.get(parse_band(cell))
        return Answer(code) if code else STRANGE
    value = _read_scalar(cell, column, field)
    return GARBLED if value is None else Answer(value)


def _read_scalar(cell: str, column: Column, field: CaseField) -> int | bool | None:
    match field.kind:
        case Kind.FLAG:
            answer = parse_yes_no(cell)
            return answer if answer is None else int(answer)
        case Kind.BOOLEAN:
            return parse_yes_no(cell)
        case Kind.YEAR if column.date:
            return _within(parse_year_of_date(cell, column.date), field.name)
        case Kind.YEAR:
            return _within(parse_year(cell), field.name)
        case Kind.INTEGER:
            return _within(parse_whole(cell), field.name)
    return None


def _read_country(code: str) -> Answer:
    country = parse_country(code)
    if country is None:
        return GARBLED
    note = FindingCode.COUNTRY_HISTORIC if country.is_placed else None
    return Answer(country.code, None if country.code else MissingReason.UNKNOWN, note)


def _within(number: int | None, name: str) -> int | None:
    """The number if the field's definition allows it."""
    lowest, highest = _bounds(name)
    return number if number is not None and lowest <= number <= highest else None


@cache
def _bounds(name: str) -> tuple[int, int]:
    checks = case_schema().columns[name].checks
    limits = next(check.statistics for check in checks if check.name == "in_range")
    return limits["min_value"], limits["max_value"]


@cache
def _index_codes(codelist: str) -> dict[str, str]:
    return {fold_word(code): code for code in load_codelist(codelist).codes}
