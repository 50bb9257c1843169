"""Model: what every privacy model can say of classes."""

from abc import ABC, abstractmethod

import numpy as np

from anonymize.model.classes import Classes, Floats, Which

ROUNDING = 1e-9
"""Sums of shares differ from what they should be by less than this."""


class Model(ABC):
    """One requirement of every class by itself.

    `is_monotone` says whether classes that meet it still do when they are put together. If so, a class that
    does not meet it cannot be split without one part that does not either; a search may conclude from that.
    """

    def __init__(self, text: str, limit: float, *, is_monotone: bool = True, is_floor: bool = False) -> None:
        """`text` names model, column and limit, not a value; a floor is a least figure, else a largest."""
        self.text, self.limit, self.is_monotone, self.is_floor = text, limit, is_monotone, is_floor

    @abstractmethod
    def measure(self, classes: Classes) -> Floats:
        """The figure of each class that the limit is about, in the model's own unit."""

    @abstractmethod
    def judge(self, classes: Classes) -> Which:
        """Which classes meet it; of a class without cases it says nothing of use."""

    def find_worst(self, classes: Classes) -> float:
        """The figure of the class that is farthest on the wrong side."""
        figures = self.measure(classes)
        return float(figures.min() if self.is_floor else figures.max())

    def rule_out(self, classes: Classes) -> Which:
        """Classes of which no part meets it either, however they are split; those that are sure to be so."""
        return np.zeros(len(classes), dtype=bool)

    def refuse_all(self, classes: Classes) -> bool:
        """Whether these classes, those of the population included, fail it whatever is left out of them."""
        return False
