"""What holds for every table with items: combinations counted one by one, with collections.Counter."""

from collections import Counter
from itertools import combinations
from random import Random

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from anonymize.combination import Limit, protect_combinations
from anonymize.combination_check import count_rare_combinations

IDENTIFIERS, ITEMS = ("p", "q"), ("a", "b", "c", "d")
Row = tuple[int, ...]
"""Two values of quasi-identifiers, and four items; 0 is none."""
PLACES = st.tuples(st.integers(0, 1), st.integers(0, 2))
FLAGS = st.tuples(*(st.sampled_from([0, 0, 1, 2]) for _ in ITEMS))
LIMITS = st.builds(
    Limit,
    k=st.integers(2, 4),
    m=st.integers(1, 3),
    weights=st.dictionaries(st.sampled_from(ITEMS), st.sampled_from([0.5, 3.0])),
)


@st.composite
def tables(draw: st.DrawFn) -> list[Row]:
    """Rows in classes of 4 cases or more, as they are after recoding."""
    places = draw(st.lists(PLACES, min_size=1, max_size=4))
    return [(*place, *flags) for place in places for flags in draw(st.lists(FLAGS, min_size=4, max_size=12))]


def count_rare(rows: list[Row], limit: Limit) -> int:
    """Over all choices of columns and all rows; combinations without an item too."""
    columns = len(IDENTIFIERS) + len(ITEMS)
    rare = 0
    for size in range(1, limit.m + 1):
        for chosen in combinations(range(columns), size):
            counted = Counter(
                tuple(row[c] for c in chosen)
                for row in rows
                if all(row[c] or c < len(IDENTIFIERS) for c in chosen)
            )
            rare += sum(number < limit.k for number in counted.values())
    return rare


def protect(rows: list[Row], limit: Limit, items: tuple[str, ...] = ITEMS) -> list[Row]:
    table = np.array(rows).T
    given_items = {name: table[len(IDENTIFIERS) + ITEMS.index(name)] for name in items}
    cases = np.ones(len(rows), dtype=np.int64)
    kept = protect_combinations(table[: len(IDENTIFIERS)], given_items, cases, limit)
    return [
        tuple(map(int, row)) for row in zip(table[0], table[1], *(kept[name] for name in ITEMS), strict=True)
    ]


@given(tables(), LIMITS)
def test_no_combination_is_rare_and_nothing_but_items_is_blanked(rows: list[Row], limit: Limit) -> None:
    published = protect(rows, limit)
    assert count_rare(published, limit) == 0
    for before, after in zip(rows, published, strict=True):
        assert before[:2] == after[:2]
        assert all(new in (0, old) for old, new in zip(before, after, strict=True))
    if count_rare(rows, limit) == 0:
        assert published == rows


@given(tables(), LIMITS, st.randoms(use_true_random=False))
def test_order_of_rows_and_columns_changes_nothing(rows: list[Row], limit: Limit, random: Random) -> None:
    shuffled, columns = random.sample(rows, len(rows)), tuple(random.sample(ITEMS, len(ITEMS)))
    assert Counter(protect(rows, limit)) == Counter(protect(shuffled, limit, columns))


@given(tables(), LIMITS)
def test_rows_that_occur_often_are_as_good_as_rows_written_out(rows: list[Row], limit: Limit) -> None:
    counted = Counter(rows)
    table = np.array(list(counted)).T
    items = dict(zip(ITEMS, table[2:], strict=True))
    kept = protect_combinations(table[:2], items, np.array(list(counted.values())), limit)
    found: Counter[Row] = Counter()
    for row, number in zip(np.array([*table[:2], *kept.values()]).T, counted.values(), strict=True):
        found[tuple(map(int, row))] += number
    assert found == Counter(protect(rows, limit))


@given(tables(), LIMITS)
def test_check_counts_as_many_as_one_by_one(rows: list[Row], limit: Limit) -> None:
    frame = pd.DataFrame(rows, columns=[*IDENTIFIERS, *ITEMS]).astype("Int64")
    frame[list(ITEMS)] = frame[list(ITEMS)].replace(0, pd.NA)
    found = count_rare_combinations(frame, [["p"], ["q"]], ITEMS, limit.k, limit.m)
    # the classes number 4 or more, k is 4 at most: what is rare holds an item
    assert found == count_rare(rows, limit)
