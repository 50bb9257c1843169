"""Lattice: every combination of levels a policy allows, from the one that loses least to the coarsest."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from anonymize.ladder import Codes, Ladder, build_ladder, measure_cost
from schemas.policy import QuasiIdentifier

LARGEST = 200_000


class LatticeTooLarge(ValueError):
    """The policy allows more combinations of levels than can be tried."""


@dataclass(frozen=True)
class Lattice:
    """Ladders side by side; `nodes` has one row a combination, one column a ladder."""

    ladders: tuple[Ladder, ...]
    nodes: Codes

    @property
    def top(self) -> int:
        """The coarsest node."""
        return len(self.nodes) - 1

    def describe_classes(self, node: int, classes: Codes) -> Codes:
        """One number a class for all it would show at a node; equal numbers mean equal values."""
        keys = np.zeros(len(classes), dtype=np.int64)
        for ladder, level in zip(self.ladders, self.nodes[node], strict=True):
            keys = keys * ladder.size + ladder.shown[level, classes]
        return keys

    def measure_loss(self, nodes: Codes) -> NDArray[np.float64]:
        """Weighted loss of one case of each class, if the class stood at the node given for it."""
        loss = np.zeros(len(nodes))
        for ladder, levels in zip(self.ladders, self.nodes[nodes].T, strict=True):
            loss += ladder.weight * ladder.measure_loss(levels)
        return loss


def build_lattice(
    quasi_identifiers: Mapping[str, QuasiIdentifier], classes: pd.DataFrame, counts: Codes
) -> Lattice:
    """Set up the lattice of a policy over the classes of a pool.

    Raises:
        LatticeTooLarge: the policy allows too many combinations of levels.
    """
    _check_size([len(quasi_identifier.levels) for quasi_identifier in quasi_identifiers.values()], LARGEST)
    ladders = tuple(build_ladder(name, qi, classes) for name, qi in quasi_identifiers.items())
    _check_size([ladder.size for ladder in ladders], np.iinfo(np.int64).max)
    return Lattice(ladders, _order_nodes(ladders, counts))


def _order_nodes(ladders: tuple[Ladder, ...], counts: Codes) -> Codes:
    """By loss, and by levels where it is equal: a finer node always stands before a coarser one."""
    nodes = np.array(list(product(*(ladder.levels for ladder in ladders))), dtype=np.int64)
    cost = np.zeros(len(nodes))
    for ladder, levels in zip(ladders, nodes.T, strict=True):
        costs = [measure_cost(ladder, level, counts) for level in range(len(ladder.shown))]
        cost += np.maximum.accumulate(costs)[levels]
    order = np.lexsort((*nodes.T[::-1], cost.round(12)))
    return np.asarray(nodes[order])


def _check_size(sizes: list[int], limit: int) -> None:
    if prod(sizes) > limit:
        raise LatticeTooLarge(
            f"the policy has {len(sizes)} quasi-identifiers with too many levels or values to try them all; "
            "publish fewer quasi-identifiers, or narrow min_level and max_level"
        )
