"""Decisions: what people say on a candidate goes into the ledger; publication reads it from there."""

from datetime import UTC, datetime

from anonymize.disclosure import assess_disclosure
from pipeline.candidate import move_candidate
from pipeline.released import name_table, read_releases
from pipeline.step import Refusal, step
from pipeline.workspace import Workspace
from publish.permission import check_person_can_approve, enough_approvals
from publish.release import release_candidate
from publish.transition import check_transition
from schemas.release import Approval, CandidateState, Decision
from storage.extract import read_extract
from storage.record import Candidate


class CandidateUnclear(Refusal):
    """No candidate, or more than one, begins with these letters."""


def find_candidate(workspace: Workspace, letters: str) -> str:
    """The id of the one candidate that begins with these letters.

    Raises:
        CandidateUnclear: there is none, or there are several.
    """
    found = [c.id for c in workspace.ledger.candidates() if c.id.startswith(letters.lower())]
    if len(found) != 1:
        raise CandidateUnclear(f"{len(found)} candidates begin with these letters; palermo status lists them")
    return found[0]


def approve_candidate(
    workspace: Workspace, candidate: str, *, person: str, decision: Decision, reason: str
) -> CandidateState:
    """Write one person's decision into the ledger, bound to the candidate's SHA-256; gives the state after.

    Raises:
        DecisionRefused: the person prepared the candidate, has decided before, or gives no reason.
        InvalidTransition: the candidate does not wait for a decision.
    """
    record = workspace.ledger.candidate(candidate)
    check_transition(record.state, CandidateState.APPROVED)
    decided = workspace.ledger.approvals(candidate)
    check_person_can_approve(record.preparer, person, decided, reason)
    workspace.ledger.record_approval(Approval(candidate, person, decision, reason, _now()))
    _move_decided(workspace, record, decision, person)
    return workspace.ledger.candidate(candidate).state


def _move_decided(workspace: Workspace, record: Candidate, decision: Decision, actor: str) -> None:
    if decision is Decision.REJECT:
        move_candidate(workspace, record.id, CandidateState.REJECTED, actor)
        return
    decided = workspace.ledger.approvals(record.id)
    if enough_approvals(workspace.policy.approvals, record.id, record.preparer, decided):
        move_candidate(workspace, record.id, CandidateState.APPROVED, actor)


@step("publish")
def publish_candidate(workspace: Workspace, candidate: str, actor: str) -> str:
    """Room 9, the one door: an approved candidate becomes a release; gives its version.

    Approvals are read from the ledger, every byte is hashed again, and the extract is judged again.

    Raises:
        ReleaseRefused: anything of this is not as it must be; nothing is published.
    """
    record = workspace.ledger.candidate(candidate)
    manifest = workspace.store.read_manifest(candidate)
    extract = read_extract(workspace.store.read_candidate(candidate, name_table(manifest)))
    verdict = assess_disclosure(
        extract, workspace.policy, read_releases(workspace, other_than=record.version)
    )
    release_candidate(workspace.store, workspace.ledger, candidate, verdict, actor)
    return record.version


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
