"""Retention: files as they were handed in are erased when their time is over, with evidence on the trail."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.step import Refusal, safe_errors
from pipeline.workspace import Workspace
from storage.case_file import erase_file
from storage.erasure import ErasureReason
from storage.record import Action, SubmissionRecord


class FilesErased(Refusal):
    """The files of a submission were erased, so that it cannot be mapped anew."""


class ClockDoubtful(Refusal):
    """The clock of the machine has gone back, or far ahead, since retention was applied last."""


@dataclass(frozen=True)
class Applied:
    """That retention was applied: the number of the entry that tells it, and the day that it was."""

    seq: int
    day: date


def expire_raw(workspace: Workspace, actor: str, *, clock_is_right: bool = False) -> int:
    """Erase the files of every submission whose days are over; the number of files.

    A file that another submission still needs stays. Run again, it erases what came back meanwhile, and
    puts on record what a run that was cut off had erased. A delivery is taken as received no earlier than
    the last time before it that retention was applied, even if the clock stood in the past then.

    Raises:
        InvalidDescription: the retention policy is not one.
        ClockDoubtful: files are due, but the clock went back, or far ahead, since this was done last, and
            nobody says that it is right; nothing is erased.
    """
    with safe_errors("expire"):
        policy, today = workspace.retention, workspace.today()
        records, applied = workspace.ledger.submissions(), _list_applied(workspace)
        over = {record.submission.id: _is_over(workspace, record, applied, today) for record in records}
        needed = {f.sha256 for r in records if not over[r.submission.id] for f in r.submission.files}
        due = _list_due(workspace, [r for r in records if over[r.submission.id]], needed)
        doubt = None if clock_is_right else _doubt_clock(workspace, applied, today)
        if doubt and due:
            raise ClockDoubtful(doubt)
        for record, files in due:
            kind, days = policy.find_days(record.submission.source_id, record.state)
            for sha in files:
                erase_file(workspace.store.zones.raw_file(sha))
            facts = {"submission": record.submission.id, "kind": kind, "days": days, "policy": policy.sha256}
            workspace.ledger.record_raw_erasure(files, ErasureReason.EXPIRED, actor, **facts)
        expired = sum(len(files) for _, files in due)
        if not doubt:
            workspace.ledger.audit(
                actor, Action.RETENTION_APPLIED, policy.id, day=today.isoformat(), files=expired
            )
        return expired


def _list_due(
    workspace: Workspace, records: Sequence[SubmissionRecord], needed: Collection[str]
) -> list[tuple[SubmissionRecord, list[str]]]:
    """Of each submission the files that are to go, or are gone without a record of it."""
    recorded, left_out, due = workspace.ledger.erased_files(), set(needed), []
    for record in records:
        own = {f.sha256 for f in record.submission.files} - left_out
        files = [s for s in sorted(own) if s not in recorded or workspace.store.zones.raw_file(s).is_file()]
        left_out |= own
        if files:
            due.append((record, files))
    return due


def _list_applied(workspace: Workspace) -> list[Applied]:
    entries = workspace.ledger.entries_of(Action.RETENTION_APPLIED)
    return [Applied(entry.seq, date.fromisoformat(str(entry.detail["day"]))) for entry in entries]


def _doubt_clock(workspace: Workspace, applied: Sequence[Applied], today: date) -> str | None:
    """Why the day is not to be trusted; None where it follows the last time that retention was applied.

    Before the first time, the day of the newest submission stands for it.
    """
    newest = [datetime.fromisoformat(r.received_at).date() for r in workspace.ledger.submissions()[-1:]]
    last = applied[-1].day if applied else next(iter(newest), today)
    if 0 <= (today - last).days <= workspace.retention.longest_pause:
        return None
    return (
        f"the clock says {today}, and retention was applied last on {last}: nothing was erased. Set the "
        "clock; if it is right, run palermo expire --clock-is-right"
    )


def check_files_kept(workspace: Workspace, record: SubmissionRecord) -> None:
    """Let a submission through whose files are all there.

    Raises:
        FilesErased: one was erased, because its time was over or a case in it was withdrawn.
    """
    zones = workspace.store.zones
    gone = {f.sha256 for f in record.submission.files if not zones.raw_file(f.sha256).is_file()}
    if gone & workspace.ledger.erased_files():
        raise FilesErased(
            "the files of this delivery were erased, as the retention policy or a withdrawal asks: "
            "ask the agency to send them again"
        )


def _is_over(workspace: Workspace, record: SubmissionRecord, applied: Sequence[Applied], today: date) -> bool:
    _, days = workspace.retention.find_days(record.submission.source_id, record.state)
    before = [each.day for each in applied if each.seq < record.seq][-1:]
    received = max([datetime.fromisoformat(record.received_at).date(), *before])
    return received + timedelta(days=days) < today
