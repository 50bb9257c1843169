"""Flags: a column of which one cell sets several yes/no fields through a lookup."""

from schemas.finding import FindingCode
from schemas.source import Column, LookupTarget, Source
from transforms.answer import GARBLED, STRANGE, Answer, Reading, build_missing
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
    words = {fold(word): _as_flags(target) for word, target in source.lookups[column.flags or ""].items()}
    missing = {fold(word): reason for word, reason in build_missing(source, column).items()}
    own = {fold(word) for word in column.missing}
    known = {word: frozenset[str]() for word in missing if word} | words

    def read(cell: str) -> Answer:
        word = fold(cell)
        if cell == UNREADABLE:
            return GARBLED
        if word in missing and (word in own or word not in words):
            return Answer(reason=missing[word])
        if word in words:
            return Answer(words[word])
        parts, left_over = split_cell(cell, separator, known) if separator else ([], 1)
        if left_over and not column.unplaced:
            return STRANGE
        named = frozenset[str]().union(*(known[part] for part in parts))
        return Answer(named, finding=FindingCode.WORD_UNPLACED if left_over else None)

    return read


def _as_flags(target: LookupTarget) -> frozenset[str]:
    if target is None:
        return frozenset()
    return frozenset(target) if isinstance(target, tuple) else frozenset({str(target)})
