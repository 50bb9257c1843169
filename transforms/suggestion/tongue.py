"""Tongue: the languages in which words are looked for, and those that a description has to name."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from schemas.lexicon import load_header_words

FURTHER = (
    "bs", "be", "kk", "ky", "uz", "tg", "tk", "mn", "ps", "si", "my", "km", "lo", "ms", "fil", "am", "so",
    "ha",
)  # fmt: skip
"""Languages of which the lexicon has no words, but CLDR the names of countries and months."""


@cache
def list_tongues() -> tuple[str, ...]:
    """The languages of the lexicon."""
    return tuple(dict.fromkeys(word.language for word in load_header_words()))


def rank_votes(votes: Iterable[str]) -> list[str]:
    """Languages by how often they were named, blank ones left out."""
    return [language for language, _ in Counter(filter(None, votes)).most_common()]


def choose_languages(votes: Iterable[str], needed: Sequence[str]) -> tuple[str, ...]:
    """The language of a file by its words, then those that single columns need beside it."""
    ranked = rank_votes(votes)
    return tuple(dict.fromkeys([*ranked[:1], *needed]))
