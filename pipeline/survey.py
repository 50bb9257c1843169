"""The survey: how things stand, asked of ledger, calendar and disk; and what of it people must look at."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pipeline.lateness import Late, list_late
from pipeline.settings_watch import WatchSettings
from pipeline.workspace import Workspace
from schemas.alert import Alert, AlertKind
from schemas.finding import FindingCode
from schemas.override import Override
from schemas.problem import InvalidDescription
from schemas.quality import Measure
from schemas.release import CandidateState, Decision, Release
from schemas.source import Source
from schemas.submission import SubmissionState
from storage.record import Action, Candidate
from storage.summary import Delivery

GIB = 2**30
RECENT = timedelta(days=30)
STUCK = timedelta(days=1)
DRIFT = (
    FindingCode.COLUMN_NEW,
    FindingCode.COLUMN_GONE,
    FindingCode.CODE_NEW,
    FindingCode.CHANGED_SINCE_LAST,
    FindingCode.BOUND_BROKEN_HIGH,
)
UNDER_WAY = (
    SubmissionState.RECEIVED,
    SubmissionState.MAPPED,
    SubmissionState.VALIDATED,
    SubmissionState.CHECKED,
)
VERIFYING = (Action.TRAIL_VERIFIED, Action.TRAIL_EXPORTED, Action.INTEGRITY_CHECKED)
NOT_USED = (SubmissionState.FAILED, SubmissionState.KEPT)
SURVEYED = tuple(kind for kind in AlertKind if kind is not AlertKind.RUN_FAILED)
"""What a survey finds or finds gone; a task of Airflow says itself that it failed, and that it did not."""


@dataclass(frozen=True)
class Waiting:
    """A candidate that people have to decide on, and how many have approved it."""

    candidate: Candidate
    approved: int


@dataclass(frozen=True)
class Survey:
    """How things stand."""

    at: datetime
    sources: dict[str, Source | None]
    deliveries: tuple[Delivery, ...]
    pooled_rows: int
    pooled_places: int
    late: tuple[Late, ...]
    drifted: tuple[tuple[Delivery, FindingCode], ...]
    waiting: tuple[Waiting, ...]
    approvals: int
    overrides: tuple[Override, ...]
    releases: tuple[Release, ...]
    begun_at: datetime | None
    trail_verified_at: datetime | None
    backup_at: datetime | None
    free_bytes: int
    whole_bytes: int

    @property
    def broken_sources(self) -> tuple[str, ...]:
        """Sources whose description has a mistake."""
        return tuple(name for name, source in self.sources.items() if source is None)


def survey(workspace: Workspace) -> Survey:
    """Look at everything, without reading a case or a whole trail."""
    ledger, now = workspace.ledger, datetime.now(UTC)
    deliveries, pool = ledger.last_deliveries(), ledger.pool_entries()
    verified = ledger.last_entry(*VERIFYING)
    began = ledger.first_entry_at()
    saved = ledger.last_entry(Action.BACKUP_MADE)
    free, whole = workspace.store.zones.measure_space()
    waiting = ledger.candidates(CandidateState.AWAITING_APPROVAL)
    sources = {name: _describe(workspace, name) for name in workspace.source_ids()}
    schedules = {name: source.schedule for name, source in sources.items() if source is not None}
    return Survey(
        at=now,
        sources=sources,
        pooled_rows=sum(entry.rows for entry in pool),
        pooled_places=len(pool),
        late=list_late(schedules, pool, workspace.today()),
        deliveries=deliveries,
        drifted=tuple(_find_drift(workspace, [each for each in deliveries if _is_recent(each, now)])),
        waiting=tuple(Waiting(each, _count_approvals(workspace, each)) for each in waiting),
        approvals=workspace.policy.approvals,
        overrides=tuple(each for each in ledger.overrides() if each.decision is None),
        releases=ledger.releases(),
        begun_at=began and read_time(began),
        backup_at=saved and read_time(saved.at),
        trail_verified_at=verified and read_time(verified.at),
        free_bytes=free,
        whole_bytes=whole,
    )


def find_alerts(seen: Survey, settings: WatchSettings) -> tuple[Alert, ...]:
    """What of it people must look at, by kind, source and period."""
    found = {
        *_judge_deliveries(seen, settings),
        *(
            Alert(AlertKind.DRIFT, each.source_id, each.period, code.name, each.submission)
            for each, code in seen.drifted
        ),
        *(Alert(AlertKind.DELIVERY_LATE, each.source_id, each.period) for each in seen.late),
        *(Alert(AlertKind.SOURCE_INVALID, name) for name in seen.broken_sources),
        *_judge_waiting(seen),
        *_judge_house(seen, settings),
    }
    return tuple(sorted(found, key=lambda each: each.named))


def find_held_limit(seen: Survey, source_id: str, settings: WatchSettings) -> float:
    """The share of rows that may wait: what the source says, else the setting."""
    source = seen.sources.get(source_id)
    limit = source.bounds.max.held_share if source is not None else None
    return settings.alert_held_share if limit is None else limit


def _judge_deliveries(seen: Survey, settings: WatchSettings) -> Iterator[Alert]:
    for each in seen.deliveries:
        place = (each.source_id, each.period)
        if each.state in NOT_USED:
            yield Alert(AlertKind.DELIVERY_FAILED, *place, each.state.value, each.submission)
        elif each.state in UNDER_WAY and seen.at - read_time(each.received_at) > STUCK:
            yield Alert(AlertKind.DELIVERY_STUCK, *place, each.state.value, each.submission)
        limit = find_held_limit(seen, each.source_id, settings)
        if each.held_share > limit and _is_recent(each, seen.at):
            yield Alert(AlertKind.ROWS_HELD, *place, "held_share", each.submission)


def _judge_waiting(seen: Survey) -> Iterator[Alert]:
    for waiting in seen.waiting:
        step = f"{waiting.approved}-of-{seen.approvals}"
        yield Alert(AlertKind.APPROVAL_WAITS, rule=step, subject=waiting.candidate.id)
    for asked in seen.overrides:
        code = asked.finding.code.name
        yield Alert(AlertKind.OVERRIDE_WAITS, asked.source_id, asked.period, code, asked.id)


def _judge_house(seen: Survey, settings: WatchSettings) -> Iterator[Alert]:
    if seen.free_bytes < settings.disk_free_gib * GIB:
        yield Alert(AlertKind.DISK_LOW)
    if is_overdue(seen.trail_verified_at, settings.trail_days, seen):
        yield Alert(AlertKind.TRAIL_UNVERIFIED)
    if seen.backup_at is not None and is_overdue(seen.backup_at, settings.backup_days, seen):
        yield Alert(AlertKind.BACKUP_OLD)


def is_overdue(last: datetime | None, days: int, seen: Survey) -> bool:
    """Whether something was last done, or the ledger begun and it never done, more than these days ago."""
    since = last or seen.begun_at
    return since is not None and seen.at - since > timedelta(days=days)


def read_time(written: str) -> datetime:
    """A time as the ledger writes it."""
    return datetime.fromisoformat(written)


def _find_drift(workspace: Workspace, recent: Iterable[Delivery]) -> Iterator[tuple[Delivery, FindingCode]]:
    """What recent deliveries have that those before had not, and nobody has explained."""
    by_id = {each.submission: each for each in recent}
    explained = defaultdict(list)
    for override in workspace.ledger.overrides():
        explained[override.source_id, override.period].append(override)
    for submission, finding in workspace.ledger.findings_among(by_id, DRIFT):
        each = by_id[submission]
        if finding.rule == Measure.HELD.value:
            continue  # said as ROWS_HELD
        if not any(override.explains(finding) for override in explained[each.source_id, each.period]):
            yield each, finding.code


def _describe(workspace: Workspace, source_id: str) -> Source | None:
    """The description of a source; None where it has a mistake, which stops nothing else."""
    try:
        return workspace.describe(source_id).source
    except InvalidDescription:
        return None


def _count_approvals(workspace: Workspace, candidate: Candidate) -> int:
    decided = workspace.ledger.approvals(candidate.id)
    return sum(approval.decision is Decision.APPROVE for approval in decided)


def _is_recent(each: Delivery, now: datetime) -> bool:
    return now - read_time(each.received_at) <= RECENT
