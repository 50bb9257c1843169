"""Population: models that compare a class with the people of the population who look like it."""

import numpy as np

from anonymize.ladder import Codes
from anonymize.model.classes import Classes, Floats, Which
from anonymize.model.model import ROUNDING, Model


class PopulationMap(Model):
    """k-map (Sweeney, 2001): every class looks like k people of the population or more."""

    def __init__(self, least: int) -> None:
        """`least` is k."""
        super().__init__(f"k_map with k: {least}", least, is_floor=True)

    def measure(self, classes: Classes) -> Floats:
        """People of the population who look like the class."""
        return _people(classes).astype(np.float64)

    def judge(self, classes: Classes) -> Which:
        """At least k."""
        return np.asarray(_people(classes) >= self.limit)

    def rule_out(self, classes: Classes) -> Which:
        """No more people look like a part."""
        return ~self.judge(classes)


class DeltaPresence(Model):
    """delta-presence (Nergiz et al., SIGMOD 2007): the share of such people who are in the table.

    With a least share of more than 0 there may be nobody in the population like whom nobody is in the table:
    leaving cases out does not help them (`refuse_all`). As classes put together can bring such people in, two
    classes can meet a least share and not meet it together: then it is not monotone.
    """

    def __init__(self, least: float, most: float) -> None:
        """The smallest and the largest share."""
        text = f"delta_presence with min: {least:g}, max: {most:g}"
        super().__init__(text, most, is_monotone=least == 0)
        self.least = least

    def measure(self, classes: Classes) -> Floats:
        """The share of the population that is in the table."""
        return np.asarray(classes.cases / np.maximum(_people(classes), 1))

    def judge(self, classes: Classes) -> Which:
        """Between the two."""
        share = self.measure(classes)
        return (share >= self.least - ROUNDING) & (share <= self.limit + ROUNDING)

    def refuse_all(self, classes: Classes) -> bool:
        """Somebody can be told not to be in the table."""
        return self.least > 0 and bool(((classes.cases == 0) & (_people(classes) > 0)).any())


def _people(classes: Classes) -> Codes:
    if classes.population is None:
        raise ValueError("classes were counted without the population")
    return classes.population
