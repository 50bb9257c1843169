"""Average: risk averaged over all published cases, a requirement of all classes together."""

import numpy as np

from anonymize.ladder import Codes
from anonymize.model.classes import Classes, Floats, Which
from anonymize.model.model import ROUNDING
from schemas.table_model import Attacker


class AverageRisk:
    """The mean over published cases of 1 / cases of the class, or 1 / people who look like it.

    The first is the prosecutor's chance (classes / cases); the second the journalist's, which is also the
    marketer's share of right guesses (Dankar and El Emam, 2010). Where it is too high the riskiest classes
    are left out until it is not, as in ARX.
    """

    def __init__(self, limit: float, attacker: Attacker) -> None:
        """The largest mean, a probability."""
        self.text, self.limit = f"average_risk ({attacker}) with limit: {limit:g}", limit
        self.attacker = attacker

    def measure(self, classes: Classes) -> float:
        """The mean over all cases; 0 where there are none."""
        risk, total = self._rate(classes), int(classes.cases.sum())
        return float(risk @ classes.cases) / total if total else 0.0

    def is_met(self, classes: Classes) -> bool:
        """Whether the mean over all of them is low enough."""
        return self.measure(classes) <= self.limit + ROUNDING

    def choose_excess(self, classes: Classes) -> Which:
        """The classes to leave out: the fewest of the riskiest; of equals the last ones."""
        risk = self._rate(classes)
        order = np.argsort(risk, kind="stable")
        cases = np.cumsum(classes.cases[order])
        mean = np.cumsum((risk * classes.cases)[order]) / np.maximum(cases, 1)
        # adding riskier classes never lowers the mean
        kept = int(np.searchsorted(mean, self.limit + ROUNDING, side="right"))
        excess = np.ones(len(classes), dtype=bool)
        excess[order[:kept]] = False
        return excess

    def count_excess(self, classes: Classes) -> int:
        """Cases that are left out at least, also if the classes are split.

        For the prosecutor: of any choice among parts, the classes that hold a kept part would do as well, as
        they are no more and have no fewer cases; and of so many classes the smallest have the fewest cases.
        """
        if self.attacker is not Attacker.PROSECUTOR:
            return 0
        return int(classes.cases[self.choose_excess(classes)].sum())

    def _rate(self, classes: Classes) -> Floats:
        people: Codes | None = classes.cases
        if self.attacker is Attacker.JOURNALIST:
            people = classes.population
        if people is None:
            raise ValueError("classes were counted without the population")
        return np.asarray(1 / np.maximum(people, 1))
