"""Ladder: what each value of one quasi-identifier would show at each level, at what cost."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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


def measure_costs(ladder: Ladder, classes: Codes, counts: Codes) -> NDArray[np.float64]:
    """Weighted mean loss at each level over the cases of some classes; it never falls with the level."""
    cases = np.bincount(ladder.value[classes], weights=counts, minlength=ladder.shown.shape[1])
    # Whole numbers are summed first: a float sum would depend on the order of the classes.
    lost = (ladder.covered - ladder.covered[0]) @ cases.astype(np.int64)
    return np.maximum.accumulate(ladder.weight * lost / (int(counts.sum()) * (ladder.domain - 1)))
