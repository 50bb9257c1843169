import numpy as np
import pandas as pd
import pytest

from anonymize import combination, combination_check
from anonymize.combination import Limit, TooManyCombinations, protect_combinations
from anonymize.combination_check import count_rare_combinations
from anonymize.item import number_items
from schemas.table_policy import Items

K = 3
Row = tuple[int, str]
"""What the quasi-identifier shows, and the items that are there: a letter for each column."""


def protect(
    rows: dict[Row, int], m: int, weights: dict[str, float] | None = None, columns: str = "abc"
) -> dict[Row, int]:
    """What is published of rows that occur so often."""
    identifiers = np.array([[shown for shown, _ in rows]])
    items = {column: np.array([int(column in row) for _, row in rows]) for column in columns}
    cases = np.array(list(rows.values()))
    kept = protect_combinations(identifiers, items, cases, Limit(K, m, weights or {}))
    found: dict[Row, int] = {}
    for place, ((shown, _), number) in enumerate(rows.items()):
        row = (shown, "".join(column for column in sorted(kept) if kept[column][place]))
        found[row] = found.get(row, 0) + number
    return found


@pytest.mark.parametrize(("number", "left"), [(K - 1, ""), (K, "a"), (K + 1, "a")])
def test_item_and_quasi_identifier_stay_together_from_k_cases_on(number: int, left: str) -> None:
    given = {(0, "a"): 9, (1, "a"): number, (1, ""): 9 - number}
    found = protect(given, 2)
    assert found[0, "a"] == 9
    assert sum(n for (shown, row), n in found.items() if shown == 1 and row == left) == (
        number if left else 9
    )
    assert found.get((1, "a"), 0) == (number if left else 0)


@pytest.mark.parametrize(("number", "kept"), [(K - 1, False), (K, True), (K + 1, True)])
def test_three_items_stay_together_from_k_cases_on(number: int, kept: bool) -> None:
    given = {(0, "ab"): 9, (0, "ac"): 9, (0, "bc"): 9, (0, "abc"): number}
    found = protect(given, 3)
    assert found.get((0, "abc"), 0) == (number if kept else 0)
    # every pair is common, so that one item of each of the few is enough
    assert sum(len(row) * n for (_, row), n in found.items()) == 54 + (3 if kept else 2) * number


def test_triples_may_be_rare_where_only_pairs_are_protected() -> None:
    given = {(0, "ab"): 9, (0, "ac"): 9, (0, "bc"): 9, (0, "abc"): K - 1}
    assert protect(given, 2) == given


def test_pairs_may_be_rare_where_only_single_items_are_protected() -> None:
    given = {(0, "a"): 9, (1, "a"): 1, (1, "b"): K - 1, (1, ""): 9}
    assert protect(given, 1) == {(0, "a"): 9, (1, "a"): 1, (1, ""): 9 + K - 1}


def test_item_of_two_quasi_identifiers_is_blanked_and_they_are_not() -> None:
    # each pair occurs 4 times, all three together once
    identifiers = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
    items = {"a": np.array([1, 1, 1, 1])}
    kept = protect_combinations(identifiers, items, np.array([1, 4, 4, 4]), Limit(K, 3, {}))
    assert kept["a"].tolist() == [0, 1, 1, 1]


@pytest.mark.parametrize(("weights", "kept"), [({"a": 5.0}, "a"), ({"b": 5.0}, "b")])
def test_cheaper_item_of_a_rare_pair_is_blanked(weights: dict[str, float], kept: str) -> None:
    given = {(0, "a"): 9, (0, "b"): 9, (0, "ab"): 1}
    assert protect(given, 2, weights)[0, kept] == 10


def test_item_in_most_rare_pairs_of_a_row_is_blanked() -> None:
    given = {(0, "ac"): 9, (0, "b"): 9, (0, "abc"): 1}
    assert protect(given, 2) == {(0, "ac"): 10, (0, "b"): 9}


def test_what_blanking_makes_rare_is_blanked_too() -> None:
    # c is rare with a; once it is gone there, b and c are only two
    given = {(0, "abc"): 1, (0, "bc"): K - 1, (0, "ab"): 9, (0, "c"): 9}
    assert protect(given, 2, {"a": 5.0, "b": 2.0}) == {(0, "ab"): 10, (0, "b"): K - 1, (0, "c"): 9}


def test_more_values_than_memory_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(combination, "MOST_BYTES", 10)
    with pytest.raises(TooManyCombinations, match="a smaller m, fewer items, or a higher min_level"):
        protect({(0, "a"): 9}, 2)


def test_values_that_are_not_known_are_no_items() -> None:
    items = Items(columns={"a": {}}, not_known=("", "-99"))
    assert number_items(items, ["", "-99", "no", "yes"]).tolist() == [0, 0, 3, 4]


@pytest.mark.parametrize("tabulated", [0, 2**22])
def test_rare_combinations_are_counted_as_by_hand(monkeypatch: pytest.MonkeyPatch, tabulated: int) -> None:
    monkeypatch.setattr(combination_check, "TABULATED", tabulated)
    frame = pd.DataFrame(
        {
            "place": ["x", "x", "x", "x", None, None],
            "region": ["r", "r", "r", "r", "r", "r"],
            "a": ["1", "1", "1", None, None, "1"],
            "b": ["1", "1", None, None, "1", "0"],
        }
    )
    groups = [["place", "region"]]
    # alone: b is 0. In pairs: no place with a, with b is 1, with b is 0; a with b is 0
    assert count_rare_combinations(frame, groups, ["a", "b"], 2, 1) == 1
    assert count_rare_combinations(frame, groups, ["a", "b"], 2, 2) == 5
    # all three: no place, a and b is 0; two with x, a and b are enough
    assert count_rare_combinations(frame, groups, ["a", "b"], 2, 3) == 6
