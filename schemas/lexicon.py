"""Words of many languages: what headers and cells may say, and the forms of national numbers.

The words stand in CSV files in `schemas/lexicon`. They are public vocabulary of forms, never words taken
from a file of cases; a source's own spellings are lookups of the source.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schemas.missing import MissingReason

FOLDER = Path(__file__).with_name("lexicon")
NOISE, OTHER_PERSON, UNDECIDED, TOTAL = "noise", "other_person", "undecided", "total"
COUNT = "count"
IDENTIFIER, IGNORED, FLAGS = "identifier.", "ignored.", "flags."


@dataclass(frozen=True)
class HeaderWord:
    """A word above a column: `target` is a field of the case, `key`, or a name with one of the prefixes.

    `identifier.<kind>` identifies a person, `ignored.<why>` is no part of a case, `flags.<topic>` names
    several flags; `undecided` may mean several things, `noise` may stand beside any of them, and what
    `other_person` names is not the victim, `total` begins a row below
    the table, and `count` stands above figures of a table that has no case a row.
    """

    target: str
    language: str
    word: str


@dataclass(frozen=True)
class ValueWord:
    """A word in a cell and the code it stands for among the answers to one topic."""

    topic: str
    code: str
    language: str
    word: str


@dataclass(frozen=True)
class MonthWord:
    """A name of a month that CLDR has not, such as the genitive in which Serbian dates are written."""

    month: int
    language: str
    word: str


@dataclass(frozen=True)
class NoAnswerWord:
    """A word that can only mean that there is no answer, and the reason it gives."""

    reason: MissingReason
    language: str
    word: str


@dataclass(frozen=True)
class CountryWord:
    """A nationality or name that CLDR has not; of several codes none is meant more than another."""

    codes: tuple[str, ...]
    language: str
    word: str


@dataclass(frozen=True)
class NumberForm:
    """A national number with check digits: the module of python-stdnum, its form without separators.

    `chance` is the share of random numbers of the form that pass the check.
    """

    name: str
    countries: tuple[str, ...]
    module: str
    form: str
    chance: float


@cache
def load_header_words() -> tuple[HeaderWord, ...]:
    """All words above columns, in the order of the file."""
    return tuple(HeaderWord(**row) for row in _read("header"))


@cache
def load_value_words() -> tuple[ValueWord, ...]:
    """All words in cells, in the order of the file."""
    return tuple(ValueWord(**row) for row in _read("value"))


@cache
def load_stems() -> dict[str, dict[str, tuple[str, ...]]]:
    """Beginnings of words by language and concept: what a longer header is made of."""
    stems: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in _read("stem"):
        concepts = stems.setdefault(row["language"], {})
        concepts[row["concept"]] = (*concepts.get(row["concept"], ()), row["stem"])
    return stems


@cache
def load_month_words() -> tuple[MonthWord, ...]:
    """All names of months, in the order of the file."""
    return tuple(MonthWord(int(row["month"]), row["language"], row["word"]) for row in _read("month"))


@cache
def load_no_answer_words() -> tuple[NoAnswerWord, ...]:
    """All words for no answer, in the order of the file."""
    return tuple(
        NoAnswerWord(MissingReason(row["reason"]), row["language"], row["word"]) for row in _read("no_answer")
    )


@cache
def load_country_words() -> tuple[CountryWord, ...]:
    """All words for countries; a line of the file has all words of one country in one language."""
    return tuple(
        CountryWord(tuple(row["codes"].split()), row["language"], word.strip())
        for row in _read("country")
        for word in row["words"].split("|")
    )


@cache
def load_number_forms() -> tuple[NumberForm, ...]:
    """All national numbers, in the order of the file."""
    return tuple(
        NumberForm(
            row["name"], tuple(row["countries"].split()), row["module"], row["form"], float(row["chance"])
        )
        for row in _read("national_id")
    )


def _read(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
