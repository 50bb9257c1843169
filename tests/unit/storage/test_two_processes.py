"""Several processes at once, real ones: the same content, the same key, one chain, one pool entry."""

import os
from collections.abc import Callable
from functools import partial

from schemas.extract import Account
from schemas.pool import PoolEntry
from schemas.release import Approval, CandidateState, Decision
from schemas.submission import Submission, SubmissionState
from schemas.verdict import Verdict
from storage.error import AlreadyDecided, CandidateChanged, VersionTaken
from storage.ledger import Ledger
from storage.record import Action, Candidate, RunState
from storage.store import Store
from tests.unit.storage.conftest import keep_raw, read_raw

AtOnce = Callable[..., list[object]]
MakeSubmission = Callable[..., Submission]
EntryOf = Callable[[Submission, int], PoolEntry]
PROCESSES, ROUNDS = 4, 15


def test_the_same_content_is_kept_once(store: Store, at_once: AtOnce) -> None:
    contents = [bytes([number]) * 100_000 for number in range(ROUNDS)]

    def put_all() -> list[str]:
        own = Store(store.zones.home)
        return [keep_raw(own, content) for content in contents]

    results = at_once(*[put_all] * PROCESSES)
    assert results == [results[0]] * PROCESSES
    kept = [path for path in store.zones.raw.rglob("*") if path.is_file()]
    assert len(kept) == ROUNDS
    assert [read_raw(store, sha) for sha in results[0]] == contents  # type: ignore[attr-defined]
    assert list(store.zones.staging.iterdir()) == []


def test_all_get_the_same_key(store: Store, at_once: AtOnce) -> None:
    names = [f"srb_office_victims{number}" for number in range(ROUNDS)]

    def get_all() -> list[bytes]:
        own = Store(store.zones.home)
        return [own.source_key(name) for name in names]

    results = at_once(*[get_all] * PROCESSES)
    assert results == [results[0]] * PROCESSES
    assert len({*results[0]}) == ROUNDS  # type: ignore[misc]


def test_one_of_two_releases_gets_the_version(
    store: Store, at_once: AtOnce, candidate_files: Callable[..., dict[str, bytes]]
) -> None:
    candidates = [store.write_candidate(candidate_files(a_csv=bytes([number]))) for number in range(2)]

    def publish(candidate: str) -> bool:
        try:
            Store(store.zones.home).publish_release(candidate, "2026.01.1", ["manifest.json", "a.csv"])
        except VersionTaken:
            return False
        return True

    results = at_once(*[partial(publish, candidate) for candidate in candidates * 2])
    assert sorted(results[:2]) == [False, True]  # type: ignore[type-var]
    assert results[:2] == results[2:]
    assert store.release_id("2026.01.1") == candidates[results.index(True)]
    assert list(store.zones.staging.iterdir()) == []


def test_a_sweep_takes_nothing_from_writers_at_work(store: Store, at_once: AtOnce) -> None:
    def write() -> int:
        own = Store(store.zones.home)
        return len({keep_raw(own, os.urandom(50_000)) for _ in range(ROUNDS)})

    def sweep() -> int:
        return sum(Store(store.zones.home).sweep() for _ in range(ROUNDS * 5))

    assert at_once(write, sweep, write) == [ROUNDS, 0, ROUNDS]


def test_the_ledger_is_made_by_whoever_comes_first(ledger_url: str, at_once: AtOnce) -> None:
    def open_and_audit() -> None:
        Ledger.open(ledger_url).audit("ana", Action.CASES_QUERIED, "pool")

    at_once(*[open_and_audit] * PROCESSES)
    ledger = Ledger.open(ledger_url)
    assert len(ledger.audit_entries()) == PROCESSES
    ledger.close()


def test_the_chain_never_forks(ledger: Ledger, ledger_url: str, at_once: AtOnce) -> None:
    def append(name: str) -> None:
        own = Ledger(ledger_url)
        for number in range(ROUNDS):
            own.audit(name, Action.CASES_QUERIED, "pool", number=number)
            own.end_run(own.start_run("map", "pool", name), RunState.DONE, name)

    at_once(*[partial(append, f"process{number}") for number in range(PROCESSES)])
    assert ledger.verify_audit() is None
    entries = ledger.audit_entries()
    assert len(entries) == PROCESSES * ROUNDS * 3
    for number in range(PROCESSES):
        own = [entry.detail for entry in entries if entry.actor == f"process{number}"]
        assert [detail["number"] for detail in own if "number" in detail] == [*range(ROUNDS)]


def test_one_submission_stands_in_the_pool(
    ledger: Ledger, ledger_url: str, at_once: AtOnce, submissions: MakeSubmission, entry_of: EntryOf
) -> None:
    received = [submissions(f"version {number}") for number in range(PROCESSES)]

    def replace(own_number: int) -> list[bool]:
        own = Ledger(ledger_url)
        registered = [own.register_submission(item, f"process{own_number}") for item in received]
        for _ in range(ROUNDS):
            own.replace_pool_entry(entry_of(received[own_number], own_number), f"process{own_number}")
        return registered

    results = at_once(*[partial(replace, number) for number in range(PROCESSES)])
    for by_process in zip(*results, strict=True):  # type: ignore[call-overload]
        assert sum(by_process) == 1  # each submission was new to exactly one process
    (entry,) = ledger.pool_entries()
    states = {record.submission.id: record.state for record in ledger.submissions()}
    assert states.pop(entry.submission) is SubmissionState.POOLED
    assert set(states.values()) == {SubmissionState.REPLACED}
    assert ledger.verify_audit() is None


def test_a_person_who_clicks_twice_decides_once(ledger: Ledger, ledger_url: str, at_once: AtOnce) -> None:
    account = Account(0, 0, 0, 0, 0, 0, {}, {}, {})
    candidate = Candidate("a" * 64, "2026.01.1", "b" * 64, "c" * 64, "ana", (), account, Verdict(()))
    ledger.record_candidate(candidate)

    def decide() -> bool:
        try:
            Ledger(ledger_url).record_approval(Approval(candidate.id, "bo", Decision.APPROVE, "fine", "2026"))
        except AlreadyDecided:
            return False
        return True

    assert sorted(at_once(*[decide] * PROCESSES)) == [False] * (PROCESSES - 1) + [True]  # type: ignore[type-var]
    assert len(ledger.approvals(candidate.id)) == 1


def test_one_of_two_changes_of_state_wins(ledger: Ledger, ledger_url: str, at_once: AtOnce) -> None:
    account = Account(0, 0, 0, 0, 0, 0, {}, {}, {})
    candidate = Candidate("a" * 64, "2026.01.1", "b" * 64, "c" * 64, "ana", (), account, Verdict(()))
    ledger.record_candidate(candidate)
    states = (CandidateState.REFUSED, CandidateState.AWAITING_APPROVAL)

    def move(state: CandidateState) -> bool:
        own = Ledger(ledger_url)
        try:
            return own.set_candidate_state(candidate.id, state, "bo", before=CandidateState.PREPARED)
        except CandidateChanged:
            return False

    results = at_once(*[partial(move, state) for state in states])
    assert ledger.candidate(candidate.id).state is states[results.index(True)]
    assert results.count(True) == 1
