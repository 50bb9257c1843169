"""The one door: shut for everything that is unclear, idempotent when it was killed half-way."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pytest

import publish.release as door
from publish.manifest import MANIFEST, Draft, build_manifest, write_manifest
from publish.release import (
    ApprovalsMissing,
    CandidateOvertaken,
    ManifestMismatch,
    TrailBroken,
    VerdictNotPassed,
    release_candidate,
)
from publish.transition import InvalidTransition
from schemas.release import Approval, CandidateState, Decision, PublishedFile
from schemas.verdict import Evidence, Outcome, Verdict
from storage.error import ArtefactCorrupt, ArtefactMissing, LedgerUnavailable, UnknownRecord, VersionTaken
from storage.ledger import Ledger
from storage.record import Action, Candidate
from storage.store import Store

CONTENTS = {"extract.parquet": b"PAR1", "codebook.md": b"# Codebook"}
PASSED = Verdict((Evidence("k", Outcome.PASS, 12, 11, "smallest class"),))
Change = Callable[[Candidate], Candidate]


@dataclass
class Desk:
    """A store and a ledger with candidates that were prepared in them."""

    store: Store
    ledger: Ledger
    draft: Draft

    def prepare(
        self,
        *,
        version: str = "2026.11.1",
        contents: dict[str, bytes] = CONTENTS,
        state: CandidateState = CandidateState.APPROVED,
        verdict: Verdict = PASSED,
        change: Change = lambda candidate: candidate,
    ) -> str:
        draft = replace(self.draft, version=version)
        files = [
            PublishedFile(
                name=name,
                sha256=sha256(content).hexdigest(),
                bytes=len(content),
                rows=98 if name.endswith("t") else None,
            )
            for name, content in contents.items()
        ]
        manifest = write_manifest(build_manifest(draft, verdict, files))
        candidate = Candidate(
            id=self.store.write_candidate({**contents, MANIFEST: manifest}),
            version=version,
            pool=draft.pool,
            policy=draft.policy.sha256,
            preparer="preparer",
            entries=(),
            account=draft.account,
            verdict=verdict,
            state=state,
        )
        self.ledger.record_candidate(change(candidate))
        return candidate.id

    def approve(
        self,
        candidate: str,
        *people: str,
        decision: Decision = Decision.APPROVE,
        reason: str = "evidence read",
    ) -> None:
        for person in people:
            self.ledger.record_approval(Approval(candidate, person, decision, reason, "2026-11-24T10:00:00"))

    def release(self, candidate: str, verdict: Verdict = PASSED) -> str:
        return release_candidate(self.store, self.ledger, candidate, verdict, "officer").version

    @property
    def published(self) -> list[str]:
        return sorted(path.name for path in self.store.zones.releases.iterdir())

    @property
    def refusals(self) -> list[str]:
        entries = self.ledger.audit_entries()
        return [str(e.detail["reason"]) for e in entries if e.action == Action.RELEASE_REFUSED.value]


@pytest.fixture
def desk(tmp_path: Path, draft: Draft) -> Iterator[Desk]:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    yield Desk(Store(tmp_path), ledger, draft)
    ledger.close()


def refuse(desk: Desk, candidate: str, error: type[Exception], verdict: Verdict = PASSED) -> None:
    """The door is shut, nothing is public, the candidate is where it was, and the trail says so."""
    before = desk.ledger.candidate(candidate).state
    with pytest.raises(error):
        desk.release(candidate, verdict)
    assert desk.published == []
    assert desk.ledger.releases() == ()
    assert desk.ledger.candidate(candidate).state is before
    assert desk.refusals == [error.__name__]


def test_two_other_people_open_the_door(desk: Desk) -> None:
    candidate = desk.prepare()
    desk.approve(candidate, "vera", "amir")
    assert desk.release(candidate) == "2026.11.1"
    folder = desk.store.zones.release_folder("2026.11.1")
    assert sorted(path.name for path in folder.iterdir()) == [
        "codebook.md",
        "extract.parquet",
        "manifest.json",
    ]
    assert (folder / "extract.parquet").read_bytes() == b"PAR1"
    (release,) = desk.ledger.releases()
    assert (release.candidate, release.rows) == (candidate, 98)
    assert desk.ledger.candidate(candidate).state is CandidateState.RELEASED
    assert desk.refusals == []


@pytest.mark.parametrize(
    "people", [(), ("vera",), ("preparer",), ("vera", "preparer"), ("vera", "Vera"), ("Preparer", "PREPARER")]
)
def test_too_few_people(desk: Desk, people: tuple[str, ...]) -> None:
    candidate = desk.prepare()
    desk.approve(candidate, *people)
    refuse(desk, candidate, ApprovalsMissing)


def test_approvals_of_another_candidate_do_not_count(desk: Desk) -> None:
    other = desk.prepare(contents={**CONTENTS, "codebook.md": b"# Codebook!"})
    candidate = desk.prepare()
    desk.approve(other, "vera", "amir")
    refuse(desk, candidate, ApprovalsMissing)


def test_one_rejection_outweighs_two_approvals(desk: Desk) -> None:
    candidate = desk.prepare()
    desk.approve(candidate, "vera", "amir")
    desk.approve(candidate, "mary", decision=Decision.REJECT)
    refuse(desk, candidate, ApprovalsMissing)


def test_approvals_without_reason_do_not_count(desk: Desk) -> None:
    candidate = desk.prepare()
    desk.approve(candidate, "vera", "amir", reason=" ")
    refuse(desk, candidate, ApprovalsMissing)


def test_a_policy_that_asks_for_three_gets_three(desk: Desk) -> None:
    desk.draft = replace(desk.draft, policy=desk.draft.policy.model_copy(update={"approvals": 3}))
    candidate = desk.prepare()
    desk.approve(candidate, "vera", "amir")
    refuse(desk, candidate, ApprovalsMissing)
    desk.approve(candidate, "mary")
    assert desk.release(candidate) == "2026.11.1"


@pytest.mark.parametrize("outcome", [Outcome.REVIEW, Outcome.FAIL])
def test_a_verdict_that_is_not_pass(desk: Desk, outcome: Outcome) -> None:
    unclear = Verdict((*PASSED.evidence, Evidence("order", outcome, None, None, "rows tell their order")))
    candidate = desk.prepare()
    desk.approve(candidate, "vera", "amir")
    refuse(desk, candidate, VerdictNotPassed, unclear)


def test_an_empty_verdict_is_no_pass(desk: Desk) -> None:
    candidate = desk.prepare()
    desk.approve(candidate, "vera", "amir")
    refuse(desk, candidate, VerdictNotPassed, Verdict(()))


@pytest.mark.parametrize(
    "recorded", [Verdict(()), Verdict((Evidence("k", Outcome.REVIEW, 12, 11, "smallest class"),))]
)
def test_a_candidate_that_was_recorded_without_pass(desk: Desk, recorded: Verdict) -> None:
    candidate = desk.prepare(verdict=recorded)
    desk.approve(candidate, "vera", "amir")
    refuse(desk, candidate, VerdictNotPassed)


@pytest.mark.parametrize("state", [s for s in CandidateState if s is not CandidateState.APPROVED])
def test_every_other_state(desk: Desk, state: CandidateState) -> None:
    candidate = desk.prepare(state=state)
    desk.approve(candidate, "vera", "amir")
    refuse(desk, candidate, InvalidTransition)


def insert_approvals(desk: Desk, candidate: str, *people: str) -> None:
    """As somebody does who has the database file and no wish to be on the audit trail."""
    with sqlite3.connect(desk.store.zones.home / "ledger.sqlite") as database:
        rows = [(candidate, person, "approve", "evidence read", "2026-11-24T10:00:00") for person in people]
        database.executemany("INSERT INTO approval VALUES (?, ?, ?, ?, ?)", rows)
    database.close()


def test_approvals_that_are_not_on_the_audit_trail_do_not_count(desk: Desk) -> None:
    candidate = desk.prepare()
    desk.approve(candidate, "vera")
    insert_approvals(desk, candidate, "amir", "mary")
    refuse(desk, candidate, ApprovalsMissing)


def test_an_altered_audit_trail_opens_nothing(desk: Desk) -> None:
    candidate = desk.prepare()
    desk.approve(candidate, "vera", "preparer")
    with sqlite3.connect(desk.store.zones.home / "ledger.sqlite") as database:
        database.execute("DROP TRIGGER audit_entry_no_update")
        database.execute("UPDATE audit_entry SET actor = 'amir' WHERE actor = 'preparer' AND seq > 1")
    database.close()
    insert_approvals(desk, candidate, "amir")
    refuse(desk, candidate, TrailBroken)


@pytest.mark.parametrize("name", ["extract.parquet", "codebook.md", "manifest.json"])
def test_one_changed_byte(desk: Desk, name: str) -> None:
    candidate = desk.prepare()
    desk.approve(candidate, "vera", "amir")
    path = desk.store.candidate_path(candidate) / name
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    refuse(desk, candidate, ArtefactCorrupt)


@pytest.mark.parametrize("name", ["extract.parquet", "manifest.json"])
def test_a_missing_file(desk: Desk, name: str) -> None:
    candidate = desk.prepare()
    desk.approve(candidate, "vera", "amir")
    (desk.store.candidate_path(candidate) / name).unlink()
    refuse(desk, candidate, ArtefactMissing)


def test_a_file_that_the_manifest_does_not_list_stays_inside(desk: Desk) -> None:
    candidate = desk.prepare()
    desk.approve(candidate, "vera", "amir")
    (desk.store.candidate_path(candidate) / "raw.csv").write_text("CANARY")
    desk.release(candidate)
    assert not (desk.store.zones.release_folder("2026.11.1") / "raw.csv").exists()


def test_a_kind_of_file_that_is_never_published(desk: Desk) -> None:
    candidate = desk.prepare(contents={**CONTENTS, "cases.sqlite": b"CANARY"})
    desk.approve(candidate, "vera", "amir")
    refuse(desk, candidate, ManifestMismatch)


@pytest.mark.parametrize(
    "change",
    [
        lambda candidate: replace(candidate, version="2026.11.2"),
        lambda candidate: replace(candidate, pool="a" * 64),
        lambda candidate: replace(candidate, policy="a" * 64),
        lambda candidate: replace(
            candidate, verdict=Verdict((Evidence("k", Outcome.PASS, 99, 11, "smallest class"),))
        ),
    ],
)
def test_a_ledger_that_says_something_else(desk: Desk, change: Change) -> None:
    candidate = desk.prepare(change=change)
    desk.approve(candidate, "vera", "amir")
    refuse(desk, candidate, ManifestMismatch)


def test_a_smallest_class_below_k(desk: Desk) -> None:
    desk.draft = replace(desk.draft, account=replace(desk.draft.account, smallest_class=10))
    candidate = desk.prepare()
    desk.approve(candidate, "vera", "amir")
    refuse(desk, candidate, ManifestMismatch)


def test_a_candidate_nobody_recorded(desk: Desk) -> None:
    with pytest.raises(UnknownRecord):
        desk.release("f" * 64)
    assert desk.published == []


def test_what_was_prepared_before_another_release_is_overtaken(desk: Desk) -> None:
    first, second = desk.prepare(), desk.prepare(version="2026.11.2")
    for candidate in (first, second):
        desk.approve(candidate, "vera", "amir")
    desk.release(first)
    with pytest.raises(CandidateOvertaken):
        desk.release(second)
    assert desk.published == ["2026.11.1"]


@pytest.mark.parametrize("prepared_at", ["0001", "9999"])
def test_overtaken_is_told_by_the_order_of_the_ledger_and_not_by_the_clock(
    desk: Desk, prepared_at: str
) -> None:
    first = desk.prepare()
    desk.approve(first, "vera", "amir")
    early = desk.prepare(version="2026.11.2", change=lambda c: replace(c, prepared_at=prepared_at))
    desk.approve(early, "vera", "amir")
    desk.release(first)
    with pytest.raises(CandidateOvertaken):
        desk.release(early)
    late = desk.prepare(version="2026.11.3", change=lambda c: replace(c, prepared_at=prepared_at))
    desk.approve(late, "vera", "amir")
    assert desk.release(late) == "2026.11.3"
    assert [release.version for release in desk.ledger.releases()] == ["2026.11.1", "2026.11.3"]


def test_two_candidates_of_one_version(desk: Desk) -> None:
    """Should one be prepared under the version of another, the version still belongs to one."""
    first = desk.prepare()
    desk.approve(first, "vera", "amir")
    desk.release(first)
    late = desk.prepare(contents={**CONTENTS, "codebook.md": b"# Other"})
    desk.approve(late, "vera", "amir")
    with pytest.raises(VersionTaken):
        desk.release(late)
    assert (desk.store.zones.release_folder("2026.11.1") / "codebook.md").read_bytes() == b"# Codebook"


def test_releasing_again_changes_nothing(desk: Desk) -> None:
    candidate = desk.prepare()
    desk.approve(candidate, "vera", "amir")
    desk.release(candidate)
    before = desk.ledger.releases()
    trail = desk.ledger.audit_entries()
    assert desk.release(candidate) == "2026.11.1"
    assert desk.ledger.releases() == before
    assert desk.ledger.audit_entries() == trail


@pytest.mark.parametrize("moment", ["_check_manifest", "_check_approvals", "_check_order"])
def test_the_second_of_two_processes_finds_it_published(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Another process publishes the same candidate while this one checks it."""
    candidate = desk.prepare()
    desk.approve(candidate, "vera", "amir")
    check = getattr(door, moment)

    def overtake(*given: object) -> None:
        monkeypatch.setattr(door, moment, check)
        assert desk.release(candidate) == "2026.11.1"
        check(*given)

    monkeypatch.setattr(door, moment, overtake)
    assert desk.release(candidate) == "2026.11.1"
    assert desk.published == ["2026.11.1"]
    assert desk.refusals == []
    told = [e for e in desk.ledger.audit_entries() if e.action == Action.RELEASE_PUBLISHED.value]
    assert len(told) == len(desk.ledger.releases()) == 1


def test_why_the_door_stays_shut_is_not_hidden_by_a_ledger_that_fails_then(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    candidate = desk.prepare()

    def fail(*_: object, **__: object) -> None:
        raise LedgerUnavailable("the ledger is away")

    monkeypatch.setattr(Ledger, "audit", fail)
    with pytest.raises(ApprovalsMissing) as refusal:
        desk.release(candidate)
    assert refusal.value.__notes__ == ["that could not be put on record: the ledger is away"]
    assert desk.published == []


def test_a_run_killed_between_files_and_ledger_finishes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    candidate = desk.prepare()
    desk.approve(candidate, "vera", "amir")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "record_release", die)
        with pytest.raises(KeyboardInterrupt):
            desk.release(candidate)
    assert desk.published == ["2026.11.1"]
    assert desk.release(candidate) == "2026.11.1"
    assert desk.ledger.candidate(candidate).state is CandidateState.RELEASED
    assert len(desk.ledger.releases()) == 1


def test_what_was_taken_down_does_not_come_back_by_itself(desk: Desk) -> None:
    candidate = desk.prepare()
    desk.approve(candidate, "vera", "amir")
    desk.release(candidate)
    folder = desk.store.zones.release_folder("2026.11.1")
    folder.rename(folder.with_name("withdrawn"))
    with pytest.raises(ArtefactMissing):
        desk.release(candidate)
    assert desk.published == ["withdrawn"]
