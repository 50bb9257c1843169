"""Generalization: one quasi-identifier as the full-domain search sees it, labels for each level."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.ladder import Codes, Ladder

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Generalization:
    """Labels of the levels that a policy allows, finest first.

    `value` numbers the value of each class and `cases` counts the cases of each value. For each level,
    `label[level]` numbers what a value shows and `loss[level]` is the share of the domain, 0 to 1, that
    each label is mixed up with.
    """

    weight: float
    levels: range
    value: Codes
    cases: Codes
    label: tuple[Codes, ...]
    loss: tuple[Floats, ...]

    @property
    def height(self) -> int:
        """Number of levels."""
        return len(self.label)


def build_generalization(ladder: Ladder, counts: Codes) -> Generalization:
    """Number the labels of each allowed level; values that no allowed level tells apart become one."""
    shown, loss = ladder.shown[ladder.levels.start : ladder.levels.stop], ladder.loss
    _, first, value = np.unique(shown[0], return_index=True, return_inverse=True)
    labels, losses = [], []
    for level, numbers in zip(ladder.levels, shown[:, first], strict=True):
        _, where, label = np.unique(numbers, return_index=True, return_inverse=True)
        labels.append(np.asarray(label.reshape(-1), dtype=np.int64))
        losses.append(np.asarray(loss[level, first[where]]))
    of_class = value.reshape(-1)[ladder.value]
    cases = np.bincount(of_class, weights=counts, minlength=len(first)).astype(np.int64)
    return Generalization(ladder.weight, ladder.levels, of_class, cases, tuple(labels), tuple(losses))
