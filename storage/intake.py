"""The intake side of the ledger: submissions, their findings, and which cases count now."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from schemas.finding import Finding, FindingCode
from schemas.pool import PoolEntry
from schemas.submission import RowAccount, Submission, SubmissionState, SubmittedFile
from storage.audit import append_entry
from storage.database import Database, current_time
from storage.detail import Detail
from storage.error import UnknownRecord
from storage.record import Action, Restoration, SubmissionRecord
from storage.tables import finding_count, pool_entry, restoration, submission, submission_file


class Intake(Database):
    """What was handed in and what became of it."""

    def register_submission(self, received: Submission, actor: str) -> bool:
        """Note a submission; False where the same bytes are known already, which changes nothing."""
        with self._write() as connection:
            if _find_submission(connection, received.id) is not None:
                append_entry(connection, actor, Action.SUBMISSION_RECEIVED_AGAIN, received.id, {})
                return False
            detail: dict[str, Detail] = {
                "source": received.source_id,
                "period": received.period,
                "files": len(received.files),
            }
            seq = append_entry(connection, actor, Action.SUBMISSION_RECEIVED, received.id, detail)
            _insert_submission(connection, received, actor, seq)
            return True

    def submission(self, submission_id: str) -> SubmissionRecord:
        """One submission.

        Raises:
            UnknownRecord: it was never registered.
        """
        with self._read() as connection:
            row = _require_submission(connection, submission_id)
            return _read_submission(row, _read_files(connection, submission.c.id == submission_id))

    def submissions(
        self, source_id: str | None = None, period: str | None = None
    ) -> tuple[SubmissionRecord, ...]:
        """All submissions, of one source or period where given, in the order they were received."""
        wanted = [
            column == value
            for column, value in ((submission.c.source_id, source_id), (submission.c.period, period))
            if value is not None
        ]
        query = sa.select(submission).where(*wanted).order_by(submission.c.seq, submission.c.id)
        with self._read() as connection:
            rows = connection.execute(query).all()
            files = _read_files(connection, *wanted)  # afterwards, so that no submission lacks its own
        return tuple(_read_submission(row, files) for row in rows)

    def previous_submission(self, source_id: str, period: str) -> SubmissionRecord | None:
        """The submission of the latest period before this one that counts or is about to, for comparison.

        It has passed its checks; that it is pooled may come later, in a run of its own. Of several of
        one period it is the last received, which is the one that ends in the pool: the last in the order
        of the ledger, which no clock changes. Periods are compared as text, which orders those of one
        source, as they have one form.
        """
        passed = (SubmissionState.CHECKED, SubmissionState.POOLED, SubmissionState.KEPT)
        earlier = [
            record
            for record in self.submissions(source_id)
            if record.state in passed and record.report and record.submission.period < period
        ]
        # They are in order; of those of one period, max gives the first it meets.
        return max(reversed(earlier), key=lambda record: record.submission.period, default=None)

    def set_submission(
        self,
        submission_id: str,
        state: SubmissionState,
        actor: str,
        *,
        account: RowAccount | None = None,
        cases: str | None = None,
        report: str | None = None,
    ) -> None:
        """Move a submission on and add what is now known of it; what is not given stays as it was.

        A report takes the place of that of a run that failed.

        Raises:
            UnknownRecord: it was never registered.
        """
        facts = {"cases": cases, "report": report} | (_account_columns(account) if account else {})
        values = {"state": state} | {name: fact for name, fact in facts.items() if fact is not None}
        values |= {"failed_report": None} if report else {}
        with self._write() as connection:
            _require_submission(connection, submission_id)
            connection.execute(sa.update(submission).where(submission.c.id == submission_id).values(values))
            append_entry(
                connection, actor, Action.SUBMISSION_CHANGED, submission_id, {"state": state, "cases": cases}
            )

    def fail_submission(
        self, submission_id: str, actor: str, *, account: RowAccount, cases: str, report: str
    ) -> SubmissionState:
        """Note that the last run of a submission failed, and why; the state it is in then.

        It is FAILED, unless the pool holds its cases as an earlier run made them: then it is KEPT, and
        what is known of those cases stays.

        Raises:
            UnknownRecord: it was never registered.
        """
        with self._write() as connection:
            _require_submission(connection, submission_id)
            counts = connection.execute(_pool_query().where(pool_entry.c.submission_id == submission_id))
            state = SubmissionState.FAILED if counts.first() is None else SubmissionState.KEPT
            values: dict[str, Any] = {"state": state, "failed_report": report}
            if state is SubmissionState.FAILED:
                values |= {
                    "failed_report": None,
                    "cases": cases,
                    "report": report,
                    **_account_columns(account),
                }
            connection.execute(sa.update(submission).where(submission.c.id == submission_id).values(values))
            append_entry(connection, actor, Action.SUBMISSION_CHANGED, submission_id, {"state": state})
            return state

    def join_submission(self, submission_id: str, base: str | None, actor: str) -> None:
        """Note beside which delivery of its period a submission counts; None where it counts alone.

        Raises:
            UnknownRecord: one of them was never registered.
        """
        with self._write() as connection:
            row = _require_submission(connection, submission_id)
            if row.joins == base:
                return
            if base is not None:
                _require_submission(connection, base)
            connection.execute(
                sa.update(submission).where(submission.c.id == submission_id).values(joins=base)
            )
            append_entry(connection, actor, Action.SUBMISSION_JOINED, submission_id, {"joins": base})

    def restore_submission(self, submission_id: str, person: str, reason: str) -> None:
        """Let a submission count as if it were received now; the reason stays out of the audit trail.

        Raises:
            UnknownRecord: it was never registered.
        """
        row = {"submission_id": submission_id, "at": current_time(), "person": person, "reason": reason}
        with self._write() as connection:
            _require_submission(connection, submission_id)
            seq = append_entry(connection, person, Action.SUBMISSION_RESTORED, submission_id, {})
            connection.execute(sa.insert(restoration).values(row | {"seq": seq}))

    def restorations(self) -> tuple[Restoration, ...]:
        """Every submission that was put back, oldest first."""
        with self._read() as connection:
            rows = connection.execute(sa.select(restoration).order_by(restoration.c.seq)).all()
        return tuple(Restoration(r.submission_id, r.person, r.reason, r.at) for r in rows)

    def record_findings(self, submission_id: str, findings: Sequence[Finding], actor: str) -> None:
        """Keep the counts of a submission's findings, in place of those kept before.

        Raises:
            UnknownRecord: the submission was never registered.
        """
        rows = [_finding_row(submission_id, position, finding) for position, finding in enumerate(findings)]
        with self._write() as connection:
            _require_submission(connection, submission_id)
            connection.execute(sa.delete(finding_count).where(finding_count.c.submission_id == submission_id))
            if rows:
                connection.execute(sa.insert(finding_count), rows)
            append_entry(connection, actor, Action.FINDINGS_RECORDED, submission_id, {"findings": len(rows)})

    def findings(self, submission_id: str) -> tuple[Finding, ...]:
        """The findings of a submission as recorded: counts, without row numbers."""
        query = sa.select(finding_count).where(finding_count.c.submission_id == submission_id)
        with self._read() as connection:
            rows = connection.execute(query.order_by(finding_count.c.position)).all()
        return tuple(read_finding(row) for row in rows)

    def replace_pool_entry(self, entry: PoolEntry, actor: str) -> bool:
        """Let these cases alone count for their source and period; False where the pool is unchanged.

        The submission becomes POOLED and the one it displaces REPLACED, all at once, with those that had
        joined that one. Whichever was received or restored later counts, however late the pooling of the
        other comes: that one becomes REPLACED. One that joins another counts beside it, and not without.

        Raises:
            UnknownRecord: the submission was never registered.
        """
        with self._write() as connection:
            row = _require_submission(connection, entry.submission)
            place = {found.submission_id: found for found in _list_place(connection, entry)}
            before = next((found for found in place.values() if found.joins is None), None)
            if _is_outrun(connection, row, before):
                _change_state(connection, SubmissionState.REPLACED, row, actor)
                return False
            if entry.submission in place and _read_entry(place[entry.submission]) == entry:
                _change_state(connection, SubmissionState.POOLED, row, actor)
                return False
            kept = {row.joins} if row.joins else {entry.submission}
            gone = [i for i, found in place.items() if i != row.id and not {i, found.joins} & kept]
            for submission_id in gone:
                _set_state(connection, SubmissionState.REPLACED, submission_id)
            _set_state(connection, SubmissionState.POOLED, entry.submission)
            old = pool_entry.c.submission_id.in_([*gone, entry.submission])
            connection.execute(sa.delete(pool_entry).where(_same_place(entry), old))
            connection.execute(sa.insert(pool_entry).values(_entry_row(entry)))
            detail: dict[str, Detail] = {
                "source": entry.source_id,
                "period": entry.period,
                "rows": entry.rows,
            }
            append_entry(connection, actor, Action.POOL_CHANGED, entry.submission, detail)
            return True

    def pool_entries(self) -> tuple[PoolEntry, ...]:
        """What counts now, by source and period."""
        with self._read() as connection:
            return tuple(sorted(_read_entry(row) for row in connection.execute(_pool_query()).all()))


def _find_submission(connection: sa.Connection, submission_id: str) -> Any:
    return connection.execute(sa.select(submission).where(submission.c.id == submission_id)).one_or_none()


def _require_submission(connection: sa.Connection, submission_id: str) -> Any:
    row = _find_submission(connection, submission_id)
    if row is None:
        raise UnknownRecord("the ledger has no such submission; register it first")
    return row


def _insert_submission(connection: sa.Connection, received: Submission, actor: str, seq: int) -> None:
    values = {
        "id": received.id,
        "source_id": received.source_id,
        "period": received.period,
        "state": SubmissionState.RECEIVED,
        "received_at": current_time(),
        "actor": actor,
        "seq": seq,
    }
    connection.execute(sa.insert(submission).values(values))
    rows = [
        {
            "submission_id": received.id,
            "position": position,
            "table_name": file.table,
            "sha256": file.sha256,
            "size": file.size,
        }
        for position, file in enumerate(received.files)
    ]
    if rows:
        connection.execute(sa.insert(submission_file), rows)


def _read_files(connection: sa.Connection, *wanted: sa.ColumnElement[bool]) -> dict[str, list[SubmittedFile]]:
    """The files of submissions by their ids, in one query however many there are."""
    files: dict[str, list[SubmittedFile]] = {}
    query = sa.select(submission_file).join(submission).where(*wanted)
    for row in connection.execute(query.order_by(submission_file.c.position)):
        files.setdefault(row.submission_id, []).append(SubmittedFile(row.sha256, row.table_name, row.size))
    return files


def _read_submission(row: Any, files: Mapping[str, Sequence[SubmittedFile]]) -> SubmissionRecord:
    return SubmissionRecord(
        Submission(row.source_id, row.period, tuple(files.get(row.id, ()))),
        row.state,
        row.received_at,
        row.actor,
        _read_account(row),
        row.cases,
        row.report,
        row.failed_report,
        row.joins,
        row.seq,
    )


def _account_columns(account: RowAccount) -> dict[str, Any]:
    return {
        "rows_read": account.read,
        "rows_accepted": account.accepted,
        "rows_held": account.held,
        "rows_ignored": account.ignored,
    }


def _read_account(row: Any) -> RowAccount | None:
    if row.rows_read is None:
        return None
    return RowAccount(row.rows_read, row.rows_accepted, row.rows_held, row.rows_ignored)


def _finding_row(submission_id: str, position: int, finding: Finding) -> dict[str, Any]:
    return {
        "submission_id": submission_id,
        "position": position,
        "code": finding.code.name,
        "count": finding.count,
        "table_name": finding.table,
        "column_name": finding.column,
        "field": finding.field,
        "rule": finding.rule,
        "measured": finding.measured,
        "expected": finding.expected,
    }


def read_finding(row: Any) -> Finding:
    """The finding of a line of the ledger."""
    return Finding(
        FindingCode[row.code],
        row.count,
        row.table_name,
        row.column_name,
        row.field,
        row.rule,
        measured=row.measured,
        expected=row.expected,
    )


def _pool_query() -> sa.Select[Any]:
    return sa.select(pool_entry)


def _same_place(entry: PoolEntry) -> sa.ColumnElement[bool]:
    return sa.and_(pool_entry.c.source_id == entry.source_id, pool_entry.c.period == entry.period)


def _list_place(connection: sa.Connection, entry: PoolEntry) -> Sequence[Any]:
    """What counts for a source and period, each with what it joins."""
    query = sa.select(pool_entry, submission.c.joins).join(submission).where(_same_place(entry))
    return connection.execute(query).all()


def _is_outrun(connection: sa.Connection, row: Any, before: Any) -> bool:
    """Whether what counts came later than a submission, or is not what it joins."""
    if row.joins:
        return before is None or before.submission_id != row.joins
    return before is not None and _is_later(connection, before.submission_id, row)


def _entry_row(entry: PoolEntry) -> dict[str, Any]:
    return {
        "source_id": entry.source_id,
        "period": entry.period,
        "submission_id": entry.submission,
        "cases": entry.cases,
        "rows": entry.rows,
    }


def _read_entry(row: Any) -> PoolEntry:
    return PoolEntry(row.source_id, row.period, row.submission_id, row.cases, row.rows)


def _set_state(connection: sa.Connection, state: SubmissionState, submission_id: str) -> None:
    connection.execute(sa.update(submission).where(submission.c.id == submission_id).values(state=state))


def _change_state(connection: sa.Connection, state: SubmissionState, row: Any, actor: str) -> None:
    """Set a submission's state where it is another, while the pool does not change."""
    if row.state is not state:
        _set_state(connection, state, row.id)
        append_entry(connection, actor, Action.SUBMISSION_CHANGED, row.id, {"state": state})


def _is_later(connection: sa.Connection, submission_id: str, row: Any) -> bool:
    """Whether a submission was received, or last restored, after another one."""
    other = _require_submission(connection, submission_id)
    return (_last_arrival(connection, other), other.id) > (_last_arrival(connection, row), row.id)


def _last_arrival(connection: sa.Connection, row: Any) -> int:
    """Place in the order of the ledger where a submission came, or where an officer last put it back."""
    restored = sa.select(sa.func.max(restoration.c.seq)).where(restoration.c.submission_id == row.id)
    return int(connection.execute(restored).scalar() or row.seq)
