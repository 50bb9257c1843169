"""Lookups: the words of the placed columns with their codes, and the words that are left to place.

Which words may stand in a draft. A word that is in our public vocabulary is no secret of a case; that it
occurs in this file is a small disclosure, to an officer who has the file before him. Even that is not made
for short vocabularies, of which the draft gives every word of the language, whether it occurs or not. Any
other word is shown only if it occurs in at least as many rows as the release policy asks of a class; of
the rest only the number is told. Of a column that is not placed no word is shown at all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from schemas.case import case_fields
from schemas.codelist import load_codelist
from schemas.field import Kind
from schemas.ladder import LADDERS, parse_range
from schemas.territory import TerritoryPolicy
from transforms.country import Country, parse_code, parse_name, parse_numeric
from transforms.identifier_pattern import looks_identifying
from transforms.lookup import fold_word
from transforms.number import parse_whole
from transforms.suggestion.notation import NAMES, NUMERIC, tell_country_style
from transforms.suggestion.placement import Place, PlacedColumn
from transforms.suggestion.vocabulary import COUNTRY, Words, is_missing, list_words, topic_of_field
from transforms.wording import level_digits
from transforms.yes_no import parse_yes_no

LONGEST_WORD = 80


@dataclass(frozen=True)
class DraftLookup:
    """Words with codes, frequent words still to place, and how many rarer ones there are, by column."""

    codes: dict[str, str] = field(default_factory=dict, repr=False)
    to_place: dict[str, int] = field(default_factory=dict, repr=False)
    rare: dict[str, int] = field(default_factory=dict)


def name_lookup(placed: PlacedColumn, languages: tuple[str, ...] = ()) -> str | None:
    """The lookup that a column needs: none where its cells are read as they stand, in the languages."""
    placement = placed.placement
    if placement.place in (Place.FLAGS, Place.CONCATENATED):
        return placement.target if placement.place is Place.FLAGS else f"{placement.target}_labels"
    if placement.place is not Place.FIELD or not placed.column.profile.filled:
        return None
    described = case_fields()[placement.target]
    if described.kind is Kind.YEAR:
        return None
    if all(map(_build_reads(placement.target, tell_country_style(placed), languages), _cells(placed))):
        return None
    if described.kind is Kind.INTEGER:
        return placement.target
    return topic_of_field(placement.target) or described.codelist


def build_lookups(
    columns: Sequence[PlacedColumn], least: int, languages: tuple[str, ...] = ()
) -> dict[str, DraftLookup]:
    """Every lookup that the placed columns need; `least` is the number of rows a shown word occurs in."""
    filled = {one.placement.target for one in columns if one.placement.place is Place.FIELD}
    lookups: dict[str, DraftLookup] = {}
    for placed in columns:
        if name := name_lookup(placed, languages):
            part = _build(placed, least, filled, languages)
            before = lookups.get(name, DraftLookup())
            codes = _one_spelling_each({**before.codes, **part.codes})
            open_words = {w: n for w, n in {**before.to_place, **part.to_place}.items() if w not in codes}
            lookups[name] = DraftLookup(codes, open_words, {**before.rare, **part.rare})
    return lookups


def _build(placed: PlacedColumn, least: int, filled: set[str], languages: tuple[str, ...]) -> DraftLookup:
    placement, words = placed.placement, placed.placement.words
    topic = _topic(placed)
    codes = _list_vocabulary(topic, words, languages) if words and topic not in (None, COUNTRY) else {}
    codes |= dict(words.placed) if words else {}
    if tell_country_style(placed) == NAMES:
        reads = _build_reads(placement.target, NAMES, languages)
        codes = {word: code for word, code in codes.items() if code and not reads(word)}
    if placement.place is Place.FIELD:
        codes |= _codes_of_list(placement.target, _cells(placed))
    if placement.place is Place.CONCATENATED:
        codes = {word: code if code in filled else "" for word, code in codes.items()}
        codes |= dict.fromkeys(words.missing if words else (), "")
    left = _list_left(placed, codes, languages)
    shown = {word: number for word, number in left.items() if number >= least and _may_be_shown(word)}
    rare = len(left) - len(shown)
    return DraftLookup(codes, shown, {placed.column.name: rare} if rare else {})


def _list_vocabulary(topic: str, words: Words, languages: tuple[str, ...]) -> dict[str, str]:
    """Every word of the topic in the column's language; in the file's where only letters told it."""
    own = list_words(topic, words.language)
    if {fold_word(word) for word in own} & {fold_word(cell) for cell in words.placed}:
        return own
    return next(filter(None, (list_words(topic, language) for language in languages)), own)


def _topic(placed: PlacedColumn) -> str | None:
    placement = placed.placement
    return topic_of_field(placement.target) if placement.place is Place.FIELD else placement.target


def _codes_of_list(name: str, cells: Sequence[str]) -> dict[str, str]:
    """Labels and codes of the field's own list that stand in the cells."""
    codelist = case_fields()[name].codelist
    if codelist in (None, COUNTRY):
        return {}
    entries = load_codelist(str(codelist)).entries
    known = {fold_word(text): entry.code for entry in entries for text in (entry.label, entry.code)}
    return {cell: known[fold_word(cell)] for cell in cells if fold_word(cell) in known}


def _list_left(placed: PlacedColumn, codes: Mapping[str, str], languages: tuple[str, ...]) -> dict[str, int]:
    """Words that neither the lookup places nor mapping reads."""
    placement, words = placed.placement, placed.placement.words
    counts: Mapping[str, int] = words.unplaced if words else placed.column.profile.counts
    known = {fold_word(word) for word in codes}
    left = {word: n for word, n in counts.items() if fold_word(word) not in known and not is_missing(word)}
    if placement.place is Place.FIELD:
        reads = _build_reads(placement.target, tell_country_style(placed), languages)
        left = {word: number for word, number in left.items() if not reads(word)}
    return left


def _may_be_shown(word: str) -> bool:
    return len(word) <= LONGEST_WORD and not looks_identifying(word)


def _one_spelling_each(codes: dict[str, str]) -> dict[str, str]:
    """The first of words that differ only in case and spacing, which count as one: the vocabulary's own."""
    return dict({fold_word(word): (word, code) for word, code in reversed(codes.items())}.values())


def _cells(placed: PlacedColumn) -> list[str]:
    return [cell for cell in placed.column.profile.counts if not is_missing(cell)]


def _build_reads(name: str, style: str | None, languages: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether mapping reads a cell of the field without a lookup."""
    described = case_fields()[name]
    if described.codelist == COUNTRY:
        return _build_country_reads(style, languages)
    if described.kind in (Kind.FLAG, Kind.BOOLEAN):
        return lambda cell: parse_yes_no(cell, languages) is not None
    if described.kind is Kind.INTEGER:
        return lambda cell: parse_whole(cell) is not None or _is_range(name, cell)
    if described.codelist is None:
        return lambda cell: False
    known = {fold_word(code) for code in load_codelist(described.codelist).codes}
    return lambda cell: fold_word(cell) in known or _is_range(name, cell)


def _build_country_reads(style: str | None, languages: tuple[str, ...]) -> Callable[[str], bool]:
    policy = TerritoryPolicy.CTDC
    if style == NAMES:
        return lambda cell: isinstance(parse_name(cell, languages, policy), Country)
    if style == NUMERIC:
        return lambda cell: parse_numeric(cell, policy) is not None
    return lambda cell: parse_code(cell) is not None


def _is_range(name: str, cell: str) -> bool:
    return name in LADDERS and parse_range(level_digits(cell)) is not None
