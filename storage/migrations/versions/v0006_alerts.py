"""Alerts: what was the matter from when to when, and on which channel people were told."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

HASH, TIME, NAME = sa.String(64), sa.String(32), sa.String(128)


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "alert",
        sa.Column("id", HASH, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("source_id", NAME, nullable=False),
        sa.Column("period", NAME, nullable=False),
        sa.Column("rule", NAME, nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("run", NAME, nullable=False),
        sa.Column("raised_at", TIME, nullable=False),
        sa.Column("cleared_at", TIME),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    op.create_table(
        "alert_sending",
        sa.Column("alert_id", HASH, nullable=False),
        sa.Column("channel", NAME, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("tried_at", TIME, nullable=False),
        sa.Column("sent_at", TIME),
        sa.Column("error", NAME),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_sending_alert_id")),
        sa.PrimaryKeyConstraint("alert_id", "channel", name=op.f("pk_alert_sending")),
    )


def downgrade() -> None:
    """Drop them: the version before tells nobody, and what still is the matter is found again."""
    op.drop_table("alert_sending")
    op.drop_table("alert")
