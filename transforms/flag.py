"""Flags: a column of which one cell sets several yes/no fields through a lookup."""

from dataclasses import replace

from schemas.finding import FindingCode
from schemas.precision import Precision, join_precisions
from schemas.source import Column, LookupTarget, Placement, Source
from transforms.answer import GARBLED, STRANGE, Answer, Reading
from transforms.cell import build_missing
from transforms.lookup import fold_list, fold_word, split_cell
from transforms.readers.content import UNREADABLE


def list_flags(source: Source, column: Column) -> tuple[str, ...]:
    """Every field that the lookup of the column can set."""
    targets = source.lookups[column.flags or ""].values()
    return tuple(sorted(frozenset[str]().union(*map(_as_flags, targets))))


def build_flag_reading(source: Source, column: Column) -> Reading:
    """How a cell is read: the answer's value is the set of flags it names, empty where it names none."""
    separator = column.separator or ""
    fold = (lambda text: fold_list(text, separator)) if separator else fold_word
    lookup = {fold(word): target for word, target in source.lookups[column.flags or ""].items()}
    missing = {fold(word): reason for word, reason in build_missing(source, column).items()}
    own = {fold(word) for word in column.missing}
    named = {word: _name(target, column) for word, target in lookup.items()}
    known = {word: _name(None, column) for word in missing if word} | named

    def read(cell: str) -> Answer:
        word = fold(cell)
        if cell == UNREADABLE:
            return GARBLED
        if word in missing and (word in own or word not in lookup):
            return Answer(reason=missing[word])
        if word in lookup:
            return named[word]
        parts, left_over = split_cell(cell, separator, known) if separator else ([], 1)
        if left_over and not column.unplaced:
            return STRANGE
        joined = _join([known[part] for part in parts])
        return (
            replace(joined, finding=FindingCode.WORD_UNPLACED, precision=Precision.LOSSY)
            if left_over
            else joined
        )

    return read


def _name(target: LookupTarget, column: Column) -> Answer:
    """The flags that a word names; a word that names none is lost, unless it says no to all."""
    return Answer(_as_flags(target), precision=_relate(target, column))


def _join(answers: list[Answer]) -> Answer:
    """The flags that the words of a cell name together."""
    named = frozenset[str]().union(*(answer.value for answer in answers))
    return Answer(named, precision=join_precisions(answer.precision for answer in answers))


def _relate(target: LookupTarget, column: Column) -> Precision:
    if isinstance(target, Placement):
        return target.relation
    return Precision.EXACT if _as_flags(target) or column.others == "no" else Precision.LOSSY


def _as_flags(target: LookupTarget) -> frozenset[str]:
    if isinstance(target, Placement):
        return _as_flags(target.to)
    if target is None:
        return frozenset()
    return frozenset(target) if isinstance(target, tuple) else frozenset({str(target)})
