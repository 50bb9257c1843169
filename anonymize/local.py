"""Local recoding: each class settles at the first node at which it is one of k cases or more that look alike.

Where a policy has further models the cases that look alike must meet them too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.distinct import number_distinct
from anonymize.grouping import find_failing, rescue_groups
from anonymize.ladder import Codes
from anonymize.lattice import Lattice, add_terms
from anonymize.model.classes import Classes
from anonymize.requirement import Requirement
from anonymize.walk import WAITING, Walk, describe_top, split_groups

RESORTED_AT = 0.98
"""The nodes are put in order again whenever the waiting classes have become fewer than this share."""
FEW = 250
"""So few classes are grouped at once; of more, those that cannot number k are sorted out before."""
TOGETHER = 8_192
"""Values to look through at once for a node at which something may settle."""

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass
class _Waiting:
    """The classes that have not settled, and what they show at each level, kept dense."""

    classes: Codes
    counts: Codes
    terms: list[Codes]

    def keep(self, where: NDArray[np.bool_]) -> None:
        self.classes, self.counts = self.classes[where], self.counts[where]
        self.terms = [term[:, where] for term in self.terms]


class _Settled:
    """The published values that classes have settled on; most that are not among them are told cheaply."""

    def __init__(self, classes: int) -> None:
        self.bits = max(10, (64 * classes).bit_length())
        self.marks = np.zeros(2**self.bits, dtype=bool)
        self.values = np.zeros(0, dtype=np.int64)

    def add(self, shown: Codes) -> None:
        self.marks[_scatter(shown, self.bits)] = True
        new = np.unique(shown)
        self.values = np.insert(self.values, np.searchsorted(self.values, new), new)

    def may_have(self, shown: Codes) -> NDArray[np.bool_]:
        """Never a wrong no, seldom a wrong yes."""
        return np.asarray(self.marks[_scatter(shown, self.bits)])

    def has(self, shown: Codes) -> NDArray[np.bool_]:
        found = self.may_have(shown)
        doubtful = np.flatnonzero(found)
        place = np.searchsorted(self.values, shown[doubtful]).clip(max=len(self.values) - 1)
        found[doubtful] = self.values[place] == shown[doubtful]
        return found


def find_local_levels(lattice: Lattice, counts: Codes, k: int) -> Codes:
    """As `find_required_levels`, where k is all that is required."""
    return find_required_levels(lattice, Requirement(k, Classes(counts)))


def find_required_levels(lattice: Lattice, requirement: Requirement) -> Codes:
    """The levels at which each class is published; one row a class, all WAITING where it is left out.

    After ARX's iterative local recoding (Prasser et al., 2020): at each node, from the one that loses
    least to the coarsest, the classes that then number k cases alike settle. Here the nodes are put in
    order by what the classes that still wait would lose, not by what all would.
    """
    unsettled = np.full(len(requirement.facts), WAITING, dtype=np.int64)
    walk = Walk(lattice, requirement, unsettled, unsettled.copy())
    _walk_nodes(walk)
    if requirement.is_plain:
        _rescue_rest(walk, requirement.k)
    else:
        rescue_groups(walk)
    levels = lattice.nodes[walk.node]
    levels[walk.node == WAITING] = WAITING
    return np.asarray(levels)


def _walk_nodes(walk: Walk) -> None:
    """Settle at each node the classes that are then k alike, or alike to classes that have settled."""
    everyone = np.flatnonzero(walk.counts)
    waiting = _Waiting(everyone, walk.counts[everyone], walk.lattice.list_terms(everyone))
    nodes, sorted_for = list(range(len(walk.lattice.nodes))), len(everyone)
    settled = _Settled(len(everyone))
    while nodes and len(waiting.classes):
        if len(waiting.classes) < RESORTED_AT * sorted_for:
            order = walk.lattice.sort_nodes(np.array(nodes), waiting.classes, waiting.counts)
            nodes, sorted_for = order.tolist(), len(waiting.classes)
        for position in _find_promising(walk, waiting, settled, nodes):
            settles = _settle(walk, waiting, settled, nodes[position])
            if settles is not None:
                waiting.keep(~settles)
                nodes = nodes[position + 1 :]
                break
        else:
            return


def _find_promising(walk: Walk, waiting: _Waiting, settled: _Settled, nodes: Sequence[int]) -> Iterator[int]:
    """Positions of nodes at which a class may settle, in order: of few classes, many nodes at once."""
    if len(waiting.classes) >= FEW:
        yield from range(len(nodes))
        return
    at_once = max(1, TOGETHER // len(waiting.classes))
    for start in range(0, len(nodes), at_once):
        levels = walk.lattice.nodes[nodes[start : start + at_once]]
        shown = waiting.terms[0][levels[:, 0]]
        for term, level in zip(waiting.terms[1:], levels.T[1:], strict=True):
            shown += term[level]
        order = np.argsort(shown, axis=1)
        ordered = np.take_along_axis(shown, order, axis=1)
        differs = np.ones(shown.shape, dtype=bool)
        differs[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
        groups = np.flatnonzero(differs)
        large = np.add.reduceat(waiting.counts[order].ravel(), groups) >= walk.requirement.k
        large |= settled.has(ordered.ravel()[groups])
        yield from (start + np.unique(groups[large] // shown.shape[1])).tolist()


def _settle(walk: Walk, waiting: _Waiting, settled: _Settled, node: int) -> NDArray[np.bool_] | None:
    """Which of the waiting classes settle at a node; none where it is no use to any."""
    k = walk.requirement.k
    shown = add_terms(waiting.terms, walk.lattice.nodes[node])
    hopeful = _find_hopeful(shown, waiting.counts, settled, k)
    if not len(hopeful):
        return None
    member, groups = number_distinct(shown[hopeful])
    small, known = np.bincount(member, weights=waiting.counts[hopeful]) < k, settled.has(groups)
    small &= ~known
    if not walk.requirement.is_plain and not small.all():
        small[~small] = find_failing(walk, waiting.classes[hopeful], shown[hopeful], groups[~small], node)
    chosen = hopeful[~small[member]]
    if not len(chosen):
        return None
    walk.settle(waiting.classes[chosen], node, shown[chosen])
    settled.add(groups[~small & ~known])
    settles = np.zeros(len(shown), dtype=bool)
    settles[chosen] = True
    return settles


def _find_hopeful(shown: Codes, counts: Codes, settled: _Settled, k: int) -> Codes:
    """Positions of the classes that may number k: sharing a bucket is cheaper to count than being alike."""
    if len(shown) < FEW:
        return np.arange(len(shown))
    bucket = _scatter(shown, (4 * len(shown)).bit_length())
    cases = np.bincount(bucket, weights=counts)
    return np.flatnonzero((cases[bucket] >= k) | settled.may_have(shown))


def _scatter(numbers: Codes, bits: int) -> Codes:
    """Numbers spread evenly over 2 to the power of `bits` buckets (Knuth's multiplicative hashing)."""
    return ((numbers.view(np.uint64) * GOLDEN) >> np.uint64(64 - bits)).view(np.int64)


def _rescue_rest(walk: Walk, k: int) -> None:
    """Publish what is left over by making just enough settled cases as coarse: suppression comes last."""
    shown, waits, loss = describe_top(walk)
    for value in np.intersect1d(shown[waits], shown[~waits]):
        rest = np.flatnonzero(waits & (shown == value))
        helpers = _find_helpers(walk, np.flatnonzero(~waits & (shown == value)), loss, rest, k)
        walk.settle(np.concatenate([rest, helpers]), walk.lattice.top, value)


def _find_helpers(walk: Walk, settled: Codes, loss: NDArray[np.float64], rest: Codes, k: int) -> Codes:
    """The classes of one settled group that bring the rest to k and lose least by joining it."""
    need = k - int(walk.counts[rest].sum())
    groups = split_groups(settled, walk.shown[settled])
    chosen = [_choose_members(group, walk.counts, need, k) for group in groups]
    return min(chosen, key=lambda classes: round(float((walk.counts[classes] * loss[classes]).sum()), 9))


def _choose_members(members: Codes, counts: Codes, need: int, k: int) -> Codes:
    """The smallest classes that suffice, where the group stays at k without them; else the whole group."""
    by_size = members[np.argsort(counts[members], kind="stable")]
    running = np.cumsum(counts[by_size])
    enough = int(np.searchsorted(running, need)) + 1
    return by_size if running[-1] - running[enough - 1] < k else by_size[:enough]
