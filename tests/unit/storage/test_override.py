"""Overrides in the ledger, on both engines."""

import pytest

from schemas.finding import Finding, FindingCode
from schemas.override import Override
from schemas.release import Decision
from storage.error import AlreadyDecided, UnknownRecord
from storage.ledger import Ledger
from storage.record import Action

SOURCE = "srb_office_victims"
SHARE = 1 / 3


def make_request(number: int = 1, period: str = "2019") -> Override:
    finding = Finding(
        FindingCode.BOUND_BROKEN_HIGH, 0, table="cases", column="pol", field="gender", rule="null-share"
    )
    return Override(f"{number:032}", SOURCE, period, finding, SHARE, "ana", "the form has changed")


def test_a_request_is_kept_as_it_was_made(ledger: Ledger) -> None:
    ledger.request_override(make_request())
    [kept] = ledger.overrides(SOURCE, "2019")
    assert (kept.finding, kept.figure, kept.reason) == (make_request().finding, SHARE, "the form has changed")
    assert (kept.requester, kept.approver, kept.decision, kept.decided_at) == ("ana", None, None, None)
    assert kept.requested_at.endswith("Z")


def test_a_decision_is_kept_once_and_by_whom(ledger: Ledger) -> None:
    ledger.request_override(make_request())
    ledger.decide_override(make_request().id, "borko", Decision.APPROVE)
    with pytest.raises(AlreadyDecided):
        ledger.decide_override(make_request().id, "vesna", Decision.REJECT)
    [kept] = ledger.overrides()
    assert (kept.approver, kept.decision) == ("borko", Decision.APPROVE)


def test_nobody_decides_on_what_was_not_asked(ledger: Ledger) -> None:
    with pytest.raises(UnknownRecord):
        ledger.decide_override("0" * 32, "borko", Decision.APPROVE)
    assert ledger.audit_entries() == ()


def test_requests_are_listed_by_source_and_period(ledger: Ledger) -> None:
    ledger.request_override(make_request(1))
    ledger.request_override(make_request(2, "2020"))
    assert [asked.id for asked in ledger.overrides(SOURCE)] == [make_request(n).id for n in (1, 2)]
    assert [asked.period for asked in ledger.overrides(SOURCE, "2020")] == ["2020"]
    assert ledger.overrides("mkd_office_victims") == ()


def test_both_steps_stand_on_the_audit_trail_without_the_reason(ledger: Ledger) -> None:
    ledger.request_override(make_request())
    ledger.decide_override(make_request().id, "borko", Decision.APPROVE)
    entries = ledger.audit_entries()
    assert [(entry.action, entry.actor) for entry in entries] == [
        (Action.OVERRIDE_REQUESTED, "ana"),
        (Action.OVERRIDE_DECIDED, "borko"),
    ]
    assert entries[0].detail["finding"] == "BOUND_BROKEN_HIGH"
    assert "form" not in repr(entries)
    assert ledger.verify_audit() is None
