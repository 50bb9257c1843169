"""Lateness: which source has not delivered which period, by its calendar and its days of grace.

What counts is what stands in the pool. A file that was handed in and refused is still awaited.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.step import safe_errors
from pipeline.workspace import Workspace
from schemas.period import LENGTHS, PERIOD, find_end, list_months, name_period
from schemas.pool import PoolEntry
from schemas.problem import InvalidDescription
from schemas.source import Schedule
from storage.record import Action


@dataclass(frozen=True, order=True)
class Late:
    """A source and a period whose file was due on a day and is not in the pool after its days of grace."""

    source_id: str
    period: str
    due: date


def find_late(workspace: Workspace) -> tuple[Late, ...]:
    """Everything that is late today, in the order of sources and periods.

    A source whose description has a mistake has no calendar until it is mended, and stops no other.
    """
    with safe_errors("lateness"):
        schedules = {}
        for source_id in workspace.source_ids():
            with suppress(InvalidDescription):
                schedules[source_id] = workspace.describe(source_id).source.schedule
        return list_late(schedules, workspace.ledger.pool_entries(), workspace.today())


def list_late(schedules: Mapping[str, Schedule], pool: Iterable[PoolEntry], today: date) -> tuple[Late, ...]:
    """What is late of sources by their calendars and what stands in the pool, in the order of the sources."""
    pooled = defaultdict(set)
    for entry in pool:
        pooled[entry.source_id].add(entry.period)
    return tuple(
        Late(source_id, period, due)
        for source_id, schedule in schedules.items()
        for period, due in find_missing(schedule, pooled[source_id], today)
    )


def note_late(workspace: Workspace, actor: str) -> tuple[Late, ...]:
    """What has become late since this was asked last; each is on the audit trail once, and told once.

    A period that was delivered, taken back and is late again was told before, and is not told anew.
    """
    late = find_late(workspace)
    told = {(entry.subject, entry.detail["period"]) for entry in workspace.ledger.entries_of(Action.LATE)}
    new = tuple(each for each in late if (each.source_id, each.period) not in told)
    for each in new:
        workspace.ledger.audit(
            actor, Action.LATE, each.source_id, period=each.period, due=each.due.isoformat()
        )
    return new


def find_missing(schedule: Schedule, delivered: Collection[str], today: date) -> tuple[tuple[str, date], ...]:
    """The periods of a calendar that are late, each with the day on which its file was due.

    Files may come in other lengths than the calendar's: four quarters are a year, and a year is its months.
    A calendar begins with its first period, or with the first that was delivered; earlier ones are not late.
    """
    length = LENGTHS.get(schedule.every)
    there = {month for period in delivered if PERIOD.fullmatch(period) for month in list_months(period)}
    begins = list_months(schedule.first).start if schedule.first else min(there, default=None)
    if length is None or begins is None:
        return ()
    last = list_months(schedule.last).start if schedule.last else None
    missing = []
    month = begins - begins % length
    while last is None or month <= last:
        period = name_period(schedule.every, month)
        due = find_end(period) + timedelta(days=schedule.due_days)
        if today <= due + timedelta(days=schedule.grace_days):
            break
        if not there.issuperset(range(month, month + length)):
            missing.append((period, due))
        month += length
    return tuple(missing)
