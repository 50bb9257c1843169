"""Release: the one door between the restricted and the public zone. It opens for nothing that is unclear.

Whoever asks, the door itself reads the manifest, the decisions and the candidate's state, hashes
every byte again, and asks for a verdict made now. It copies only what the approved manifest lists.
"""

from pathlib import PurePath

from publish.manifest import CHECKSUMS, MANIFEST, dump_evidence
from publish.permission import enough_approvals
from publish.transition import InvalidTransition, check_transition
from schemas.policy import Policy
from schemas.release import CandidateState, Decision, Manifest, Release
from schemas.verdict import Outcome, Verdict
from storage.database import current_time
from storage.error import StorageError, beside
from storage.ledger import Ledger
from storage.record import Action, Candidate
from storage.store import Store

PUBLISHED_SUFFIXES = frozenset({".parquet", ".csv", ".md", ".json", ".yml"})


class ReleaseRefused(Exception):
    """Base of every reason for which the door stays shut; nothing was published."""


class VerdictNotPassed(ReleaseRefused):
    """The disclosure check did not say pass, now or when the candidate was prepared."""


class ApprovalsMissing(ReleaseRefused):
    """Not enough people other than the preparer approved these very bytes, or one rejected them."""


class TrailBroken(ReleaseRefused):
    """The audit trail was altered, so that nobody knows what else was."""


class ManifestMismatch(ReleaseRefused):
    """The manifest says something else than the ledger, or lists a file that is never published."""


class CandidateOvertaken(ReleaseRefused):
    """Another release came out after the candidate was prepared, so nobody judged the two together."""


def release_candidate(
    store: Store, ledger: Ledger, candidate_id: str, verdict: Verdict, actor: str
) -> Release:
    """Publish an approved candidate; `verdict` is the disclosure check's, made on its bytes just now.

    Run again after it was killed it finishes what was begun; run again after it finished it verifies. Of
    several processes at once one publishes, and the others find it published.

    Raises:
        ReleaseRefused: the verdict, the approvals, the trail or the manifest are not as they must be.
        InvalidTransition: the candidate is not approved.
        StorageError: a byte has changed, or the version is taken.
    """
    try:
        return _release(store, ledger, ledger.candidate(candidate_id), verdict, actor)
    except (ReleaseRefused, InvalidTransition, StorageError) as refusal:
        with beside(refusal):
            ledger.audit(actor, Action.RELEASE_REFUSED, candidate_id, reason=type(refusal).__name__)
        raise


def _release(store: Store, ledger: Ledger, candidate: Candidate, verdict: Verdict, actor: str) -> Release:
    known = _find_release(ledger, candidate)
    if known is not None:
        store.check_release(known.version)
        return known
    manifest = store.read_manifest(candidate.id)
    check_transition(candidate.state, CandidateState.RELEASED)
    _check_manifest(manifest, candidate)
    _check_verdict(verdict, candidate)
    _check_approvals(ledger, manifest, candidate)
    _check_order(ledger, candidate)
    store.publish_release(candidate.id, manifest.version, [MANIFEST, *(file.name for file in manifest.files)])
    ledger.record_release(_describe_release(manifest, candidate), actor)
    return _find_release(ledger, candidate) or _describe_release(manifest, candidate)


def _find_release(ledger: Ledger, candidate: Candidate) -> Release | None:
    return next((release for release in ledger.releases() if release.candidate == candidate.id), None)


def _describe_release(manifest: Manifest, candidate: Candidate) -> Release:
    return Release(
        manifest.version, candidate.id, manifest.pool, candidate.policy, manifest.rows, current_time()
    )


def _check_manifest(manifest: Manifest, candidate: Candidate) -> None:
    """What people read in the ledger is what the manifest binds."""
    evidence = [dump_evidence(item) for item in candidate.verdict.evidence]
    policy = Policy.of_release(manifest.policy)
    said = (manifest.version, manifest.pool, policy.sha256, manifest.verdict)
    if said != (candidate.version, candidate.pool, candidate.policy, evidence):
        raise ManifestMismatch("the manifest is not of the candidate in the ledger: prepare the release anew")
    if manifest.k != policy.k or (manifest.rows and manifest.smallest_class < policy.k):
        raise ManifestMismatch(
            "the manifest states less protection than its policy: prepare the release anew"
        )
    names = {file.name for file in manifest.files} - {CHECKSUMS}
    never = [name for name in names if PurePath(name).suffix not in PUBLISHED_SUFFIXES]
    if never:
        raise ManifestMismatch("the manifest lists a file of a kind that is never published: prepare it anew")


def _check_verdict(verdict: Verdict, candidate: Candidate) -> None:
    """Without evidence the outcome is review, so an empty verdict does not pass."""
    if not verdict.outcome == candidate.verdict.outcome == Outcome.PASS:
        raise VerdictNotPassed("the disclosure check does not say pass: read its evidence and prepare anew")


def _check_approvals(ledger: Ledger, manifest: Manifest, candidate: Candidate) -> None:
    """A decision counts that stands on the audit trail too: a row alone could have been put in by hand."""
    if ledger.verify_audit() is not None:
        raise TrailBroken("the audit trail is broken: compare it with your last export before you release")
    entries = ledger.audit_entries()
    told = {e.actor for e in entries if (e.action, e.subject) == (Action.CANDIDATE_DECIDED, candidate.id)}
    decided = [
        approval
        for approval in ledger.approvals(candidate.id)
        if approval.person in told or approval.decision is not Decision.APPROVE
    ]
    required = Policy.of_release(manifest.policy).approvals
    if not enough_approvals(required, candidate.id, candidate.preparer, decided):
        raise ApprovalsMissing(
            f"fewer than {required} people other than the preparer approved these bytes: see palermo status"
        )


def _check_order(ledger: Ledger, candidate: Candidate) -> None:
    if ledger.is_overtaken(candidate.id):
        raise CandidateOvertaken("another release came out since this was prepared: prepare it anew")
