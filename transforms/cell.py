"""Cells: how the cells of a column that is mapped to one field are read, by lookup or notation.

A column is read word by word, not row by row: the same word gives the same answer.
"""

from dataclasses import replace

from schemas.case import CaseField, case_fields
from schemas.field import Kind
from schemas.ladder import LADDERS
from schemas.missing import MissingReason
from schemas.source import Column, LookupTarget, Placement, Source
from transforms.answer import GARBLED, STRANGE, UNKNOWN, Answer, Reading, join_answers
from transforms.lookup import fold_list, fold_word, fold_words, split_cell
from transforms.notation import build_notation, read_country_code
from transforms.readers.content import UNREADABLE
from transforms.yes_no import index_no_answers


def build_reading(source: Source, column: Column) -> Reading:
    """How the cells of a column that is mapped to one field are read."""
    read_one = _build_one(source, column, case_fields()[column.field or ""])
    return _build_list(source, column, read_one) if column.separator else read_one


def build_missing(source: Source, column: Column) -> dict[str, MissingReason]:
    """Folded words that stand for no answer, in this column or in all of them; blank is unknown."""
    spoken = index_no_answers(source.language)
    stated = {**fold_words(source.missing), **fold_words(column.missing)}
    return {"": MissingReason.UNKNOWN, **spoken, **stated}


def _build_one(source: Source, column: Column, field: CaseField) -> Reading:
    """The column's own missing tokens come first, then its lookup, then the tokens of the whole source."""
    own, general = fold_words(column.missing), build_missing(source, column)
    lookup = fold_words(source.lookups[column.lookup]) if column.lookup else {}
    read_notation = build_notation(source, column, field)
    has_notation = not lookup or field.codelist == "country" or _is_numeric(field)

    def read(cell: str) -> Answer:
        word = fold_word(cell)
        if cell == UNREADABLE:
            return GARBLED
        if word in lookup and word not in own:
            return _place(lookup[word], source, field, read_notation)
        if word in general:
            return Answer(reason=general[word])
        answer = read_notation(cell) if has_notation else STRANGE
        return STRANGE if lookup and answer is GARBLED else answer

    return read


def _build_list(source: Source, column: Column, read_one: Reading) -> Reading:
    """Several words in one cell."""
    field, separator = case_fields()[column.field or ""], column.separator or ""
    words = [*build_missing(source, column), *(source.lookups[column.lookup] if column.lookup else {})]
    known = {fold_list(word, separator): word for word in words if word}

    def read(cell: str) -> Answer:
        whole = read_one(cell)
        if whole not in (STRANGE, GARBLED) or cell == UNREADABLE:
            return whole
        found, left_over = split_cell(cell, separator, known)
        parts = cell.split(separator.strip() or separator) if left_over else [known[part] for part in found]
        return join_answers([read_one(part.strip()) for part in parts if part.strip()], field)

    return read


def _place(target: LookupTarget, source: Source, field: CaseField, read_notation: Reading) -> Answer:
    """What stands on the right side of a lookup, as a value of the field."""
    if isinstance(target, Placement):
        placed = _place(target.to, source, field, read_notation)
        return placed if placed.value is None else replace(placed, precision=target.relation)
    if target is None or target == ():
        return UNKNOWN
    if isinstance(target, tuple):
        return join_answers([_place(one, source, field, read_notation) for one in target], field)
    if target in set(MissingReason):
        return Answer(reason=MissingReason(str(target)))
    if field.codelist == "country":
        return read_country_code(str(target), source, field)
    if _is_numeric(field):
        return read_notation(str(target))
    if field.kind is Kind.BOOLEAN:
        return Answer(bool(target))
    return Answer(int(target) if field.kind is Kind.FLAG else target)


def _is_numeric(field: CaseField) -> bool:
    """Whether a lookup gives numbers and ranges, which may as well stand in the cells themselves."""
    return field.kind is Kind.INTEGER or field.name in LADDERS
