"""The desk in the store: which pages stand there after it was refreshed."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from pipeline.settings import Settings
from pipeline.workspace import Workspace
from portal.desk import refresh_desk
from publish.manifest import Draft, build_manifest, write_manifest
from schemas.extract import Account
from schemas.policy import Policy
from schemas.release import Approval, Decision, PublishedFile
from schemas.verdict import Evidence, Outcome, Verdict
from storage.record import Candidate

Read = Callable[[str], Any]
VERDICT = Verdict((Evidence("class size", Outcome.PASS, 12, 11, "cases in the smallest class"),))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(Settings(home=tmp_path / "home", sources=tmp_path / "sources"))


def prepare(workspace: Workspace, policy: Policy, version: str) -> Candidate:
    """A candidate made under a policy, its files in the store and its facts in the ledger."""
    names = policy.quasi_identifiers
    account = Account(12, 12, 0, 0, 1, 12, {n: {0: 12} for n in names}, dict.fromkeys(names, 1.0), {})
    files = [PublishedFile(name="cases.csv", sha256=sha256(b"cases").hexdigest(), bytes=5, rows=12)]
    draft = Draft(version, "Title", policy, account, (), "e" * 64, "0.1.0")
    manifest = write_manifest(build_manifest(draft, VERDICT, files))
    candidate = Candidate(
        id=workspace.store.write_candidate({"cases.csv": b"cases", "manifest.json": manifest}),
        version=version,
        pool="e" * 64,
        policy=policy.sha256,
        preparer="officer",
        entries=(),
        account=account,
        verdict=VERDICT,
    )
    workspace.ledger.record_candidate(candidate)
    return candidate


def page_of(workspace: Workspace, candidate: Candidate) -> Path:
    return workspace.store.zones.desk / f"candidate-{candidate.id[:12]}.html"


def test_every_candidate_has_a_page_that_the_index_leads_to(workspace: Workspace, read_page: Read) -> None:
    candidates = [prepare(workspace, workspace.policy, f"2026.11.{n}") for n in (1, 2)]
    refresh_desk(workspace)
    index = read_page((workspace.store.zones.desk / "index.html").read_text())
    for candidate in candidates:
        page = page_of(workspace, candidate)
        assert page.name in index.attributes("href")
        assert candidate.id in read_page(page.read_text()).words
        assert page.stat().st_mode & 0o777 == 0o600


def test_a_page_shows_the_policy_the_candidate_was_made_under(workspace: Workspace, read_page: Read) -> None:
    earlier = workspace.policy.model_copy(update={"title": "An earlier policy", "k": 12})
    candidate = prepare(workspace, earlier, "2026.11.1")
    refresh_desk(workspace)
    words = read_page(page_of(workspace, candidate).read_text()).words
    assert "An earlier policy" in words
    assert "Overtaken by a change of the policy" in words


@pytest.mark.parametrize("damage", [b"{}", None])
def test_a_damaged_candidate_does_not_stop_the_desk(
    workspace: Workspace, read_page: Read, damage: bytes | None
) -> None:
    earlier = workspace.policy.model_copy(update={"k": 12})
    candidate = prepare(workspace, earlier, "2026.11.1")
    manifest = workspace.store.candidate_path(candidate.id) / "manifest.json"
    manifest.unlink() if damage is None else manifest.write_bytes(damage)
    refresh_desk(workspace)
    index = read_page((workspace.store.zones.desk / "index.html").read_text())
    assert candidate.id[:12] in index.words
    assert index.attributes("href") == []
    assert not page_of(workspace, candidate).exists()


def test_a_decision_changes_the_page(workspace: Workspace) -> None:
    candidate = prepare(workspace, workspace.policy, "2026.11.1")
    refresh_desk(workspace)
    before = page_of(workspace, candidate).read_text()
    refresh_desk(workspace)
    assert page_of(workspace, candidate).read_text() == before
    workspace.ledger.record_approval(
        Approval(candidate.id, "vera", Decision.APPROVE, "every number compared", "2026-11-24T11:00:00+00:00")
    )
    refresh_desk(workspace)
    assert "every number compared" in page_of(workspace, candidate).read_text()
