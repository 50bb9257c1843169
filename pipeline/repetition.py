"""Repetition: cases that would count twice, in two periods of one source or because a file came twice.

k-anonymity counts people. Eleven rows of three people protect none of them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.step import Refusal
from pipeline.workspace import Workspace
from schemas.finding import Finding, FindingCode
from schemas.pool import PoolEntry
from storage.relation import count_repeated_keys, find_shared_keys

RULE = "H6"


class CountedTwice(Refusal):
    """The pool holds cases more than once; nothing of it may be released."""


def find_repetition(workspace: Workspace, entry: PoolEntry, pool: Sequence[PoolEntry]) -> tuple[Finding, ...]:
    """What of an entry counts already in another place of the pool: by file, or by the case's own key."""
    others = [other for other in pool if (other.source_id, other.period) != (entry.source_id, entry.period)]
    if not _list_files(workspace, [entry]).isdisjoint(_list_files(workspace, others)):
        return (Finding(FindingCode.RULE_FAILED, entry.rows, rule=RULE),)
    same_source = [other for other in others if other.source_id == entry.source_id]
    paths = [workspace.store.cases_path(other.cases) for other in same_source]
    rows = find_shared_keys(workspace.store.cases_path(entry.cases), paths)
    return (Finding(FindingCode.RULE_FAILED, len(rows), rule=RULE, rows=rows),) if rows else ()


def check_counted_once(workspace: Workspace, pool: Sequence[PoolEntry]) -> None:
    """Let a pool through in which every case counts once, as far as keys and files can tell.

    Raises:
        CountedTwice: a case counts more than once.
    """
    repeated = count_repeated_keys([workspace.store.cases_path(entry.cases) for entry in pool])
    files = Counter(file for entry in pool for file in _list_files(workspace, [entry]))
    if repeated or max(files.values(), default=1) > 1:
        raise CountedTwice(
            f"{repeated} case keys, or whole files, stand in several periods of the pool: hand in for each "
            "period only the cases of that period"
        )


def _list_files(workspace: Workspace, entries: Iterable[PoolEntry]) -> set[str]:
    records = (workspace.ledger.submission(entry.submission) for entry in entries)
    return {file.sha256 for record in records for file in record.submission.files}
