"""Utility of finished tables, worked out by hand; and what a finished table is read back as."""

import numpy as np
import pytest

from anonymize.hierarchy import ValueNotInHierarchy, build_hierarchy, climb_hierarchy
from anonymize.published import read_levels
from anonymize.utility import Shown, measure_utility
from schemas.table_policy import TableColumn

TOWN = build_hierarchy(
    "town", [("a", "north", "*"), ("b", "north", "*"), ("c", "south", "*"), ("d", "south", "*")]
)
SEX = build_hierarchy("sex", [("f", "*"), ("m", "*")])


def measure(after: list[tuple[int, int, int, int, int]], before: list[tuple[int, int, int]] | None):
    """Rows after are value, level, value, level, cases; before value, value, cases."""
    rows = np.array(after).T
    shown = Shown(rows[[0, 2]], rows[[1, 3]], rows[4])
    ladders = [
        climb_hierarchy(found, TableColumn(), value)
        for found, value in zip((TOWN, SEX), shown.value, strict=True)
    ]
    original = None
    if before:
        columns = np.array(before).T
        original = Shown(columns[:2], np.zeros_like(columns[:2]), columns[2])
    return measure_utility(ladders, rows[4], shown, original)


BEFORE = [(0, 0, 3), (1, 0, 1), (2, 1, 4), (3, 1, 2)]


def test_losses_entropy_and_counts_of_one_level_a_column() -> None:
    # of ten, the north's four and the south's six are told by region; nothing else is lost
    found = measure([(0, 1, 0, 0, 4), (2, 1, 1, 0, 6)], BEFORE)
    assert (found.records_before, found.records, found.discernibility) == (10, 10, 16 + 36)
    # a region mixes a town up with one of three others
    assert found.information_kept == pytest.approx({"town": 2 / 3, "sex": 1})
    assert found.loss_arithmetic == pytest.approx(1 / 6)
    assert found.loss_geometric == pytest.approx((4 / 3) ** 0.5 - 1)
    # bits to tell 3 of a and 1 of b apart, and 4 of c and 2 of d
    bits = 3 * np.log2(4 / 3) + 1 * np.log2(4 / 1) + 4 * np.log2(6 / 4) + 2 * np.log2(6 / 2)
    assert found.entropy == pytest.approx(bits)
    # 2, 2, 3, 3 instead of 3, 1, 4, 2 by town: 4 of 10 records; by sex none; by both again 4
    assert found.count_errors == pytest.approx({1: 0.2, 2: 0.4})


def test_records_that_are_gone_have_lost_everything() -> None:
    found = measure([(2, 0, 1, 0, 4)], BEFORE)
    assert found.loss_arithmetic == pytest.approx(0.6)
    assert found.discernibility == 16 + 6 * 10
    # six of ten are missing
    assert found.count_errors == pytest.approx({1: 0.6, 2: 0.6})
    # suppressed: by town 3, 1 and 2 of six, by sex 4 and 2
    bits = 3 * np.log2(6 / 3) + np.log2(6) + 2 * np.log2(6 / 2) + 4 * np.log2(6 / 4) + 2 * np.log2(6 / 2)
    assert found.entropy == pytest.approx(bits)


def test_several_levels_of_a_column_have_no_entropy() -> None:
    assert measure([(0, 1, 0, 0, 4), (2, 0, 1, 0, 4), (3, 0, 1, 0, 2)], BEFORE).entropy is None


def test_without_the_original_only_the_levels_count() -> None:
    found = measure([(0, 2, 0, 0, 4)], None)
    assert (found.records_before, found.count_errors, found.entropy) == (4, None, None)
    assert found.information_kept == pytest.approx({"town": 0, "sex": 1})


def test_generalized_values_in_place_are_found_at_their_level() -> None:
    labels = ["*", "", "north", "d"]
    value, level = read_levels(TOWN, {0: labels}, {0: np.arange(4)})
    assert level.tolist() == [2, 2, 1, 0]
    assert [TOWN.rows[v][at] for v, at in zip(value, level, strict=True)] == ["*", "*", "north", "d"]


def test_finest_of_nested_columns_counts() -> None:
    value, level = read_levels(
        TOWN,
        {0: ["", "c"], 1: ["", "north", "south"]},
        {0: np.array([0, 0, 1]), 1: np.array([0, 1, 2])},
    )
    assert level.tolist() == [2, 1, 0]
    assert TOWN.rows[value[1]][1] == "north"
    assert TOWN.rows[value[2]][0] == "c"


def test_cell_that_no_level_has_is_refused_without_being_told() -> None:
    with pytest.raises(ValueNotInHierarchy) as raised:
        read_levels(TOWN, {0: ["zz-canary"]}, {0: np.array([0])})
    assert "zz-canary" not in str(raised.value)
