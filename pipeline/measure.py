"""Measures: how things stand as numbers, for whoever draws them. By source id, step, state and kind only."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from pipeline.step import LOGGER
from pipeline.survey import Survey, read_time
from pipeline.workspace import Workspace
from schemas.extract import Account
from schemas.release import CandidateState
from storage.alert import OpenAlert
from storage.record import Run
from telemetry.metric import Measure, Metric, send_metrics


def try_to_send_measures(workspace: Workspace, seen: Survey, known: Iterable[OpenAlert], url: str) -> bool:
    """Send all measures to a collector; whether it took them. What went wrong is logged by its class."""
    try:
        send_metrics(url, list(list_measures(workspace, seen, known)))
    except Exception as error:
        LOGGER.warning("metrics not sent: %s", type(error).__name__)
        return False
    return True


def list_measures(workspace: Workspace, seen: Survey, known: Iterable[OpenAlert]) -> Iterator[Measure]:
    """Every measure, as things stand."""
    yield from _measure_sources(workspace, seen)
    kinds = Counter(each.alert.kind.name for each in known)
    yield from (Measure(Metric.ALERTS, count, {"kind": kind}) for kind, count in sorted(kinds.items()))
    yield from _measure_steps(workspace.ledger.runs())
    yield from _measure_releases(workspace, seen)
    yield Measure(Metric.DISK_FREE, seen.free_bytes)
    for metric, last in ((Metric.TRAIL_AGE, seen.trail_verified_at), (Metric.BACKUP_AGE, seen.backup_at)):
        if last is not None:
            yield Measure(metric, _seconds(last, seen.at))


def _measure_sources(workspace: Workspace, seen: Survey) -> Iterator[Measure]:
    accepted: Counter[str] = Counter()
    for entry in workspace.ledger.pool_entries():
        accepted[entry.source_id] += entry.rows
    held: Counter[str] = Counter()
    for each in seen.deliveries:
        held[each.source_id] += each.held
    states = Counter((each.source_id, each.state.value) for each in seen.deliveries)
    late = Counter(each.source_id for each in seen.late)
    for source_id in sorted({*seen.sources, *accepted, *held}):
        label = {"source": source_id}
        yield Measure(Metric.ROWS_ACCEPTED, accepted[source_id], label)
        yield Measure(Metric.ROWS_HELD, held[source_id], label)
        yield Measure(Metric.DELIVERIES_LATE, late[source_id], label)
    for (source_id, state), count in sorted(states.items()):
        yield Measure(Metric.DELIVERIES, count, {"source": source_id, "state": state})


def _measure_steps(runs: Iterable[Run]) -> Iterator[Measure]:
    """Runs and the time they took, since the ledger began: these numbers only grow."""
    count: Counter[tuple[str, str]] = Counter()
    spent: defaultdict[str, float] = defaultdict(float)
    for run in runs:
        if run.ended_at is not None:
            count[run.step, run.state.value] += 1
            spent[run.step] += max(0.0, _seconds(read_time(run.started_at), read_time(run.ended_at)))
    for (step, state), number in sorted(count.items()):
        yield Measure(Metric.STEPS, number, {"step": step, "state": state})
    for step, seconds in sorted(spent.items()):
        yield Measure(Metric.STEP_DURATION, seconds, {"step": step})


def _measure_releases(workspace: Workspace, seen: Survey) -> Iterator[Measure]:
    yield Measure(Metric.RELEASES, len(seen.releases))
    released = workspace.ledger.candidates(CandidateState.RELEASED)
    if released and seen.releases:
        last = seen.releases[-1]
        account = next(each.account for each in released if each.id == last.candidate)
        yield Measure(Metric.RELEASE_ROWS, account.published)
        yield Measure(Metric.RELEASE_SUPPRESSED, account.suppressed)
        yield Measure(Metric.RELEASE_KEPT, _mean_kept(account))


def _mean_kept(account: Account) -> float:
    kept = account.information_kept.values()
    return sum(kept) / len(kept) if kept else 0.0


def _seconds(begun: datetime, ended: datetime) -> float:
    return (ended - begun).total_seconds()
