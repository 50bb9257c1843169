"""Decisions: what people say on a candidate goes into the ledger; publication reads it from there."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial

from anonymize.disclosure import assess_disclosure
from pipeline.country import list_known
from pipeline.released import check_all_recorded, read_listed, read_releases
from pipeline.step import Refusal, step
from pipeline.workspace import Workspace
from publish.permission import DecisionRefused, check_person_can_approve, enough_approvals
from publish.release import release_candidate
from publish.transition import InvalidTransition, can_change, check_transition
from schemas.release import Approval, CandidateState, Decision
from storage.detail import check_word, is_word
from storage.error import CandidateChanged, StorageError, beside
from storage.record import Action
from storage.zone import check_hash

FEWEST_LETTERS = 6
UNKNOWN = "unknown"  # what the audit trail says instead of a candidate that there is not
DECIDED = {Decision.APPROVE: CandidateState.APPROVED, Decision.REJECT: CandidateState.REJECTED}


class CandidateUnclear(Refusal):
    """No candidate, or more than one, begins with these letters; or they are too few to mean one."""


def find_candidate(workspace: Workspace, letters: str) -> str:
    """The id of the one candidate that begins with these letters.

    Raises:
        CandidateUnclear: there is none, there are several, or the letters are too few.
    """
    if len(letters) < FEWEST_LETTERS:
        raise CandidateUnclear(
            f"give at least {FEWEST_LETTERS} letters of the candidate; palermo status --all lists them"
        )
    found = [c.id for c in workspace.ledger.candidates() if c.id.startswith(letters.lower())]
    if len(found) != 1:
        raise CandidateUnclear(
            f"{len(found)} candidates begin with these letters; palermo status --all lists them"
        )
    return found[0]


def approve_candidate(
    workspace: Workspace, candidate: str, *, person: str, decision: Decision, reason: str
) -> CandidateState:
    """Write one person's decision into the ledger, bound to the candidate's SHA-256; gives the state after.

    A decision that does not count is on the audit trail.

    Raises:
        DecisionRefused: the person prepared the candidate, has decided before, or gives no reason.
        InvalidTransition: the candidate does not wait for a decision.
        StorageError: there is no such candidate.
    """
    with _refusal_on_record(workspace, Action.DECISION_REFUSED, candidate, person):
        record = workspace.ledger.candidate(check_hash(candidate))
        check_transition(record.state, DECIDED[decision])
        decided = workspace.ledger.approvals(candidate)
        check_person_can_approve(record.preparer, person, decided, reason)
        workspace.ledger.record_approval(Approval(candidate, person, decision, reason, _now()))
    return _settle(workspace, candidate, person)


@contextmanager
def _refusal_on_record(workspace: Workspace, action: Action, candidate: str, actor: str) -> Iterator[None]:
    """Add to the audit trail who tried what in vain, and let the refusal go on."""
    try:
        yield
    except (DecisionRefused, InvalidTransition, Refusal, StorageError) as refusal:
        with beside(refusal):
            known = any(candidate == record.id for record in workspace.ledger.candidates())
            # A name that the trail does not take, such as one with a space, does not keep the attempt off it.
            named = actor if is_word(actor) else UNKNOWN
            workspace.ledger.audit(
                named, action, candidate if known else UNKNOWN, reason=type(refusal).__name__
            )
        raise


def count_approvals(workspace: Workspace, candidate: str) -> int:
    """How many people have approved a candidate so far."""
    return sum(a.decision is Decision.APPROVE for a in workspace.ledger.approvals(candidate))


def _settle(workspace: Workspace, candidate: str, actor: str) -> CandidateState:
    """Move a candidate to where the decisions in the ledger put it; a killed run may have left it behind.

    Where another process moves it at the same moment, the decisions are read anew.
    """
    record = workspace.ledger.candidate(candidate)
    decided = workspace.ledger.approvals(candidate)
    state = record.state
    if any(approval.decision is Decision.REJECT for approval in decided):
        state = CandidateState.REJECTED
    elif enough_approvals(workspace.policy.approvals, candidate, record.preparer, decided):
        state = CandidateState.APPROVED
    if not can_change(record.state, state):
        return record.state
    with suppress(CandidateChanged):
        workspace.ledger.set_candidate_state(candidate, state, actor, before=record.state)
    return _settle(workspace, candidate, actor)


def publish_candidate(workspace: Workspace, candidate: str, actor: str) -> str:
    """Room 9, the one door: an approved candidate becomes a release; gives its version.

    Approvals are read from the ledger, every byte is hashed again, and the extract is judged again.
    Whatever stands in the way, the attempt is on the audit trail.

    Raises:
        ReleaseUnrecorded: another release is public that the ledger does not know.
        ReleaseRefused: anything of this is not as it must be; nothing is published.
        StorageError: there is no such candidate, or a byte of it has changed.
    """
    with _refusal_on_record(workspace, Action.RELEASE_REFUSED, candidate, actor):
        workspace.ledger.candidate(check_hash(str(candidate)))
        check_word("actor", actor)
    return _publish(workspace, candidate, actor)


@step("publish")
def _publish(workspace: Workspace, candidate: str, actor: str) -> str:
    with _refusal_on_record(workspace, Action.RELEASE_REFUSED, candidate, actor):
        _settle(workspace, candidate, actor)
        record = workspace.ledger.candidate(candidate)
        check_all_recorded(workspace, finishing=candidate)
        manifest = workspace.store.read_manifest(candidate)
        extract = read_listed(manifest, partial(workspace.store.read_candidate, candidate))
        known = list_known(workspace, record.entries, record.account.placements)
        verdict = assess_disclosure(
            extract, workspace.policy, read_releases(workspace, other_than=record.version), known
        )
    release_candidate(workspace.store, workspace.ledger, candidate, verdict, actor)
    return record.version


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
