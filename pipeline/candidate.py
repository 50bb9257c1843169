"""Candidates: a judged draft, frozen with its manifest, for people to decide on."""

from pipeline.bundle import build_files, load_entries
from pipeline.released import check_all_recorded, name_as_released
from pipeline.step import Refusal, step
from pipeline.verdict import load_verdict
from pipeline.workspace import Workspace
from publish.manifest import MANIFEST, follow_manifest, identify_manifest, parse_manifest, write_manifest
from publish.transition import can_change, check_transition
from schemas.extract import Account
from schemas.pool import pool_id
from schemas.release import CandidateState, Manifest
from schemas.verdict import Outcome, Verdict
from storage.record import Candidate


class PolicyChanged(Refusal):
    """The policy file changed while a release was under way."""


class CaseWithdrawn(Refusal):
    """A case that stands in the draft was withdrawn while the release was under way."""


class PoolChanged(Refusal):
    """The candidate of this draft was superseded, and the pool is no longer the one it was made of."""


class ContentRejected(Refusal):
    """A person rejected this very content; the message names the candidate."""


class CandidateRefused(Refusal):
    """The disclosure check did not say pass; the message names the checks, never a value."""


def prepare_candidate(workspace: Workspace, assessed: str, actor: str) -> str:
    """Freeze the extract with its manifest as a candidate for people to approve; gives the candidate's id.

    Raises:
        CandidateRefused: the disclosure check did not say pass; the candidate is kept as refused.
        ReleaseUnrecorded: something is public that the ledger does not know, and superseding would strand it.
        PolicyChanged: the policy is no longer the one the draft was made under.
        CaseWithdrawn: a case in the draft was withdrawn meanwhile.
        ContentRejected: people have rejected the same content before.
        PoolChanged: it was superseded, and the pool has not gone back to what it is made of.
    """
    candidate = _freeze(workspace, assessed, actor)
    record = workspace.ledger.candidate(candidate)
    if record.state is CandidateState.REFUSED:
        raise CandidateRefused(
            f"the disclosure check did not pass: {', '.join(_failed_checks(record.verdict))}"
        )
    return candidate


@step("prepare")
def _freeze(workspace: Workspace, assessed: str, actor: str) -> str:
    document = workspace.store.read_document(assessed)
    if document["policy"] != workspace.policy.sha256:
        raise PolicyChanged("the policy file changed meanwhile: start the release anew")
    account = Account.load(document["account"])
    if account.appearance in workspace.ledger.rewritings():
        raise CaseWithdrawn("a case in the draft was withdrawn meanwhile: start the release anew")
    verdict = load_verdict(document["verdict"])
    files = build_files(workspace, document, verdict)
    manifest = _find_next(workspace, parse_manifest(files[MANIFEST]))
    candidate = Candidate(
        id=workspace.store.write_candidate({**files, MANIFEST: write_manifest(manifest)}),
        version=document["version"],
        pool=document["pool"],
        policy=document["policy"],
        preparer=actor,
        entries=load_entries(document["entries"]),
        account=account,
        verdict=verdict,
    )
    check_all_recorded(workspace, finishing=candidate.id)
    workspace.ledger.record_candidate(candidate, manifest.follows)
    if workspace.ledger.candidate(candidate.id).state is CandidateState.PREPARED:
        _supersede_others(workspace, candidate.id, actor)
        passed = verdict.outcome is Outcome.PASS
        state = CandidateState.AWAITING_APPROVAL if passed else CandidateState.REFUSED
        move_candidate(workspace, candidate.id, state, actor)
    return candidate.id


def _find_next(workspace: Workspace, manifest: Manifest) -> Manifest:
    """The manifest as it comes to people: where one of the same content was superseded, one that follows it.

    A pool that goes back to what it was gives the same bytes, and so the same id. People decide anew.
    """
    states = {candidate.id: candidate.state for candidate in workspace.ledger.candidates()}
    while states.get(identify_manifest(manifest)) is CandidateState.SUPERSEDED:
        manifest = follow_manifest(manifest)
    candidate = identify_manifest(manifest)
    if states.get(candidate) is CandidateState.REJECTED:
        raise ContentRejected(
            f"people rejected the same content as candidate {candidate[:12]}, so nothing new comes to them: "
            "read the reason on the desk, change what it asks for, and start the release anew"
        )
    if manifest.follows is not None and manifest.pool != _find_pool(workspace):
        raise PoolChanged("its candidate was superseded and the pool is another now: start the release anew")
    return manifest


def _find_pool(workspace: Workspace) -> str:
    return pool_id(name_as_released(workspace, workspace.ledger.pool_entries()))


def _supersede_others(workspace: Workspace, candidate: str, actor: str) -> None:
    """One candidate at a time: an older one that nobody has released was overtaken by the pool."""
    for other in workspace.ledger.candidates():
        if other.id != candidate and can_change(other.state, CandidateState.SUPERSEDED):
            move_candidate(workspace, other.id, CandidateState.SUPERSEDED, actor)


def move_candidate(workspace: Workspace, candidate: str, state: CandidateState, actor: str) -> None:
    """Move a candidate on, if the table of transitions allows it; nothing where another process did already.

    Raises:
        InvalidTransition: it does not.
        CandidateChanged: another process moved it elsewhere at the same moment.
    """
    before = workspace.ledger.candidate(candidate).state
    if before is not state:
        check_transition(before, state)
        workspace.ledger.set_candidate_state(candidate, state, actor, before=before)


def _failed_checks(verdict: Verdict) -> list[str]:
    return [evidence.check for evidence in verdict.evidence if evidence.outcome is not Outcome.PASS]
