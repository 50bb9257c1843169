"""Special unique: records that few values make unique, as SUDA finds and scores them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from anonymize.ladder import Codes

DEFAULT_FRACTION = 0.01
"""Sampling fraction where the population is not known, as in sdcMicro."""


@dataclass(frozen=True)
class SpecialUniques:
    """Of each class: minimal sample uniques by size from 1 on (a row a size), SUDA and DIS-SUDA score."""

    found: Codes
    score: NDArray[np.float64]
    dis_score: NDArray[np.float64]


def find_special_uniques(
    shown: Sequence[Codes], cases: Codes, largest: int, fraction: float = DEFAULT_FRACTION
) -> SpecialUniques:
    """The minimal sample uniques (MSU) of up to `largest` columns: unique in them, but in no fewer of them.

    `shown` numbers what each class shows in each column. A record scores (d - s)! for an MSU of s of d
    columns (Elliot et al., SUDA; sdcMicro's `original_scores`). The DIS-SUDA score makes of scores chances
    of a right match that are in line with the file's own, for a simple random sample of this fraction.
    """
    columns, largest = len(shown), min(largest, len(shown))
    found = np.zeros((largest, len(cases)), dtype=np.int64)
    unique: dict[tuple[int, ...], NDArray[np.bool_]] = {}
    for size in range(1, largest + 1):
        for chosen in combinations(range(columns), size):
            alone = _find_alone([shown[number] for number in chosen], cases)
            # unique in a part of the columns is unique in all of them, so the next smaller parts are enough
            smaller = [unique[part] for part in combinations(chosen, size - 1) if part]
            unique[chosen] = alone
            found[size - 1] += alone & ~np.logical_or.reduce(smaller or [np.zeros_like(alone)])
    weights = np.array([factorial(columns - size) for size in range(1, largest + 1)], dtype=np.float64)
    score = weights @ found
    return SpecialUniques(found, score, _weigh_scores(score, cases, columns, fraction))


def _find_alone(codes: Sequence[Codes], cases: Codes) -> NDArray[np.bool_]:
    number = np.zeros(len(cases), dtype=np.int64)
    for code in codes:
        number, _ = pd.factorize(number * (int(code.max(initial=0)) + 1) + code)
    return np.asarray(np.bincount(number, weights=cases)[number] == 1)


def _weigh_scores(
    score: NDArray[np.float64], cases: Codes, columns: int, fraction: float
) -> NDArray[np.float64]:
    """DIS (Skinner and Elliot, 2002) spread over the scores (Elliot et al.), as sdcMicro computes it."""
    uniques, pairs = int((cases == 1).sum()), 2 * int((cases == 2).sum())
    weighed = np.zeros(len(score))
    scored = score > 0
    if not scored.any():
        return weighed
    dis = uniques * fraction / (uniques * fraction + pairs * (1 - fraction))
    powers = score[scored] ** (1 + (8 - columns) / 20)
    spread = (uniques / dis - uniques) / (powers * (1 / powers).sum())
    weighed[scored] = 1 / (1 + spread)
    return weighed
