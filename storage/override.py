"""The overrides in the ledger: who explained which warning, and who agreed."""

from typing import Any

import sqlalchemy as sa

from schemas.finding import Finding, FindingCode
from schemas.override import Override
from schemas.release import Decision
from storage.audit import append_entry
from storage.database import Database, current_time
from storage.detail import Detail
from storage.error import AlreadyDecided, UnknownRecord
from storage.record import Action
from storage.tables import finding_override


class Overrides(Database):
    """Explained warnings."""

    def request_override(self, asked: Override) -> None:
        """Keep a request, by its requester, now; its reason stays out of the audit trail."""
        with self._write() as connection:
            connection.execute(sa.insert(finding_override).values(_override_row(asked)))
            detail: dict[str, Detail] = {
                "source": asked.source_id,
                "period": asked.period,
                "finding": asked.finding.code.name,
                "figure": float(asked.figure),
            }
            append_entry(connection, asked.requester, Action.OVERRIDE_REQUESTED, asked.id, detail)

    def decide_override(self, override_id: str, person: str, decision: Decision) -> None:
        """Keep what a second person decided. Whether that person may, the caller has checked.

        Raises:
            UnknownRecord: there is no such request.
            AlreadyDecided: it was decided on before.
        """
        same = finding_override.c.id == override_id
        with self._write() as connection:
            row = connection.execute(sa.select(finding_override).where(same)).one_or_none()
            if row is None:
                raise UnknownRecord("the ledger has no such request; see palermo override list")
            if row.decision is not None:
                raise AlreadyDecided("somebody has already decided on this request; make a new one")
            decided = {"approver": person, "decision": decision, "decided_at": current_time()}
            connection.execute(sa.update(finding_override).where(same).values(decided))
            append_entry(connection, person, Action.OVERRIDE_DECIDED, override_id, {"decision": decision})

    def overrides(self, source_id: str | None = None, period: str | None = None) -> tuple[Override, ...]:
        """All requests, of one source or period where given, oldest first."""
        query = sa.select(finding_override).order_by(finding_override.c.requested_at, finding_override.c.id)
        if source_id is not None:
            query = query.where(finding_override.c.source_id == source_id)
        if period is not None:
            query = query.where(finding_override.c.period == period)
        with self._read() as connection:
            return tuple(_read_override(row) for row in connection.execute(query).all())


def _override_row(asked: Override) -> dict[str, Any]:
    finding = asked.finding
    return {
        "id": asked.id,
        "source_id": asked.source_id,
        "period": asked.period,
        "code": finding.code.name,
        "table_name": finding.table,
        "column_name": finding.column,
        "field": finding.field,
        "rule": finding.rule,
        "figure": asked.figure,
        "requester": asked.requester,
        "reason": asked.reason,
        "requested_at": asked.requested_at or current_time(),
    }


def _read_override(row: Any) -> Override:
    finding = Finding(FindingCode[row.code], 0, row.table_name, row.column_name, row.field, row.rule)
    return Override(
        row.id,
        row.source_id,
        row.period,
        finding,
        row.figure,
        row.requester,
        row.reason,
        row.requested_at,
        row.approver,
        row.decision,
        row.decided_at,
    )
