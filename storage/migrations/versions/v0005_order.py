"""The order of what the ledger holds is that of the audit trail, whatever a clock said meanwhile."""

from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ENTRY = sa.table("audit_entry", sa.column("seq"), sa.column("action"), sa.column("subject"))

# Which entry of the trail put a row into a table, the column its subject is in, and that of its time.
ORDERED = {
    "submission": ("submission.received", "id", "received_at"),
    "restoration": ("submission.restored", "submission_id", "at"),
    "description": ("description.changed", "source_id", "at"),
    "candidate": ("candidate.prepared", "id", "prepared_at"),
    "release": ("release.published", "version", "at"),
}


def upgrade() -> None:
    """Add the number of the entry that put a row there; 0 for a row that the trail does not know."""
    for table, found in ORDERED.items():
        op.add_column(table, sa.Column("seq", sa.Integer(), nullable=False, server_default="0"))
        _number(table, *found)


def downgrade() -> None:
    """Drop it: the version before orders by time."""
    for table in ORDERED:
        op.drop_column(table, "seq")


def _number(name: str, action: str, subject: str, time: str) -> None:
    """Number the rows of one table: the first of a subject by its first entry, the second by its second."""
    connection = op.get_bind()
    table = sa.table(name, sa.column(subject), sa.column(time), sa.column("seq"))
    told = sa.select(ENTRY.c.subject, ENTRY.c.seq).where(ENTRY.c.action == action)
    entries = connection.execute(told.order_by(ENTRY.c.subject, ENTRY.c.seq)).all()
    numbers = {
        key: [entry.seq for entry in own] for key, own in groupby(entries, lambda entry: entry.subject)
    }
    for row in connection.execute(sa.select(table).order_by(table.c[subject], table.c[time])).all():
        own, at = row._mapping[subject], row._mapping[time]
        if numbers.get(own):
            this = sa.and_(table.c[subject] == own, table.c[time] == at)
            connection.execute(sa.update(table).where(this).values(seq=numbers[own].pop(0)))
