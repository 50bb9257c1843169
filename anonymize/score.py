"""Score: what a full-domain recoding costs, as ARX defines Loss and non-uniform entropy."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from anonymize.generalization import Floats, Generalization
from schemas.table_policy import Measure


class Score(Protocol):
    """A cost that never falls where a column becomes coarser or more cases are suppressed.

    `widest_first` says which columns tell soonest what a choice will cost.
    """

    widest_first: bool

    def measure_column(self, column: int, level: int, suppressed: Floats) -> float:
        """What a column costs at a level; `suppressed` counts the suppressed cases by their label there."""

    def bound_column(self, column: int, suppressed: int) -> float:
        """The least that a column can cost at any level when so many cases are suppressed."""

    def combine(self, costs: Sequence[float]) -> float:
        """The score of all columns together; more is worse."""


def build_score(measure: Measure, columns: Sequence[Generalization], cases: int) -> Score:
    """The score that a policy asks for."""
    return Loss(columns, cases) if measure is Measure.LOSS else Entropy(columns)


class Loss:
    """Geometric Loss (Iyengar, 2002, aggregated as in ARX): 0 keeps everything, 1 nothing.

    The loss of a column is the mean share of its domain with which a case is mixed up; a suppressed
    case counts 1.
    """

    widest_first = False

    def __init__(self, columns: Sequence[Generalization], cases: int) -> None:
        """Sum the shares of all cases, level by level."""
        self.columns, self.cases = columns, cases
        self.weights = np.array([column.weight for column in columns])
        self.sums = [
            [float(loss[label] @ column.cases) for label, loss in zip(column.label, column.loss, strict=True)]
            for column in columns
        ]

    def measure_column(self, column: int, level: int, suppressed: Floats) -> float:
        """The mean share over all cases."""
        more = float(suppressed @ (1 - self.columns[column].loss[level]))
        return (self.sums[column][level] + more) / self.cases

    def bound_column(self, column: int, suppressed: int) -> float:
        """Kept cases lose what they lose at the finest level, suppressed ones everything."""
        dearest = float(self.columns[column].loss[0].max())
        return (self.sums[column][0] + suppressed * (1 - dearest)) / self.cases

    def combine(self, costs: Sequence[float]) -> float:
        """The weighted geometric mean of 1 + loss, less 1."""
        return float(np.expm1(self.weights @ np.log1p(costs) / self.weights.sum()))


class Entropy:
    """Non-uniform entropy (Gionis and Tassa, 2009, with ARX's step for suppressed cases), in bits."""

    widest_first = True

    def __init__(self, columns: Sequence[Generalization]) -> None:
        """Sum the bits that all cases lose, level by level."""
        self.weights = [column.weight for column in columns]
        self.bits = [[_lose_bits(column, label) for label in column.label] for column in columns]

    def measure_column(self, column: int, level: int, suppressed: Floats) -> float:
        """Bits lost by generalizing, and by suppressing what is left."""
        counts = suppressed[suppressed > 0]
        return self.bits[column][level] + float(counts @ np.log2(counts.sum() / counts))

    def bound_column(self, column: int, suppressed: int) -> float:
        """A column at its finest level loses least; what is suppressed may all show the same."""
        return self.bits[column][0]

    def combine(self, costs: Sequence[float]) -> float:
        """The weighted sum over columns."""
        return float(np.dot(self.weights, costs))


def _lose_bits(column: Generalization, label: np.ndarray) -> float:
    together = np.bincount(label, weights=column.cases)[label]
    known = column.cases > 0
    return float(column.cases[known] @ np.log2(together[known] / column.cases[known]))
