"""Direct identifiers: whether the name of a column, or its cells, tell who a person is.

The door and the drafting of a source description ask the same questions here.
"""

from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from schemas.lexicon import IDENTIFIER, load_header_words
from transforms.identifier_number import SIX_DIGITS, find_numbers
from transforms.identifier_pattern import SIGNS, looks_identifying
from transforms.identifier_phone import find_phones
from transforms.wording import level_digits, level_words

SHORTEST = 4
"""Letters of a word above a column that is taken at its word: shorter ones mean much in other languages."""


class Identifier(StrEnum):
    """What tells who a person is; the values are the names after `identifier.` in the lexicon."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    NATIONAL_ID = "national_id"
    PASSPORT = "passport"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"
    ACCOUNT = "account"
    COORDINATES = "coordinates"
    LINK = "link"


def name_identifier(header: str) -> Identifier | None:
    """What a column holds by its name, if the whole name is such a word and stands for nothing else."""
    word = level_words(header)
    return _index_identifiers().get(word) if len(word) >= SHORTEST else None


def may_identify(cell: str) -> bool:
    """Whether a cell has what every identifier has that cells tell: six digits, or a sign of one."""
    return SIX_DIGITS.search(level_digits(cell)) is not None or any(sign in cell for sign in SIGNS)


def find_identifying_cells(cells: Iterable[str], country: str) -> dict[Identifier, frozenset[str]]:
    """Cells that identify people by their form or check digits; give every different cell once.

    `country` is the alpha-3 code of the publisher, whose telephone numbers and national numbers are
    believed sooner than those of others.
    """
    different = tuple(cells)
    numbers = find_numbers(different, country)
    found = {
        Identifier.EMAIL: frozenset(cell for cell in different if looks_identifying(cell)),
        Identifier.PHONE: find_phones(different, country),
        Identifier.ACCOUNT: numbers.pop("IBAN", frozenset()),
        Identifier.NATIONAL_ID: frozenset().union(*numbers.values()),
    }
    return {kind: where for kind, where in found.items() if where}


@cache
def list_birth_words() -> tuple[str, ...]:
    """What columns of dates of birth are called, levelled; short words mean much in other languages."""
    found = (word for word, kind in _index_identifiers().items() if kind is Identifier.BIRTH_DATE)
    return tuple(word for word in found if len(word) >= SHORTEST)


@cache
def _index_identifiers() -> dict[str, Identifier]:
    targets: dict[str, set[str]] = {}
    for word in load_header_words():
        targets.setdefault(level_words(word.word), set()).add(word.target)
    return {
        word: Identifier(target.removeprefix(IDENTIFIER))
        for word, several in targets.items()
        for target in several
        if len(several) == 1 and target.startswith(IDENTIFIER)
    }
