"""Candidates, decisions and releases in the ledger, on both engines."""

from dataclasses import replace

import pytest

from schemas.extract import Account
from schemas.pool import PoolEntry
from schemas.release import Approval, CandidateState, Decision, Release
from schemas.verdict import Evidence, Outcome, Verdict
from storage.error import AlreadyDecided, CandidateChanged, UnknownRecord, VersionTaken
from storage.ledger import Ledger
from storage.record import Action, Candidate

ACCOUNT = Account(
    cases=100,
    published=90,
    generalized=12,
    suppressed=10,
    classes=4,
    smallest_class=11,
    levels={"age": {0: 78, 2: 12}},
    information_kept={"age": 0.94},
    blanked={"is_abduction": 3},
)
VERDICT = Verdict(
    (
        Evidence("k-anonymity", Outcome.PASS, 11.0, 11.0, "every class has at least k rows"),
        Evidence("linkage", Outcome.REVIEW, None, None, "no past release"),
    )
)
CANDIDATE = Candidate(
    id="a" * 64,
    version="2026.01.1",
    pool="b" * 64,
    policy="c" * 64,
    preparer="officer",
    entries=(PoolEntry("srb_office_victims", "2019", "d" * 64, "e" * 64, 36),),
    account=ACCOUNT,
    verdict=VERDICT,
)
OTHER = replace(CANDIDATE, id="f" * 64)
WAITING = CandidateState.AWAITING_APPROVAL


def approve(person: str, reason: str = "k = 11 is met", candidate: str = CANDIDATE.id) -> Approval:
    return Approval(candidate, person, Decision.APPROVE, reason, f"2026-01-0{len(person)}T00:00:00Z")


def test_a_candidate_comes_back_as_it_was_prepared(ledger: Ledger) -> None:
    assert ledger.record_candidate(CANDIDATE)
    read = ledger.candidate(CANDIDATE.id)
    assert read == replace(CANDIDATE, prepared_at=read.prepared_at)
    assert read.prepared_at.endswith("Z")
    assert read.account.levels == {"age": {0: 78, 2: 12}}
    assert read.verdict.outcome is Outcome.REVIEW
    assert read.state is CandidateState.PREPARED


def test_a_candidate_is_recorded_once(ledger: Ledger) -> None:
    ledger.record_candidate(CANDIDATE)
    before = ledger.candidate(CANDIDATE.id)
    assert not ledger.record_candidate(replace(CANDIDATE, preparer="another"))
    assert ledger.candidate(CANDIDATE.id) == before


def test_candidates_are_listed_by_state(ledger: Ledger) -> None:
    for candidate in (CANDIDATE, OTHER):
        ledger.record_candidate(candidate)
    ledger.set_candidate_state(OTHER.id, WAITING, "officer", before=CandidateState.PREPARED)
    assert [candidate.id for candidate in ledger.candidates()] == [CANDIDATE.id, OTHER.id]
    assert [candidate.id for candidate in ledger.candidates(WAITING)] == [OTHER.id]
    assert ledger.candidates(CandidateState.REJECTED) == ()


def test_a_state_changes_only_from_what_the_caller_saw(ledger: Ledger) -> None:
    ledger.record_candidate(CANDIDATE)
    assert ledger.set_candidate_state(CANDIDATE.id, WAITING, "officer", before=CandidateState.PREPARED)
    assert not ledger.set_candidate_state(CANDIDATE.id, WAITING, "officer", before=CandidateState.PREPARED)
    with pytest.raises(CandidateChanged):
        ledger.set_candidate_state(
            CANDIDATE.id, CandidateState.REFUSED, "officer", before=CandidateState.PREPARED
        )
    assert ledger.candidate(CANDIDATE.id).state is WAITING


def test_each_person_decides_once(ledger: Ledger) -> None:
    ledger.record_candidate(CANDIDATE)
    ledger.record_approval(approve("bo"))
    ledger.record_approval(approve("ana"))
    rejection = replace(approve("ana"), decision=Decision.REJECT)
    with pytest.raises(AlreadyDecided):
        ledger.record_approval(rejection)
    assert ledger.approvals(CANDIDATE.id) == (approve("bo"), approve("ana"))
    assert ledger.approvals(OTHER.id) == ()


def test_the_reason_stays_out_of_the_audit_trail(ledger: Ledger) -> None:
    ledger.record_candidate(CANDIDATE)
    ledger.record_approval(approve("ana", "I know the girl from Vranje, it is not her"))
    last = ledger.audit_entries()[-1]
    assert (last.actor, last.action, last.subject) == ("ana", Action.CANDIDATE_DECIDED, CANDIDATE.id)
    assert last.detail == {"decision": "approve"}


def test_a_release_and_its_candidate_change_at_once(ledger: Ledger) -> None:
    ledger.record_candidate(CANDIDATE)
    release = Release("2026.01.1", CANDIDATE.id, CANDIDATE.pool, CANDIDATE.policy, 90, "2026-01-05T00:00:00Z")
    assert ledger.record_release(release, "publisher")
    assert ledger.candidate(CANDIDATE.id).state is CandidateState.RELEASED
    assert not ledger.record_release(replace(release, at="2026-01-06T00:00:00Z"), "publisher")
    assert ledger.releases() == (release,)


def test_a_version_belongs_to_one_candidate(ledger: Ledger) -> None:
    for candidate in (CANDIDATE, OTHER):
        ledger.record_candidate(candidate)
    release = Release("2026.01.1", CANDIDATE.id, CANDIDATE.pool, CANDIDATE.policy, 90, "2026-01-05T00:00:00Z")
    ledger.record_release(release, "publisher")
    with pytest.raises(VersionTaken):
        ledger.record_release(replace(release, candidate=OTHER.id), "publisher")
    with pytest.raises(VersionTaken):
        ledger.record_release(replace(release, version="2026.01.2"), "publisher")
    assert ledger.candidate(OTHER.id).state is CandidateState.PREPARED


def test_an_unknown_candidate_is_a_named_error(ledger: Ledger) -> None:
    with pytest.raises(UnknownRecord):
        ledger.candidate(CANDIDATE.id)
    with pytest.raises(UnknownRecord):
        ledger.record_approval(approve("ana"))
    with pytest.raises(UnknownRecord):
        ledger.record_release(Release("2026.01.1", CANDIDATE.id, "b" * 64, "c" * 64, 1, ""), "publisher")
    with pytest.raises(UnknownRecord):
        ledger.set_candidate_state(CANDIDATE.id, WAITING, "a", before=CandidateState.PREPARED)
    assert ledger.audit_entries() == ()
