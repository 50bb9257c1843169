"""Full-domain recoding: the one level of each column that together cost least, found and proven."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anonymize.distinct import number_distinct
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
    """Distinct combinations of the first columns: the row of the table before, the value, the cases.

    `has_empty` says whether some have no case: those of the population only.
    """

    parent: Codes
    value: Codes
    cases: Floats
    has_empty: bool


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
    """The groups at one more level; `number` says for each cell which it is in.

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
        cells = _Cells(choice, self.prefixes[depth], len(self.columns[number].cases))
        facts = self._describe_cells(depth, cells)
        for level, label in enumerate(self.columns[number].label):
            width = len(self.columns[number].loss[level])
            if self._is_hopeless(self._guess(choice, number, level, width)):
                return  # coarser levels of this column cost no less
            groups = cells.count(label, width)
            fails = self._find_failing(depth, groups, facts)
            hidden = _list_hidden(choice, groups, width, fails)
            suppressed = round(float(hidden[-1].sum()))
            costs = self._bound((*choice.levels, level), hidden, suppressed)
            if suppressed > self.most or self._is_hopeless(costs) or self._exceeds(depth, groups, facts):
                continue
            if depth + 1 == len(self.order):
                if not self._is_refused((*choice.levels, level)):
                    published = (groups.cases > 0) & ~fails
                    self._remember((*choice.levels, level), costs, published[groups.number[cells.of_row]])
            else:
                group, labels = cells.settle(groups, width, fails)
                self._extend(_Choice((*choice.levels, level), group, labels, hidden, suppressed, costs))

    def _describe_cells(self, depth: int, cells: "_Cells") -> Classes:
        """What models know of the cells; nothing where the number of cases decides alone."""
        if self.requirement.is_plain:
            return Classes(cells.cases[:0].astype(np.int64))
        return self.facts[depth].merge(cells.of_row, len(cells.cases))

    def _find_failing(self, depth: int, groups: _Groups, facts: Classes) -> Which:
        """Groups that are left out: in every completion, or, at the last column, as they are judged."""
        fails = (groups.cases > 0) & (groups.cases < self.requirement.k)
        if self.requirement.is_plain:
            return fails
        open_groups, classes = _describe_groups(groups, ~fails, facts)
        if depth + 1 == len(self.order):
            fails[open_groups] = self.requirement.find_unpublished(classes)
        else:
            fails[open_groups] = self.requirement.find_hopeless(classes)
        return fails

    def _exceeds(self, depth: int, groups: _Groups, facts: Classes) -> bool:
        """Whether models are sure to leave out more than the limit in every completion."""
        if self.requirement.is_plain or depth + 1 == len(self.order):
            return False
        _, classes = _describe_groups(groups, groups.cases > 0, facts)
        return float(groups.hidden.sum()) + self.requirement.count_least(classes) > self.most

    def _is_refused(self, chosen: tuple[int, ...]) -> bool:
        """Whether levels for all columns are not allowed, whatever is left out."""
        if self.requirement.is_plain:
            return False
        number = np.zeros(len(self.requirement.facts), dtype=np.int64)
        for column, level in zip(self.order, chosen, strict=True):
            label = self.columns[column].label[level][self.columns[column].value]
            number, _ = number_distinct(number * len(self.columns[column].loss[level]) + label)
        classes = self.requirement.facts.merge(number, int(number.max(initial=-1)) + 1)
        return self.requirement.refuse_all(classes)

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

    def _remember(self, chosen: tuple[int, ...], costs: tuple[float, ...], published: Which) -> None:
        """Keep levels for all columns as the best so far; which rows of the last table they publish."""
        levels = {
            number: self.columns[number].levels[at] for number, at in zip(self.order, chosen, strict=True)
        }
        self.best = Optimum(
            tuple(levels[number] for number in range(len(levels))),
            self.score.combine(costs),
            ~published[self.row_of[-1]],
        )


class _Cells:
    """The rows of a prefix table put together by the group they are in so far and the value of its column.

    Every level of the column is counted from these: there are as few of them as the levels chosen before are
    coarse. The last group is of those left out. `of_row` has the cell of each row.
    """

    def __init__(self, choice: _Choice, prefix: _Prefix, values: int) -> None:
        self.labels = choice.labels
        key = choice.group[prefix.parent]
        key *= values
        key += prefix.value
        size = (self.labels.shape[1] + 1) * values
        if size > DENSE:
            key, found = number_distinct(key)
            self.cases = _tally(key, prefix.cases, len(found))
            self._row_key, self._place = key, np.arange(len(found))
        else:
            cases = _tally(key, prefix.cases, size)
            found = np.flatnonzero(np.bincount(key) if prefix.has_empty else cases)
            self.cases = cases[found]
            self._row_key, self._place = key, _invert(found, size)
        self.group, self.value = np.divmod(found, values)

    @property
    def of_row(self) -> Codes:
        """The cell of each row."""
        return np.asarray(self._place[self._row_key])

    def count(self, label: Codes, width: int) -> _Groups:
        """The groups in which they are when the column shows these labels."""
        key = self.group * width + label[self.value]
        below = self.labels.shape[1] * width
        if below + width > DENSE:
            number, found = number_distinct(key)
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
        of_cell = renumbered[groups.number]
        return of_cell[self._place][self._row_key], np.vstack([self.labels[:, before], label])


def _invert(found: Codes, size: int) -> Codes:
    """The place of each number among those found; of others any."""
    place = np.zeros(size, dtype=np.int64)
    place[found] = np.arange(len(found))
    return place


def _describe_groups(groups: _Groups, which: Which, facts: Classes) -> tuple[Codes, Classes]:
    """Some of the groups with cases, and what models know of them; `facts` is what they know of the cells."""
    chosen = np.flatnonzero((groups.cases > 0) & which)
    place = np.full(len(groups.cases), -1, dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    return chosen, facts.merge(place[groups.number], len(chosen))


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
    order = _sort(values)
    ordered = [value[order] for value in values]
    changes = np.zeros(len(order), dtype=bool)
    changes[:1] = True
    row_of = np.zeros(len(order), dtype=np.int64)
    prefixes, rows = [], []
    for value in ordered:
        changes[1:] |= value[1:] != value[:-1]
        starts = np.flatnonzero(changes)
        cases = np.add.reduceat(counts[order], starts).astype(np.float64)
        prefixes.append(_Prefix(row_of[starts], value[starts], cases, not cases.all()))
        row_of = np.cumsum(changes) - 1
        of_class = np.empty_like(row_of)
        of_class[order] = row_of
        rows.append(of_class)
    return prefixes, rows


def _sort(values: Sequence[Codes]) -> Codes:
    """The order of the classes by the first column, then the second, and so on."""
    sizes = [int(value.max(initial=0)) + 1 for value in values]
    if prod(sizes) > np.iinfo(np.int64).max:
        return np.lexsort(values[::-1])
    return np.argsort(np.ravel_multi_index(tuple(values), sizes))
