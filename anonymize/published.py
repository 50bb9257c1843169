"""Published: a finished table read back, the value of a hierarchy that a cell stands for and its level."""

from collections.abc import Mapping, Sequence

import numpy as np

from anonymize.hierarchy import ANY, Hierarchy, ValueNotInHierarchy
from anonymize.ladder import Codes


def read_levels(
    hierarchy: Hierarchy, labels: Mapping[int, Sequence[str]], codes: Mapping[int, Codes]
) -> tuple[Codes, Codes]:
    """A value below what each row shows, by its row in the hierarchy, and the level that is shown.

    `labels` and `codes` have for each level that has a column of its own what stands there, level 0 in any
    case: with that one alone generalized values stand in its place, as ARX writes them. The finest level that
    is not empty counts; where all are empty, or say `*`, nothing is shown.

    Raises:
        ValueNotInHierarchy: a cell has what no level of the hierarchy has. Never says which.
    """
    rows = len(codes[0])
    value, level = np.zeros(rows, dtype=np.int64), np.full(rows, hierarchy.height - 1, dtype=np.int64)
    nested = len(codes) > 1
    for step in sorted(codes, reverse=True):
        places = _find_labels(hierarchy, step, nested)
        missing = (-1, -1)
        known = np.array([places.get(text, missing) for text in labels[step]], dtype=np.int64).reshape(-1, 2)
        empty = np.array([text in ("", ANY) and text not in places for text in labels[step]], dtype=bool)
        if (known[~empty, 0] < 0).any():
            raise ValueNotInHierarchy(
                f"column {hierarchy.column} has values that no level of its hierarchy has; add a row for each"
            )
        shown = ~empty[codes[step]]
        value[shown], level[shown] = known[codes[step][shown]].T
    return value, level


def _find_labels(hierarchy: Hierarchy, step: int, nested: bool) -> dict[str, tuple[int, int]]:
    """For each label the first row that has it, and the level; the finest level where several have it."""
    places: dict[str, tuple[int, int]] = {}
    levels = [step] if nested else range(hierarchy.height)
    for level in levels:
        for number, row in enumerate(hierarchy.rows):
            places.setdefault(row[level], (number, level))
    if nested:
        places.pop("", None)  # an empty cell of a nested column says that a coarser one is published
    return places
