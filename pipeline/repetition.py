"""Repetition: people who would count twice: in two periods of a source, by two agencies, by one file twice.

k-anonymity counts people. Eleven rows of three people protect none of them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.report import dump_findings
from pipeline.step import Refusal
from pipeline.workspace import Workspace
from schemas.finding import Finding, FindingCode
from schemas.pool import PoolEntry
from schemas.submission import Submission
from storage.relation import (
    count_repeated_keys,
    count_repeated_persons,
    find_shared_keys,
    find_shared_persons,
)
from storage.store import Store
from transforms.person import restore_rows

RULE = "H6"
COUNTED = "person counts already in another delivery"


class CountedTwice(Refusal):
    """The pool holds cases more than once; nothing of it may be released."""


def leave_out_repeated(
    workspace: Workspace, document: Mapping[str, Any], received: Submission, pool: Sequence[PoolEntry]
) -> dict[str, Any]:
    """A validated delivery without the cases of people who count already in another place of the pool.

    A person is known by the case key within a source, and by a shared code among sources. Whoever came
    into the pool first keeps the person, whatever is delivered later: what was released does not change.
    A file that counts already in another place is left as it is, with a finding that stops it.
    """
    others = [entry for entry in pool if not _gives_way(workspace, entry, received)]
    if not {file.sha256 for file in received.files}.isdisjoint(_list_files(workspace, others)):
        rows = document["account"]["accepted"]
        return _add_finding(document, Finding(FindingCode.RULE_FAILED, rows, rule=RULE))
    counted = _find_counted(workspace, document["cases"], received.source_id, others)
    return (
        _leave_out(workspace.store.of(received.source_id), document, counted) if counted else dict(document)
    )


def _gives_way(workspace: Workspace, entry: PoolEntry, received: Submission) -> bool:
    """Whether an entry will not count beside a delivery: it is its own, or the one that it replaces.

    Rows that were repaired and handed in alone count beside the delivery that they joined.
    """
    if entry.submission == received.id:
        return True
    if (entry.source_id, entry.period) != (received.source_id, received.period):
        return False
    own, other = (workspace.ledger.submission(each).joins for each in (received.id, entry.submission))
    return own is None and other != received.id


def _add_finding(document: Mapping[str, Any], finding: Finding) -> dict[str, Any]:
    return {**document, "findings": [*document["findings"], *dump_findings([finding])]}


def _find_counted(
    workspace: Workspace, cases: str, source_id: str, others: Sequence[PoolEntry]
) -> tuple[int, ...]:
    """Rows of the people who count already, by either key."""
    own = [entry for entry in others if entry.source_id == source_id]
    path = workspace.store.cases_file(cases)
    by_case = find_shared_keys(path, [workspace.store.cases_file(entry.cases) for entry in own])
    by_person = find_shared_persons(path, [workspace.store.cases_file(entry.cases) for entry in others])
    return tuple(sorted({*by_case, *by_person}))


def _leave_out(store: Store, document: Mapping[str, Any], rows: tuple[int, ...]) -> dict[str, Any]:
    people = store.read_table(document["perpetrators"])
    theirs = pd.Series(False, index=people.index)
    with store.open_cases() as writer:
        for batch in store.read_case_batches(document["cases"]):
            left = ~batch.cases.index.isin(rows)
            writer.append(batch.cases[left], batch.reasons[left])
            theirs |= people["source_record_key"].isin(batch.cases.loc[left, "source_record_key"])
    account = document["account"]
    ignored = {**account["ignored"], COUNTED: account["ignored"].get(COUNTED, 0) + len(rows)}
    return _add_finding(document, Finding(FindingCode.COUNTED_BEFORE, len(rows), rows=restore_rows(rows))) | {
        "cases": writer.sha256,
        "perpetrators": store.put_table(people[theirs]),
        "account": {**account, "accepted": account["accepted"] - len(rows), "ignored": ignored},
    }


def check_counted_once(workspace: Workspace, pool: Sequence[PoolEntry]) -> None:
    """Let a pool through in which every case counts once, as far as keys and files can tell.

    Raises:
        CountedTwice: a case counts more than once.
    """
    paths = [workspace.store.cases_file(entry.cases) for entry in pool]
    repeated = count_repeated_keys(paths) + count_repeated_persons(paths)
    files = Counter(file for entry in pool for file in _list_files(workspace, [entry]))
    if repeated or max(files.values(), default=1) > 1:
        raise CountedTwice(
            f"{repeated} people, by case key or shared code, or whole files stand in several places of the "
            "pool: ingest the later deliveries again, which leaves them out"
        )


def _list_files(workspace: Workspace, entries: Iterable[PoolEntry]) -> set[str]:
    records = (workspace.ledger.submission(entry.submission) for entry in entries)
    return {file.sha256 for record in records for file in record.submission.files}
