"""Pooling: which accepted cases count now."""

from schemas.pool import PoolEntry


def pool_cases(pool: tuple[PoolEntry, ...], entry: PoolEntry) -> tuple[PoolEntry, ...]:
    """The pool with this entry in the place of those of the same source and period, sorted."""
    others = (old for old in pool if (old.source_id, old.period) != (entry.source_id, entry.period))
    return tuple(sorted((*others, entry)))
