"""The connection to the ledger's database: engine, transactions, migration; SQLite or PostgreSQL.

Every write takes one lock before anything else, because every write appends to the audit
trail: `BEGIN IMMEDIATE` on SQLite, a transaction-wide advisory lock on PostgreSQL.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from filelock import FileLock, Timeout
from sqlalchemy.exc import ArgumentError, DBAPIError

from storage.error import LedgerTooNew, LedgerUnavailable

MIGRATIONS = Path(__file__).with_name("migrations")
PRIVATE_FILE = 0o600
PATIENCE_SECONDS = 60
WRITE_LOCK = 0x6A1E4D0A  # any number that no other program on the same database is likely to use
WRITING = {"palermo_writes": True}


def current_time() -> str:
    """Now, as the ledger writes it: UTC, ISO 8601, microseconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Database:
    """One database, by URL; `open` makes or upgrades its tables."""

    def __init__(self, url: str) -> None:
        """Prepare to connect; nothing is opened yet.

        Raises:
            LedgerUnavailable: it is not the URL of a database that Palermo can use.
        """
        try:
            self._url = sa.make_url(url)
            self._embedded = self._url.get_backend_name() == "sqlite"
            # hide_parameters: an error of the database must not carry what was being written.
            self._engine = sa.create_engine(self._url, hide_parameters=True, **self._options())
        except (ArgumentError, ImportError, ValueError):
            # The library's message may quote a part of the URL, and so of a password.
            raise LedgerUnavailable(
                "PALERMO_DATABASE_URL: the URL of the ledger cannot be used; write sqlite:///<path> or postgresql+psycopg://"
                "<user>:<password>@<host>/<database>, the signs @ : / of a password as %40 %3A %2F"
            ) from None
        if self._embedded:
            sa.event.listen(self._engine, "connect", _prepare_sqlite)
            sa.event.listen(self._engine, "begin", _begin_sqlite)

    @classmethod
    def open(cls, url: str) -> Self:
        """Connect and bring the tables to this version; safe for several processes at once.

        Raises:
            LedgerUnavailable: the database cannot be reached or written.
            LedgerTooNew: the tables come from a newer Palermo.
        """
        database = cls(url)
        with database._migration_lock():
            database._migrate()
        return database

    def revision(self) -> str:
        """The revision of the tables."""
        with self._read() as connection:
            return str(MigrationContext.configure(connection).get_current_revision())

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    @contextmanager
    def _read(self) -> Iterator[sa.Connection]:
        with _translated_errors(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[sa.Connection]:
        with _translated_errors(), self._engine.execution_options(**WRITING).begin() as connection:
            if not self._embedded:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITE_LOCK)))
            yield connection

    def _options(self) -> dict[str, Any]:
        if self._embedded:
            return {"connect_args": {"timeout": PATIENCE_SECONDS}, "poolclass": sa.NullPool}
        return {"pool_pre_ping": True, "pool_size": 2}

    @contextmanager
    def _migration_lock(self) -> Iterator[None]:
        # PostgreSQL needs none: the write lock of the migration's own transaction serves.
        if not self._embedded:
            yield
            return
        path = Path(self._url.database or "ledger.sqlite")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(PRIVATE_FILE)
            with FileLock(f"{path}.lock", timeout=PATIENCE_SECONDS, mode=PRIVATE_FILE):
                yield
        except (OSError, Timeout) as error:
            raise _unavailable(error) from None

    def _migrate(self) -> None:
        config = make_config()
        head = ScriptDirectory.from_config(config).get_current_head()
        with self._read() as connection:
            if MigrationContext.configure(connection).get_current_revision() == head:
                return
        with self._write() as connection:
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError:
                raise LedgerTooNew(
                    "the ledger has a revision this version does not know; install the newer version"
                ) from None


def make_config(connection: sa.Connection | None = None) -> Config:
    """What Alembic needs to know."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise _unavailable(error.orig or error) from None


def _unavailable(error: BaseException) -> LedgerUnavailable:
    kind = type(error).__name__
    return LedgerUnavailable(
        f"the ledger could not be read or written ({kind}); check that the database runs and has room, and "
        "that PALERMO_DATABASE_URL names it"
    )


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # Without this, sqlite3 begins transactions by its own rules; _begin_sqlite does it instead.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("palermo_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
