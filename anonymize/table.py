"""Table: any class table anonymized under a policy of its own, and what that cost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from anonymize.distinct import number_distinct
from anonymize.full_domain import find_full_domain
from anonymize.generalization import build_generalization
from anonymize.ladder import Codes, Ladder
from anonymize.lattice import combine_ladders
from anonymize.local import find_required_levels
from anonymize.model.classes import Classes
from anonymize.obstacle import explain_obstacles
from anonymize.refusal import PolicyNotMet, UnsafeRecoding
from anonymize.requirement import Requirement, build_requirement
from anonymize.score import build_score
from anonymize.walk import WAITING
from schemas.table_policy import RecodingModel, TablePolicy


@dataclass(frozen=True)
class Recoded:
    """The level at which each class is published, one row a class and one column a ladder; -1 left out."""

    levels: Codes

    @property
    def suppressed(self) -> NDArray[np.bool_]:
        """The classes that are left out."""
        return np.asarray((self.levels == WAITING).any(axis=1))


@dataclass(frozen=True)
class Published:
    """The published classes, sorted by what they show: `value` and `level` have a row a ladder."""

    value: Codes
    level: Codes
    cases: Codes


def anonymize_table(
    ladders: Sequence[Ladder], counts: Codes, policy: TablePolicy, requirement: Requirement | None = None
) -> Recoded:
    """Find the recoding that the policy asks for. The order of classes and of ladders changes nothing.

    A policy with models needs the requirement, which knows what they ask about the classes. Classes without
    cases are of the population only, and never published.

    Raises:
        PolicyNotMet: more cases than the limit cannot be published; says how many at least.
        LatticeTooLarge: local recoding cannot try so many combinations of levels.
        UnsafeRecoding: the outcome is not safe; nothing may be published.
    """
    required = requirement or build_requirement(policy, Classes(counts))
    order = sorted(range(len(ladders)), key=lambda number: ladders[number].name)
    named = [ladders[number] for number in order]
    most = int(policy.suppression_limit * int(counts.sum()) + 1e-9)
    if policy.recoding is RecodingModel.FULL_DOMAIN:
        found = _recode_full_domain(named, required, policy, most)
    else:
        found = _recode_locally(named, required)
    found[counts == 0] = WAITING
    levels = np.empty_like(found)
    levels[:, order] = found
    recoded = Recoded(levels)
    _check_safe(ladders, recoded, required)
    _check_limit(ladders, recoded, required, policy, most)
    return recoded


def list_groups(ladders: Sequence[Ladder], levels: Codes, classes: Codes) -> Codes:
    """One number for all that each of these classes shows at its levels; equal numbers mean equal values."""
    groups = np.zeros(len(classes), dtype=np.int64)
    for ladder, level in zip(ladders, levels[classes].T, strict=True):
        shown = ladder.shown[level, ladder.value[classes]]
        # numbered anew after each column, so that many columns cannot run out of numbers
        groups, _ = number_distinct(groups * ladder.size + shown)
    return groups


def describe_groups(
    ladders: Sequence[Ladder], levels: Codes, classes: Codes, facts: Classes
) -> tuple[Codes, Classes]:
    """The group of each of some classes by what it shows, and what models know of those who show it.

    Whoever of the population the shown value fits looks like it, also where other classes of the same people
    are published in another way.
    """
    groups = list_groups(ladders, levels, classes)
    number = np.full(len(facts), -1, dtype=np.int64)
    number[classes] = groups
    found = facts.merge(number, int(groups.max(initial=-1)) + 1)
    if facts.population is not None and len(classes):
        _, first = np.unique(groups, return_index=True)
        found = replace(found, population=_count_people(ladders, levels, classes[first], facts))
    return groups, found


def _count_people(ladders: Sequence[Ladder], levels: Codes, shown: Codes, facts: Classes) -> Codes:
    """How many of the population what each class shows fits; one pass over them for each node in use."""
    if facts.population is None:
        raise ValueError("classes were counted without the population")
    people = np.flatnonzero(facts.population)
    counted = np.zeros(len(shown), dtype=np.int64)
    for node in np.unique(levels[shown], axis=0):
        at = np.flatnonzero((levels[shown] == node).all(axis=1))
        alike = list_groups(ladders, np.broadcast_to(node, levels.shape), np.concatenate([people, shown[at]]))
        fits = np.bincount(
            alike[: len(people)], weights=facts.population[people], minlength=int(alike.max()) + 1
        )
        counted[at] = fits[alike[len(people) :]]
    return counted


def list_published(ladders: Sequence[Ladder], counts: Codes, recoded: Recoded) -> Published:
    """Every class of the result once, in an order that only what it shows decides."""
    kept = np.flatnonzero(~recoded.suppressed)
    groups = list_groups(ladders, recoded.levels, kept)
    _, first = np.unique(groups, return_index=True)
    level, value = recoded.levels[kept[first]].T, np.stack([ladder.value[kept[first]] for ladder in ladders])
    shown = [ladder.shown[at, of] for ladder, at, of in zip(ladders, level, value, strict=True)]
    order = np.lexsort(shown[::-1])
    cases = np.bincount(groups, weights=counts[kept]).astype(np.int64)
    return Published(value[:, order], level[:, order], cases[order])


def _recode_full_domain(
    ladders: Sequence[Ladder], required: Requirement, policy: TablePolicy, most: int
) -> Codes:
    counts = required.facts.cases
    columns = [build_generalization(ladder, counts) for ladder in ladders]
    score = build_score(policy.measure, columns, int(counts.sum()))
    optimum = find_full_domain(columns, required, score, most)
    if optimum:
        levels = np.tile(np.array(optimum.levels, dtype=np.int64), (len(counts), 1))
        levels[optimum.left_out] = WAITING
        return levels
    levels, groups, found = describe_coarsest(ladders, required.facts)
    left_out = required.find_unpublished(found) | required.refuse_all(found)
    levels[left_out[groups]] = WAITING
    return levels


def describe_coarsest(ladders: Sequence[Ladder], facts: Classes) -> tuple[Codes, Codes, Classes]:
    """The coarsest levels for every class, the group of each there, and what models know of the groups."""
    tops = np.array([ladder.levels[-1] for ladder in ladders], dtype=np.int64)
    levels = np.tile(tops, (len(facts), 1))
    groups, found = describe_groups(ladders, levels, np.arange(len(facts)), facts)
    return levels, groups, found


def _recode_locally(ladders: Sequence[Ladder], required: Requirement) -> Codes:
    """With averages to meet, the smallest k from that of the policy on at which they are met."""
    lattice = combine_ladders(ladders, required.facts.cases)
    levels = find_required_levels(lattice, required)
    if _meets_averages(ladders, levels, required):
        return levels
    # no class is riskier than 1 / k, so that this k is enough for the mean
    fails, meets = required.k, ceil(1 / min(average.limit for average in required.averages))
    best = find_required_levels(lattice, required.raise_size(meets))
    while meets - fails > 1:
        middle = (fails + meets) // 2
        levels = find_required_levels(lattice, required.raise_size(middle))
        if _meets_averages(ladders, levels, required):
            best, meets = levels, middle
        else:
            fails = middle
    return best


def _meets_averages(ladders: Sequence[Ladder], levels: Codes, required: Requirement) -> bool:
    if not required.averages:
        return True
    kept = np.flatnonzero((levels != WAITING).all(axis=1))
    _, found = describe_groups(ladders, levels, kept, required.facts)
    return all(average.is_met(found) for average in required.averages)


def _check_safe(ladders: Sequence[Ladder], recoded: Recoded, required: Requirement) -> None:
    """Judge the published classes once more, apart from the search."""
    kept = np.flatnonzero(~recoded.suppressed)
    _, found = describe_groups(ladders, recoded.levels, kept, required.facts)
    if required.find_unpublished(found).any():
        raise UnsafeRecoding("a published class would not meet the policy; report this as an error")


def _check_limit(
    ladders: Sequence[Ladder], recoded: Recoded, required: Requirement, policy: TablePolicy, most: int
) -> None:
    counts = required.facts.cases
    suppressed, cases = int(counts[recoded.suppressed].sum()), int(counts.sum())
    if suppressed > most or suppressed == cases:
        _, _, coarsest = describe_coarsest(ladders, required.facts)
        raise PolicyNotMet(explain_obstacles(ladders, coarsest, required, policy, suppressed))
