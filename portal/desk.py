"""The desk: the officer's pages in the restricted zone, written anew from ledger and reports."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from pipeline.delivery_report import build_delivery_report
from pipeline.lateness import find_late
from pipeline.workspace import Workspace
from portal.candidate_page import render_candidate_page
from portal.candidate_state import name_page
from portal.desk_page import render_desk_page
from portal.quality_page import LanguageLink, name_report, render_quality_page
from schemas.policy import Policy
from schemas.source import Source
from schemas.text import Language, choose_language
from storage.error import StorageError
from storage.record import Candidate, SubmissionRecord


def refresh_desk(workspace: Workspace) -> None:
    """Write the index of the desk, the page of every submission that has a report, and of every candidate."""
    sources = {source_id: workspace.describe(source_id).source for source_id in workspace.source_ids()}
    titles = {source_id: source.title for source_id, source in sources.items()}
    submissions, candidates = workspace.ledger.submissions(), workspace.ledger.candidates()
    for record in submissions:
        if report := record.failed_report or record.report:
            source = sources.get(record.submission.source_id)
            _write_pages(workspace, record, workspace.store.read_document(report), source)
    index = render_desk_page(
        submissions,
        candidates,
        approvals={candidate.id: workspace.ledger.approvals(candidate.id) for candidate in candidates},
        required=workspace.policy.approvals,
        titles=titles,
        pages=[c.id for c in candidates if _write_candidate_page(workspace, c, titles)],
        late=find_late(workspace),
    )
    workspace.store.write_page("restricted/desk/index.html", index)


def _write_pages(
    workspace: Workspace, record: SubmissionRecord, document: Mapping[str, Any], source: Source | None
) -> None:
    """The page of a delivery in the language of its agency, and beside it in every other."""
    received = record.submission
    own = choose_language(source.language if source else ())
    overrides = workspace.ledger.overrides(received.source_id, received.period)
    names = {
        language: name_report(received.id, language if language is not own else None) for language in Language
    }
    for language, name in names.items():
        report = build_delivery_report(
            document,
            received,
            source,
            overrides,
            state=record.state,
            language=language,
        )
        links = [LanguageLink(other, None if other is language else names[other]) for other in Language]
        workspace.store.write_page(f"restricted/desk/{name}", render_quality_page(report, links))


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
