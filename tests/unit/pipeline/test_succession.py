"""Which rows of the last release stay, leave or wait; twelve cases of one class, counted by hand."""

import pandas as pd
import pytest

from pipeline.succession import examine_cases
from schemas.policy import Policy, QuasiIdentifier, Sensitive

K = 3
POLICY = Policy(
    id="test",
    title="Test",
    k=K,
    suppression_limit=0,
    quasi_identifiers={"gender": QuasiIdentifier(ladder=("gender",))},
    sensitive=Sensitive(columns=("is_abduction",), minimum_count=K),
    approvals=2,
)
PLACE = ("a_source", "2019")


def make_frame(answers: list[int | None], gender: str = "Woman") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "source_id": PLACE[0],
            "source_record_key": [f"case {number}" for number in range(len(answers))],
            "period": PLACE[1],
            "gender": pd.array([gender] * len(answers), dtype="str"),
            "is_abduction": pd.array(answers, dtype="Int8"),
        }
    )


BEFORE = make_frame([1, 0] * 6)
NOBODY = BEFORE.head(0)


def test_what_agrees_stays_and_a_blank_agrees_with_anything() -> None:
    published = make_frame([None, 0] * 6)
    standing = examine_cases(published, BEFORE, NOBODY, {PLACE}, POLICY)
    assert standing.stays.all()
    assert not standing.corrected.any()


@pytest.mark.parametrize(("changed", "stays"), [(K - 1, 12), (K, 12 - K), (K + 1, 12 - K - 1)])
def test_corrections_wait_until_k_of_a_class_change_together(changed: int, stays: int) -> None:
    now = make_frame([1 - answer if at < changed else answer for at, answer in enumerate([1, 0] * 6)])
    standing = examine_cases(BEFORE, now, NOBODY, {PLACE}, POLICY)
    assert (standing.corrected.sum(), standing.stays.sum()) == (changed, stays)
    assert standing.waits.sum() == 12 - stays


@pytest.mark.parametrize(("dropped", "stays"), [(K - 1, 12), (K, 12 - K)])
def test_cases_that_a_later_delivery_lacks_wait_too(dropped: int, stays: int) -> None:
    standing = examine_cases(BEFORE, BEFORE.iloc[dropped:], NOBODY, {PLACE}, POLICY)
    assert (standing.dropped.sum(), standing.stays.sum()) == (dropped, stays)


def test_a_case_without_consent_leaves_at_once() -> None:
    standing = examine_cases(BEFORE, BEFORE.iloc[1:], BEFORE.iloc[:1], {PLACE}, POLICY)
    assert standing.stays.tolist() == [False] + [True] * 11
    assert not standing.waits.any()


def test_cases_of_a_source_that_gives_no_records_any_more_leave_at_once() -> None:
    standing = examine_cases(BEFORE, NOBODY, NOBODY, set(), POLICY)
    assert not (standing.stays | standing.waits).any()
