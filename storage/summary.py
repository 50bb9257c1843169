"""The ledger at a glance: a few questions, each one statement, however many years it holds."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from schemas.finding import Finding, FindingCode
from schemas.submission import SubmissionState
from storage.audit import read_entry
from storage.database import Database
from storage.intake import read_finding
from storage.record import Action, AuditEntry
from storage.tables import audit_entry, finding_count, submission

AT_ONCE = 500


@dataclass(frozen=True)
class Delivery:
    """The last submission of one source and period, and where its rows went as far as is known."""

    submission: str
    source_id: str
    period: str
    state: SubmissionState
    received_at: str
    accepted: int = 0
    held: int = 0

    @property
    def held_share(self) -> float:
        """Share of rows that wait among those that are cases."""
        return self.held / (self.accepted + self.held) if self.held else 0.0


class Summaries(Database):
    """What is asked again and again of a ledger that grows."""

    def last_deliveries(self) -> tuple[Delivery, ...]:
        """Of each source and period the last submission that was not replaced, in the order of receipt."""
        columns = submission.c
        query = sa.select(
            columns.id,
            columns.source_id,
            columns.period,
            columns.state,
            columns.received_at,
            columns.rows_accepted,
            columns.rows_held,
        ).where(columns.state != SubmissionState.REPLACED)
        with self._read() as connection:
            rows = connection.execute(query.order_by(columns.seq.desc(), columns.id.desc())).all()
        last: dict[tuple[str, str], Delivery] = {}
        for row in rows:
            known = Delivery(*row[:5], row.rows_accepted or 0, row.rows_held or 0)
            last.setdefault((row.source_id, row.period), known)
        return tuple(reversed(last.values()))

    def findings_among(
        self, submissions: Iterable[str], codes: Collection[FindingCode]
    ) -> tuple[tuple[str, Finding], ...]:
        """The findings of these codes, each with its submission."""
        wanted, names = sorted(submissions), [code.name for code in codes]
        found: list[sa.Row[Any]] = []
        for start in range(0, len(wanted), AT_ONCE):
            query = sa.select(finding_count).where(
                finding_count.c.submission_id.in_(wanted[start : start + AT_ONCE]),
                finding_count.c.code.in_(names),
            )
            with self._read() as connection:
                found += connection.execute(
                    query.order_by(finding_count.c.submission_id, finding_count.c.position)
                ).all()
        return tuple((row.submission_id, read_finding(row)) for row in found)

    def last_entry(self, *actions: Action) -> AuditEntry | None:
        """The last entry of the audit trail that says one of these was done."""
        names = [action.value for action in actions]
        query = sa.select(audit_entry).where(audit_entry.c.action.in_(names))
        with self._read() as connection:
            row = connection.execute(query.order_by(audit_entry.c.seq.desc()).limit(1)).one_or_none()
        return None if row is None else read_entry(row._asdict())

    def first_entry_at(self) -> str | None:
        """When the audit trail begins."""
        query = sa.select(audit_entry.c.at).order_by(audit_entry.c.seq).limit(1)
        with self._read() as connection:
            return connection.execute(query).scalar()
