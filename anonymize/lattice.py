"""Lattice: every combination of levels a policy allows, from the one that loses least to the coarsest."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from anonymize.ladder import Codes, Ladder, measure_costs

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

    def list_terms(self, classes: Codes) -> list[Codes]:
        """For each ladder a table of level by class; their sum over a node tells what the classes show.

        Equal sums mean equal values in every quasi-identifier.
        """
        terms, weight = [], 1
        for ladder in reversed(self.ladders):
            terms.append(ladder.shown[:, ladder.value[classes]] * weight)
            weight *= ladder.size
        return terms[::-1]

    def describe_classes(self, node: int, classes: Codes) -> Codes:
        """One number a class for all it would show at a node; equal numbers mean equal values."""
        return add_terms(self.list_terms(classes), self.nodes[node])

    def measure_loss(self, nodes: Codes) -> NDArray[np.float64]:
        """Weighted loss of one case of each class, if the class stood at the node given for it."""
        loss = np.zeros(len(nodes))
        for ladder, levels in zip(self.ladders, self.nodes[nodes].T, strict=True):
            loss += ladder.weight * ladder.measure_loss(levels)
        return loss

    def sort_nodes(self, nodes: Codes, classes: Codes, counts: Codes) -> Codes:
        """Numbers of nodes by what these classes lose there; a finer node always before a coarser one."""
        levels = self.nodes[nodes]
        return nodes[_order(self.ladders, levels, classes, counts)]


def combine_ladders(ladders: Sequence[Ladder], counts: Codes) -> Lattice:
    """Every combination of the levels of these ladders.

    Raises:
        LatticeTooLarge: there are too many of them.
    """
    check_size([len(ladder.levels) for ladder in ladders], LARGEST)
    check_size([ladder.size for ladder in ladders], np.iinfo(np.int64).max)
    nodes = np.array(list(product(*(ladder.levels for ladder in ladders))), dtype=np.int64)
    order = _order(ladders, nodes, np.arange(len(counts)), counts)
    return Lattice(tuple(ladders), np.asarray(nodes[order]))


def add_terms(terms: Sequence[Codes], levels: Codes) -> Codes:
    """The sum of the rows of these levels, one number a class."""
    total: Codes = terms[0][levels[0]].copy()
    for term, level in zip(terms[1:], levels[1:], strict=True):
        total += term[level]
    return total


def _order(ladders: Sequence[Ladder], nodes: Codes, classes: Codes, counts: Codes) -> Codes:
    """By loss, and by levels where it is equal."""
    cost, rank = np.zeros(len(nodes)), np.zeros(len(nodes), dtype=np.int64)
    for ladder, levels in zip(ladders, nodes.T, strict=True):
        cost += measure_costs(ladder, classes, counts)[levels]
        rank = rank * ladder.levels.stop + levels
    return np.lexsort((rank, cost.round(12)))


def check_size(sizes: Sequence[int], limit: int) -> None:
    """Refuse what multiplies to more than the limit.

    Raises:
        LatticeTooLarge: it does.
    """
    if prod(sizes) > limit:
        raise LatticeTooLarge(
            f"the policy has {len(sizes)} quasi-identifiers with too many levels or values to try them all; "
            "publish fewer quasi-identifiers, or narrow min_level and max_level"
        )
