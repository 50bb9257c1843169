"""What the ledger gives back: records of submissions, runs, candidates and the audit trail."""

from dataclasses import dataclass
from enum import StrEnum

from schemas.extract import Account
from schemas.pool import PoolEntry
from schemas.release import CandidateState
from schemas.submission import RowAccount, Submission, SubmissionState
from schemas.verdict import Verdict
from storage.detail import Plain


class Action(StrEnum):
    """What the audit trail can say was done."""

    SUBMISSION_RECEIVED = "submission.received"
    SUBMISSION_RECEIVED_AGAIN = "submission.received_again"
    SUBMISSION_REFUSED = "submission.refused"
    SUBMISSION_CHANGED = "submission.changed"
    SUBMISSION_JOINED = "submission.joined"
    SUBMISSION_RESTORED = "submission.restored"
    DESCRIPTION_CHANGED = "description.changed"
    CORRECTION_DRAFTED = "correction.drafted"
    OVERRIDE_REQUESTED = "override.requested"
    OVERRIDE_DECIDED = "override.decided"
    FINDINGS_RECORDED = "findings.recorded"
    POOL_CHANGED = "pool.changed"
    CASES_QUERIED = "cases.queried"
    RUN_STARTED = "run.started"
    RUN_ENDED = "run.ended"
    CANDIDATE_PREPARED = "candidate.prepared"
    CANDIDATE_CHANGED = "candidate.changed"
    CANDIDATE_DECIDED = "candidate.decided"
    DECISION_REFUSED = "candidate.decision_refused"
    RELEASE_REFUSED = "release.refused"
    RELEASE_PUBLISHED = "release.published"
    TRAIL_EXPORTED = "trail.exported"
    TRAIL_VERIFIED = "trail.verified"
    CASE_WITHDRAWN = "case.withdrawn"
    CASES_REWRITTEN = "cases.rewritten"
    RAW_ERASED = "raw.erased"
    RETENTION_APPLIED = "retention.applied"
    KEYS_ROTATED = "keys.rotated"
    FILES_SEALED = "files.sealed"
    KEY_SHREDDED = "key.shredded"
    INTEGRITY_CHECKED = "integrity.checked"
    LATE = "delivery.late"
    BACKUP_MADE = "backup.made"
    BACKUP_CHECKED = "backup.checked"
    BACKUP_RESTORED = "backup.restored"
    ERASURES_EXPORTED = "erasures.exported"
    ERASURES_REPEATED = "erasures.repeated"
    ALERTS_SENT = "alerts.sent"
    ALERTS_UNSENT = "alerts.unsent"


class RunState(StrEnum):
    """How a run of one step ended; one that was killed stays RUNNING."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class SubmissionRecord:
    """A submission and what became of it; `cases` and the reports are SHA-256 of artefacts.

    `failed_report` is of the last run where that failed while the pool keeps the cases of an earlier one.
    `joins` is the delivery of the same period beside which this one counts: it has its repaired rows alone.
    `seq` is the number of the audit entry that tells of its receipt.
    """

    submission: Submission
    state: SubmissionState
    received_at: str
    actor: str
    account: RowAccount | None
    cases: str | None
    report: str | None
    failed_report: str | None = None
    joins: str | None = None
    seq: int = 0

    @property
    def is_under_way(self) -> bool:
        """Whether a run works on it or was cut off, so that its files are still needed."""
        ended = (
            SubmissionState.POOLED,
            SubmissionState.KEPT,
            SubmissionState.REPLACED,
            SubmissionState.FAILED,
        )
        return self.state not in ended


@dataclass(frozen=True)
class Restoration:
    """An officer put an older submission back in the place of a newer one."""

    submission: str
    person: str
    reason: str
    at: str


@dataclass(frozen=True)
class Run:
    """One run of one step on one subject, with the counts it ended on."""

    id: str
    step: str
    subject: str
    state: RunState
    started_at: str
    ended_at: str | None
    counts: dict[str, Plain]


@dataclass(frozen=True)
class Candidate:
    """A frozen candidate for release; `id` is the SHA-256 of its manifest."""

    id: str
    version: str
    pool: str
    policy: str
    preparer: str
    entries: tuple[PoolEntry, ...]
    account: Account
    verdict: Verdict
    state: CandidateState = CandidateState.PREPARED
    prepared_at: str = ""


@dataclass(frozen=True)
class AuditEntry:
    """One line of the audit trail; `hash` covers everything before it and `previous`."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    detail: dict[str, Plain]
    previous: str
    hash: str
