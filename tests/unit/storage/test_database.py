"""Opening the ledger: migrations say what the tables say, and a broken database is a named error."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from schemas.submission import Submission, SubmissionState
from storage.database import MIGRATIONS
from storage.error import LedgerTooNew, LedgerUnavailable
from storage.ledger import Ledger
from storage.record import Action
from storage.tables import metadata


def test_the_migrations_make_the_tables_that_the_code_uses(ledger: Ledger, ledger_url: str) -> None:
    engine = sa.create_engine(ledger_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert set(sa.inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}
    engine.dispose()


def test_opening_again_keeps_what_is_there(ledger: Ledger, ledger_url: str) -> None:
    ledger.audit("ana", Action.CASES_QUERIED, "pool")
    again = Ledger.open(ledger_url)
    assert again.audit_entries() == ledger.audit_entries()
    again.close()


def test_a_newer_ledger_is_not_touched(ledger: Ledger, ledger_url: str) -> None:
    engine = sa.create_engine(ledger_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(LedgerTooNew):
        Ledger.open(ledger_url)


def test_the_embedded_ledger_is_private_and_survives_a_power_cut(tmp_path: Path) -> None:
    path = tmp_path / "home" / "ledger.sqlite"
    ledger = Ledger.open(f"sqlite:///{path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with ledger._read() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }
    assert settings == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "busy_timeout": 60_000}


def test_a_file_that_is_no_database_is_a_named_error(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(b"no database " * 100)
    with pytest.raises(LedgerUnavailable, match="DatabaseError") as caught:
        Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    assert caught.value.__suppress_context__


def test_a_server_that_is_not_there_is_a_named_error_without_its_password() -> None:
    with pytest.raises(LedgerUnavailable) as caught:
        Ledger.open("postgresql+psycopg://palermo:hunter2@127.0.0.1:1/palermo?connect_timeout=2")
    assert "hunter2" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_a_named_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(LedgerUnavailable):
        Ledger.open(f"sqlite:///{tmp_path / 'file' / 'ledger.sqlite'}")


def test_a_migration_can_be_taken_back_and_made_again(ledger: Ledger, ledger_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = sa.create_engine(ledger_url)
    for revision, has_overrides in (("0001", False), ("head", True)):
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            (command.upgrade if has_overrides else command.downgrade)(config, revision)
        with engine.connect() as connection:
            inspector = sa.inspect(connection)
            assert inspector.has_table("finding_override") is has_overrides
            assert inspector.has_table("restoration") is has_overrides
            columns = {column["name"] for column in inspector.get_columns("submission")}
            assert ("failed_report" in columns) is has_overrides
    engine.dispose()


def test_a_submission_whose_last_run_failed_is_pooled_for_the_version_before(
    ledger: Ledger, ledger_url: str, submissions: Callable[..., Submission]
) -> None:
    received = submissions("a")
    ledger.register_submission(received, "a")
    ledger.set_submission(received.id, SubmissionState.KEPT, "a")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = sa.create_engine(ledger_url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        assert connection.exec_driver_sql("SELECT state FROM submission").scalars().all() == ["pooled"]
    engine.dispose()
