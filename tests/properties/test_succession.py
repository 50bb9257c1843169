"""Random histories of additions, corrections, dropped and withdrawn cases: no two releases betray anybody."""

from collections import Counter
from collections.abc import Sequence

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.succession import IDENTITY, KEY, compose, examine_cases
from schemas.policy import Policy
from tests.properties.test_sequence import AGES, COLUMNS, FLAGS, ROW, list_cells, make_policy

PLACE = ("a_source", "2019")
PUBLISHED = [*COLUMNS, *FLAGS]
Pool = dict[str, tuple[object, ...]]


def make_cases(pool: Pool) -> pd.DataFrame:
    """The pool as room 7 reads it, in the types of the case."""
    full = [(PLACE[0], key, PLACE[1], row[0], row[1], AGES[row[1]], *row[2:]) for key, row in pool.items()]
    frame = pd.DataFrame(full, columns=[*IDENTITY, *PUBLISHED])
    types = dict.fromkeys([*IDENTITY, *COLUMNS], "str") | dict.fromkeys(FLAGS, "Int8")
    return frame.astype(types)


@st.composite
def change(draw: st.DrawFn, pool: Pool, published: set[str], number: int) -> tuple[Pool, set[str]]:
    """The pool after one interval, and who was withdrawn in it: people in the pool, or still published."""
    added = draw(st.lists(ROW, max_size=25))
    keys = sorted(pool)
    some = st.sets(st.sampled_from(keys), max_size=8) if keys else st.just(set())
    corrected, dropped = draw(some), draw(some)
    known = sorted(published | pool.keys())
    withdrawn = draw(st.sets(st.sampled_from(known), max_size=2)) if known else set()
    after = {key: draw(ROW) if key in corrected else row for key, row in pool.items()}
    after |= {f"case {number} {at}": row for at, row in enumerate(added)}
    return {key: row for key, row in after.items() if key not in dropped | withdrawn}, withdrawn


def follow(before: pd.DataFrame, pool: Pool, earlier: Sequence[pd.DataFrame], policy: Policy) -> pd.DataFrame:
    cases = make_cases(pool)
    standing = examine_cases(before, cases, cases.head(0)[KEY], {PLACE}, policy)
    return compose(before, cases, standing, earlier, policy).rows


def check_pair(now: Counter, before: Counter, k: int) -> None:
    for cell in {*now, *before}:
        assert abs(now[cell] - before[cell]) not in range(1, k)


@given(st.data(), st.integers(2, 5), st.integers(2, 4), st.integers(1, 3), st.sampled_from([0.1, 1.0]))
def test_no_count_changes_by_less_than_k_and_who_was_withdrawn_is_gone(
    data: st.DataObject, intervals: int, k: int, m: int, limit: float
) -> None:
    policy = make_policy(k, m).model_copy(update={"suppression_limit": limit})
    pool: Pool = {}
    last = make_cases(pool)
    releases: list[pd.DataFrame] = []
    counted: list[Counter] = []
    gone: set[str] = set()
    for number in range(intervals):
        published = set(last["source_record_key"])
        pool, withdrawn = data.draw(change(pool, published, number))
        gone |= withdrawn
        erased = last[~last["source_record_key"].isin(withdrawn)]  # as `palermo withdraw` leaves it
        last = follow(erased, pool, releases, policy)
        shown = set(last["source_record_key"])
        assert not shown & gone
        assert shown <= pool.keys() | published
        cells = list_cells(last, m)
        assert all(size >= k for size in cells.values())
        for earlier in counted:
            check_pair(cells, earlier, k)
        releases.append(last[PUBLISHED])
        counted.append(cells)
