"""The desk: the officer's pages in the restricted zone, written anew from ledger and reports."""

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from pipeline.lateness import find_late
from pipeline.workspace import Workspace
from portal.candidate_page import render_candidate_page
from portal.candidate_state import name_page
from portal.delivery_page import write_delivery_pages
from portal.desk_page import render_desk_page
from schemas.policy import Policy
from schemas.release import Approval
from storage.error import StorageError
from storage.record import Candidate


def refresh_desk(workspace: Workspace) -> None:
    """Write the index of the desk, the page of every submission that has a report, and of every candidate.

    Pages that stand there as they must be are left alone, so that thousands of deliveries cost little.
    """
    with workspace.store.pages.locked():
        _refresh(workspace)


def _refresh(workspace: Workspace) -> None:
    sources = {source_id: workspace.describe(source_id) for source_id in workspace.source_ids()}
    titles = {source_id: described.source.title for source_id, described in sources.items()}
    submissions, candidates = workspace.ledger.submissions(), workspace.ledger.candidates()
    approvals = workspace.ledger.approvals_by_candidate()
    write_delivery_pages(workspace, submissions, sources)
    pages = [
        candidate.id
        for candidate in candidates
        if _write_candidate_page(workspace, candidate, approvals.get(candidate.id, ()), titles)
    ]
    index = render_desk_page(
        submissions,
        candidates,
        approvals=approvals,
        required=workspace.policy.approvals,
        titles=titles,
        pages=pages,
        late=find_late(workspace),
    )
    workspace.store.write_page("restricted/desk/index.html", index)


def _write_candidate_page(
    workspace: Workspace, candidate: Candidate, decided: Sequence[Approval], titles: Mapping[str, str]
) -> bool:
    """Whether the candidate has a page now: not where the policy it was made under cannot be read."""
    policy = _find_policy(workspace, candidate)
    if policy is None:
        return False
    page = render_candidate_page(
        candidate,
        policy,
        decided,
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
        return Policy.of_release(workspace.store.read_manifest(candidate.id).policy)
    except (StorageError, ValidationError):
        return None
