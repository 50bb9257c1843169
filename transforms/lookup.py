"""Lookups: words of a source to codes or flag fields, without default; and several words in one cell."""

import unicodedata
from collections.abc import Container, Mapping
from typing import Any

LONGEST_WORD = 30
"""Parts that a single word of a lookup may have by containing the separator itself."""


def fold_word(text: str) -> str:
    """A word with case, form of accents and spacing levelled out."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def fold_words(words: Mapping[str, Any]) -> dict[str, Any]:
    """The same mapping, keyed by folded words."""
    return {fold_word(word): target for word, target in words.items()}


def fold_list(text: str, separator: str) -> str:
    """A word as `split_cell` compares it: folded, without space around a separator inside it."""
    return _joint(separator).join(_split(text, separator))


def split_cell(cell: str, separator: str, words: Container[str]) -> tuple[list[str], int]:
    """The folded words of a cell, and how many of its parts belong to none.

    A word may contain the separator. Of all ways to read the cell the one that leaves fewest parts
    over is taken, and among those the one with the longest words.
    """
    parts, joint = _split(cell, separator), _joint(separator)
    left_over = [0] * (len(parts) + 1)
    ends = [0] * len(parts)
    for start in range(len(parts) - 1, -1, -1):
        left_over[start], ends[start] = left_over[start + 1] + 1, 0
        for end in range(min(len(parts), start + LONGEST_WORD), start, -1):
            if left_over[end] < left_over[start] and joint.join(parts[start:end]) in words:
                left_over[start], ends[start] = left_over[end], end
    return _follow(parts, ends, joint), left_over[0]


def _follow(parts: list[str], ends: list[int], joint: str) -> list[str]:
    """The words along the best reading; an end of 0 marks a part that belongs to none."""
    words, start = [], 0
    while start < len(parts):
        if ends[start]:
            words.append(joint.join(parts[start : ends[start]]))
        start = ends[start] or start + 1
    return words


def _joint(separator: str) -> str:
    return fold_word(separator) or " "


def _split(text: str, separator: str) -> list[str]:
    parts = fold_word(text).split(_joint(separator))
    return [part.strip() for part in parts if part.strip()]
