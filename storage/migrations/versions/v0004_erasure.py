"""Erasure: withdrawn cases by a mark that tells nothing, erased files, artefacts written anew."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

HASH, TIME, NAME = sa.String(64), sa.String(32), sa.String(128)


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "withdrawal",
        _column("id", sa.String(32)),
        _column("source_id", NAME),
        _column("at", TIME),
        _column("actor", NAME),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
    )
    op.create_table(
        "tombstone",
        _column("source_id", NAME),
        _column("mark", HASH),
        _column("withdrawal_id", sa.String(32)),
        _of_withdrawal("tombstone"),
        sa.PrimaryKeyConstraint("source_id", "mark", name=op.f("pk_tombstone")),
    )
    op.create_table(
        "withdrawal_release",
        _column("withdrawal_id", sa.String(32)),
        _column("version", NAME),
        _of_withdrawal("withdrawal_release"),
        sa.PrimaryKeyConstraint("withdrawal_id", "version", name=op.f("pk_withdrawal_release")),
    )
    op.create_table(
        "rewriting",
        _column("before", HASH),
        _column("after", HASH),
        _column("at", TIME),
        sa.PrimaryKeyConstraint("before", name=op.f("pk_rewriting")),
    )
    op.create_table(
        "raw_erasure",
        _column("sha256", HASH),
        _column("at", TIME),
        _column("reason", NAME),
        sa.PrimaryKeyConstraint("sha256", "at", name=op.f("pk_raw_erasure")),
    )
    op.create_table(
        "raw_due",
        _column("sha256", HASH),
        _column("since", TIME),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_raw_due")),
    )


def downgrade() -> None:
    """Drop them: the version before does not know who was withdrawn, and takes them in again."""
    for table in ("raw_due", "raw_erasure", "rewriting", "withdrawal_release", "tombstone", "withdrawal"):
        op.drop_table(table)


def _column(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _of_withdrawal(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_withdrawal_id")
    return sa.ForeignKeyConstraint(["withdrawal_id"], ["withdrawal.id"], name=name)
