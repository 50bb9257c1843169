"""Retention: files as they were handed in are erased when their time is over, with evidence on the trail."""

from datetime import date, datetime, timedelta

from pipeline.step import Refusal, safe_errors
from pipeline.workspace import Workspace
from storage.case_file import erase_file
from storage.erasure import ErasureReason
from storage.record import SubmissionRecord


class FilesErased(Refusal):
    """The files of a submission were erased, so that it cannot be mapped anew."""


def expire_raw(workspace: Workspace, actor: str) -> int:
    """Erase the files of every submission whose days are over; the number of files.

    A file that another submission still needs stays. Run again, it erases what came back meanwhile.

    Raises:
        InvalidDescription: the retention policy is not one.
    """
    with safe_errors("expire"):
        policy, today = workspace.retention, workspace.today()
        records = workspace.ledger.submissions()
        over = {record.submission.id: _is_over(workspace, record, today) for record in records}
        needed = {f.sha256 for r in records if not over[r.submission.id] for f in r.submission.files}
        expired = 0
        for record in records:
            files = {f.sha256 for f in record.submission.files if f.sha256 not in needed}
            there = sorted(sha for sha in files if workspace.store.zones.raw_file(sha).is_file())
            if not over[record.submission.id] or not there:
                continue
            kind, days = policy.find_days(record.submission.source_id, record.state)
            for sha in there:
                erase_file(workspace.store.zones.raw_file(sha))
            facts = {"submission": record.submission.id, "kind": kind, "days": days, "policy": policy.sha256}
            workspace.ledger.record_raw_erasure(there, ErasureReason.EXPIRED, actor, **facts)
            expired += len(there)
        return expired


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


def _is_over(workspace: Workspace, record: SubmissionRecord, today: date) -> bool:
    _, days = workspace.retention.find_days(record.submission.source_id, record.state)
    received = datetime.fromisoformat(record.received_at).date()
    return received + timedelta(days=days) < today
