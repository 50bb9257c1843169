"""A table counted once: its classes and rows, as one policy or several ask for them, with the population."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np

from anonymize.hierarchy import Hierarchy, ValueNotInHierarchy, build_flat, build_hierarchy, climb_hierarchy
from anonymize.item import Rows, number_items
from anonymize.ladder import Codes, Ladder
from anonymize.model.classes import Classes, Tally
from anonymize.requirement import Requirement, Sensitive, build_requirement
from pipeline.step import Refusal
from schemas.table_model import Closeness, Distance
from schemas.table_policy import TablePolicy
from storage.table import Table, read_hierarchy

LARGEST = np.iinfo(np.int64).max


class WrongTable(Refusal):
    """Files, folder and policy do not fit together."""


@dataclass(frozen=True)
class Counted:
    """A table as one policy looks at it.

    `codes` has a row a quasi-identifier and a column a class: those of the table, and of the population if
    there is one. `rows` has the different rows with the items and the sensitive columns, by number in
    `labels` counted from 1; 0 is not known.
    """

    policy: TablePolicy
    hierarchies: dict[str, Hierarchy]
    codes: Codes
    rows: Rows
    labels: dict[str, list[str]]
    facts: Classes
    sensitive: dict[str, Sensitive]

    @property
    def ladders(self) -> list[Ladder]:
        """The ladder of each quasi-identifier.

        Raises:
            ValueNotInHierarchy, LevelNotInHierarchy: a hierarchy does not fit.
        """
        wanted = self.policy.quasi_identifiers
        return [
            climb_hierarchy(self.hierarchies[name], wanted[name], code)
            for name, code in zip(wanted, self.codes, strict=True)
        ]

    @property
    def requirement(self) -> Requirement:
        """What the policy asks of the classes."""
        return build_requirement(self.policy, self.facts, self.sensitive)


class Counter:
    """One table under several policies: hierarchies are read and rows are counted once for all of them."""

    def __init__(
        self, table: Table, population: Table | None, folder: Path | None, policies: Sequence[TablePolicy]
    ) -> None:
        """Find the hierarchy of every column that a policy names.

        Raises:
            WrongTable: a column is not in the table, or what a policy asks for is not given.
            HierarchyNotTree: a hierarchy is not one.
        """
        self.table, self.population = table, population
        for policy in policies:
            _check_columns(policy, table, population)
        names = dict.fromkeys(name for policy in policies for name in policy.quasi_identifiers)
        self.hierarchies = {name: self._find_hierarchy(name, folder) for name in names}
        others = dict.fromkeys(name for policy in policies for name in _list_row_columns(policy))
        self.labels = {name: table.list_values(name) for name in others}
        self.trees = {
            name: find_tree(name, self.labels[name], folder)
            for policy in policies
            for name in list_tree_columns(policy)
        }
        self._groups = _share(policies, self.hierarchies)
        self._counted: dict[int, tuple[list[str], Codes, dict[str, Codes], Codes]] = {}

    def count(self, policy: TablePolicy) -> Counted:
        """The table as a policy looks at it.

        Raises:
            TableTooWide: the quasi-identifiers could combine in too many ways.
            WrongTable: the population does not contain the table.
        """
        identifiers, wanted = list(policy.quasi_identifiers), _list_row_columns(policy)
        codes, places, cases = self._count_rows(policy, identifiers, wanted)
        # rows come sorted by class: one starts where a code differs from the row before
        starts = np.append(True, (np.diff(codes, axis=1) != 0).any(axis=0))[: len(cases)]
        member = np.cumsum(starts) - 1
        classes, sizes = codes[:, starts], np.bincount(member, weights=cases).astype(np.int64)
        people = None
        if policy.needs_population:
            classes, place, people = self._join_population(identifiers, classes, sizes)
            sizes = np.bincount(place, weights=sizes, minlength=classes.shape[1]).astype(np.int64)
            member = place[member]
        values = {
            name: tally_values(member, places[name], cases, len(self.labels[name]))
            for name in policy.sensitive_columns
        }
        items = {name: _number(policy, name, self.labels[name])[place] for name, place in places.items()}
        return Counted(
            policy,
            {name: self.hierarchies[name] for name in identifiers},
            classes,
            Rows(member, items, cases),
            {name: self.labels[name] for name in wanted},
            Classes(sizes, people, values),
            {name: self._describe(name) for name in policy.sensitive_columns},
        )

    def _count_rows(
        self, policy: TablePolicy, identifiers: Sequence[str], names: Sequence[str]
    ) -> tuple[Codes, dict[str, Codes], Codes]:
        """Distinct rows over these columns, from a count that several policies share."""
        group = next(n for n, members in enumerate(self._groups) if any(policy is one for one in members))
        members = self._groups[group]
        if group not in self._counted:
            every = list(dict.fromkeys(name for one in members for name in one.quasi_identifiers))
            others = list(dict.fromkeys(name for one in members for name in _list_row_columns(one)))
            codes, places, cases = self.table.count_rows(self._list_values(every), others)
            self._counted[group] = every, codes, {n: p.astype(np.int64) for n, p in places.items()}, cases
        every, codes, places, cases = self._counted[group]
        if len(members) == 1:
            return codes, places, cases
        chosen = [codes[every.index(name)] for name in identifiers] + [places[name] for name in names]
        order = np.lexsort(chosen[::-1])
        rows = np.stack(chosen)[:, order]
        starts = np.flatnonzero(np.append(True, (np.diff(rows, axis=1) != 0).any(axis=0))[: len(cases)])
        distinct = rows[:, starts]
        found = dict(zip(names, distinct[len(identifiers) :], strict=True))
        return distinct[: len(identifiers)], found, np.add.reduceat(cases[order], starts)

    def _join_population(
        self, names: Sequence[str], classes: Codes, sizes: Codes
    ) -> tuple[Codes, Codes, Codes]:
        """Classes of table and population, where each class of the table is there, and people by class."""
        if self.population is None:
            raise WrongTable("a model of the policy needs the population; give its table with --population")
        codes, people = self.population.count_classes(self._list_values(names))
        shape = [len(self.hierarchies[name].rows) + 1 for name in names]
        mine, theirs = (np.ravel_multi_index(tuple(some + 1), shape) for some in (classes, codes))
        joined = np.union1d(mine, theirs)
        place = np.searchsorted(joined, mine)
        counted = np.zeros(len(joined), dtype=np.int64)
        counted[np.searchsorted(joined, theirs)] = people
        if short := int((counted[place] < sizes).sum()):
            raise WrongTable(
                f"the population has fewer people than the table has cases in {short} of {len(sizes)} "
                "classes; give a population that contains the table"
            )
        return np.stack(np.unravel_index(joined, shape)) - 1, place, counted

    def _list_values(self, names: Iterable[str]) -> dict[str, list[str]]:
        return {name: [row[0] for row in self.hierarchies[name].rows] for name in names}

    def _find_hierarchy(self, name: str, folder: Path | None) -> Hierarchy:
        """The hierarchy of a quasi-identifier; one without a file has its values, and nothing above them."""
        if (given := load_hierarchy(name, folder)) is not None:
            return given
        values = set(self.table.list_values(name))
        if self.population is not None and name in self.population.columns:
            values |= set(self.population.list_values(name))
        return build_flat(name, sorted(values))

    def _describe(self, name: str) -> Sensitive:
        labels = self.labels[name]
        return Sensitive(labels, self.trees.get(name) or [np.arange(len(labels))])


def load_hierarchy(column: str, folder: Path | None) -> Hierarchy | None:
    """The hierarchy of a column, if the folder has its file, in either way of naming it.

    Raises:
        WrongTable: there is no such folder.
        HierarchyNotTree: it is not one.
    """
    if folder is None:
        return None
    if not folder.is_dir():
        raise WrongTable("the folder of hierarchies is not there; check its path")
    files = [folder / f"{column}.csv", *sorted(folder.glob(f"*_hierarchy_{column}.csv"))]
    path = next((path for path in files if path.is_file()), None)
    return None if path is None else build_hierarchy(column, read_hierarchy(path))


def find_tree(name: str, labels: Sequence[str], folder: Path | None) -> list[Codes]:
    """The labels of a sensitive column's values, level by level up to the one below the root.

    Raises:
        WrongTable: there is no hierarchy of it.
        HierarchyNotTree, ValueNotInHierarchy: it does not fit.
    """
    hierarchy = load_hierarchy(name, folder)
    if hierarchy is None:
        raise WrongTable(
            f"t_closeness with distance: hierarchical needs a hierarchy of {name}; put {name}.csv into "
            "the folder of hierarchies, or take distance: equal"
        )
    rows = {row[0]: row for row in hierarchy.rows}
    if any(value not in rows for value in labels):
        raise ValueNotInHierarchy(
            f"column {name} has values that are not in its hierarchy; add a row for each"
        )
    levels = zip(*(rows[value] for value in labels), strict=True)
    return [np.unique(level, return_inverse=True)[1].astype(np.int64) for level in levels][:-1]


def _check_columns(policy: TablePolicy, table: Table, population: Table | None) -> None:
    wanted = [*policy.quasi_identifiers, *_list_row_columns(policy)]
    if missing := [name for name in wanted if name not in table.columns]:
        raise WrongTable(f"the table has no column {', '.join(missing)}; its columns are the header's words")
    if policy.needs_population and population is not None:
        lacking = [name for name in policy.quasi_identifiers if name not in population.columns]
        if lacking:
            raise WrongTable(
                f"the population has no column {', '.join(lacking)}; it needs those of the table"
            )


def _list_row_columns(policy: TablePolicy) -> list[str]:
    """The columns that are published row by row: items, and sensitive ones that are no items."""
    return list(dict.fromkeys([*(policy.items.columns if policy.items else ()), *policy.sensitive_columns]))


def list_tree_columns(policy: TablePolicy) -> list[str]:
    """The sensitive columns whose hierarchy a model needs."""
    return [
        model.column
        for model in policy.models
        if isinstance(model, Closeness) and model.distance is Distance.HIERARCHICAL
    ]


def _share(
    policies: Sequence[TablePolicy], hierarchies: Mapping[str, Hierarchy]
) -> list[Sequence[TablePolicy]]:
    """Policies that are counted together: all of them, where their columns can be numbered together."""
    names = dict.fromkeys(name for policy in policies for name in policy.quasi_identifiers)
    ways = prod(len(hierarchies[name].rows) + 1 for name in names)
    return [list(policies)] if ways <= LARGEST else [[policy] for policy in policies]


def _number(policy: TablePolicy, name: str, labels: Sequence[str]) -> Codes:
    """The number of each value of a column, 0 where it is published empty."""
    if policy.items and name in policy.items.columns:
        return number_items(policy.items, labels)
    return np.array([number if value else 0 for number, value in enumerate(labels, 1)])


def tally_values(member: Codes, place: Codes, cases: Codes, width: int) -> Tally:
    """The cases of each value in each class, from the class and the value of each row."""
    key, at = np.unique(member * width + place, return_inverse=True)
    group, value = np.divmod(key, width)
    return Tally(group, value, np.bincount(at, weights=cases).astype(np.int64), width)
