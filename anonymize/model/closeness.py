"""Closeness: models that compare the sensitive values of a class with those of the whole table."""

from collections.abc import Sequence

import numpy as np

from anonymize.ladder import Codes
from anonymize.model.classes import Classes, Floats, Tally, Which
from anonymize.model.model import ROUNDING, Model


class Closeness(Model):
    """t-closeness (Li et al., ICDE 2007): the earth mover's distance to the whole table is t or less.

    With P in the class and Q in the table the hierarchical distance (section 5.3 there) of a tree of H levels
    above the values is 1 - (M_0 + … + M_{H-1}) / H, where M_h is the sum of min(P, Q) over the labels of
    level h: what the paper moves at a node is what its children cannot settle among themselves, so that its
    sum telescopes. The equal distance is that of the tree with H = 1.
    """

    def __init__(self, column: str, limit: float, whole: Floats, labels: Sequence[Codes]) -> None:
        """`whole` counts the values in the table; `labels` has levels 0 to H - 1, a number a value."""
        kind = "hierarchical" if len(labels) > 1 else "equal"
        super().__init__(f"t_closeness ({kind}) of {column} with t: {limit:g}", limit)
        self.column, self.labels = column, labels
        self.whole = [np.bincount(label, weights=whole / whole.sum()) for label in labels]

    def measure(self, classes: Classes) -> Floats:
        """The distance, 0 to 1."""
        tally = classes.values[self.column]
        overlap = np.zeros(len(classes))
        for label, whole in zip(self.labels, self.whole, strict=True):
            level = tally.relabel(label)
            share = level.cases / classes.cases[level.group]
            overlap += np.bincount(
                level.group, weights=np.minimum(share, whole[level.value]), minlength=len(classes)
            )
        return np.asarray(1 - overlap / len(self.labels))

    def judge(self, classes: Classes) -> Which:
        """At most t."""
        return self.measure(classes) <= self.limit + ROUNDING

    def rule_out(self, classes: Classes) -> Which:
        """A part has no value that the whole has not, and what its values cannot cover must be moved."""
        tally = classes.values[self.column]
        covered = np.zeros(len(classes))
        for label, whole in zip(self.labels, self.whole, strict=True):
            level = tally.relabel(label)
            covered += np.bincount(level.group, weights=whole[level.value], minlength=len(classes))
        return covered / len(self.labels) < 1 - self.limit - ROUNDING


class Likeness(Model):
    """beta-likeness (Cao and Karras, PVLDB 2012): no value gains more than beta over the whole table.

    Enhanced (Definition 3 there): nor more than -ln of its share in the table, if that is less.
    """

    def __init__(self, column: str, limit: float, whole: Floats, *, enhanced: bool) -> None:
        """`whole` counts the values in the table; `limit` is beta."""
        kind = "enhanced" if enhanced else "basic"
        super().__init__(f"beta_likeness ({kind}) of {column} with beta: {limit:g}", limit)
        self.column, self.whole = column, whole / whole.sum()
        allowed = np.full(len(whole), float(limit))
        if enhanced:
            logs = np.full(len(whole), np.inf)
            np.log(self.whole, out=logs, where=self.whole > 0)
            allowed = np.minimum(allowed, np.abs(logs))
        self.most = self.whole * (1 + allowed)

    def measure(self, classes: Classes) -> Floats:
        """The largest relative gain of a value."""
        tally = classes.values[self.column]
        gain = self._share(classes, tally) / self.whole[tally.value] - 1
        largest = np.full(len(classes), -1.0)
        np.maximum.at(largest, tally.group, gain)
        return largest

    def judge(self, classes: Classes) -> Which:
        """No value has a larger share than it may have."""
        tally = classes.values[self.column]
        over = self._share(classes, tally) > self.most[tally.value] + ROUNDING
        return np.asarray(np.bincount(tally.group[over], minlength=len(classes)) == 0)

    def rule_out(self, classes: Classes) -> Which:
        """The largest shares that its values may have do not add up to 1."""
        tally = classes.values[self.column]
        together = np.bincount(tally.group, weights=self.most[tally.value], minlength=len(classes))
        return together < 1 - ROUNDING

    def _share(self, classes: Classes, tally: Tally) -> Floats:
        return np.asarray(tally.cases / classes.cases[tally.group])
