"""First tables of the ledger: intake, runs, pool, candidates, decisions, releases, audit trail."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

HASH, TIME, NAME, STATE = sa.String(64), sa.String(32), sa.String(128), sa.String(32)


def upgrade() -> None:
    """Make the tables."""
    _create_intake()
    _create_pool()
    _create_run()
    _create_candidate()
    _create_decisions()
    _create_audit()


def downgrade() -> None:
    """Drop the tables, those that refer to others first."""
    for table in ("audit_entry", "release", "approval", "candidate", "run", "pool_entry"):
        op.drop_table(table)
    for table in ("finding_count", "submission_file", "submission"):
        op.drop_table(table)


def _column(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _of(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_id")
    return sa.ForeignKeyConstraint([f"{column}_id"], [f"{column}.id"], name=name)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _create_intake() -> None:
    op.create_table(
        "submission",
        _column("id", HASH),
        _column("source_id", NAME),
        _column("period", NAME),
        _column("state", STATE),
        _column("received_at", TIME),
        _column("actor", NAME),
        sa.Column("rows_read", sa.Integer),
        sa.Column("rows_accepted", sa.Integer),
        sa.Column("rows_held", sa.Integer),
        sa.Column("rows_ignored", sa.JSON),
        sa.Column("cases", HASH),
        sa.Column("report", HASH),
        _key("submission", "id"),
    )
    op.create_table(
        "submission_file",
        _column("submission_id", HASH),
        _column("position", sa.Integer()),
        _column("table_name", NAME),
        _column("sha256", HASH),
        _column("size", sa.BigInteger()),
        _of("submission_file", "submission"),
        _key("submission_file", "submission_id", "position"),
    )


def _create_pool() -> None:
    op.create_table(
        "finding_count",
        _column("submission_id", HASH),
        _column("position", sa.Integer()),
        _column("code", sa.String(64)),
        _column("count", sa.Integer()),
        sa.Column("table_name", NAME),
        sa.Column("column_name", sa.Text),
        sa.Column("field", NAME),
        sa.Column("rule", NAME),
        sa.Column("measured", sa.Float),
        sa.Column("expected", sa.Float),
        _of("finding_count", "submission"),
        _key("finding_count", "submission_id", "position"),
    )
    op.create_table(
        "pool_entry",
        _column("source_id", NAME),
        _column("period", NAME),
        _column("submission_id", HASH),
        _column("cases", HASH),
        _column("rows", sa.Integer()),
        _of("pool_entry", "submission"),
        _key("pool_entry", "source_id", "period"),
    )


def _create_run() -> None:
    op.create_table(
        "run",
        _column("id", sa.String(32)),
        _column("step", NAME),
        _column("subject", NAME),
        _column("state", STATE),
        _column("started_at", TIME),
        sa.Column("ended_at", TIME),
        _column("counts", sa.JSON()),
        _key("run", "id"),
    )


def _create_candidate() -> None:
    op.create_table(
        "candidate",
        _column("id", HASH),
        _column("version", NAME),
        _column("pool", HASH),
        _column("policy", HASH),
        _column("preparer", NAME),
        _column("state", STATE),
        _column("prepared_at", TIME),
        _column("entries", sa.JSON()),
        _column("account", sa.JSON()),
        _column("verdict", sa.JSON()),
        _key("candidate", "id"),
    )


def _create_decisions() -> None:
    op.create_table(
        "approval",
        _column("candidate_id", HASH),
        _column("person", NAME),
        _column("decision", STATE),
        _column("reason", sa.Text()),
        _column("at", TIME),
        _of("approval", "candidate"),
        _key("approval", "candidate_id", "person"),
    )
    op.create_table(
        "release",
        _column("version", NAME),
        _column("candidate_id", HASH),
        _column("pool", HASH),
        _column("policy", HASH),
        _column("rows", sa.Integer()),
        _column("at", TIME),
        _of("release", "candidate"),
        sa.UniqueConstraint("candidate_id", name=op.f("uq_release_candidate_id")),
        _key("release", "version"),
    )


def _create_audit() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        _column("at", TIME),
        _column("actor", NAME),
        _column("action", NAME),
        _column("subject", NAME),
        _column("detail", sa.Text()),
        _column("previous", HASH),
        _column("hash", HASH),
        _key("audit_entry", "seq"),
    )
