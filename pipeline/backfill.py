"""Backfill: a past period is mapped anew from the files it was handed in with, where that changes it."""

from contextlib import suppress

from pipeline.ingest import Receipt, is_mapped_as_now, is_settled
from pipeline.step import safe_errors
from pipeline.workspace import Workspace
from schemas.problem import InvalidDescription
from storage.record import SubmissionRecord


def recall_pooled(workspace: Workspace, source_id: str, period: str, *, again: bool) -> Receipt | None:
    """The delivery that counts for a source and period, to go through the rooms anew; None where none does.

    It is settled where it was mapped by the description and the schema in force, unless `again` asks for
    it all the same. Of deliveries that count together it is the first that is outdated.
    """
    with safe_errors("recall"):
        version = workspace.describe(source_id).version
        there = _list_place(workspace, source_id, period)
        outdated = [record for record in there if _is_outdated(workspace, record, version)]
        if not there:
            return None
        first = (outdated or there)[0].submission.id
        return Receipt(first, settled=not (again or outdated))


def _list_place(workspace: Workspace, source_id: str, period: str) -> list[SubmissionRecord]:
    """The deliveries that count for a source and period, those that joined another last."""
    entries = workspace.ledger.pool_entries()
    place = [entry for entry in entries if (entry.source_id, entry.period) == (source_id, period)]
    records = [workspace.ledger.submission(entry.submission) for entry in place]
    return sorted(records, key=lambda record: record.joins is not None)


def list_outdated(workspace: Workspace) -> tuple[tuple[str, str], ...]:
    """Source and period of every delivery in the pool that would be mapped otherwise today, and can be.

    Where the files were erased, by retention or for a withdrawal, the cases stay as they are. A delivery
    whose last run failed is not tried again until its description or the schema has changed since.
    """
    with safe_errors("outdated"):
        versions = {}
        for source_id in workspace.source_ids():
            with suppress(InvalidDescription):
                versions[source_id] = workspace.describe(source_id).version
        places = {
            (entry.source_id, entry.period)
            for entry in workspace.ledger.pool_entries()
            if (version := versions.get(entry.source_id))
            and _is_outdated(workspace, workspace.ledger.submission(entry.submission), version)
        }
        return tuple(sorted(places))


def _is_outdated(workspace: Workspace, record: SubmissionRecord, version: str) -> bool:
    zones = workspace.store.zones
    if not all(zones.raw_file(file.sha256).is_file() for file in record.submission.files):
        return False
    if record.failed_report:
        return not is_mapped_as_now(workspace, record.failed_report, version)
    return not is_settled(workspace, record.submission.id, version)
