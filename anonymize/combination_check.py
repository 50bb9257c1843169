"""Combination check: rare combinations counted in what is to be published, apart from how it was made."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from schemas.extract import Extract
from schemas.policy import Policy
from schemas.verdict import Evidence, Outcome

TABULATED = 2**22
"""Tables of up to so many cells are counted whole; of larger ones only the cells that occur."""


def check_combinations(extract: Extract, policy: Policy) -> Evidence:
    """No combination of up to m published values, an answer among them, is shared by 1 to k - 1 cases."""
    ladders = [quasi_identifier.ladder for quasi_identifier in policy.quasi_identifiers.values()]
    rare = count_rare_combinations(extract.frame, ladders, policy.sensitive.columns, policy.k, policy.m)
    text = f"combinations of up to {policy.m} published values that fewer than {policy.k} cases share"
    return Evidence("combinations", Outcome.FAIL if rare else Outcome.PASS, rare, 0, text)


def count_rare_combinations(
    frame: pd.DataFrame, identifiers: Sequence[Sequence[str]], items: Sequence[str], k: int, m: int
) -> int:
    """How many combinations of up to m values, one at least an item, occur in 1 to k - 1 rows.

    Each quasi-identifier is given by the columns it is published in, and has as its value what they show
    together, null like any other; a null item is none. One table of counts for each choice of columns.
    """
    shown = [_number(frame, list(columns), 0) for columns in identifiers]
    known = [_number(frame, [column], 1) for column in items]
    rare = 0
    # items stand last, so that a choice holds one where its last column is one
    for size in range(1, m + 1):
        for chosen in combinations(range(len(shown) + len(known)), size):
            if chosen[-1] >= len(shown):
                columns = [(shown + known)[number] for number in chosen]
                optional = [number >= len(shown) for number in chosen]
                rare += _count_rare(columns, optional, k)
    return rare


def _number(frame: pd.DataFrame, columns: list[str], first: int) -> NDArray[np.int32]:
    """Numbers from 0 of what the columns show, or from 1, and 0 for null."""
    if first:
        return np.asarray(pd.factorize(frame[columns[0]])[0] + 1, dtype=np.int32)
    groups = frame.groupby(columns, dropna=False, observed=True, sort=False)
    return np.asarray(groups.ngroup(), dtype=np.int32)


def _count_rare(columns: Sequence[NDArray[np.int32]], optional: Sequence[bool], k: int) -> int:
    sizes = [int(column.max(initial=0)) + 1 for column in columns]
    key = columns[0].astype(np.int64)
    for column, size in zip(columns[1:], sizes[1:], strict=True):
        key = key * size + column
    if np.prod(sizes, dtype=float) <= TABULATED:
        counts = np.bincount(key, minlength=int(np.prod(sizes))).reshape(sizes)
        inside = counts[tuple(slice(1, None) if item else slice(None) for item in optional)]
        return int(((inside > 0) & (inside < k)).sum())
    known = np.logical_and.reduce(
        [column > 0 for column, item in zip(columns, optional, strict=True) if item]
    )
    return int((np.unique(key[known], return_counts=True)[1] < k).sum())
