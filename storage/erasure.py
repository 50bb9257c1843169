"""The erasure side of the ledger: withdrawn cases, erased files, rewritten artefacts; no key of a case."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from schemas.submission import RowAccount, SubmissionState
from storage.audit import append_entry
from storage.database import Database, current_time
from storage.detail import Detail
from storage.record import Action
from storage.tables import (
    pool_entry,
    raw_due,
    raw_erasure,
    rewriting,
    submission,
    tombstone,
    withdrawal,
    withdrawal_release,
)


class ErasureReason(StrEnum):
    """Why a file as it was handed in was erased."""

    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SHREDDED = "shredded"


@dataclass(frozen=True)
class Withdrawal:
    """One case that was withdrawn, and the releases that had held it."""

    id: str
    source_id: str
    at: str
    actor: str
    releases: tuple[str, ...]


@dataclass(frozen=True)
class Rewritten:
    """An artefact of cases that was written anew without some rows, which are counted."""

    before: str
    after: str
    dropped: int


@dataclass(frozen=True)
class ChangedReport:
    """A report that was written anew with the artefact it is of, and where the rows went then."""

    before: str
    after: str
    account: RowAccount


class Erasures(Database):
    """What must not come back."""

    def record_withdrawal(
        self, source_id: str, marks: Sequence[str], releases: Sequence[str], actor: str
    ) -> str | None:
        """Note that a case is withdrawn; the id, or None where it was before, which changes nothing."""
        identity = uuid4().hex
        with self._write() as connection:
            known = sa.select(tombstone).where(
                tombstone.c.source_id == source_id, tombstone.c.mark.in_(list(marks))
            )
            if connection.execute(known).first() is not None:
                return None
            row = {"id": identity, "source_id": source_id, "at": current_time(), "actor": actor}
            connection.execute(sa.insert(withdrawal).values(row))
            buried = [{"source_id": source_id, "mark": m, "withdrawal_id": identity} for m in marks]
            connection.execute(sa.insert(tombstone), buried)
            if releases:
                held = [{"withdrawal_id": identity, "version": version} for version in releases]
                connection.execute(sa.insert(withdrawal_release), held)
            detail: dict[str, Detail] = {"source": source_id, "releases": len(releases)}
            append_entry(connection, actor, Action.CASE_WITHDRAWN, identity, detail)
        return identity

    def withdrawals(self) -> tuple[Withdrawal, ...]:
        """Every withdrawal, oldest first."""
        with self._read() as connection:
            held = connection.execute(sa.select(withdrawal_release)).all()
            rows = connection.execute(sa.select(withdrawal).order_by(withdrawal.c.at)).all()
        return tuple(
            Withdrawal(
                row.id,
                row.source_id,
                row.at,
                row.actor,
                tuple(sorted(h.version for h in held if h.withdrawal_id == row.id)),
            )
            for row in rows
        )

    def tombstones(self) -> dict[str, frozenset[str]]:
        """The marks of withdrawn cases by source."""
        marks: dict[str, set[str]] = {}
        with self._read() as connection:
            for row in connection.execute(sa.select(tombstone)):
                marks.setdefault(row.source_id, set()).add(row.mark)
        return {source_id: frozenset(found) for source_id, found in marks.items()}

    def list_marks(self, source_id: str) -> frozenset[str]:
        """The marks of the withdrawn cases of a source."""
        return self.tombstones().get(source_id, frozenset())

    def record_rewriting(
        self, written: Sequence[Rewritten], reports: Sequence[ChangedReport], actor: str
    ) -> None:
        """Let submissions and the pool name the artefacts that took the place of others, all at once."""
        with self._write() as connection:
            for item in written:
                _replace(connection, submission.c.cases, item.before, {"cases": item.after})
                rows = {"cases": item.after, "rows": pool_entry.c.rows - item.dropped}
                _replace(connection, pool_entry.c.cases, item.before, rows)
                connection.execute(sa.delete(rewriting).where(rewriting.c.before == item.before))
                row = {"before": item.before, "after": item.after, "at": current_time()}
                connection.execute(sa.insert(rewriting).values(row))
                detail: dict[str, Detail] = {"after": item.after, "rows": item.dropped}
                append_entry(connection, actor, Action.CASES_REWRITTEN, item.before, detail)
            for report in reports:
                counted: dict[str, Any] = {
                    "report": report.after,
                    "rows_accepted": report.account.accepted,
                    "rows_held": report.account.held,
                    "rows_ignored": report.account.ignored,
                }
                _replace(connection, submission.c.report, report.before, counted)
                failed = {"failed_report": report.after}
                _replace(connection, submission.c.failed_report, report.before, failed)

    def rewritings(self) -> dict[str, str]:
        """Which artefact of cases took the place of which."""
        with self._read() as connection:
            return {row.before: row.after for row in connection.execute(sa.select(rewriting))}

    def mark_raw_due(self, files: Iterable[str]) -> None:
        """Note that these files hold a withdrawn case and must go."""
        with self._write() as connection:
            known = {row.sha256 for row in connection.execute(sa.select(raw_due))}
            new = [
                {"sha256": sha, "since": current_time()} for sha in dict.fromkeys(files) if sha not in known
            ]
            if new:
                connection.execute(sa.insert(raw_due), new)

    def raw_due(self) -> frozenset[str]:
        """The files that hold a withdrawn case and are not erased yet."""
        with self._read() as connection:
            return frozenset(row.sha256 for row in connection.execute(sa.select(raw_due)))

    def record_raw_erasure(
        self, files: Collection[str], reason: ErasureReason, actor: str, **detail: Detail
    ) -> None:
        """Evidence that files are erased, one entry of the trail for each."""
        with self._write() as connection:
            _record_erasure(connection, files, reason, actor, detail)

    def record_shredding(
        self, source_id: str, keys: Sequence[str], raw: Collection[str], files: int, actor: str
    ) -> None:
        """Evidence that the keys of a source are destroyed: nothing of it counts or is awaited any more."""
        gone = {"state": SubmissionState.FAILED, "cases": None, "report": None, "failed_report": None}
        with self._write() as connection:
            _record_erasure(connection, raw, ErasureReason.SHREDDED, actor, {})
            connection.execute(sa.delete(pool_entry).where(pool_entry.c.source_id == source_id))
            connection.execute(sa.update(submission).where(submission.c.source_id == source_id).values(gone))
            for key in keys:
                append_entry(connection, actor, Action.KEY_SHREDDED, source_id, {"key": key, "files": files})

    def erased_files(self, reason: ErasureReason | None = None) -> frozenset[str]:
        """The files that were erased once, whether they came again or not."""
        query = sa.select(raw_erasure.c.sha256)
        if reason is not None:
            query = query.where(raw_erasure.c.reason == reason.value)
        with self._read() as connection:
            return frozenset(connection.execute(query).scalars())


def _record_erasure(
    connection: sa.Connection,
    files: Collection[str],
    reason: ErasureReason,
    actor: str,
    detail: dict[str, Detail],
) -> None:
    for sha in files:
        row = {"sha256": sha, "at": current_time(), "reason": reason.value}
        connection.execute(sa.insert(raw_erasure).values(row))
        connection.execute(sa.delete(raw_due).where(raw_due.c.sha256 == sha))
        append_entry(connection, actor, Action.RAW_ERASED, sha, {"reason": reason, **detail})


def _replace(connection: sa.Connection, column: sa.Column[Any], before: str, values: dict[str, Any]) -> None:
    connection.execute(sa.update(column.table).where(column == before).values(values))
