"""What an approved override explains, and what it does not explain any more."""

from dataclasses import replace

import pytest

from schemas.finding import Finding, FindingCode, Level
from schemas.override import Override, can_explain
from schemas.release import Decision

WARNED = Finding(FindingCode.RULE_WARNED, 3, rule="P7c", rows=(4, 7, 9))
BROKEN = Finding(
    FindingCode.BOUND_BROKEN_HIGH, 1, rule="null-share", field="gender", measured=0.4, expected=0.3
)
SHRUNK = Finding(FindingCode.CHANGED_SINCE_LAST, 1, rule="rows", measured=40, expected=50)


def explain(finding: Finding, figure: float, decision: Decision | None = Decision.APPROVE) -> Override:
    return Override("a", "xyz_office_cases", "2019", finding, figure, "ana", "seen", decision=decision)


@pytest.mark.parametrize(("count", "explained"), [(2, True), (3, True), (4, False)])
def test_one_row_more_fires_again(count: int, explained: bool) -> None:
    assert explain(WARNED, 3).explains(replace(WARNED, count=count, rows=())) is explained


@pytest.mark.parametrize(("share", "explained"), [(0.4, True), (0.35, True), (0.41, False)])
def test_a_share_further_above_its_limit_fires_again(share: float, explained: bool) -> None:
    assert explain(BROKEN, 0.4).explains(replace(BROKEN, measured=share)) is explained


@pytest.mark.parametrize(("rows", "explained"), [(45, True), (40, True), (39, False)])
def test_a_figure_further_below_its_limit_fires_again(rows: int, explained: bool) -> None:
    assert explain(SHRUNK, 40).explains(replace(SHRUNK, measured=rows)) is explained


def test_the_other_side_of_a_limit_is_another_matter() -> None:
    grown = replace(SHRUNK, measured=200, expected=150)
    assert not explain(SHRUNK, 40).explains(grown)
    assert not explain(grown, 200).explains(SHRUNK)


@pytest.mark.parametrize("decision", [None, Decision.REJECT])
def test_nothing_is_explained_until_another_person_agrees(decision: Decision | None) -> None:
    assert not explain(WARNED, 3, decision).explains(WARNED)


@pytest.mark.parametrize(
    "other",
    [
        replace(WARNED, rule="P8"),
        replace(WARNED, field="gender"),
        replace(WARNED, column="sex"),
        replace(WARNED, table="cases"),
        replace(WARNED, code=FindingCode.WORD_UNPLACED),
    ],
)
def test_an_explanation_holds_for_its_own_finding_only(other: Finding) -> None:
    assert not explain(WARNED, 3).explains(other)


def test_only_warnings_can_be_explained() -> None:
    explainable = {code.level for code in FindingCode if can_explain(Finding(code, 1))}
    assert explainable == {Level.WARN}
    assert not can_explain(Finding(FindingCode.BOUND_BROKEN_LOW, 1))
    assert can_explain(BROKEN)
