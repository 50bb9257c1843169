"""One source-period stands in the pool once."""

from schemas.pool import PoolEntry
from transforms.pooling import pool_cases


def entry(source: str, period: str, submission: str) -> PoolEntry:
    return PoolEntry(source, period, submission, cases=f"cases of {submission}", rows=1)


def test_a_new_source_period_is_added_in_order() -> None:
    pool = (entry("a", "2019", "1"), entry("c", "2019", "2"))
    added = entry("b", "2019", "3")
    assert pool_cases(pool, added) == (pool[0], added, pool[1])
    assert pool_cases((), added) == (added,)


def test_a_corrected_file_takes_the_place_of_the_old_one() -> None:
    pool = (entry("a", "2018", "1"), entry("a", "2019", "2"), entry("b", "2019", "3"))
    corrected = entry("a", "2019", "0")
    assert pool_cases(pool, corrected) == (pool[0], corrected, pool[2])


def test_the_same_entry_again_changes_nothing() -> None:
    pool = (entry("a", "2018", "1"), entry("a", "2019", "2"))
    assert pool_cases(pool, pool[1]) == pool
