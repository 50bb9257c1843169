"""Hierarchy: a generalization hierarchy in ARX's form, as a ladder that the search can climb."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anonymize.ladder import Codes, Ladder
from schemas.table_policy import TableColumn

ANY = "*"
"""What a cell shows that shows nothing."""


class HierarchyNotTree(ValueError):
    """A label has two parents, a value stands twice, or rows differ in length."""


class ValueNotInHierarchy(ValueError):
    """The table has a value that the hierarchy of its column lacks. Never says which."""


class LevelNotInHierarchy(ValueError):
    """The policy names a level that the hierarchy does not have."""


@dataclass(frozen=True)
class Hierarchy:
    """The labels of every value: one row a value, one column a level; the last level shows nothing."""

    column: str
    rows: tuple[tuple[str, ...], ...]

    @property
    def height(self) -> int:
        """Number of levels."""
        return len(self.rows[0])


def build_hierarchy(column: str, rows: Sequence[Sequence[str]]) -> Hierarchy:
    """Check that the rows are a tree; a last level that shows nothing is added where it lacks.

    Raises:
        HierarchyNotTree: says in which row and level.
    """
    if not rows:
        raise HierarchyNotTree(f"the hierarchy of {column} is empty; give it one row a value")
    for number, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise HierarchyNotTree(
                f"row {number} of the hierarchy of {column} has {len(row)} levels, "
                f"the first has {len(rows[0])}"
            )
    _check_tree(column, rows)
    if len({row[-1] for row in rows}) > 1:
        rows = [(*row, ANY) for row in rows]
    return Hierarchy(column, tuple(tuple(row) for row in rows))


def build_flat(column: str, values: Sequence[str]) -> Hierarchy:
    """The hierarchy of a column that has none: a value, or nothing."""
    return Hierarchy(column, tuple((value, ANY) for value in values))


def climb_hierarchy(hierarchy: Hierarchy, policy: TableColumn, value: Codes) -> Ladder:
    """The ladder over classes; `value` is for each class the row of its value in the hierarchy, or -1.

    Raises:
        ValueNotInHierarchy: a class has no value there.
        LevelNotInHierarchy: the policy asks for a level there is not.
    """
    last = hierarchy.height - 1
    if policy.min_level > last or (policy.max_level or 0) > last:
        raise LevelNotInHierarchy(f"the hierarchy of {hierarchy.column} has the levels 0 to {last}")
    if (value < 0).any():
        raise ValueNotInHierarchy(
            f"column {hierarchy.column} has values that are not in its hierarchy; add a row for each"
        )
    top = last if policy.max_level is None else policy.max_level
    labels = [_number_labels(level) for level in zip(*hierarchy.rows, strict=True)]
    return Ladder(
        hierarchy.column,
        range(policy.min_level, top + 1),
        policy.weight,
        value,
        _number_shown(labels),
        np.stack([_count_members(label) for label in labels]),
        max(2, len(hierarchy.rows)),
    )


def _number_labels(level: Sequence[str]) -> Codes:
    """The number of each label, in the order in which they come."""
    number = {label: place for place, label in enumerate(dict.fromkeys(level))}
    return np.array([number[label] for label in level], dtype=np.int64)


def _number_shown(labels: Sequence[Codes]) -> Codes:
    """Numbers that differ from level to level: a label is published with the level it stands at."""
    starts = np.cumsum([0, *(int(label.max()) + 1 for label in labels[:-1])])
    return np.stack([label + start for label, start in zip(labels, starts, strict=True)]).astype(np.int64)


def _count_members(label: Codes) -> Codes:
    """For each value, how many values share its label."""
    return np.asarray(np.bincount(label)[label], dtype=np.int64)


def _check_tree(column: str, rows: Sequence[Sequence[str]]) -> None:
    first: dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        if (before := first.setdefault(row[0], number)) != number:
            raise HierarchyNotTree(f"rows {before} and {number} of the hierarchy of {column} have one value")
    for level in range(len(rows[0]) - 1):
        parents: dict[str, tuple[str, int]] = {}
        for number, row in enumerate(rows, 1):
            parent, before = parents.setdefault(row[level], (row[level + 1], number))
            if parent != row[level + 1]:
                raise HierarchyNotTree(
                    f"in the hierarchy of {column}, rows {before} and {number} have one label at level "
                    f"{level} and two at level {level + 1}; give the labels different names"
                )
