"""What changes after the first delivery: failed runs beside pooled cases, restorations, overrides."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

HASH, TIME, NAME, STATE = sa.String(64), sa.String(32), sa.String(128), sa.String(32)


def upgrade() -> None:
    """Add the column and the tables."""
    op.add_column("submission", sa.Column("failed_report", HASH))
    op.create_table(
        "restoration",
        _column("submission_id", HASH),
        _column("at", TIME),
        _column("person", NAME),
        _column("reason", sa.Text()),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_restoration_submission_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", "at", name=op.f("pk_restoration")),
    )
    _create_override()


def downgrade() -> None:
    """Drop them; a submission whose last run failed is in the pool all the same."""
    op.execute("UPDATE submission SET state = 'pooled' WHERE state = 'kept'")
    op.drop_table("finding_override")
    op.drop_table("restoration")
    with op.batch_alter_table("submission") as batch:
        batch.drop_column("failed_report")


def _column(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _create_override() -> None:
    op.create_table(
        "finding_override",
        _column("id", sa.String(32)),
        _column("source_id", NAME),
        _column("period", NAME),
        _column("code", sa.String(64)),
        sa.Column("table_name", NAME),
        sa.Column("column_name", sa.Text),
        sa.Column("field", NAME),
        sa.Column("rule", NAME),
        _column("figure", sa.Float()),
        _column("requester", NAME),
        _column("reason", sa.Text()),
        _column("requested_at", TIME),
        sa.Column("approver", NAME),
        sa.Column("decision", STATE),
        sa.Column("decided_at", TIME),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_override")),
    )
