"""The pool: which accepted cases count now: one delivery a source and period, and what joined it."""

import json
from dataclasses import astuple, dataclass
from hashlib import sha256


@dataclass(frozen=True, order=True)
class PoolEntry:
    """The accepted cases of one source and period; `cases` is the SHA-256 of their Parquet file."""

    source_id: str
    period: str
    submission: str
    cases: str
    rows: int


def pool_id(entries: tuple[PoolEntry, ...]) -> str:
    """SHA-256 over the entries in order: the same pool has the same id."""
    return sha256(json.dumps([astuple(entry) for entry in sorted(entries)]).encode()).hexdigest()
