"""The status: ten lines that say what is well, what waits for whom, and what needs a hand. No case value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.settings import Settings
from pipeline.survey import GIB, NOT_USED, Survey, find_alerts
from schemas.alert import Alert, AlertKind
from storage.alert import OpenAlert
from storage.summary import Delivery

NAMED = 3
SHORT = 12
NOTHING = "none"


class Mark(StrEnum):
    """How a line stands."""

    WELL = "ok"
    WAITS = "wait"
    LOOK = "LOOK"


@dataclass(frozen=True)
class StatusLine:
    """One line: how it stands, of what, and the facts."""

    mark: Mark
    name: str
    text: str

    def __str__(self) -> str:
        """The line as it is printed."""
        return f"{self.mark:<4}  {self.name:<11}  {self.text}"


def describe_status(seen: Survey, known: Sequence[OpenAlert], settings: Settings) -> tuple[StatusLine, ...]:
    """The ten lines, from a survey and the alerts that are open in the ledger."""
    found = find_alerts(seen, settings)
    return (
        _say_sources(seen),
        _say_deliveries(seen, found),
        _say_held(seen, found),
        _say_drift(seen),
        _say_decisions(seen),
        _say_releases(seen),
        _say_trail(seen, found),
        _say_backup(seen, found),
        _say_disk(seen, found),
        _say_failures(known),
    )


def needs_a_hand(lines: Iterable[StatusLine]) -> bool:
    """Whether something is the matter that does not only wait for a decision."""
    return any(line.mark is Mark.LOOK for line in lines)


def _say_sources(seen: Survey) -> StatusLine:
    late = sorted({each.source_id for each in seen.late})
    in_time = len(seen.sources) - len(late) - len(seen.broken_sources)
    parts = [f"{len(seen.sources)} described, {in_time} in time"]
    if late:
        parts.append(f"late: {_name(f'{each.source_id} {each.period}' for each in seen.late)}")
    if seen.broken_sources:
        parts.append(f"with a mistake: {_name(seen.broken_sources)}")
    return StatusLine(_mark(len(parts) > 1), "sources", "; ".join(parts))


def _say_deliveries(seen: Survey, found: Iterable[Alert]) -> StatusLine:
    if not seen.deliveries:
        return StatusLine(Mark.WAITS, "deliveries", NOTHING)
    last = seen.deliveries[-1]
    parts = [
        f"{seen.pooled_rows:,} cases of {seen.pooled_places:,} source-periods count",
        f"last {_minute(last.received_at)}, {_place(last)}, {last.state.value}",
    ]
    failed = [_place(each) for each in seen.deliveries if each.state in NOT_USED]
    stuck = [_join(a.source_id, a.period) for a in found if a.kind is AlertKind.DELIVERY_STUCK]
    parts += [f"not used: {_name(failed)}"] if failed else []
    parts += [f"unfinished: {_name(stuck)}"] if stuck else []
    return StatusLine(_mark(bool(failed or stuck)), "deliveries", "; ".join(parts))


def _say_held(seen: Survey, found: Iterable[Alert]) -> StatusLine:
    holding = [each for each in seen.deliveries if each.held]
    above = [_join(a.source_id, a.period) for a in found if a.kind is AlertKind.ROWS_HELD]
    if not holding:
        return StatusLine(Mark.WELL, "held rows", NOTHING)
    text = f"{sum(each.held for each in holding):,} of {len(holding):,} deliveries wait for the agencies"
    return StatusLine(
        _mark(bool(above)), "held rows", f"{text}; above the limit: {_name(above)}" if above else text
    )


def _say_drift(seen: Survey) -> StatusLine:
    places = sorted({_place(each) for each, _ in seen.drifted})
    text = f"to explain: {_name(places)}" if places else NOTHING
    return StatusLine(_mark(bool(places)), "drift", text)


def _say_decisions(seen: Survey) -> StatusLine:
    parts = [
        f"candidate {each.candidate.id[:SHORT]} waits for {seen.approvals - each.approved} of "
        f"{seen.approvals} people other than {each.candidate.preparer}"
        for each in seen.waiting
    ]
    parts += [
        f"override {each.id[:SHORT]} waits for somebody other than {each.requester}"
        for each in seen.overrides[:NAMED]
    ]
    more = len(seen.overrides) - NAMED
    parts += [f"{more} more overrides wait"] if more > 0 else []
    return StatusLine(Mark.WAITS if parts else Mark.WELL, "decisions", "; ".join(parts) or NOTHING)


def _say_releases(seen: Survey) -> StatusLine:
    if not seen.releases:
        return StatusLine(Mark.WELL, "releases", NOTHING)
    last = seen.releases[-1]
    return StatusLine(
        Mark.WELL,
        "releases",
        f"{len(seen.releases)}, last {last.version} on {last.at[:10]}, {last.rows:,} rows",
    )


def _say_trail(seen: Survey, found: Iterable[Alert]) -> StatusLine:
    overdue = any(each.kind is AlertKind.TRAIL_UNVERIFIED for each in found)
    verified = (
        f"verified {_ago(seen, seen.trail_verified_at)}" if seen.trail_verified_at else "not verified yet"
    )
    return StatusLine(_mark(overdue), "audit trail", verified)


def _say_backup(seen: Survey, found: Iterable[Alert]) -> StatusLine:
    if seen.backup_at is None:
        return StatusLine(Mark.WAITS, "backup", "none on record")
    is_old = any(each.kind is AlertKind.BACKUP_OLD for each in found)
    return StatusLine(_mark(is_old), "backup", f"made {_ago(seen, seen.backup_at)}")


def _say_disk(seen: Survey, found: Iterable[Alert]) -> StatusLine:
    is_low = any(each.kind is AlertKind.DISK_LOW for each in found)
    text = f"{seen.free_bytes / GIB:,.1f} of {seen.whole_bytes / GIB:,.1f} GiB free"
    return StatusLine(_mark(is_low), "disk", text)


def _say_failures(known: Iterable[OpenAlert]) -> StatusLine:
    alerts = list(known)
    failed = [
        _join(each.alert.subject, each.alert.source_id, each.alert.period)
        for each in alerts
        if each.alert.kind is AlertKind.RUN_FAILED
    ]
    silent = sorted({channel for each in alerts for channel in each.untold})
    parts = [f"tasks: {_name(failed)}"] if failed else []
    parts += [f"alerts could not be told by {' and '.join(silent)}"] if silent else []
    return StatusLine(_mark(bool(parts)), "failures", "; ".join(parts) or NOTHING)


def _mark(needs_hand: bool) -> Mark:
    return Mark.LOOK if needs_hand else Mark.WELL


def _place(each: Delivery) -> str:
    return _join(each.source_id, each.period)


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _name(things: Iterable[str]) -> str:
    """The first few by name, and how many more there are."""
    names = list(things)
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more}"


def _minute(written: str) -> str:
    return written[:16].replace("T", " ")


def _ago(seen: Survey, then: datetime) -> str:
    days = (seen.at - then).days
    return {0: "today", 1: "yesterday"}.get(days, f"{days:,} days ago")
