"""Nearest names: what somebody may have meant who wrote a name or a code that does not exist."""

from collections.abc import Iterable

from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import extract

from schemas.codelist import ACTIVE, load_codelist

LIKE = 0.8
"""Similarity of Jaro and Winkler, from 0 to 1, from which a name is worth asking for."""


def find_nearest(name: str, known: Iterable[str], most: int = 1) -> tuple[str, ...]:
    """The known names that are most like a name, whatever their case; best first, the same one alone."""
    by_fold: dict[str, str] = {}
    for one in known:
        by_fold.setdefault(one.casefold(), one)
    if (folded := name.casefold()) in by_fold:
        return (by_fold[folded],)
    similar = extract(
        folded, list(by_fold), scorer=JaroWinkler.normalized_similarity, limit=most, score_cutoff=LIKE
    )
    return tuple(by_fold[fold] for fold, *_ in similar)


def find_nearest_codes(codelist: str, word: str, most: int = 3) -> tuple[str, ...]:
    """The active codes of a list whose code, label or other name is most like a word; best first."""
    names: dict[str, str] = {}
    for entry in load_codelist(codelist).entries:
        if entry.status == ACTIVE:
            for name in (entry.code, entry.label, entry.extra.get("alpha2")):
                names.setdefault(name or entry.code, entry.code)
    return tuple(dict.fromkeys(names[name] for name in find_nearest(word, names, most)))


def ask_nearest(names: Iterable[str]) -> str:
    """The question that ends a message, or nothing where no name is near."""
    return f"; did you mean {' or '.join(names)}?" if (names := tuple(names)) else ""
