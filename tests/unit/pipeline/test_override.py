"""A warning is explained by one person and agreed to by another; errors never are."""

import pytest

from pipeline.override import (
    NoSuchWarning,
    NothingDelivered,
    OverrideUnclear,
    OwnRequest,
    WrongFigure,
    decide_override,
    find_explanation,
    list_warnings,
    request_override,
)
from pipeline.restoration import ReasonMissing
from portal.desk import refresh_desk
from schemas.finding import FindingCode
from schemas.release import Decision
from storage.error import AlreadyDecided

PLACE = ("xyz_office_cases", "2019")
RULE = "T7"


@pytest.fixture
def late(rows):
    """36 cases of 2019, of which the last `count` were registered in the year after."""
    return lambda count: rows(1, 36 - count) + rows(100, count, year=2020)


def find_number(workspace, rule=RULE):
    warnings = list_warnings(workspace, *PLACE)
    return next(number for number, finding in enumerate(warnings, 1) if finding.rule == rule)


def explain(workspace, count, **changes):
    given = {"number": find_number(workspace), "expected": count, "reason": "by date of decision"} | changes
    return request_override(workspace, PLACE, given["number"], given["expected"], given["reason"], "ana")


def is_explained(workspace):
    [finding] = [f for f in list_warnings(workspace, *PLACE) if f.rule == RULE]
    return find_explanation(workspace.ledger.overrides(*PLACE), finding) is not None


def test_an_explained_warning_stays_and_is_told_as_explained(office, late):
    submission = office.deliver("2019", late(3))
    asked = explain(office.workspace, 3)
    assert not is_explained(office.workspace)
    decide_override(office.workspace, asked[:8], "Borko", Decision.APPROVE)
    assert is_explained(office.workspace)
    refresh_desk(office.workspace)
    page = (office.workspace.store.zones.desk / f"{submission[:12]}.html").read_text("utf-8")
    assert "Explained by ana, agreed by Borko: by date of decision" in page
    assert "something to check" not in page


def test_it_fires_again_when_one_more_row_is_like_that(office, late):
    office.deliver("2019", late(3))
    decide_override(office.workspace, explain(office.workspace, 3), "borko", Decision.APPROVE)
    office.deliver("2019", late(2))
    assert is_explained(office.workspace)
    office.deliver("2019", late(4))
    assert not is_explained(office.workspace)


def test_the_other_year_asks_again(office, late, rows):
    office.deliver("2019", late(3))
    decide_override(office.workspace, explain(office.workspace, 3), "borko", Decision.APPROVE)
    office.deliver("2021", rows(200, 33, 2021) + rows(300, 3, 2022))
    assert office.workspace.ledger.overrides("xyz_office_cases", "2021") == ()


@pytest.mark.parametrize("person", ["ana", "Ana ", "ANA", ""])
def test_nobody_agrees_to_an_own_request(office, late, person):
    office.deliver("2019", late(3))
    asked = explain(office.workspace, 3)
    with pytest.raises(OwnRequest):
        decide_override(office.workspace, asked, person, Decision.APPROVE)
    assert not is_explained(office.workspace)


def test_a_decision_is_made_once(office, late):
    office.deliver("2019", late(3))
    asked = explain(office.workspace, 3)
    decide_override(office.workspace, asked, "borko", Decision.REJECT)
    with pytest.raises(AlreadyDecided):
        decide_override(office.workspace, asked, "vesna", Decision.APPROVE)
    assert not is_explained(office.workspace)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"expected": 2}, WrongFigure),
        ({"expected": 4}, WrongFigure),
        ({"number": 0}, NoSuchWarning),
        ({"number": 99}, NoSuchWarning),
        ({"reason": " "}, ReasonMissing),
    ],
)
def test_what_cannot_be_asked_for(office, late, changes, refusal):
    office.deliver("2019", late(3))
    with pytest.raises(refusal):
        explain(office.workspace, 3, **changes)
    assert office.workspace.ledger.overrides() == ()


def test_a_held_row_is_not_among_what_can_be_explained(office, late):
    spoilt = [("N-900", "?", "30", "2019", "Serbia"), *late(3)]
    office.deliver("2019", spoilt)
    codes = {finding.code for finding in list_warnings(office.workspace, *PLACE)}
    assert FindingCode.WORD_UNKNOWN not in codes
    assert FindingCode.RULE_WARNED in codes


def test_a_request_that_nobody_can_tell_apart_is_not_decided(office, late):
    office.deliver("2019", late(3))
    asked = explain(office.workspace, 3)
    for letters in ("", asked[:5], "ffffffffffffffff"):
        with pytest.raises(OverrideUnclear):
            decide_override(office.workspace, letters, "borko", Decision.APPROVE)


def test_what_was_never_delivered_has_no_warnings(office):
    with pytest.raises(NothingDelivered):
        list_warnings(office.workspace, *PLACE)
