"""The desk: the officer's pages in the restricted zone, written anew from ledger and reports."""

from collections.abc import Mapping
from typing import Any

from pipeline.report import load_findings, load_quality
from pipeline.workspace import Workspace
from portal.desk_page import render_desk_page
from portal.quality_page import render_quality_page
from schemas.submission import RowAccount
from storage.record import SubmissionRecord

SHORT = 12


def refresh_desk(workspace: Workspace) -> None:
    """Write the index of the desk, and the page of every submission that has a report."""
    titles = {source_id: workspace.describe(source_id).source.title for source_id in workspace.source_ids()}
    submissions, candidates = workspace.ledger.submissions(), workspace.ledger.candidates()
    for record in submissions:
        if record.report is not None:
            _write_page(workspace, record, workspace.store.read_document(record.report), titles)
    index = render_desk_page(
        submissions,
        candidates,
        approvals={candidate.id: workspace.ledger.approvals(candidate.id) for candidate in candidates},
        required=workspace.policy.approvals,
        titles=titles,
    )
    workspace.store.write_page("restricted/desk/index.html", index)


def _write_page(
    workspace: Workspace, record: SubmissionRecord, report: Mapping[str, Any], titles: Mapping[str, str]
) -> None:
    received = record.submission
    page = render_quality_page(
        load_quality(report, received.source_id, received.period),
        load_findings(report["findings"]),
        RowAccount(**report["account"]),
        submission=received.id,
        title=titles.get(received.source_id, received.source_id),
    )
    workspace.store.write_page(f"restricted/desk/{received.id[:SHORT]}.html", page)
