"""The ledger: submissions, runs, pool, candidates, decisions, releases, and the audit trail, in SQL.

Every change and its audit entry are one transaction. `Ledger.open(url)` is the way in; the URL is
`sqlite:///<path>` or `postgresql+psycopg://<user>@<host>/<database>`.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from storage.alert import Alerts
from storage.audit import (
    Fault,
    append_entry,
    find_broken_entry,
    find_fault,
    read_entry,
    read_rows,
)
from storage.database import current_time
from storage.decision import Decisions
from storage.detail import Detail, check_detail, check_word
from storage.erasure import Erasures
from storage.error import UnknownRecord
from storage.intake import Intake
from storage.override import Overrides
from storage.record import Action, AuditEntry, Run, RunState
from storage.summary import Summaries
from storage.tables import audit_entry, description, run


class Ledger(Intake, Overrides, Decisions, Erasures, Alerts, Summaries):
    """The project's memory: what happened, who did it, and what counts now."""

    def start_run(self, step: str, subject: str, actor: str) -> str:
        """Note that a step begins on a subject; the id is for `end_run`.

        Raises:
            DetailRefused: step or subject are not like an id.
        """
        row = {
            "id": uuid4().hex,
            "step": check_word("step", step),
            "subject": check_word("subject", subject),
            "state": RunState.RUNNING,
            "started_at": current_time(),
            "counts": {},
        }
        with self._write() as connection:
            connection.execute(sa.insert(run).values(row))
            append_entry(
                connection, actor, Action.RUN_STARTED, subject, {"run": str(row["id"]), "step": step}
            )
        return str(row["id"])

    def end_run(self, run_id: str, state: RunState, actor: str, counts: Mapping[str, Detail] = {}) -> None:
        """Note how a run ended, and its counts.

        Raises:
            UnknownRecord: there is no such run.
            DetailRefused: a count could be a case value.
        """
        values = {"state": state, "ended_at": current_time(), "counts": check_detail(counts)}
        with self._write() as connection:
            row = connection.execute(sa.select(run).where(run.c.id == run_id)).one_or_none()
            if row is None:
                raise UnknownRecord("the ledger has no such run; start it first")
            connection.execute(sa.update(run).where(run.c.id == run_id).values(values))
            detail = {"run": run_id, "step": row.step, "state": state}
            append_entry(connection, actor, Action.RUN_ENDED, row.subject, detail)

    def runs(self, subject: str | None = None) -> tuple[Run, ...]:
        """All runs, or those on one subject, in the order they began."""
        query = sa.select(run).order_by(run.c.started_at, run.c.id)
        if subject is not None:
            query = query.where(run.c.subject == subject)
        with self._read() as connection:
            return tuple(Run(**row._mapping) for row in connection.execute(query).all())

    def audit(self, actor: str, action: Action, subject: str, **detail: Detail) -> None:
        """Add to the audit trail what no other method of the ledger does.

        Raises:
            DetailRefused: the actor, the subject or a detail could be a case value.
        """
        with self._write() as connection:
            append_entry(connection, actor, action, subject, detail)

    def audit_entries(self) -> tuple[AuditEntry, ...]:
        """The audit trail, oldest first; its last entry is the head to copy elsewhere."""
        with self._read() as connection:
            return tuple(read_entry(row) for row in read_rows(connection))

    def entries_of(self, action: Action) -> tuple[AuditEntry, ...]:
        """What the audit trail says of one kind of action, oldest first."""
        query = sa.select(audit_entry).where(audit_entry.c.action == action.value)
        with self._read() as connection:
            rows = connection.execute(query.order_by(audit_entry.c.seq)).all()
            return tuple(read_entry(row._asdict()) for row in rows)

    def verify_audit(self) -> int | None:
        """Number of the first entry that is missing, moved or altered; None where the trail is whole."""
        with self._read() as connection:
            return find_broken_entry(read_rows(connection))

    def check_trail(self, kept: Mapping[int, str]) -> Fault | None:
        """What is wrong with the audit trail, by itself or against hashes by number kept elsewhere."""
        with self._read() as connection:
            return find_fault(read_rows(connection), kept)

    def audit_rows(self) -> Iterator[Mapping[str, Any]]:
        """The audit trail as it stands in the database, oldest first, without holding all of it."""
        with self._read() as connection:
            yield from read_rows(connection)

    def count_entries(self) -> int:
        """How many entries the audit trail has."""
        with self._read() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(audit_entry)).scalar_one())

    def record_description(self, source_id: str, version: str, actor: str) -> bool:
        """Note which description of a source is used from now on; False where it is the one used before."""
        used = sa.select(description).where(description.c.source_id == source_id)
        with self._write() as connection:
            last = connection.execute(used.order_by(description.c.seq.desc()).limit(1)).one_or_none()
            if last is not None and last.version == version:
                return False
            detail: dict[str, Detail] = {"version": version, "before": last.version if last else None}
            seq = append_entry(connection, actor, Action.DESCRIPTION_CHANGED, source_id, detail)
            row = {"source_id": source_id, "at": current_time(), "version": version, "actor": actor}
            connection.execute(sa.insert(description).values(row | {"seq": seq}))
            return True
