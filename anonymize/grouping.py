"""Grouping: whether classes that show the same meet all models, those that have settled included."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from anonymize.ladder import Codes
from anonymize.model.classes import Which
from anonymize.walk import WAITING, Walk, describe_top, split_groups


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
    """Publish what is left over at the coarsest node together with settled groups, where that is enough.

    Whole groups join, those first that lose least by it, one, two, four and so on, until all models are met;
    what even all of them cannot help is left out. No group that stays behind changes.
    """
    shown, waits, loss = describe_top(walk)
    for value in np.unique(shown[waits]):
        rest = np.flatnonzero(waits & (shown == value))
        settled = np.flatnonzero((walk.node != WAITING) & (shown == value))
        helpers = _sort_helpers(walk, settled, loss, value) if len(settled) else []
        number = 1
        while helpers:
            moved = np.concatenate([rest, *helpers[:number]])
            same = np.full(len(moved), value)
            if not find_failing(walk, moved, same, np.array([value]), walk.lattice.top)[0]:
                walk.settle(moved, walk.lattice.top, same)
                break
            if number >= len(helpers):
                break
            number *= 2


def _sort_helpers(walk: Walk, settled: Codes, loss: NDArray[np.float64], value: int) -> list[Codes]:
    """The settled groups, one that shows the value already first, as it is joined in any case."""
    groups = split_groups(settled, walk.shown[settled])
    costs = [round(float((walk.counts[group] * loss[group]).sum()), 9) for group in groups]
    joined = [int(walk.shown[group[0]] != value) for group in groups]
    order = sorted(range(len(groups)), key=lambda number: (joined[number], costs[number], number))
    return [groups[number] for number in order]


def _find_places(values: Codes, sought: Codes) -> Codes:
    """The place of each sought value among the values, -1 where it is not there."""
    order = np.argsort(values)
    place = order[np.searchsorted(values[order], sought).clip(max=len(values) - 1)]
    return np.where(values[place] == sought, place, -1)
