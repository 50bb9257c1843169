"""Walk: the way of local recoding from the finest to the coarsest node, and where classes have settled."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.ladder import Codes
from anonymize.lattice import Lattice
from anonymize.model.classes import Which
from anonymize.requirement import Requirement

WAITING = -1


@dataclass
class Walk:
    """Where each class has settled so far, and what it shows there.

    Classes stand in a canonical order, so that the outcome does not depend on the order of the table. A
    class without cases never settles.
    """

    lattice: Lattice
    requirement: Requirement
    node: Codes
    shown: Codes

    @property
    def counts(self) -> Codes:
        """Cases by class."""
        return self.requirement.facts.cases

    def settle(self, classes: Codes, node: int, shown: Codes) -> None:
        """Publish classes at a node."""
        self.node[classes], self.shown[classes] = node, shown


def describe_top(walk: Walk) -> tuple[Codes, Which, NDArray[np.float64]]:
    """What each class would show at the coarsest node, whether it waits, and what a case would lose by it."""
    top = np.full(len(walk.counts), walk.lattice.top)
    waits = (walk.node == WAITING) & (walk.counts > 0)
    now = np.where(walk.node == WAITING, top, walk.node)
    loss = walk.lattice.measure_loss(top) - walk.lattice.measure_loss(now)
    return walk.lattice.describe_classes(walk.lattice.top, np.arange(len(top))), waits, loss


def split_groups(classes: Codes, shown: Codes) -> list[Codes]:
    """The classes that show the same, together; groups in the order of what they show."""
    order = np.argsort(shown, kind="stable")
    starts = np.flatnonzero(np.diff(shown[order])) + 1
    return np.split(classes[order], starts)
