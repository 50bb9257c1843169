"""The ledger as rows of one moment, whatever its engine, and back into an empty one."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.runtime.migration import MigrationContext

from storage.audit import append_entry
from storage.database import Database, make_config
from storage.error import LedgerNotEmpty
from storage.record import Action
from storage.tables import audit_entry, raw_erasure, tombstone, withdrawal, withdrawal_release

VERSIONS = "alembic_version"
ERASURES = (withdrawal, tombstone, withdrawal_release, raw_erasure)


class Snapshots(Database):
    """Everything the ledger holds, for a backup; and what must not come back with one."""

    def dump(self) -> Iterator[bytes]:
        """A line with the revision of the tables, then a line a row, all of one moment."""
        with self._read() as connection:
            if not self._embedded:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            revision = MigrationContext.configure(connection).get_current_revision()
            yield _line({"revision": revision, "trail": _last_hash(connection)})
            for table in _reflect(connection):
                for row in connection.execute(sa.select(table)).mappings():
                    yield _line({"table": table.name, "row": dict(row)})

    def load(self, lines: Iterable[bytes]) -> None:
        """Fill an empty ledger, all at once, and bring it to this version; one that is filled already stays.

        Raises:
            LedgerNotEmpty: it holds something.
            LedgerUnavailable: the database cannot be reached or written.
        """
        rows = iter(lines)
        head = json.loads(next(rows))
        with self._migration_lock(), self._write() as connection:
            config = make_config(connection)
            if MigrationContext.configure(connection).get_current_revision() is not None:
                last = _last_hash(connection)
                if last is not None and last == head["trail"]:
                    return
                if last is not None:
                    raise LedgerNotEmpty("the ledger holds something: a backup goes into an empty one only")
                command.downgrade(config, "base")
            command.upgrade(config, head["revision"])
            tables = {table.name: table for table in _reflect(connection)}
            for row in map(json.loads, rows):
                connection.execute(sa.insert(tables[row["table"]]).values(row["row"]))
        with self._migration_lock():
            self._migrate()

    def dump_erasures(self) -> dict[str, list[dict[str, Any]]]:
        """Every withdrawal and erasure, by table: no key of a case."""
        with self._read() as connection:
            return {
                table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
                for table in ERASURES
            }

    def load_erasures(self, erasures: Mapping[str, list[dict[str, Any]]], actor: str) -> int:
        """Add the withdrawals and erasures that are not known; how many rows."""
        added = 0
        with self._write() as connection:
            for table in ERASURES:
                for row in erasures.get(table.name, []):
                    same = sa.and_(*(column == row[column.name] for column in table.primary_key.columns))
                    if connection.execute(sa.select(sa.literal(1)).where(same)).first() is None:
                        connection.execute(sa.insert(table).values(row))
                        added += 1
            append_entry(connection, actor, Action.ERASURES_REPEATED, "ledger", {"rows": added})
        return added


def _reflect(connection: sa.Connection) -> list[sa.Table]:
    """The tables as they are in the database, parents first: a backup may be of another version."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != VERSIONS]


def _last_hash(connection: sa.Connection) -> str | None:
    return connection.execute(
        sa.select(audit_entry.c.hash).order_by(audit_entry.c.seq.desc()).limit(1)
    ).scalar()


def _line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"
