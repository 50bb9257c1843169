"""Ladder: what each value of one quasi-identifier would show at each level, at what cost."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from schemas.extract import COUNT
from schemas.policy import QuasiIdentifier

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Ladder:
    """One quasi-identifier; `value` numbers the value of each class, the tables have one column a value.

    `shown` and `covered` have one row a level. `shown` numbers what is published: equal numbers mean
    equal values, at whatever levels. `covered` counts the finest values that it may stand for.
    """

    name: str
    levels: range
    weight: float
    value: Codes
    shown: Codes
    covered: Codes
    domain: int

    @property
    def size(self) -> int:
        """How many different values may be shown."""
        return int(self.shown.max(initial=0)) + 1

    @property
    def loss(self) -> NDArray[np.float64]:
        """For each level and value, the share of the domain that it is newly mixed up with."""
        return np.asarray((self.covered - self.covered[0]) / (self.domain - 1))

    def measure_loss(self, levels: Codes) -> NDArray[np.float64]:
        """For each class at its level, the share of the domain it is newly mixed up with."""
        return np.asarray(self.loss[levels, self.value])


def build_ladder(name: str, quasi_identifier: QuasiIdentifier, classes: pd.DataFrame) -> Ladder:
    """Number what the classes show at every level of one quasi-identifier."""
    columns = np.stack([_number_values(classes[column]) for column in quasi_identifier.ladder])
    codes, value = np.unique(columns, axis=1, return_inverse=True)
    # Two at least, so that losing a column that holds a single value costs something too.
    domain = max(2, len(np.unique(codes[0][codes[0] > 0])))
    return Ladder(
        name,
        quasi_identifier.levels,
        quasi_identifier.weight,
        value.reshape(-1),
        _number_shown(codes),
        _count_covered(codes, domain),
        domain,
    )


def measure_costs(ladder: Ladder, classes: Codes, counts: Codes) -> NDArray[np.float64]:
    """Weighted mean loss at each level over the cases of some classes; it never falls with the level."""
    cases = np.bincount(ladder.value[classes], weights=counts, minlength=ladder.shown.shape[1])
    # Whole numbers are summed first: a float sum would depend on the order of the classes.
    lost = (ladder.covered - ladder.covered[0]) @ cases.astype(np.int64)
    return np.maximum.accumulate(ladder.weight * lost / (int(counts.sum()) * (ladder.domain - 1)))


def count_cases(classes: pd.DataFrame) -> Codes:
    """The number of cases of each class."""
    return np.asarray(classes[COUNT].to_numpy(dtype=np.int64))


def _number_values(values: pd.Series) -> Codes:
    """Number values in their order from 1; 0 is null."""
    codes, _ = pd.factorize(values, sort=True)
    return np.asarray(codes, dtype=np.int64) + 1


def _number_shown(codes: Codes) -> Codes:
    """At level L the first L columns are null; the last level shows nothing."""
    columns, values = codes.shape
    tables = np.repeat(codes[np.newaxis], columns + 1, axis=0)
    for level in range(1, columns + 1):
        tables[level, :level] = 0
    flat = tables.transpose(1, 0, 2).reshape(columns, -1)
    keys = np.zeros(flat.shape[1], dtype=np.int64)
    for column in flat:
        keys = keys * (int(column.max(initial=0)) + 1) + column
    numbers, _ = pd.factorize(keys)
    return np.asarray(numbers, dtype=np.int64).reshape(columns + 1, values)


def _count_covered(codes: Codes, domain: int) -> Codes:
    """The finest value present decides: it covers the leaves seen under it; no value covers all."""
    columns, values = codes.shape
    covered = np.full((columns + 1, values), domain, dtype=np.int64)
    for column in reversed(range(columns)):
        present = codes[column] > 0
        covered[column] = np.where(present, _count_leaves(codes[0], codes[column]), covered[column + 1])
    return covered


def _count_leaves(leaves: Codes, values: Codes) -> Codes:
    """For each value the number of different leaves that occur together with it, at least 1."""
    pairs = np.unique(np.stack([values, leaves])[:, (values > 0) & (leaves > 0)], axis=1)
    per_value = np.bincount(pairs[0], minlength=int(values.max(initial=0)) + 1)
    return np.maximum(per_value[values], 1)
