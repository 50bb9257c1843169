"""Grouping: whether classes that show the same meet all models, those that have settled included."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from anonymize.ladder import Codes
from anonymize.model.classes import Which
from anonymize.walk import WAITING, Walk, split_groups


def find_failing(walk: Walk, classes: Codes, shown: Codes, values: Codes, node: int) -> Which:
    """For each of some different shown values, whether its cases would fail the policy.

    `shown` is what each of the waiting classes would show at the node; those that have settled on the same
    value, at whatever node, are its cases too.
    """
    facts = walk.requirement.facts
    number = np.full(len(facts), -1, dtype=np.int64)
    settled = np.flatnonzero(walk.node != WAITING)
    number[settled] = _find_places(values, walk.shown[settled])
    number[classes] = _find_places(values, shown)
    groups = facts.merge(number, len(values))
    if facts.population is not None:
        # whoever of the population the published value fits looks like it, whatever else fits them
        people = np.flatnonzero(facts.population)
        place = _find_places(values, walk.lattice.describe_classes(node, people))
        fits = place >= 0
        counted = np.bincount(
            place[fits], weights=facts.population[people[fits]], minlength=len(values)
        ).astype(np.int64)
        groups = replace(groups, population=counted)
    return walk.requirement.find_failing(groups)


def rescue_groups(walk: Walk) -> None:
    """Publish what is left over together with settled groups that join it.

    Twice, and what loses less is kept: at the coarsest node, and at finer ones. Finer ones lose less for what
    is left over, but may need more of the groups. What even all groups cannot help at the coarsest node is
    left out. No group that stays behind changes.
    """
    tries = [replace(walk, node=walk.node.copy(), shown=walk.shown.copy()) for _ in range(2)]
    _rescue(tries[0], specialize=True)
    _rescue(tries[1], specialize=False)
    best = min(tries, key=_measure_loss)
    walk.node[:], walk.shown[:] = best.node, best.shown


def _measure_loss(walk: Walk) -> float:
    """Grows with the geometric Loss of what is published; a case left out loses everything."""
    settled, total = walk.node != WAITING, 0.0
    for ladder, levels in zip(walk.lattice.ladders, walk.lattice.nodes[walk.node].T, strict=True):
        loss = np.where(settled, ladder.measure_loss(levels), 1.0)
        total += ladder.weight * float(np.log1p(loss @ walk.counts / walk.counts.sum()))
    return round(total, 12)


def _rescue(walk: Walk, *, specialize: bool) -> None:
    """From the coarsest node down, column by column, as far as every part of a value can still be helped.

    A value falls into parts at a finer node, and each has to do with the groups inside it (top-down
    specialization: Fung et al., 2005).
    """
    places = {tuple(levels): number for number, levels in enumerate(walk.lattice.nodes.tolist())}
    rest = np.flatnonzero((walk.node == WAITING) & (walk.counts > 0))
    pending = {walk.lattice.top: rest[_can_be_helped(walk, rest, walk.lattice.top)]}
    while pending:
        # the coarsest first: whatever reaches a node comes from a coarser one
        node = max(pending)
        rest = pending.pop(node)
        for finer in _list_finer(walk, rest, node, places) if specialize else ():
            goes = _can_go(walk, rest, node, finer)
            if goes.any():
                pending[finer] = np.concatenate([pending.get(finer, rest[:0]), rest[goes]])
                rest = rest[~goes]
        _join_groups(walk, rest, node)


def _can_go(walk: Walk, rest: Codes, node: int, finer: int) -> Which:
    """For each class left over, whether all that show the same at a node can be helped at a finer one."""
    values, value = np.unique(walk.lattice.describe_classes(node, rest), return_inverse=True)
    stuck = value[~_can_be_helped(walk, rest, finer)]
    return np.asarray(np.bincount(stuck, minlength=len(values))[value] == 0)


def _list_finer(walk: Walk, rest: Codes, node: int, places: Mapping[tuple[int, ...], int]) -> list[int]:
    """The nodes one level finer in one column, those first that save these classes most."""
    levels, saved = walk.lattice.nodes[node], []
    for number, ladder in enumerate(walk.lattice.ladders):
        at = int(levels[number])
        if at > ladder.levels.start:
            lower = (*levels[:number].tolist(), at - 1, *levels[number + 1 :].tolist())
            loss = ladder.loss[:, ladder.value[rest]] @ walk.counts[rest]
            saved.append((-round(ladder.weight * float(loss[at] - loss[at - 1]), 9), number, places[lower]))
    return [place for _, _, place in sorted(saved)]


def _can_be_helped(walk: Walk, rest: Codes, node: int) -> Which:
    """For each of the classes left over, whether all groups inside what it would show are enough for it."""
    if not len(rest):
        return np.zeros(0, dtype=bool)
    shown = walk.lattice.describe_classes(node, rest)
    helpers, inside = _find_inside(walk, node)
    values = np.unique(shown)
    classes, would_show = np.concatenate([rest, helpers]), np.concatenate([shown, inside])
    fails = find_failing(walk, classes, would_show, values, node)
    return np.asarray(~fails[np.searchsorted(values, shown)])


def _find_inside(walk: Walk, node: int) -> tuple[Codes, Codes]:
    """The classes of settled groups that would show one value at a node, and that value."""
    settled = np.flatnonzero(walk.node != WAITING)
    shown = walk.lattice.describe_classes(node, settled)
    _, group = np.unique(walk.shown[settled], return_inverse=True)
    largest = np.zeros(int(group.max(initial=-1)) + 1, dtype=np.int64)
    smallest = np.full(len(largest), np.iinfo(np.int64).max)
    np.maximum.at(largest, group, shown)
    np.minimum.at(smallest, group, shown)
    one = (largest == smallest)[group]
    return settled[one], shown[one]


def _join_groups(walk: Walk, rest: Codes, node: int) -> None:
    """Publish classes that can be helped at a node, value by value, with as few groups as it takes."""
    shown = walk.lattice.describe_classes(node, rest)
    for value in np.unique(shown):
        members = rest[shown == value]
        helpers, inside = _find_inside(walk, node)
        groups = _sort_helpers(walk, helpers[inside == value], node, value)
        number = 1
        while True:
            moved = np.concatenate([members, *groups[:number]])
            same = np.full(len(moved), value)
            if not find_failing(walk, moved, same, np.array([value]), node)[0]:
                walk.settle(moved, node, same)
                break
            if number >= len(groups):
                break
            number *= 2


def _sort_helpers(walk: Walk, settled: Codes, node: int, value: int) -> list[Codes]:
    """Settled groups by what joining costs; first one that shows the value already: it joins anyway."""
    if not len(settled):
        return []
    groups = split_groups(settled, walk.shown[settled])
    loss = np.zeros(len(walk.counts))
    there = np.full(len(settled), node)
    ladders, nodes = walk.lattice.ladders, walk.lattice.nodes
    for ladder, after, before in zip(ladders, nodes[there].T, nodes[walk.node[settled]].T, strict=True):
        gained = ladder.loss[after, ladder.value[settled]] - ladder.loss[before, ladder.value[settled]]
        loss[settled] += ladder.weight * gained
    costs = [round(float((walk.counts[group] * loss[group]).sum()), 9) for group in groups]
    joined = [int(walk.shown[group[0]] != value) for group in groups]
    order = sorted(range(len(groups)), key=lambda number: (joined[number], costs[number], number))
    return [groups[number] for number in order]


def _find_places(values: Codes, sought: Codes) -> Codes:
    """The place of each sought value among the values, -1 where it is not there."""
    order = np.argsort(values)
    place = order[np.searchsorted(values[order], sought).clip(max=len(values) - 1)]
    return np.where(values[place] == sought, place, -1)
