"""Migrations up and down, on both engines, with the data of the version before: nothing is lost."""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from storage.audit import BEGINNING, find_broken_entry, hash_entry
from storage.database import MIGRATIONS
from storage.ledger import Ledger

TIME, LATER, HASH = "2026-01-01T00:00:00.000001Z", "2026-02-01T00:00:00.000001Z", "0123456789abcdef" * 4
SUBMISSION = {"source_id": "srb_office_victims", "period": "2019", "received_at": TIME, "actor": "ana"}
ENTRY = {
    "at": TIME,
    "seq": 1,
    "actor": "ana",
    "action": "submission.received",
    "subject": HASH,
    "detail": '{"files":1}',
    "previous": BEGINNING,
}

# What a ledger of each revision held, as its own version wrote it: table, then rows.
WRITTEN: dict[str, dict[str, list[dict[str, Any]]]] = {
    "0001": {
        "submission": [
            SUBMISSION
            | {
                "id": HASH,
                "state": "pooled",
                "rows_read": 12,
                "rows_accepted": 11,
                "rows_held": 0,
                "rows_ignored": '{"blank": 1}',
                "cases": HASH,
                "report": HASH,
            },
            SUBMISSION | {"id": HASH[::-1], "state": "received", "period": "2020"},
        ],
        "submission_file": [
            {"submission_id": HASH, "position": 0, "table_name": "cases", "sha256": HASH, "size": 2**40}
        ],
        "finding_count": [
            {"submission_id": HASH, "position": 0, "code": "KEY_MISSING", "count": 1, "measured": 0.5}
        ],
        "pool_entry": [
            {
                "source_id": "srb_office_victims",
                "period": "2019",
                "submission_id": HASH,
                "cases": HASH,
                "rows": 11,
            }
        ],
        "run": [
            {"id": "a" * 32, "step": "map", "subject": HASH, "state": "done", "started_at": TIME}
            | {"counts": '{"rows": 12}'}
        ],
        "candidate": [
            {"id": HASH, "version": "2026.01.1", "pool": HASH, "policy": HASH, "preparer": "ana"}
            | {"state": "released", "prepared_at": TIME, "entries": "[]", "account": "{}", "verdict": "[]"}
        ],
        "approval": [
            {"candidate_id": HASH, "person": p, "decision": "approve", "reason": "read", "at": TIME}
            for p in ("ben", "cem")
        ],
        "release": [
            {"version": "2026.01.1", "candidate_id": HASH, "pool": HASH, "policy": HASH, "rows": 11}
            | {"at": LATER}
        ],
        "audit_entry": [ENTRY | {"hash": hash_entry(ENTRY)}],
    },
    "0002": {
        "restoration": [{"submission_id": HASH, "at": LATER, "person": "ana", "reason": "cut off"}],
        "finding_override": [
            {"id": "b" * 32, "source_id": "srb_office_victims", "period": "2019", "code": "KEY_MISSING"}
            | {"figure": 2.0, "requester": "ana", "reason": "known", "requested_at": TIME}
        ],
    },
    "0003": {
        "description": [{"source_id": "srb_office_victims", "at": TIME, "version": HASH, "actor": "ana"}]
    },
    "0004": {
        "withdrawal": [{"id": "c" * 32, "source_id": "srb_office_victims", "at": TIME, "actor": "ana"}],
        "tombstone": [{"source_id": "srb_office_victims", "mark": HASH, "withdrawal_id": "c" * 32}],
        "withdrawal_release": [{"withdrawal_id": "c" * 32, "version": "2026.01.1"}],
        "rewriting": [{"before": HASH, "after": HASH[::-1], "at": TIME}],
        "raw_erasure": [{"sha256": HASH, "at": TIME, "reason": "expired"}],
        "raw_due": [{"sha256": HASH, "since": TIME}],
    },
    "0005": {},
    "0006": {
        "alert": [
            {"id": HASH, "kind": "late", "source_id": "srb_office_victims", "period": "2019", "rule": ""}
            | {"subject": "", "run": "", "raised_at": TIME}
        ],
        "alert_sending": [{"alert_id": HASH, "channel": "mail", "attempts": 1, "tried_at": TIME}],
    },
}


def list_revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    return [revision.revision for revision in reversed(list(script.walk_revisions()))]


REVISIONS = list_revisions()


@pytest.fixture
def engine(ledger_url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(ledger_url)
    yield engine
    engine.dispose()


def move(engine: sa.Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        tables = sa.inspect(connection).get_table_names()
        now = connection.exec_driver_sql("SELECT * FROM alembic_version").scalar() if tables else None
        forward = now is None or REVISIONS.index(revision) >= REVISIONS.index(now)
        (command.upgrade if forward else command.downgrade)(config, revision)


def write(engine: sa.Engine, revision: str) -> None:
    tables = sa.MetaData()
    with engine.begin() as connection:
        tables.reflect(connection)
        for name, rows in WRITTEN.get(revision, {}).items():
            table = tables.tables[name]
            for row in rows:
                values = {c: json.loads(v) if _is_json(table.c[c]) else v for c, v in row.items()}
                connection.execute(sa.insert(table).values(values))


def read(engine: sa.Engine) -> dict[str, list[dict[str, Any]]]:
    tables = sa.MetaData()
    with engine.connect() as connection:
        tables.reflect(connection)
        return {
            name: sorted((dict(row._mapping) for row in connection.execute(sa.select(table))), key=str)
            for name, table in tables.tables.items()
            if name != "alembic_version"
        }


def _is_json(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.JSON)


def fill_to(engine: sa.Engine, revision: str) -> None:
    for each in REVISIONS[: REVISIONS.index(revision) + 1]:
        move(engine, each)
        write(engine, each)


def keep_columns(
    rows: dict[str, list[dict[str, Any]]], like: dict[str, list[dict[str, Any]]]
) -> dict[str, list[dict[str, Any]]]:
    """The tables and columns of one reading, out of another."""
    return {
        name: sorted(({c: row[c] for c in like[name][0]} for row in rows[name]), key=str)
        if like[name]
        else []
        for name in like
    }


@pytest.mark.parametrize(("before", "after"), list(pairwise(REVISIONS)))
def test_a_step_up_keeps_every_row_and_a_step_down_gives_back_what_was(
    engine: sa.Engine, before: str, after: str
) -> None:
    fill_to(engine, before)
    written = read(engine)
    assert all(written[name] for name in WRITTEN["0001"])
    move(engine, after)
    assert keep_columns(read(engine), written) == written
    move(engine, before)
    assert read(engine) == written
    move(engine, after)
    assert keep_columns(read(engine), written) == written


def test_the_first_ledger_goes_all_the_way_up_and_works(engine: sa.Engine, ledger_url: str) -> None:
    move(engine, REVISIONS[0])
    write(engine, REVISIONS[0])
    written = read(engine)
    ledger = Ledger.open(ledger_url)
    assert keep_columns(read(engine), written) == written
    assert ledger.submission(HASH).account is not None
    assert [entry.rows for entry in ledger.pool_entries()] == [11]
    assert [release.version for release in ledger.releases()] == ["2026.01.1"]
    assert {approval.person for approval in ledger.approvals(HASH)} == {"ben", "cem"}
    assert find_broken_entry(ledger.audit_rows()) is None
    assert ledger.count_entries() == 1
    ledger.close()


def append(connection: sa.Connection, *told: tuple[str, str]) -> None:
    """Write audit entries of an action and a subject, as the version before did, after those there are."""
    trail = sa.MetaData()
    trail.reflect(connection, only=["audit_entry"])
    table = trail.tables["audit_entry"]
    last = connection.execute(sa.select(table).order_by(table.c.seq.desc()).limit(1)).one()
    for number, (action, subject) in enumerate(told, start=last.seq + 1):
        entry = ENTRY | {"seq": number, "action": action, "subject": subject, "previous": last.hash}
        connection.execute(sa.insert(table).values(entry | {"hash": hash_entry(entry)}))
        last = connection.execute(sa.select(table).where(table.c.seq == number)).one()


def test_what_the_version_before_wrote_gets_the_order_of_its_trail(
    engine: sa.Engine, ledger_url: str
) -> None:
    """The clock went back between two submissions, two releases, and two uses of a description."""
    other, version = HASH[::-1], "2026.01.2"
    fill_to(engine, "0004")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE submission SET received_at = '2025' WHERE state = 'received'")
        connection.exec_driver_sql(
            f"INSERT INTO candidate SELECT '{other}', '{version}', pool, policy, preparer, state, '2024', "
            f"entries, account, verdict FROM candidate"
        )
        connection.exec_driver_sql(
            f"INSERT INTO release SELECT '{version}', '{other}', pool, policy, rows, '2025' FROM release"
        )
        connection.exec_driver_sql(
            f"INSERT INTO description SELECT source_id, '2027', '{other}', actor FROM description"
        )
        append(
            connection,
            ("description.changed", "srb_office_victims"),
            ("candidate.prepared", HASH),
            ("release.published", "2026.01.1"),
            ("submission.received", other),
            ("submission.restored", HASH),
            ("candidate.prepared", other),
            ("release.published", version),
            ("description.changed", "srb_office_victims"),
        )
    move(engine, "0005")
    with engine.connect() as connection:
        seq = {
            name: connection.exec_driver_sql(f"SELECT seq FROM {name} ORDER BY seq").scalars().all()
            for name in ("submission", "restoration", "description", "candidate", "release")
        }
    assert seq == {
        "submission": [1, 5],
        "restoration": [6],
        "description": [2, 9],
        "candidate": [3, 7],
        "release": [4, 8],
    }
    ledger = Ledger.open(ledger_url)
    assert [record.submission.period for record in ledger.submissions()] == ["2019", "2020"]
    assert [release.version for release in ledger.releases()] == ["2026.01.1", version]
    assert ledger.is_overtaken(HASH)
    assert not ledger.is_overtaken(other)
    assert not ledger.record_description("srb_office_victims", other, "ana")
    ledger.close()


def test_every_step_but_the_newest_has_its_data_here() -> None:
    assert set(WRITTEN) >= set(REVISIONS[:-1])


def test_the_trail_can_be_changed_only_in_revisions_before_the_refusal(engine: sa.Engine) -> None:
    fill_to(engine, "0003")
    statement = "UPDATE audit_entry SET actor = 'eve'"
    with pytest.raises(sa.exc.DBAPIError), engine.begin() as connection:
        connection.exec_driver_sql(statement)
    move(engine, "0002")
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    move(engine, "0003")
    with pytest.raises(sa.exc.DBAPIError), engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit_entry")
