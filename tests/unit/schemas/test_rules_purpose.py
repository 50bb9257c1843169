"""Rules P, case by case, worked out by hand."""

from collections.abc import Callable
from typing import Any

import pytest

from schemas.rules_purpose import LABOUR_SECTORS, PURPOSES, SEX_KINDS

Ask = Callable[..., list[bool]]


@pytest.mark.parametrize(
    ("case", "kept"),
    [
        ({"labour_begging": 1, "is_forced_labour": 1}, True),
        ({"labour_begging": 1, "is_forced_labour": 0}, False),
        ({"labour_begging": 1, "is_forced_labour": None}, False),
        ({"labour_illicit_activities": 1, "is_forced_labour": 0}, False),
        ({"labour_begging": 0, "labour_illicit_activities": None, "is_forced_labour": 0}, True),
        ({"labour_construction": 1, "is_forced_labour": 0}, True),
        ({}, True),
    ],
)
def test_p2_begging_is_a_form_of_its_own(holds: Ask, case: dict[str, Any], kept: bool) -> None:
    assert holds("P2b", case) == [kept]


@pytest.mark.parametrize(
    ("rule", "parent", "children"),
    [("P3a", "is_sexual_exploit", SEX_KINDS), ("P3b", "is_forced_labour", LABOUR_SECTORS)],
)
def test_p3_only_an_explicit_no_contradicts_a_yes(
    holds: Ask, rule: str, parent: str, children: tuple[str, ...]
) -> None:
    for child in children:
        rows = [{parent: p, child: c} for p in (0, 1, None) for c in (0, 1, None)]
        assert holds(rule, *rows) == [True, False, True] + [True] * 6


def test_p3_leaves_out_begging_illicit_activities_and_not_specified(holds: Ask) -> None:
    flags = ("labour_begging", "labour_illicit_activities", "labour_not_specified")
    assert holds("P3b", *({"is_forced_labour": 0, flag: 1} for flag in flags)) == [True] * 3
    assert len(LABOUR_SECTORS) == 10


@pytest.mark.parametrize(
    ("rule", "unnamed", "named", "other"),
    [
        ("P5a", "labour_not_specified", "labour_begging", "labour_other"),
        ("P5b", "means_not_specified", "means_threats", "means_other"),
        ("P5b", "means_not_specified", "means_payment_to_controller", "means_other"),
        ("P5c", "recruiter_unknown", "recruiter_family", "recruiter_other"),
    ],
)
def test_p5_not_specified_stands_alone(holds: Ask, rule: str, unnamed: str, named: str, other: str) -> None:
    rows = [{unnamed: u, named: n} for u in (0, 1, None) for n in (0, 1, None)]
    assert holds(rule, *rows) == [True, True, True, True, False, True, True, True, True]
    # "other" names nothing: CTDC's 2020 file has both
    assert holds(rule, {unnamed: 1, other: 1}) == [True]


def test_p6_asks_for_any_purpose(holds: Ask) -> None:
    nothing: dict[str, Any] = dict.fromkeys(PURPOSES)
    assert holds("P6", nothing, dict.fromkeys(PURPOSES, 0)) == [False, False]
    assert holds("P6", *({**nothing, purpose: 1} for purpose in PURPOSES)) == [True] * 13


@pytest.mark.parametrize(
    ("flag", "majority", "kept"),
    [
        (1, "Adult", False),
        (1, "Minor", True),
        (1, None, True),
        (0, "Adult", True),
        (None, "Adult", True),
        (None, None, True),
    ],
)
def test_p7_child_labour_is_of_children(
    holds: Ask, flag: int | None, majority: str | None, kept: bool
) -> None:
    assert holds("P7a", {"is_child_labour": flag, "majority_status_at_exploit": majority}) == [kept]
    assert holds("P7a", {"is_child_labour": flag, "majority_status": majority}) == [True]


@pytest.mark.parametrize("purpose", ["is_forced_marriage", "is_forced_military"])
def test_p7_marriage_and_military_below_nine(holds: Ask, purpose: str) -> None:
    rows = [{purpose: 1, "age_broad": band} for band in ("0--8", "9--17", None)]
    assert holds("P7b", *rows, {purpose: 0, "age_broad": "0--8"}) == [False, True, True, True]


@pytest.mark.parametrize("gender", ["Woman", "Man", "TransNonConforming"])
def test_p7_no_gender_is_excluded_from_any_purpose(holds: Ask, gender: str) -> None:
    case = {"gender": gender, **dict.fromkeys(PURPOSES, 1), "age_broad": "18--20"}
    for rule in ("P6", "P7a", "P7b", "P7c"):
        assert holds(rule, case) == [True]


@pytest.mark.parametrize(
    ("status", "age", "band", "kept"),
    [
        ("Married", 11, None, False),
        ("Married", 12, None, True),
        ("Married", None, "0--8", False),
        ("Married", None, "9--17", True),
        ("Married", None, None, True),
        ("Single", 5, "0--8", True),
        (None, 5, "0--8", True),
    ],
)
def test_p7_married_below_twelve(
    holds: Ask, status: str | None, age: int | None, band: str | None, kept: bool
) -> None:
    case = {"marital_status": status, "age_at_registration": age, "age_broad": band}
    assert holds("P7c", case) == [kept]


def test_p8_counts_means_beside_purpose(holds: Ask) -> None:
    rows = [{"is_sexual_exploit": p, "means_sexual_abuse": m} for p in (0, 1, None) for m in (0, 1, None)]
    assert holds("P8", *rows) == [True, True, True, True, False, True, True, True, True]
