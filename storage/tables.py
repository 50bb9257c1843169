"""The tables of the ledger. A change here needs a migration; a test compares the two.

Times are UTC in ISO 8601 with microseconds, as text: they sort, they are the same on both
engines, and the audit trail hashes them as they stand.
"""

from enum import StrEnum

import sqlalchemy as sa

from schemas.release import CandidateState, Decision
from schemas.submission import SubmissionState
from storage.record import RunState

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

HASH = sa.String(64)
TIME = sa.String(32)
NAME = sa.String(128)


def _order() -> sa.Column[int]:
    """Number of the audit entry that put a row into the ledger: the order of rows, which no clock changes."""
    return sa.Column("seq", sa.Integer, nullable=False, server_default="0")


def _enum(kind: type[StrEnum]) -> sa.Enum:
    return sa.Enum(kind, native_enum=False, length=32, values_callable=lambda k: [m.value for m in k])


submission = sa.Table(
    "submission",
    metadata,
    sa.Column("id", HASH, primary_key=True),
    sa.Column("source_id", NAME, nullable=False),
    sa.Column("period", NAME, nullable=False),
    sa.Column("state", _enum(SubmissionState), nullable=False),
    sa.Column("received_at", TIME, nullable=False),
    sa.Column("actor", NAME, nullable=False),
    sa.Column("rows_read", sa.Integer),
    sa.Column("rows_accepted", sa.Integer),
    sa.Column("rows_held", sa.Integer),
    sa.Column("rows_ignored", sa.JSON(none_as_null=True)),
    sa.Column("cases", HASH),
    sa.Column("report", HASH),
    sa.Column("failed_report", HASH),
    sa.Column("joins", HASH),
    _order(),
)

restoration = sa.Table(
    "restoration",
    metadata,
    sa.Column("submission_id", HASH, sa.ForeignKey(submission.c.id), primary_key=True),
    sa.Column("at", TIME, primary_key=True),
    sa.Column("person", NAME, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    _order(),
)

submission_file = sa.Table(
    "submission_file",
    metadata,
    sa.Column("submission_id", HASH, sa.ForeignKey(submission.c.id), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("table_name", NAME, nullable=False),
    sa.Column("sha256", HASH, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
)

finding_count = sa.Table(
    "finding_count",
    metadata,
    sa.Column("submission_id", HASH, sa.ForeignKey(submission.c.id), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("code", sa.String(64), nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("table_name", NAME),
    sa.Column("column_name", sa.Text),
    sa.Column("field", NAME),
    sa.Column("rule", NAME),
    sa.Column("measured", sa.Float),
    sa.Column("expected", sa.Float),
)

finding_override = sa.Table(
    "finding_override",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("source_id", NAME, nullable=False),
    sa.Column("period", NAME, nullable=False),
    sa.Column("code", sa.String(64), nullable=False),
    sa.Column("table_name", NAME),
    sa.Column("column_name", sa.Text),
    sa.Column("field", NAME),
    sa.Column("rule", NAME),
    sa.Column("figure", sa.Float, nullable=False),
    sa.Column("requester", NAME, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("requested_at", TIME, nullable=False),
    sa.Column("approver", NAME),
    sa.Column("decision", _enum(Decision)),
    sa.Column("decided_at", TIME),
)

description = sa.Table(
    "description",
    metadata,
    sa.Column("source_id", NAME, primary_key=True),
    sa.Column("at", TIME, primary_key=True),
    sa.Column("version", HASH, nullable=False),
    sa.Column("actor", NAME, nullable=False),
    _order(),
)

run = sa.Table(
    "run",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("step", NAME, nullable=False),
    sa.Column("subject", NAME, nullable=False),
    sa.Column("state", _enum(RunState), nullable=False),
    sa.Column("started_at", TIME, nullable=False),
    sa.Column("ended_at", TIME),
    sa.Column("counts", sa.JSON, nullable=False),
)

pool_entry = sa.Table(
    "pool_entry",
    metadata,
    sa.Column("source_id", NAME, primary_key=True),
    sa.Column("period", NAME, primary_key=True),
    sa.Column("submission_id", HASH, sa.ForeignKey(submission.c.id), primary_key=True),
    sa.Column("cases", HASH, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
)

candidate = sa.Table(
    "candidate",
    metadata,
    sa.Column("id", HASH, primary_key=True),
    sa.Column("version", NAME, nullable=False),
    sa.Column("pool", HASH, nullable=False),
    sa.Column("policy", HASH, nullable=False),
    sa.Column("preparer", NAME, nullable=False),
    sa.Column("state", _enum(CandidateState), nullable=False),
    sa.Column("prepared_at", TIME, nullable=False),
    sa.Column("entries", sa.JSON, nullable=False),
    sa.Column("account", sa.JSON, nullable=False),
    sa.Column("verdict", sa.JSON, nullable=False),
    _order(),
)

approval = sa.Table(
    "approval",
    metadata,
    sa.Column("candidate_id", HASH, sa.ForeignKey(candidate.c.id), primary_key=True),
    sa.Column("person", NAME, primary_key=True),
    sa.Column("decision", _enum(Decision), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", TIME, nullable=False),
)

release = sa.Table(
    "release",
    metadata,
    sa.Column("version", NAME, primary_key=True),
    sa.Column("candidate_id", HASH, sa.ForeignKey(candidate.c.id), nullable=False, unique=True),
    sa.Column("pool", HASH, nullable=False),
    sa.Column("policy", HASH, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("at", TIME, nullable=False),
    _order(),
)

withdrawal = sa.Table(
    "withdrawal",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("source_id", NAME, nullable=False),
    sa.Column("at", TIME, nullable=False),
    sa.Column("actor", NAME, nullable=False),
)

# The mark is a keyed hash of a case's keyed hash: without the secret of the source it leads to nothing.
tombstone = sa.Table(
    "tombstone",
    metadata,
    sa.Column("source_id", NAME, primary_key=True),
    sa.Column("mark", HASH, primary_key=True),
    sa.Column("withdrawal_id", sa.String(32), sa.ForeignKey(withdrawal.c.id), nullable=False),
)

withdrawal_release = sa.Table(
    "withdrawal_release",
    metadata,
    sa.Column("withdrawal_id", sa.String(32), sa.ForeignKey(withdrawal.c.id), primary_key=True),
    sa.Column("version", NAME, primary_key=True),
)

rewriting = sa.Table(
    "rewriting",
    metadata,
    sa.Column("before", HASH, primary_key=True),
    sa.Column("after", HASH, nullable=False),
    sa.Column("at", TIME, nullable=False),
)

raw_erasure = sa.Table(
    "raw_erasure",
    metadata,
    sa.Column("sha256", HASH, primary_key=True),
    sa.Column("at", TIME, primary_key=True),
    sa.Column("reason", NAME, nullable=False),
)

raw_due = sa.Table(
    "raw_due",
    metadata,
    sa.Column("sha256", HASH, primary_key=True),
    sa.Column("since", TIME, nullable=False),
)

alert = sa.Table(
    "alert",
    metadata,
    sa.Column("id", HASH, primary_key=True),
    sa.Column("kind", NAME, nullable=False),
    sa.Column("source_id", NAME, nullable=False),
    sa.Column("period", NAME, nullable=False),
    sa.Column("rule", NAME, nullable=False),
    sa.Column("subject", NAME, nullable=False),
    sa.Column("run", NAME, nullable=False),
    sa.Column("raised_at", TIME, nullable=False),
    sa.Column("cleared_at", TIME),
)

alert_sending = sa.Table(
    "alert_sending",
    metadata,
    sa.Column("alert_id", HASH, sa.ForeignKey(alert.c.id), primary_key=True),
    sa.Column("channel", NAME, primary_key=True),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("tried_at", TIME, nullable=False),
    sa.Column("sent_at", TIME),
    sa.Column("error", NAME),
)

audit_entry = sa.Table(
    "audit_entry",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", TIME, nullable=False),
    sa.Column("actor", NAME, nullable=False),
    sa.Column("action", NAME, nullable=False),
    sa.Column("subject", NAME, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("previous", HASH, nullable=False),
    sa.Column("hash", HASH, nullable=False),
)
