import numpy as np
import pytest

from anonymize.hierarchy import (
    HierarchyNotTree,
    LevelNotInHierarchy,
    ValueNotInHierarchy,
    build_flat,
    build_hierarchy,
    climb_hierarchy,
)
from schemas.table_policy import TableColumn

PLACES = [("a", "x", "*"), ("b", "x", "*"), ("c", "y", "*"), ("d", "y", "*"), ("e", "y", "*")]


def test_value_covers_the_leaves_under_its_label() -> None:
    ladder = climb_hierarchy(build_hierarchy("place", PLACES), TableColumn(), np.array([0, 2, 4]))
    assert ladder.covered.tolist() == [[1, 1, 1, 1, 1], [2, 2, 3, 3, 3], [5, 5, 5, 5, 5]]
    assert ladder.measure_loss(np.array([0, 1, 2])).tolist() == [0, 2 / 4, 1]


def test_label_is_another_at_another_level() -> None:
    same = [("a", "a", "*"), ("b", "z", "*")]
    shown = climb_hierarchy(build_hierarchy("place", same), TableColumn(), np.array([0])).shown
    assert len(np.unique(shown)) == 2 + 2 + 1
    assert shown[2].tolist() == [4, 4]


def test_last_level_that_shows_nothing_is_added_where_it_lacks() -> None:
    assert build_hierarchy("place", [("a", "x"), ("b", "y")]).rows == (("a", "x", "*"), ("b", "y", "*"))
    assert build_hierarchy("place", [("a", "*"), ("b", "*")]).height == 2
    assert build_flat("place", ["a", "b"]).rows == (("a", "*"), ("b", "*"))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "is empty"),
        ([("a", "x"), ("b",)], "row 2 .* has 1 levels, the first has 2"),
        ([("a", "x"), ("a", "x")], "rows 1 and 2 .* one value"),
        ([("a", "x", "p"), ("b", "x", "q")], "rows 1 and 2 have one label at level 1 and two at level 2"),
    ],
)
def test_what_is_no_tree_is_refused_with_its_place(rows: list[tuple[str, ...]], message: str) -> None:
    with pytest.raises(HierarchyNotTree, match=message):
        build_hierarchy("place", rows)


def test_value_that_is_not_there_is_refused_without_naming_it() -> None:
    with pytest.raises(ValueNotInHierarchy, match="column place has values that are not in its hierarchy"):
        climb_hierarchy(build_hierarchy("place", PLACES), TableColumn(), np.array([0, -1]))


@pytest.mark.parametrize("policy", [TableColumn(max_level=3), TableColumn(min_level=3)])
def test_level_that_is_not_there_is_refused(policy: TableColumn) -> None:
    with pytest.raises(LevelNotInHierarchy, match="levels 0 to 2"):
        climb_hierarchy(build_hierarchy("place", PLACES), policy, np.array([0]))
