"""All releases of random histories in one hand: no count differs by 1 to k - 1, counted with Counter."""

from collections import Counter
from itertools import combinations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from anonymize.sequence import hold_back
from schemas.policy import Policy, QuasiIdentifier, Sensitive

COLUMNS = ("gender", "age_group", "majority_status")
FLAGS = ("is_forced_labour", "is_abduction")
AGES = {"0--17": "Minor", "18--26": "Adult", "27--38": "Adult", None: None}
ROW = st.tuples(
    st.sampled_from(["Woman", "Man", None]),
    st.sampled_from(list(AGES)),
    st.sampled_from([None, 0, 0, 1]),
    st.sampled_from([None, 0, 1, 1]),
)


def make_policy(k: int, m: int) -> Policy:
    return Policy(
        id="test",
        title="Test",
        k=k,
        m=m,
        suppression_limit=1,
        quasi_identifiers={
            "gender": QuasiIdentifier(ladder=("gender",)),
            "age_group": QuasiIdentifier(ladder=("age_group", "majority_status")),
        },
        sensitive=Sensitive(columns=FLAGS, minimum_count=2),
        approvals=2,
    )


def make_frame(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    full = [(gender, age, AGES[age], *flags) for gender, age, *flags in rows]
    frame = pd.DataFrame(full, columns=[*COLUMNS, *FLAGS]).astype(object)
    return frame.where(frame.notna(), None)


def list_cells(frame: pd.DataFrame, m: int) -> Counter:
    """Every combination of published values that somebody may count, with its number of rows."""
    cells: Counter = Counter()
    columns = [*COLUMNS, *FLAGS]
    words = frame.astype(object).where(frame.notna(), None)
    for row in words[columns].itertuples(index=False, name=None):
        known = [
            (column, value)
            for column, value in zip(columns, row, strict=True)
            if column in COLUMNS or value is not None
        ]
        for size in range(4):
            for some in combinations(known, size):
                if size <= m or all(column in COLUMNS for column, _ in some):
                    cells[some] += 1
        cells[("class", *row[: len(COLUMNS)])] += 1
    return cells


@given(
    st.lists(st.lists(ROW, max_size=25), min_size=2, max_size=4),
    st.data(),
    st.integers(2, 4),
    st.integers(1, 3),
)
def test_no_count_of_any_two_releases_differs_by_less_than_k(
    histories: list[list[tuple[object, ...]]], data: st.DataObject, k: int, m: int
) -> None:
    """Each release is the last without the cases that left, and the new ones; corrections are both."""
    policy = make_policy(k, m)
    releases: list[pd.DataFrame] = []
    last = make_frame([])
    for added in histories:
        leaving = data.draw(st.sets(st.integers(0, max(0, len(last) - 1)), max_size=3))
        stayed = last.drop(index=[at for at in leaving if at < len(last)])
        rows = pd.concat([stayed, make_frame(added)], ignore_index=True).astype(object)
        rows = rows.where(rows.notna(), None)
        is_new = np.arange(len(rows)) >= len(stayed)
        last, kept = hold_back(rows, is_new, releases, policy)
        assert len(last) == kept.sum()
        for column in rows.columns:
            shown = last[column].notna()
            assert (last[column][shown] == rows[column][kept].reset_index(drop=True)[shown]).all()
        releases.append(last)
        cells = [list_cells(frame, m) for frame in releases]
        assert all(number >= k for number in cells[-1].values())
        for earlier in cells[:-1]:
            for cell in {*earlier, *cells[-1]}:
                assert abs(cells[-1][cell] - earlier[cell]) not in range(1, k)
