"""A delivery of repaired rows counts beside the one in which they waited, in the same period."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

NAME = "pk_pool_entry"


def upgrade() -> None:
    """Note which delivery another joins, and let several of one period count."""
    op.add_column("submission", sa.Column("joins", sa.String(64)))
    _set_primary_key("source_id", "period", "submission_id")


def downgrade() -> None:
    """Drop it: the version before knows one delivery a period; those that joined it do not count there."""
    connection = op.get_bind()
    submission = sa.table("submission", sa.column("id"), sa.column("joins"), sa.column("state"))
    entry = sa.table("pool_entry", sa.column("submission_id"))
    joined = sa.select(submission.c.id).where(submission.c.joins.is_not(None))
    connection.execute(sa.delete(entry).where(entry.c.submission_id.in_(joined)))
    counted = sa.and_(submission.c.joins.is_not(None), submission.c.state.in_(("pooled", "kept")))
    connection.execute(sa.update(submission).where(counted).values(state="replaced"))
    _set_primary_key("source_id", "period")
    op.drop_column("submission", "joins")


def _set_primary_key(*columns: str) -> None:
    with op.batch_alter_table("pool_entry") as table:
        table.drop_constraint(NAME, type_="primary")
        table.create_primary_key(NAME, list(columns))
