"""The audit trail: a chain of entries, each hashed over the one before, and what may stand in it.

The database itself refuses to change or delete an entry (migration 0003). Who has the right to drop
that trigger can still do it: editing, deleting or reordering any entry is then found by
`find_broken_entry`. Two things are not: cutting off the tail, and rewriting every later hash as
well. Both show against what was copied elsewhere while the trail was whole: `find_fault`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from storage.database import current_time
from storage.detail import Detail, check_detail, check_word
from storage.record import Action, AuditEntry
from storage.tables import audit_entry

BEGINNING = "0" * 64
AT_ONCE = 5_000


class FaultKind(StrEnum):
    """What is wrong with the trail from an entry on."""

    BROKEN = "it was edited, deleted or moved, or one was put in before it"
    REWRITTEN = "it is not the entry that was kept, and every hash after it was made anew"
    CUT = "it was kept and is gone, with all after it"


@dataclass(frozen=True)
class Fault:
    """The number of the first entry that is not as it must be, and in what way."""

    entry: int
    kind: FaultKind


def append_entry(
    connection: sa.Connection, actor: str, action: Action, subject: str, detail: Mapping[str, Detail]
) -> int:
    """Add an entry to the chain, in the caller's transaction, which holds the write lock; its number.

    Raises:
        DetailRefused: the actor, the subject or a detail could be a case value.
    """
    newest = sa.select(audit_entry).order_by(audit_entry.c.seq.desc()).limit(1)
    last = connection.execute(newest).one_or_none()
    row = {
        "seq": last.seq + 1 if last else 1,
        "at": current_time(),
        "actor": check_word("actor", actor),
        "action": Action(action).value,
        "subject": check_word("subject", subject),
        "detail": write_canonical(check_detail(detail)),
        "previous": last.hash if last else BEGINNING,
    }
    connection.execute(sa.insert(audit_entry).values(row | {"hash": hash_entry(row)}))
    return int(row["seq"])


def read_rows(connection: sa.Connection) -> Iterator[Mapping[str, Any]]:
    """The whole trail as it stands in the database, oldest first."""
    streamed = connection.execution_options(yield_per=AT_ONCE)
    rows = streamed.execute(sa.select(audit_entry).order_by(audit_entry.c.seq))
    return (row._asdict() for row in rows)


def read_entry(row: Mapping[str, Any]) -> AuditEntry:
    """One entry, its detail parsed."""
    return AuditEntry(**(dict(row) | {"detail": json.loads(row["detail"])}))


def find_broken_entry(rows: Iterable[Mapping[str, Any]]) -> int | None:
    """Number of the first entry that is missing, moved or altered; None where the chain is whole."""
    fault = find_fault(rows, {})
    return None if fault is None else fault.entry


def find_fault(rows: Iterable[Mapping[str, Any]], kept: Mapping[int, str]) -> Fault | None:
    """The first fault of a trail; None where it is whole and holds every entry that was kept elsewhere.

    `kept` has the hash of each such entry by its number; one alone finds a tail cut off before it.
    """
    previous, number = BEGINNING, 0
    for number, row in enumerate(rows, start=1):
        if (row["seq"], row["previous"], row["hash"]) != (number, previous, hash_entry(row)):
            return Fault(number, FaultKind.BROKEN)
        previous = row["hash"]
        if kept.get(number, previous) != previous:
            return Fault(number, FaultKind.REWRITTEN)
    return Fault(number + 1, FaultKind.CUT) if max(kept, default=0) > number else None


def hash_entry(row: Mapping[str, Any]) -> str:
    """SHA-256 over everything the entry says, the hash of the entry before it included."""
    said = {name: value for name, value in row.items() if name != "hash"}
    return sha256(write_canonical(said).encode()).hexdigest()


def write_canonical(value: object) -> str:
    """JSON in the one form that is hashed: sorted keys, no spaces, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
