"""Joining: repaired rows that are handed in alone count beside the delivery in which they waited.

They never take its place, and their keys tell them from the cases that count already. So a source without a
key column cannot do this: it hands in the whole file.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipeline.batching import count_figures
from pipeline.history import find_pooled_entry
from pipeline.step import Refusal
from pipeline.workspace import Workspace
from schemas.finding import Finding, FindingCode
from schemas.pool import PoolEntry
from schemas.quality import Profile
from schemas.source import Source
from schemas.submission import RowAccount, SubmissionState
from storage.match import compare_cases
from storage.record import SubmissionRecord
from transforms.quality import Figures

COUNTS = (SubmissionState.POOLED, SubmissionState.KEPT)


class NothingToJoin(Refusal):
    """The rows cannot be told from those that count, or what they belong to does not count."""


def settle_joining(
    workspace: Workspace, document: Mapping[str, Any], source: Source, join: bool | None, actor: str
) -> PoolEntry | None:
    """What a delivery joins: as somebody said, as was settled before, or as its keys tell; None: nothing.

    Rows are taken for repaired ones where no more came than wait in the delivery that counts, and none of
    their keys counts there: a whole file has the keys of the cases that were accepted.

    Raises:
        NothingToJoin: it is said to join, and cannot; or what it joined does not count any more.
    """
    record = workspace.ledger.submission(document["submission"])
    if join is False:
        workspace.ledger.join_submission(record.submission.id, None, actor)
        return None
    base = find_pooled_entry(workspace, record.submission.source_id, record.submission.period)
    if record.joins is not None and (base is None or base.submission != record.joins):
        raise NothingToJoin("the delivery that these rows belong to does not count any more: send all rows")
    if base is None or base.submission == record.submission.id:
        if join:
            raise NothingToJoin("no delivery of this period counts that rows could join: send all rows")
        return None
    if join and not _has_key(source):
        raise NothingToJoin("rows of a source without a key column cannot be told apart: send all rows")
    if record.joins is None and not (join or _are_repaired(workspace, record, document, source, base)):
        return None
    workspace.ledger.join_submission(record.submission.id, base.submission, actor)
    return base


def _has_key(source: Source) -> bool:
    return any(column.key for column in source.columns.values())


def _are_repaired(
    workspace: Workspace,
    record: SubmissionRecord,
    document: Mapping[str, Any],
    source: Source,
    base: PoolEntry,
) -> bool:
    account, waiting = document["account"], workspace.ledger.submission(base.submission).account
    if not _has_key(source) or waiting is None or record.state in COUNTS or not account["accepted"]:
        return False
    if account["accepted"] + account["held"] > waiting.held:
        return False
    paths = [workspace.store.cases_file(cases) for cases in (document["cases"], base.cases)]
    revision = compare_cases(*paths)
    return revision.same == revision.changed == 0


def count_joined(
    workspace: Workspace, base: PoolEntry, figures: Figures, account: RowAccount, previous: Profile | None
) -> tuple[Figures, RowAccount]:
    """Figures and account of what will count together, by which a delivery is judged as a whole."""
    whole = count_figures(workspace.store, base.cases, previous.codes if previous else {}).add(figures)
    accepted = base.rows + account.accepted
    return whole, replace(account, read=account.read + base.rows, accepted=accepted)


def tell_joining(base: PoolEntry, rows: int) -> tuple[Finding, dict[str, int]]:
    """What is said of a delivery that joins another, and what it changes in the period."""
    revision = {"added": rows, "changed": 0, "removed": 0, "same": base.rows}
    return Finding(FindingCode.DELIVERY_JOINED, rows), revision
