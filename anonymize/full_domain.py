"""Full-domain recoding: the one level of each column that together cost least, found and proven."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from anonymize.generalization import Floats, Generalization
from anonymize.ladder import Codes
from anonymize.model.classes import Classes, Which
from anonymize.requirement import Requirement
from anonymize.score import Score

DENSE = 2**24
"""Cells up to which groups are counted in a table with a place for each; beyond it they are hashed."""


@dataclass(frozen=True)
class Optimum:
    """The levels in the order of the columns, what they cost, and which classes are left out there."""

    levels: tuple[int, ...]
    score: float
    left_out: Which


@dataclass(frozen=True)
class _Prefix:
    """Distinct combinations of the first columns: the row of the table before, the value, the cases."""

    parent: Codes
    value: Codes
    cases: Codes


@dataclass(frozen=True)
class _Choice:
    """Levels chosen for the first columns.

    `group` has for each row of the last prefix table the number of its group; the last number is of those
    that are left out. `labels` has a row a column and a column a group: what it shows. `hidden` counts for
    each chosen column the cases left out by what they show. `costs` bounds each column of the table from
    below.
    """

    levels: tuple[int, ...]
    group: Codes
    labels: Codes
    hidden: tuple[Floats, ...]
    suppressed: int
    costs: tuple[float, ...]


@dataclass(frozen=True)
class _Groups:
    """The groups at one more level; `number` says for each row of the prefix table which it is in.

    `key` is the group before times the number of labels, plus the label. Cases that were left out before
    count in `hidden`, by label, and not in `cases`.
    """

    number: Codes
    key: Codes
    cases: Floats
    hidden: Floats


def find_full_domain(
    columns: Sequence[Generalization], requirement: Requirement, score: Score, most: int
) -> Optimum | None:
    """The cheapest levels at which at most `most` cases are left out; none where no levels do."""
    search = _Search(columns, requirement, score, most)
    search.run()
    return search.best


class _Search:
    """Branch and bound over the columns, in the order in which the score bounds best.

    A group of the first columns that is below k stays below k whatever the others show, so its cases are
    suppressed in every completion. That bounds the cost from below, and refuses what exceeds the limit,
    before the other columns are looked at. (The subset property: LeFevre et al., 2005, section 3.) Of other
    models the bounds take only what holds for every part of a group (`Requirement.find_hopeless`,
    `count_least`); what they require is judged where levels are chosen for all columns.
    """

    def __init__(
        self, columns: Sequence[Generalization], requirement: Requirement, score: Score, most: int
    ) -> None:
        self.columns, self.score, self.requirement, self.most = columns, score, requirement, most
        by_width = sorted(range(len(columns)), key=lambda number: len(columns[number].cases))
        self.order = by_width[::-1] if score.widest_first else by_width
        facts = requirement.facts
        values = [columns[number].value for number in self.order]
        self.prefixes, self.row_of = _build_prefixes(values, facts.cases)
        # what models know of the rows of each prefix table
        self.facts: list[Classes] = []
        if not requirement.is_plain:
            self.facts = [
                facts.merge(rows, len(prefix.cases))
                for rows, prefix in zip(self.row_of, self.prefixes, strict=True)
            ]
        self.best: Optimum | None = None

    def run(self) -> None:
        nothing = np.zeros((0, 1), dtype=np.int64)
        costs = tuple(self.score.bound_column(number, 0) for number in range(len(self.columns)))
        self._extend(_Choice((), np.zeros(1, dtype=np.int64), nothing, (), 0, costs))

    def _extend(self, choice: _Choice) -> None:
        """Try every level of the next column."""
        depth = len(choice.levels)
        number = self.order[depth]
        rows = _Rows(choice, self.prefixes[depth])
        for level, label in enumerate(self.columns[number].label):
            width = len(self.columns[number].loss[level])
            if self._is_hopeless(self._guess(choice, number, level, width)):
                return  # coarser levels of this column cost no less
            groups = rows.count(label, width)
            fails = self._find_failing(depth, groups)
            hidden = _list_hidden(choice, groups, width, fails)
            suppressed = round(float(hidden[-1].sum()))
            costs = self._bound((*choice.levels, level), hidden, suppressed)
            if suppressed > self.most or self._is_hopeless(costs) or self._exceeds(depth, groups, suppressed):
                continue
            if depth + 1 == len(self.order):
                if not self._is_refused((*choice.levels, level)):
                    self._remember((*choice.levels, level), costs, groups, fails)
            else:
                group, labels = rows.settle(groups, width, fails)
                self._extend(_Choice((*choice.levels, level), group, labels, hidden, suppressed, costs))

    def _find_failing(self, depth: int, groups: _Groups) -> Which:
        """Groups that are left out: in every completion, or, at the last column, as they are judged."""
        fails = (groups.cases > 0) & (groups.cases < self.requirement.k)
        if self.requirement.is_plain:
            return fails
        open_groups, classes = self._describe(depth, groups, ~fails)
        if depth + 1 == len(self.order):
            fails[open_groups] = self.requirement.find_unpublished(classes)
        else:
            fails[open_groups] = self.requirement.find_hopeless(classes)
        return fails

    def _exceeds(self, depth: int, groups: _Groups, suppressed: int) -> bool:
        """Whether models are sure to leave out more than the limit in every completion."""
        if self.requirement.is_plain or depth + 1 == len(self.order):
            return False
        _, classes = self._describe(depth, groups, groups.cases > 0)
        return float(groups.hidden.sum()) + self.requirement.count_least(classes) > self.most

    def _is_refused(self, chosen: tuple[int, ...]) -> bool:
        """Whether levels for all columns are not allowed, whatever is left out."""
        if self.requirement.is_plain:
            return False
        number = np.zeros(len(self.requirement.facts), dtype=np.int64)
        for column, level in zip(self.order, chosen, strict=True):
            label = self.columns[column].label[level][self.columns[column].value]
            number, _ = pd.factorize(number * len(self.columns[column].loss[level]) + label)
        classes = self.requirement.facts.merge(number, int(number.max(initial=-1)) + 1)
        return self.requirement.refuse_all(classes)

    def _describe(self, depth: int, groups: _Groups, which: Which) -> tuple[Codes, Classes]:
        """Some of the groups with cases, and what models know of them."""
        chosen = np.flatnonzero((groups.cases > 0) & which)
        place = np.full(len(groups.cases), -1, dtype=np.int64)
        place[chosen] = np.arange(len(chosen))
        return chosen, self.facts[depth].merge(place[groups.number], len(chosen))

    def _guess(self, choice: _Choice, number: int, level: int, width: int) -> tuple[float, ...]:
        """Costs if this level suppressed nobody else."""
        cost = max(choice.costs[number], self.score.measure_column(number, level, np.zeros(width)))
        return tuple(cost if at == number else known for at, known in enumerate(choice.costs))

    def _bound(
        self, levels: tuple[int, ...], hidden: tuple[Floats, ...], suppressed: int
    ) -> tuple[float, ...]:
        costs = [self.score.bound_column(number, suppressed) for number in range(len(self.columns))]
        for number, level, cases in zip(self.order, levels, hidden, strict=False):
            costs[number] = self.score.measure_column(number, level, cases)
        return tuple(costs)

    def _is_hopeless(self, costs: tuple[float, ...]) -> bool:
        return self.best is not None and self.score.combine(costs) >= self.best.score

    def _remember(
        self, chosen: tuple[int, ...], costs: tuple[float, ...], groups: _Groups, fails: Which
    ) -> None:
        levels = {
            number: self.columns[number].levels[at] for number, at in zip(self.order, chosen, strict=True)
        }
        published = ((groups.cases > 0) & ~fails)[groups.number]
        self.best = Optimum(
            tuple(levels[number] for number in range(len(levels))),
            self.score.combine(costs),
            ~published[self.row_of[-1]],
        )


class _Rows:
    """The rows of a prefix table with the groups they are in so far; the last group is of those left out."""

    def __init__(self, choice: _Choice, prefix: _Prefix) -> None:
        self.group, self.labels = choice.group[prefix.parent], choice.labels
        self.value, self.cases = prefix.value, prefix.cases

    def count(self, label: Codes, width: int) -> _Groups:
        """The groups in which they are when the next column shows these labels."""
        key = self.group * width + label[self.value]
        below = self.labels.shape[1] * width
        if below + width > DENSE:
            number, found = pd.factorize(key)
            cases = _tally(number, self.cases, len(found))
            large = found < below
            hidden = _tally(found[~large] - below, cases[~large], width)
            return _Groups(number, found, np.where(large, cases, 0), hidden)
        cases = _tally(key, self.cases, below + width)
        hidden = cases[below:].copy()
        cases[below:] = 0
        return _Groups(key, np.arange(below + width), cases, hidden)

    def settle(self, groups: _Groups, width: int, fails: Which) -> tuple[Codes, Codes]:
        """The group of every row, numbered anew with those left out last, and what each group shows."""
        large = (groups.cases > 0) & ~fails
        renumbered = np.where(large, np.cumsum(large) - 1, int(large.sum()))
        before, label = np.divmod(groups.key[large], width)
        return renumbered[groups.number], np.vstack([self.labels[:, before], label])


def _list_hidden(choice: _Choice, groups: _Groups, width: int, small: Which) -> tuple[Floats, ...]:
    """For each chosen column and the new one, the cases left out by what they show."""
    before, shown = np.divmod(groups.key[small], width)
    cases = groups.cases[small]
    known = [
        earlier + _tally(labels[before], cases, len(earlier))
        for earlier, labels in zip(choice.hidden, choice.labels, strict=True)
    ]
    return (*known, groups.hidden + _tally(shown, cases, width))


def _tally(number: Codes, cases: NDArray[Any], size: int) -> Floats:
    """The sum of the cases by number."""
    return np.bincount(number, weights=cases, minlength=size).astype(np.float64, copy=False)


def _build_prefixes(values: Sequence[Codes], counts: Codes) -> tuple[list[_Prefix], list[Codes]]:
    """Class tables over the first column, the first two, and so on, and the row of each class in them.

    Each row points to one of the table before.
    """
    order = np.lexsort(values[::-1])
    ordered = [value[order] for value in values]
    changes = np.zeros(len(order), dtype=bool)
    changes[:1] = True
    row_of = np.zeros(len(order), dtype=np.int64)
    prefixes, rows = [], []
    for value in ordered:
        changes[1:] |= value[1:] != value[:-1]
        starts = np.flatnonzero(changes)
        prefixes.append(
            _Prefix(row_of[starts], value[starts], np.add.reduceat(counts[order], starts).astype(np.int64))
        )
        row_of = np.cumsum(changes) - 1
        of_class = np.empty_like(row_of)
        of_class[order] = row_of
        rows.append(of_class)
    return prefixes, rows
