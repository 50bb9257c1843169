"""Parts: what one column of the file contributes to one field, and how a field's parts are put together."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from schemas.case import case_fields, case_schema
from schemas.field import Kind
from schemas.finding import Finding, FindingCode
from schemas.missing import MissingReason
from schemas.precision import Carried
from schemas.source import Column, Source
from transforms.answer import Answer
from transforms.cell import build_reading
from transforms.flag import build_flag_reading, list_flags
from transforms.notation import list_coarser


@cache
def list_dtypes() -> dict[str, str]:
    """The pandas type in which each field of the case is held."""
    dtypes = {name: str(column.dtype) for name, column in case_schema().columns.items()}
    return {name: "str" if dtype.startswith("str") else dtype for name, dtype in dtypes.items()}


@dataclass(frozen=True)
class Part:
    """Values and reasons by row, null where there is none.

    An implied part only fills what others left; a part that adds up is one voice of several.
    """

    field: str
    column: str
    values: pd.Series
    reasons: pd.Series
    is_implied: bool = False
    adds_up: bool = False


@dataclass(frozen=True)
class Words:
    """The distinct words of a column and where they stand; an answer to a word is one to all its rows."""

    address: str
    places: np.ndarray
    index: pd.Index

    def spread(self, answers: Sequence[Any], dtype: str) -> pd.Series:
        """What was said to each word, in every row where the word stands."""
        return pd.Series(pd.array(list(answers), dtype=dtype).take(self.places), index=self.index)

    def rows(self, words: Sequence[int]) -> tuple[int, ...]:
        """Rows in which one of the words stands."""
        return tuple(self.index[np.isin(self.places, words)].tolist())


@dataclass(frozen=True)
class Contribution:
    """What one column gives: its parts, what could not be placed, and how much was kept how exactly."""

    parts: list[Part]
    findings: list[Finding]
    carried: Carried


def map_column(source: Source, address: str, column: Column, cells: pd.Series) -> Contribution:
    """What one column contributes. Each distinct word is read once, however many rows it stands in."""
    return spread_answers(source, column, *read_words(source, address, column, cells))


def read_words(source: Source, address: str, column: Column, cells: pd.Series) -> tuple[Words, list[Answer]]:
    """The distinct words of a column, and the answer to each."""
    read = build_flag_reading(source, column) if column.flags else build_reading(source, column)
    places, distinct = pd.factorize(cells)
    return Words(address, places, cells.index), [read(word) for word in distinct]


def spread_answers(source: Source, column: Column, words: Words, answers: list[Answer]) -> Contribution:
    """The answers to the distinct words of a column, in the rows where the words stand."""
    if column.flags:
        parts = list(_part_flags(source, column, words, answers))
    else:
        own = _part(column.field or "", words, [answer.own for answer in answers])
        coarser = list_coarser(column.field or "")
        parts = [replace(own, adds_up=column.together == "any"), *_part_coarser(coarser, words, answers)]
    troubles = find_troubles(source, column, words, answers)
    return Contribution(parts, troubles, _count(column, words, answers))


def fill_part(field: str, index: pd.Index, value: Any, reason: MissingReason | None = None) -> Part:
    """The same value or reason in every row."""
    everywhere = Words("", np.zeros(len(index), dtype=np.intp), index)
    return _part(field, everywhere, [Answer(value, reason)])


def group_parts(parts: Iterable[Part]) -> dict[str, list[Part]]:
    """The parts of each field, in the order of their columns."""
    by_field: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        by_field[part.field].append(part)
    return by_field


def join_parts(parts: Sequence[Part]) -> tuple[Part, tuple[int, ...]]:
    """In each row the first value there is; and the rows in which two columns say different things."""
    ordered = sorted(_merge_voices(parts), key=lambda part: part.is_implied)
    values, reasons, column = ordered[0].values, ordered[0].reasons, ordered[0].column
    differing = pd.Series(False, index=values.index)
    for part in ordered[1:]:
        if not part.is_implied:
            column = part.column
            said = values.notna() & part.values.notna()
            differing |= said & values.ne(part.values).fillna(False).astype(bool)
        values = values.where(values.notna(), part.values)
        reasons = reasons.where(reasons.notna(), part.reasons)
    if (values.notna() & reasons.notna()).any():
        reasons = reasons.where(values.isna(), None)
    joined = Part(ordered[0].field, column, values, reasons)
    return joined, tuple(differing.index[differing].tolist())


def add_up(values: pd.Series, kind: Kind) -> pd.Series:
    """One value for each label of the index, which may repeat: lists joined; of flags one yes is enough.

    A no needs a no everywhere.
    """
    there = values.dropna().groupby(level=0, sort=False)
    if kind is Kind.CODES:
        return there.agg(lambda lists: ";".join(dict.fromkeys(";".join(lists).split(";"))))
    yes, said = there.max().eq(1), there.size()
    asked = values.groupby(level=0, sort=False).size().reindex(said.index)
    return pd.Series(1, index=said.index, dtype=object).where(yes, 0).where(yes | said.eq(asked))


def _merge_voices(parts: Sequence[Part]) -> list[Part]:
    """The parts, with those that add up put together to one."""
    voices = [part for part in parts if part.adds_up]
    if len(voices) < 2:
        return list(parts)
    index = voices[0].values.index
    kind = case_fields()[voices[0].field].kind
    values = add_up(pd.concat([part.values for part in voices]), kind).reindex(index).astype(object)
    reasons = voices[0].reasons
    for part in voices[1:]:
        reasons = reasons.where(reasons.notna(), part.reasons)
    merged = replace(voices[0], values=values, reasons=reasons.where(values.isna(), None))
    return [merged, *(part for part in parts if not part.adds_up)]


def report_difference(source: Source, part: Part, rows: tuple[int, ...]) -> list[Finding]:
    """Two columns of the file contradict each other about one field."""
    if not rows:
        return []
    return [Finding(FindingCode.RULE_HELD, len(rows), source.cases, part.column, part.field, rows=rows)]


def _part_flags(source: Source, column: Column, words: Words, answers: list[Answer]) -> Iterator[Part]:
    """A part for each flag of the lookup: 1 where the cell names it, implied 0 where the source says so."""
    for flag in list_flags(source, column):
        yield _part(flag, words, [_as_flag(answer, flag) for answer in answers])
        if column.others == "no":
            # a word that was not placed may name any of the other flags
            implied = [Answer(None if answer.value is None or answer.finding else 0) for answer in answers]
            yield replace(_part(flag, words, implied), is_implied=True)


def _part_coarser(fields: Iterable[str], words: Words, answers: list[Answer]) -> Iterator[Part]:
    """A part for each coarser field that takes values which the column's own field cannot hold.

    There is one even where no answer needs it, so that a row is mapped alike whatever rows stand beside it.
    """
    for field in fields:
        yield replace(_part(field, words, [answer.to(field) for answer in answers]), is_implied=True)


def _as_flag(answer: Answer, flag: str) -> Answer:
    if answer.value is not None and flag in answer.value:
        return Answer(1)
    return Answer(reason=answer.reason or MissingReason.UNKNOWN)


def _part(field: str, words: Words, answers: list[Answer]) -> Part:
    values = words.spread([answer.value for answer in answers], list_dtypes()[field])
    reasons = words.spread([answer.reason and answer.reason.value for answer in answers], "str")
    return Part(field, words.address, values, reasons)


def find_troubles(source: Source, column: Column, words: Words, answers: list[Answer]) -> list[Finding]:
    """One finding for each kind of trouble in the column; it names rows, never the word."""
    findings = []
    for code in sorted({answer.finding for answer in answers if answer.finding}, key=lambda code: code.name):
        rows = words.rows([number for number, answer in enumerate(answers) if answer.finding is code])
        findings.append(Finding(code, len(rows), source.cases, words.address, column.field, rows=rows))
    return findings


def _count(column: Column, words: Words, answers: list[Answer]) -> Carried:
    """Cells by what became of them."""
    cells = np.bincount(words.places, minlength=len(answers)).tolist()
    counts: Counter[str] = Counter()
    for answer, number in zip(answers, cells, strict=True):
        counts[_judge(answer)] += number
    return Carried(words.address, column.field, **counts)


def _judge(answer: Answer) -> str:
    if answer.is_unplaced:
        return "unplaced"
    return "unanswered" if answer.value is None else answer.precision.value
