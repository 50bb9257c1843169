"""Diversity: l-diversity in the three forms of Machanavajjhala et al. (TKDD 2007)."""

import numpy as np

from anonymize.model.classes import Classes, Floats, Which
from anonymize.model.model import ROUNDING, Model


class DistinctDiversity(Model):
    """Every class has l different values or more."""

    def __init__(self, column: str, least: float) -> None:
        """`least` is l."""
        super().__init__(f"distinct_l_diversity of {column} with l: {least:g}", least, is_floor=True)
        self.column = column

    def measure(self, classes: Classes) -> Floats:
        """The number of different values."""
        return _count_values(classes, self.column)

    def judge(self, classes: Classes) -> Which:
        """At least l."""
        return np.asarray(self.measure(classes) >= self.limit)

    def rule_out(self, classes: Classes) -> Which:
        """A part has no value that the whole has not."""
        return ~self.judge(classes)


class EntropyDiversity(Model):
    """The entropy of the values is log(l) or more (Definition 4.1)."""

    def __init__(self, column: str, least: float) -> None:
        """`least` is l."""
        super().__init__(f"entropy_l_diversity of {column} with l: {least:g}", least, is_floor=True)
        self.column = column

    def measure(self, classes: Classes) -> Floats:
        """The number of equally frequent values that have the same entropy."""
        tally, cases = classes.values[self.column], np.maximum(classes.cases, 1)
        logs = np.bincount(tally.group, weights=tally.cases * np.log(tally.cases), minlength=len(classes))
        return np.asarray(np.exp(np.log(cases) - logs / cases))

    def judge(self, classes: Classes) -> Which:
        """At least l."""
        return np.asarray(self.measure(classes) >= self.limit * (1 - ROUNDING))

    def rule_out(self, classes: Classes) -> Which:
        """L equally frequent values are the least that have such an entropy."""
        return np.asarray(_count_values(classes, self.column) < np.ceil(self.limit - ROUNDING))


class RecursiveDiversity(Model):
    """The most frequent value is less than c times as frequent as those from the l-th on (Definition 4.2)."""

    def __init__(self, column: str, times: float, rank: int) -> None:
        """`times` is c and `rank` is l."""
        super().__init__(f"recursive_l_diversity of {column} with c: {times:g}, l: {rank}", times)
        self.column, self.rank = column, rank

    def measure(self, classes: Classes) -> Floats:
        """How many times as frequent the first value is; infinite where there are fewer than l values."""
        tally = classes.values[self.column]
        order = np.lexsort((-tally.cases, tally.group))
        group, cases = tally.group[order], tally.cases[order]
        starts = np.searchsorted(group, np.arange(len(classes)))
        place = np.arange(len(group)) - starts[group]
        first = np.bincount(group[place == 0], weights=cases[place == 0], minlength=len(classes))
        late = place >= self.rank - 1
        rest = np.bincount(group[late], weights=cases[late], minlength=len(classes))
        return np.asarray(np.divide(first, rest, out=np.full(len(classes), np.inf), where=rest > 0))

    def judge(self, classes: Classes) -> Which:
        """Less than c."""
        return np.asarray(self.measure(classes) < self.limit * (1 - ROUNDING))

    def rule_out(self, classes: Classes) -> Which:
        """A part has no value that the whole has not."""
        return _count_values(classes, self.column) < self.rank


class Homogeneity(Model):
    """No known value is that of a whole class, or of more than `limit` of it."""

    def __init__(self, column: str, limit: float, known: Which) -> None:
        """`known` says which values of the column give something away."""
        super().__init__(f"homogeneity of {column} with limit: {limit:g}", limit)
        self.column, self.known = column, known

    def measure(self, classes: Classes) -> Floats:
        """The share of the most frequent known value among all cases of the class."""
        tally = classes.values[self.column]
        shares = tally.cases / classes.cases[tally.group]
        largest = np.zeros(len(classes))
        np.maximum.at(largest, tally.group, np.where(self.known[tally.value], shares, 0.0))
        return largest

    def judge(self, classes: Classes) -> Which:
        """No more than the limit, and not all."""
        share = self.measure(classes)
        return np.asarray((share <= self.limit + ROUNDING) & (share < 1))

    def rule_out(self, classes: Classes) -> Which:
        """Parts of a class that is all alike are all alike."""
        return self.measure(classes) >= 1


def _count_values(classes: Classes, column: str) -> Floats:
    return np.bincount(classes.values[column].group, minlength=len(classes)).astype(np.float64)
