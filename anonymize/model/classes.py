"""Classes: what privacy models know of equivalence classes, and the same of classes put together."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from anonymize.ladder import Codes

DENSE = 2**22
"""Cells up to which values are counted in a table with a place for each; beyond it they are sorted."""

Floats = NDArray[np.float64]
Which = NDArray[np.bool_]


@dataclass(frozen=True)
class Tally:
    """Cases of each value of a sensitive column in each class, those that occur only, sorted by class.

    Values are numbered from 0 to `width` - 1.
    """

    group: Codes
    value: Codes
    cases: Codes
    width: int

    def merge(self, number: Codes, size: int) -> "Tally":
        """The same of classes put together; those with a negative number are left out."""
        into = number[self.group]
        kept = into >= 0
        key, cases = into[kept] * self.width + self.value[kept], self.cases[kept]
        if size * self.width <= DENSE:
            counted = np.bincount(key, weights=cases, minlength=size * self.width)
            found = np.flatnonzero(counted)
            summed = counted[found]
        else:
            found, place = np.unique(key, return_inverse=True)
            summed = np.bincount(place, weights=cases, minlength=len(found))
        group, value = np.divmod(found, self.width)
        return Tally(group, value, summed.astype(np.int64), self.width)

    def relabel(self, label: Codes) -> "Tally":
        """The same with other, coarser values: `label` has the new number of each."""
        width = int(label.max(initial=0)) + 1
        size = int(self.group.max(initial=-1)) + 1
        coarse = Tally(self.group, label[self.value], self.cases, width)
        return coarse.merge(np.arange(size), size)


@dataclass(frozen=True)
class Classes:
    """Some classes: cases of each in the table and in the population, and their sensitive values by column.

    A class of the population of which nobody is in the table has no case.
    """

    cases: Codes
    population: Codes | None = None
    values: Mapping[str, Tally] = field(default_factory=dict)

    def __len__(self) -> int:
        """The number of classes."""
        return len(self.cases)

    def merge(self, number: Codes, size: int) -> "Classes":
        """Classes put together: `number` has for each the new one it goes into, or a negative number."""
        kept = number >= 0
        return Classes(
            _sum(number[kept], self.cases[kept], size),
            None if self.population is None else _sum(number[kept], self.population[kept], size),
            {name: tally.merge(number, size) for name, tally in self.values.items()},
        )

    def select(self, which: Which) -> "Classes":
        """Some of the classes, in their order."""
        number = np.where(which, np.cumsum(which) - 1, -1)
        return self.merge(number, int(which.sum()))


def _sum(number: Codes, cases: Codes, size: int) -> Codes:
    return np.bincount(number, weights=cases, minlength=size).astype(np.int64)
