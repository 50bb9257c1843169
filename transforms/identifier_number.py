"""National numbers of persons and bank accounts, told by their check digits over the cells of a column.

One number that passes a check may be chance; what decides is how many of the column's numbers of that
form pass, against how many of random ones would (the binomial tail of the form's `chance`).
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from math import comb
from typing import Any

from stdnum import iban
from stdnum.exceptions import ValidationError

from schemas.lexicon import NumberForm, load_number_forms
from transforms.wording import level_digits

DIGITS = re.compile(r"(?<!\w)\d(?:[.\-/ ]?\d){7,16}(?:[\- ]?[A-Z])?(?!\w)")
LETTERS = re.compile(
    r"(?<!\w)(?:[XYZ]-?\d{7}-?[A-Z]|[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d|[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]"
    r"|\d{6}[-+A]\d{3}[0-9A-Z]|\d{8} ?\d ?[A-Z0-9]{2}\d)(?!\w)"
)
ACCOUNT = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?!\w)")
ALL_DIGITS = re.compile(r"\\d\{(\d+)\}")
SIX_DIGITS = re.compile(r"(?:\d[^\d]*){6}")
SEPARATORS = re.compile(r"[.\-/ ]")

OWN_DOUBT, OWN_SHARE = 0.05, 0.5
"""Of the publisher's country one number is enough where at most 5 in 100 random ones would pass."""
FOREIGN_DOUBT, FOREIGN_SHARE, FOREIGN_CHANCE = 1e-6, 0.8, 0.1
"""Of another country six that all pass are needed, whatever its check: running numbers look like many."""
SAMPLE, HOPELESS = 400, 0.3
WIDEST = 12  # a Portuguese citizen card may have digits where letters may stand
CERTAIN = 60
"""So many numbers of which half pass are no chance under any form."""


def find_numbers(cells: Iterable[str], country: str) -> dict[str, frozenset[str]]:
    """Cells with a national number of a person, by the name of its form, and cells with an IBAN.

    `country` is the ISO 3166 alpha-3 code of the publisher.
    """
    places = _gather_tokens(cells)
    found: dict[str, frozenset[str]] = {}
    by_shape = _group_by_shape(places)
    for form in load_number_forms():
        fitting = _list_fitting(by_shape, form)
        passing = _list_passing(fitting, form)
        if passing and _is_no_chance(len(fitting), len(passing), form, country):
            found[form.name] = frozenset(cell for token in passing for cell in places[token])
    accounts = {cell for token, where in places.items() if _is_account(token) for cell in where}
    return found | ({"IBAN": frozenset(accounts)} if accounts else {})


def _gather_tokens(cells: Iterable[str]) -> dict[str, list[str]]:
    places: dict[str, list[str]] = {}
    for cell in cells:
        text = level_digits(cell)
        if not SIX_DIGITS.search(text):
            continue
        text = text.upper()
        for pattern in (DIGITS, LETTERS, ACCOUNT):
            for token in pattern.findall(text):
                places.setdefault(token, []).append(cell)
    return places


def _group_by_shape(tokens: Iterable[str]) -> dict[int, list[str]]:
    """Tokens by how many digits they are, without separators; those with letters under 0."""
    groups: dict[int, list[str]] = {}
    for token in tokens:
        bare = SEPARATORS.sub("", token)
        groups.setdefault(len(bare) if bare.isdigit() else 0, []).append(token)
    return groups


def _list_fitting(by_shape: dict[int, list[str]], form: NumberForm) -> list[str]:
    if digits := ALL_DIGITS.fullmatch(form.form):
        return by_shape.get(int(digits[1]), [])
    return [
        token
        for shape, tokens in by_shape.items()
        if shape in (0, WIDEST)
        for token in tokens
        if re.fullmatch(form.form, _write_bare(token, form))
    ]


def _list_passing(fitting: list[str], form: NumberForm) -> list[str]:
    """Numbers that pass; none where a sample shows that far fewer pass than would tell anything."""
    sample = fitting[:: max(1, len(fitting) // SAMPLE)]
    if sum(_passes(token, form) for token in sample) < HOPELESS * len(sample):
        return []
    return [token for token in fitting if _passes(token, form)]


def _write_bare(token: str, form: NumberForm) -> str:
    """The number without separators, unless the form itself has one."""
    return token if "-" in form.form else SEPARATORS.sub("", token)


def _passes(token: str, form: NumberForm) -> bool:
    try:
        _load_check(form.module).validate(_write_bare(token, form))
    except (ValidationError, KeyError):  # the Chinese and some other modules fail on an unknown place
        return False
    return True


@cache
def _load_check(module: str) -> Any:
    return import_module(module)


def _is_no_chance(fitting: int, passing: int, form: NumberForm, country: str) -> bool:
    own = country in form.countries
    share, doubt = (OWN_SHARE, OWN_DOUBT) if own else (FOREIGN_SHARE, FOREIGN_DOUBT)
    if passing / fitting < share:
        return False
    chance = form.chance if own else max(form.chance, FOREIGN_CHANCE)
    return fitting > CERTAIN or _measure_tail(fitting, passing, chance) <= doubt


def _measure_tail(tries: int, passing: int, chance: float) -> float:
    """Probability that at least so many of independent tries pass."""
    return sum(comb(tries, n) * chance**n * (1 - chance) ** (tries - n) for n in range(passing, tries + 1))


def _is_account(token: str) -> bool:
    """Whether the token begins with an IBAN: the words of a sentence behind it may look like a part of it."""
    if not token[:2].isalpha():
        return False
    groups = token.split(" ")
    return any(iban.is_valid("".join(groups[:end])) for end in range(1, len(groups) + 1))
