"""Vocabulary: which words of a column are known answers, and the code each stands for in its language."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from schemas.case import case_fields
from schemas.codelist import load_codelist
from schemas.field import Kind
from schemas.ladder import level_range
from schemas.lexicon import load_no_answer_words, load_value_words
from transforms.country import find_codes, parse_code
from transforms.lookup import split_cell
from transforms.suggestion.profile import Profile
from transforms.suggestion.tongue import FURTHER, list_tongues
from transforms.wording import level_words

COUNTRY, MISSING, ANSWER = "country", "missing", "answer"
HALF = 0.5
MISSING_SIGNS = frozenset({"-99", "-", "--", "—", "–", "/", "?", "*", ".", "N/A", "n/a", "NULL"})
SEPARATORS = (";", "+", "|", ",", "/", " - ", "\n")
TOPIC_OF_LIST = {
    "gender": "gender",
    "majority": "majority",
    "trafficking_status": "status",
    "marital_status": "marital",
}
"""Code list to the topic of the lexicon whose words stand for its codes."""


@dataclass(frozen=True)
class Words:
    """Cells or parts of cells to the codes they stand for, and those that stand for no answer.

    `unplaced` are words that are in no vocabulary, with how often they stand; `share` is that of the
    placed words, by cells; `language` is the one that places most.
    """

    language: str
    placed: Mapping[str, str] = field(repr=False)
    missing: Mapping[str, str] = field(repr=False)
    unplaced: Mapping[str, int] = field(repr=False)
    share: float
    separator: str | None = None


def place_words(profile: Profile, topic: str, languages: Iterable[str], *, further: bool = False) -> Words:
    """Find what the cells of a column say about a topic, in the language that places most of them.

    `languages` are asked first; a language is chosen for the column as a whole, because single letters
    mean opposite things in two of them. `further` asks also languages of which only CLDR has names.
    """
    order = dict.fromkeys([*languages, *sorted(list_tongues() if topic == COUNTRY else _vocabulary(topic))])
    best = _choose_language(profile, topic, order)
    if topic == COUNTRY and further and best.share < HALF:
        other = _choose_language(profile, topic, FURTHER)
        return other if other.share > max(best.share, HALF) else best
    return best


def _choose_language(profile: Profile, topic: str, languages: Iterable[str]) -> Words:
    options = [_place(profile, topic, language) for language in languages]
    return max(options, key=lambda words: (words.share, len(words.placed)))


def place_parts(profile: Profile, topic: str, languages: Iterable[str]) -> Words:
    """As place_words, for cells that may name several things; the separator that places most is chosen."""
    asked = tuple(languages)
    best = place_words(profile, topic, asked, further=True)
    least = 0.95 if topic == COUNTRY else 0.0  # names of countries have commas of their own
    for separator in SEPARATORS:
        if any(separator in cell for cell in profile.counts):
            parts = place_words(_split(profile, separator, _list_known(topic)), topic, asked)
            if parts.share > max(best.share + 0.01, least) and parts.placed:
                best = Words(**{**parts.__dict__, "separator": separator})
    return best


def place_codes(profile: Profile, codelist: str) -> Words:
    """Cells that name one code of a list or several, by code or label; the separator that places most."""
    known = _index_list(codelist)
    options = []
    for separator in (None, *SEPARATORS):
        parts = _split(profile, separator, frozenset(known)) if separator else profile
        placed = {cell: known[level_words(cell)] for cell in parts.counts if level_words(cell) in known}
        missing = {cell: "unknown" for cell in parts.counts if is_missing(cell) and cell not in placed}
        left = {cell: n for cell, n in parts.counts.items() if cell not in placed and cell not in missing}
        share = parts.share(lambda cell, left=left: cell not in left) if placed else 0.0
        options.append(Words("", placed, missing, left, share, separator))
    return max(options, key=lambda words: words.share)


def list_words(topic: str, language: str) -> dict[str, str]:
    """The vocabulary of a topic in one language, word as written to code, without single letters."""
    words = (word for word in load_value_words() if word.topic == topic and word.language == language)
    return {word.word: word.code for word in words if len(word.word) > 1}


def list_flags(topic: str) -> tuple[str, ...]:
    """The flags of the case that words of a topic stand for."""
    return tuple(dict.fromkeys(word.code for word in load_value_words() if word.topic == topic))


def topic_of_field(name: str) -> str | None:
    """The topic of the words that a field's cells are likely to have."""
    described = case_fields()[name]
    if described.codelist == COUNTRY:
        return COUNTRY
    if described.kind in (Kind.FLAG, Kind.BOOLEAN):
        return ANSWER
    return TOPIC_OF_LIST.get(described.codelist or "")


def list_parts(profile: Profile, separator: str | None) -> Counter[str]:
    """The words of the cells with how often each stands there: whole cells, or parts of joined ones."""
    return _split(profile, separator, frozenset()).counts if separator else profile.counts


def is_missing(cell: str) -> bool:
    """Whether the cell says that there is no answer, in a word of any language or a sign."""
    return cell in MISSING_SIGNS or level_words(cell) in _missing_words()


def is_code(cell: str, codelist: str | None) -> bool:
    """Whether the cell is a code or a label of a list as it stands."""
    return codelist is not None and level_words(level_range(cell)) in _index_list(codelist)


@cache
def _index_list(codelist: str) -> dict[str, str]:
    """Levelled code and label to code."""
    entries = load_codelist(codelist).entries
    return {level_words(text): entry.code for entry in entries for text in (entry.code, entry.label)}


def _list_known(topic: str) -> frozenset[str]:
    if topic == COUNTRY:
        return frozenset()
    return frozenset(word.casefold() for words in _vocabulary(topic).values() for word in words)


def _split(profile: Profile, separator: str, known: frozenset[str]) -> Profile:
    counts: dict[str, int] = defaultdict(int)
    for cell, number in profile.counts.items():
        words, _ = split_cell(cell, separator, known)
        parts = words or [part.strip() for part in cell.split(separator.strip() or separator)]
        for part in parts:
            counts[part] += number
    return Profile(Counter({part: number for part, number in counts.items() if part}), profile.rows)


def _place(profile: Profile, topic: str, language: str) -> Words:
    words, blanks = _vocabulary(topic).get(language, {}), _missing_words()
    placed, missing, unplaced = {}, {}, {}
    for cell, number in profile.counts.items():
        level = level_words(cell)
        code = _find_country(cell, language) if topic == COUNTRY else words.get(level)
        if code is not None:
            placed[cell] = code
        elif is_missing(cell):
            missing[cell] = blanks.get(level, "unknown")
        else:
            unplaced[cell] = number
    letters = {cell for cell in placed if len(level_words(cell)) == 1 and not cell.isdigit()}
    if unplaced or len({placed[cell] for cell in letters}) < len({level_words(cell) for cell in letters}):
        # one letter means opposite things in two languages: believed only where all are known and differ
        unplaced |= {cell: profile.counts[cell] for cell in letters}
        placed = {cell: code for cell, code in placed.items() if cell not in letters}
    known = sum(profile.counts[cell] for cell in [*placed, *missing]) / max(profile.filled, 1)
    return Words(language, placed, missing, unplaced, known if placed else 0.0)


def _find_country(cell: str, language: str) -> str | None:
    """The code of a cell that is one, blank for the codes of no country; or that of the only such name."""
    if found := parse_code(cell):
        return found.code or ""
    codes = find_codes(cell, (language,))
    return next(iter(codes)) if len(codes) == 1 else None


@cache
def _vocabulary(topic: str) -> dict[str, dict[str, str]]:
    """Language to levelled word to code; a word with two codes in one language stands for neither."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for word in load_value_words():
        if word.topic == topic:
            found[word.language][level_words(word.word)].add(word.code)
    return {
        language: {word: next(iter(codes)) for word, codes in words.items() if len(codes) == 1}
        for language, words in found.items()
    }


@cache
def _missing_words() -> dict[str, str]:
    told = {level_words(word.word): word.reason.value for word in load_no_answer_words()}
    return told | {level_words(w.word): w.code for w in load_value_words() if w.topic == MISSING}
