"""The desk: the officer's pages in the restricted zone, written anew from ledger and reports."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from pipeline.report import load_carried, load_findings, load_quality, load_revision
from pipeline.workspace import Workspace
from portal.candidate_page import render_candidate_page
from portal.candidate_state import name_page
from portal.desk_page import render_desk_page
from portal.quality_page import render_quality_page
from schemas.policy import Policy
from schemas.submission import RowAccount
from storage.error import StorageError
from storage.record import Candidate, SubmissionRecord

SHORT = 12


def refresh_desk(workspace: Workspace) -> None:
    """Write the index of the desk, the page of every submission that has a report, and of every candidate."""
    titles = {source_id: workspace.describe(source_id).source.title for source_id in workspace.source_ids()}
    submissions, candidates = workspace.ledger.submissions(), workspace.ledger.candidates()
    for record in submissions:
        if report := record.failed_report or record.report:
            _write_page(workspace, record, workspace.store.read_document(report), titles)
    index = render_desk_page(
        submissions,
        candidates,
        approvals={candidate.id: workspace.ledger.approvals(candidate.id) for candidate in candidates},
        required=workspace.policy.approvals,
        titles=titles,
        pages=[c.id for c in candidates if _write_candidate_page(workspace, c, titles)],
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
        overrides=workspace.ledger.overrides(received.source_id, received.period),
        revision=load_revision(report),
        carried=load_carried(report),
        kept=record.failed_report is not None,
    )
    workspace.store.write_page(f"restricted/desk/{received.id[:SHORT]}.html", page)


def _write_candidate_page(workspace: Workspace, candidate: Candidate, titles: Mapping[str, str]) -> bool:
    """Whether the candidate has a page now: not where the policy it was made under cannot be read."""
    policy = _find_policy(workspace, candidate)
    if policy is None:
        return False
    page = render_candidate_page(
        candidate,
        policy,
        workspace.ledger.approvals(candidate.id),
        titles=titles,
        in_force=candidate.policy == workspace.policy.sha256,
    )
    workspace.store.write_page(f"restricted/desk/{name_page(candidate.id)}.html", page)
    return True


def _find_policy(workspace: Workspace, candidate: Candidate) -> Policy | None:
    """The policy a candidate was made under: the one in force, or the copy that its manifest keeps.

    A candidate whose files were removed or damaged does not stop the desk.
    """
    if candidate.policy == workspace.policy.sha256:
        return workspace.policy
    try:
        return Policy.model_validate(workspace.store.read_manifest(candidate.id).policy)
    except (StorageError, ValidationError):
        return None
