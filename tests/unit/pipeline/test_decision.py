"""Decisions in the ledger when several processes take them at once."""

from dataclasses import replace

import pytest

from pipeline.decision import _settle, approve_candidate
from pipeline.settings import Settings
from pipeline.workspace import Workspace
from schemas.extract import Account
from schemas.release import Approval, CandidateState, Decision
from schemas.verdict import Verdict
from storage.ledger import Ledger
from storage.record import Action, Candidate

ACCOUNT = Account(0, 0, 0, 0, 0, 0, {}, {}, {})
CANDIDATE = Candidate("a" * 64, "2026.11.1", "b" * 64, "c" * 64, "ana", (), ACCOUNT, Verdict(()))


@pytest.fixture
def workspace(tmp_path):
    workspace = Workspace(Settings(home=tmp_path))
    waiting = replace(CANDIDATE, state=CandidateState.AWAITING_APPROVAL)
    workspace.ledger.record_candidate(waiting)
    for person in ("vera", "amir"):
        decided = Approval(CANDIDATE.id, person, Decision.APPROVE, "evidence read", "2026-11-24")
        workspace.ledger.record_approval(decided)
    return workspace


def overtake(monkeypatch, act) -> None:
    """Let another process act just before this one moves the candidate."""
    move = Ledger.set_candidate_state

    def late(ledger, *given, **named):
        monkeypatch.setattr(Ledger, "set_candidate_state", move)
        act(ledger)
        return move(ledger, *given, **named)

    monkeypatch.setattr(Ledger, "set_candidate_state", late)


@pytest.mark.parametrize("state", [CandidateState.APPROVED, CandidateState.RELEASED])
def test_a_candidate_that_another_process_moved_on_stays_there(workspace, monkeypatch, state):
    def move_on(ledger):
        ledger.set_candidate_state(CANDIDATE.id, state, "other", before=CandidateState.AWAITING_APPROVAL)

    overtake(monkeypatch, move_on)
    assert _settle(workspace, CANDIDATE.id, "officer") is state
    changes = [e for e in workspace.ledger.audit_entries() if e.action == Action.CANDIDATE_CHANGED.value]
    assert [entry.actor for entry in changes] == ["other"]


def test_a_rejection_at_the_same_moment_counts(workspace, monkeypatch):
    def approve(ledger):
        ledger.set_candidate_state(
            CANDIDATE.id, CandidateState.APPROVED, "other", before=CandidateState.AWAITING_APPROVAL
        )

    overtake(monkeypatch, approve)
    state = approve_candidate(
        workspace, CANDIDATE.id, person="nour", decision=Decision.REJECT, reason="a class is too telling"
    )
    assert state is CandidateState.REJECTED
    assert workspace.ledger.candidate(CANDIDATE.id).state is CandidateState.REJECTED
