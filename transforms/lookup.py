"""Lookups: words of a source to codes or flag fields, without default; and several words in one cell."""

import unicodedata
from collections.abc import Container, Iterator, Mapping
from typing import Any


def fold_word(text: str) -> str:
    """A word with case, form of accents and spacing levelled out."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def fold_words(words: Mapping[str, Any]) -> dict[str, Any]:
    """The same mapping, keyed by folded words."""
    return {fold_word(word): target for word, target in words.items()}


def split_cell(cell: str, separator: str, words: Container[str]) -> tuple[str, ...] | None:
    """The folded words of a cell, longest first, so that a word may contain the separator itself.

    None where some part of the cell is none of the words.
    """
    parts = list(_split(cell, separator))
    joint = fold_word(separator) or " "
    reached: dict[int, tuple[str, ...]] = {len(parts): ()}
    for start in range(len(parts) - 1, -1, -1):
        for end in range(len(parts), start, -1):
            word = joint.join(parts[start:end])
            if end in reached and word in words:
                reached[start] = (word, *reached[end])
                break
    return reached.get(0)


def fold_list(text: str, separator: str) -> str:
    """A word as `split_cell` compares it: folded, without space around a separator inside it."""
    return (fold_word(separator) or " ").join(_split(text, separator))


def _split(text: str, separator: str) -> Iterator[str]:
    joint = fold_word(separator)
    parts = fold_word(text).split(joint or None)
    return (part.strip() for part in parts if part.strip())
