"""Rules L, case by case, worked out by hand."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from schemas.rules_palermo import ACT_EVIDENCE, MEANS_EVIDENCE

Ask = Callable[..., list[bool]]

ACTUAL = "ActualVictimOfTrafficking"
POSSIBLE = "PossibleVictimOfTrafficking"
NOT_A_VICTIM = "NotAVictimOfTrafficking"
MINOR, ADULT = "Minor", "Adult"


def bare(exploit: str | None, entry: str | None, registration: str | None) -> dict[str, Any]:
    """An established victim of whom neither means nor purpose is recorded."""
    return {
        "trafficking_status": ACTUAL,
        "majority_status_at_exploit": exploit,
        "majority_entry": entry,
        "majority_status": registration,
    }


def test_l2_asks_an_adult_for_means_and_purpose(holds: Ask) -> None:
    adult = bare(ADULT, None, None)
    rows = [{**adult, "palermo_means": m, "palermo_purpose": p} for m, p in product((0, 1, None), repeat=2)]
    assert holds("L2", *rows) == [False, False, False, False, True, False, False, False, False]


@pytest.mark.parametrize(
    ("case", "asked"),
    [
        (bare(ADULT, None, None), True),
        (bare(ADULT, MINOR, MINOR), True),
        (bare(MINOR, ADULT, ADULT), False),
        (bare(None, ADULT, None), True),
        (bare(None, ADULT, MINOR), True),
        (bare(None, MINOR, ADULT), False),
        (bare(None, None, MINOR), False),
        # an adult at registration may have been a child when the exploitation began
        (bare(None, None, ADULT), False),
        (bare(None, None, None), False),
    ],
)
def test_l3_minors_never_need_means(holds: Ask, case: dict[str, Any], asked: bool) -> None:
    assert holds("L2", case) == [not asked]


@pytest.mark.parametrize("status", [POSSIBLE, NOT_A_VICTIM, None])
def test_l2_asks_only_for_established_victims(holds: Ask, status: str | None) -> None:
    assert holds("L2", {**bare(ADULT, ADULT, ADULT), "trafficking_status": status}) == [True]


def test_l2_does_not_ask_for_an_act(holds: Ask) -> None:
    case = {**bare(ADULT, None, None), "palermo_act": 0, "palermo_means": 1, "palermo_purpose": 1}
    assert holds("L2", case) == [True]


def test_l5_refuses_who_is_not_a_victim(holds: Ask) -> None:
    rows = [{"trafficking_status": status} for status in (ACTUAL, POSSIBLE, NOT_A_VICTIM, None)]
    assert holds("L5", *rows) == [True, True, False, True]


def test_not_specified_is_no_evidence() -> None:
    assert len(ACT_EVIDENCE) == 5 + 1 + 4
    assert len(MEANS_EVIDENCE) == 17 + 2 + 8 + 1
    assert not {"means_not_specified", "recruiter_unknown"} & {*ACT_EVIDENCE, *MEANS_EVIDENCE}
    assert "is_abduction" in ACT_EVIDENCE
    assert "is_abduction" in MEANS_EVIDENCE
