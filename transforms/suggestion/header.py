"""Header: what the words above a column may stand for, in all languages of the lexicon and the standards."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from schemas.case import CaseField, case_fields
from schemas.field import Kind
from schemas.lexicon import (
    FLAGS,
    IDENTIFIER,
    NOISE,
    OTHER_PERSON,
    TOTAL,
    load_header_words,
    load_stems,
    load_value_words,
)
from transforms.readers.layout import JOINT
from transforms.screening import REFUSED
from transforms.wording import level_words

EXACT, STRIPPED, FUZZY, COMPOSITION, CONTAINED = 1.0, 0.93, 0.9, 0.82, 0.7
ALIKE = 88
"""Per cent of signs by which two words must agree to be taken for one; shorter words must be the same."""
SHORTEST, WHOLE = 6, 2
STANDARD = "standard"
HTCDS_NAME = re.compile(r"^(?:year of )?((?:prs|vic|cas|con|org|hte|per)_\w+)$")
HTCDS_WORDS = re.compile(r"^(MethodsOfControl|TypeOfExploitation|TypeOfSexExploitation)=")
TOPICS = {
    "MethodsOfControl": "flags.means",
    "TypeOfExploitation": "flags.purpose",
    "TypeOfSexExploitation": "flags.sex",
}
DOTTED = re.compile(r"[^\s.@]+(?:[.@][^\s.@]+)+")
FLAG_TOPICS = ("purpose", "recruiter", "means", "labour", "sex")


@dataclass(frozen=True)
class HeaderMatch:
    """What a header may stand for, by which word of which language, and how near the two are (0 to 1)."""

    target: str
    score: float
    word: str
    language: str


COMPOSED: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"country", "exploitation"}), "country_of_exploitation"),
    (frozenset({"country", "recruitment"}), "recruitment_country"),
    (frozenset({"date", "registration"}), "year_of_registration"),
    (frozenset({"code", "reference"}), "key"),
)
"""Concepts of which a header must name all, and none of another line but these."""


def match_headers(headers: Iterable[str]) -> tuple[HeaderMatch, ...]:
    """As match_header, for a column that has several names: a machine's and a visible one."""
    found: dict[str, HeaderMatch] = {}
    for match in (match for header in headers for match in match_header(header)):
        if match.target not in found or match.score > found[match.target].score:
            found[match.target] = match
    return tuple(sorted(found.values(), key=lambda match: -match.score))


@cache
def match_header(header: str) -> tuple[HeaderMatch, ...]:
    """All targets of a header, each once, the best first; the same score in the order of the lexicon."""
    found: dict[str, HeaderMatch] = {}
    for text, weight in _list_readings(header):
        for match in _match_words(level_words(text)):
            scored = HeaderMatch(match.target, match.score * weight, match.word, match.language)
            if scored.score > found.get(match.target, HeaderMatch("", 0, "", "")).score:
                found[match.target] = scored
    return tuple(sorted(found.values(), key=lambda match: -match.score))


def names_other_person(header: str) -> bool:
    """Whether a word of the header says that the column tells of somebody who is not the victim."""
    words = level_words(header).split()
    return any(word in _index(OTHER_PERSON) for word in [*words, " ".join(words)])


def is_other_person(cell: str) -> bool:
    """Whether the cell names somebody who is not the victim, and nothing else."""
    return level_words(cell) in _index(OTHER_PERSON)


def is_victim(cell: str) -> bool:
    """Whether the cell is a word that stands for the victim, as beside many headers."""
    return level_words(cell) in _index(NOISE)


def begins_total(cell: str) -> bool:
    """Whether the cell begins a row of totals or a note below the table."""
    return level_words(cell) in _index(TOTAL)


def _list_readings(header: str) -> Iterable[tuple[str, float]]:
    """The whole name; of a name of several rows the last; a name without brackets or a number behind it.

    Of the dotted path of a nested record the last step, and the steps from the last to the first.
    """
    yield header, 1.0
    if DOTTED.fullmatch(header):
        steps = re.split(r"[.@]", header)
        yield steps[-1], 0.95
        yield " ".join(reversed(steps[-2:])), 0.97
    if JOINT in header:
        yield header.rsplit(JOINT, 1)[1], 0.95
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", header)
    if bare != header and bare.strip():
        yield bare, 0.97
    if (unnumbered := re.sub(r"[\s_]*\d+$", "", header)) != header:
        yield unnumbered, 0.98


def _match_words(words: str) -> list[HeaderMatch]:
    if not words:
        return []
    if exact := _pick(words, EXACT):
        return exact
    stripped = _strip_noise(words)
    if stripped != words and (found := _pick(stripped, STRIPPED)):
        return found
    nearly, composed = _match_nearly(words), _match_composed(words)
    return [*nearly, *composed] if nearly else [*composed, *_match_inside(stripped)]


def _pick(words: str, score: float) -> list[HeaderMatch]:
    entries = _lexicon().get(words, ())
    return [HeaderMatch(target, score, word, language) for target, word, language in entries]


def _match_nearly(words: str) -> list[HeaderMatch]:
    if len(words) < SHORTEST:
        return []
    near = process.extract(words, _long_words(), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=4)
    return [match for word, share, _ in near for match in _pick(word, FUZZY * share / 100)]


def _match_composed(words: str) -> list[HeaderMatch]:
    """What the beginnings of the words say together, in one language: "country in which exploited"."""
    for language in load_stems():
        named = dict(_name_concepts(words, language))
        for concepts, target in COMPOSED:
            if concepts == set(named) - ({"reference"} if "reference" not in concepts else set()):
                text = " … ".join(named[concept] for concept in sorted(concepts))
                return [HeaderMatch(target, COMPOSITION, text, language)]
    return []


def _name_concepts(words: str, language: str) -> Iterable[tuple[str, str]]:
    """Concepts whose stem begins a word; in a script without spaces, stands anywhere."""
    for concept, stems in load_stems()[language].items():
        for stem in map(level_words, stems):
            whole = r"(?!\S)" if len(stem) <= WHOLE else ""
            begins = re.search(rf"(?<!\S){re.escape(stem)}{whole}", words)
            if begins or (_has_no_spaces(stem) and stem in words):
                yield concept, stem


def _has_no_spaces(words: str) -> bool:
    return any("\u0e00" <= sign <= "\u0e7f" for sign in words)


def _match_inside(words: str) -> list[HeaderMatch]:
    """The longest known words within a longer name."""
    parts = words.split()
    for size in range(len(parts) - 1, 0, -1):
        runs = (" ".join(parts[start : start + size]) for start in range(len(parts) - size + 1))
        found = [match for run in runs if len(run) >= 3 for match in _pick(run, CONTAINED)]
        if found:
            return found
    return []


def _strip_noise(words: str) -> str:
    for noise in _index(NOISE):
        if _has_no_spaces(noise):
            words = words.replace(noise, " ") if words != noise else words
        words = re.sub(rf"(?<!\S){re.escape(noise)}(?!\S)", " ", words)
    return " ".join(words.split())


@cache
def _index(target: str) -> tuple[str, ...]:
    """The levelled words of one target, long ones first."""
    words = {level_words(word.word) for word in load_header_words() if word.target == target}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


@cache
def _long_words() -> tuple[str, ...]:
    return tuple(word for word in _lexicon() if len(word) >= SHORTEST)


@cache
def _lexicon() -> dict[str, tuple[tuple[str, str, str], ...]]:
    """Levelled word to target, word as written and language."""
    entries: dict[str, dict[str, tuple[str, str, str]]] = defaultdict(dict)
    for target, word, language in [*_list_lexicon(), *_list_standards(), *_list_flags()]:
        entries[level_words(word)].setdefault(target, (target, word, language))
    return {word: tuple(targets.values()) for word, targets in entries.items() if word}


def _list_lexicon() -> Iterable[tuple[str, str, str]]:
    for word in load_header_words():
        if word.target not in (NOISE, OTHER_PERSON, TOTAL):
            yield word.target, word.word, word.language


def _list_standards() -> Iterable[tuple[str, str, str]]:
    """Names of CTDC, HTCDS and of the case itself, from the fields' own metadata."""
    claimed: set[str] = set()
    for field in case_fields().values():
        if field.kind is Kind.TEXT:
            continue
        for name in (field.name, *_name_in_standards(field)):
            if name not in claimed:
                yield field.name, name, STANDARD
            claimed.add(name)
        if match := HTCDS_WORDS.match(field.htcds or ""):
            yield TOPICS[match[1]], f"vic_{match[1]}", STANDARD
    for name in REFUSED.values():
        yield f"{IDENTIFIER}htcds", name, STANDARD


def _name_in_standards(field: CaseField) -> Iterable[str]:
    yield from (name for name in (field.ctdc, field.ctdc_2024) if name)
    match = HTCDS_NAME.match(field.htcds or "")
    if match and match[1] != "hte_Date":  # one name for several fields
        yield match[1]


def _list_flags() -> Iterable[tuple[str, str, str]]:
    """Words of exploitation, means and recruiters: a column of yes and no may be named by one.

    Prostitution is none: as a column it may be the purpose or the kind of sexual exploitation.
    """
    for word in load_value_words():
        known = word.topic in FLAG_TOPICS and word.code in case_fields()
        if known and len(level_words(word.word)) > 3 and "prostit" not in level_words(word.word):
            yield f"{FLAGS}{word.topic}={word.code}", word.word, word.language
