"""kill -9 at any moment: no half-written artefact in a zone, no torn transaction, and a clean sweep."""

import multiprocessing
import os
import time
from collections.abc import Callable
from hashlib import sha256
from itertools import count
from pathlib import Path
from random import Random

import pytest

from storage.ledger import Ledger
from storage.record import Action, RunState
from storage.store import Store
from storage.zone import Zones

FORK = multiprocessing.get_context("fork")
SIZE = 1_000_000
PAGE_END = "</html>"


def kill_in_the_middle(work: Callable[[], None], started: Callable[[], bool], delay: float) -> None:
    """Run work in a process of its own and kill it a moment after it has begun to leave traces."""
    process = FORK.Process(target=work)
    process.start()
    deadline = time.monotonic() + 30
    while not started() and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(delay)
    process.kill()
    process.join(10)
    assert process.exitcode == -9


def write_forever(home: Path, candidate_files: Callable[..., dict[str, bytes]], seed: int) -> None:
    store, random = Store(home), Random(seed)
    for number in count():
        content = random.randbytes(SIZE)
        store.put_raw(content)
        store.write_page("restricted/desk/index.html", f"{number}{'x' * SIZE}{PAGE_END}")
        version = f"2026.01.{number + 1}"
        candidate = store.write_candidate(candidate_files(version, a_csv=content, b_csv=content[::-1]))
        store.publish_release(candidate, version, ["manifest.json", "a.csv", "b.csv"])
        store.source_key(f"srb_office_victims{number}")


def check_zones(store: Store) -> int:
    """Every artefact that can be seen is whole; how many there are."""
    zones = store.zones
    raw = [path for path in zones.raw.rglob("*") if path.is_file()]
    assert all(sha256(path.read_bytes()).hexdigest() == path.name for path in raw)
    for candidate in zones.candidates.iterdir():
        assert (
            store.read_candidate(candidate.name, "a.csv")
            == store.read_candidate(candidate.name, "b.csv")[::-1]
        )
    for release in zones.releases.iterdir():
        store.check_release(release.name)
    assert all(page.read_text().endswith(PAGE_END) for page in zones.desk.rglob("*.html"))
    assert all(key.stat().st_size == 32 for key in zones.keys.iterdir())
    return len(raw)


def test_a_killed_writer_leaves_only_whole_artefacts(
    tmp_path: Path, candidate_files: Callable[..., dict[str, bytes]]
) -> None:
    left_behind, kept = 0, 0
    for number in range(10):
        home, delay = tmp_path / str(number), Random(number).uniform(0.0, 0.15)
        raw = Zones(home).raw
        kill_in_the_middle(
            lambda home=home, number=number: write_forever(home, candidate_files, number),
            lambda raw=raw: raw.is_dir() and any(raw.iterdir()),
            delay,
        )
        store = Store(home)
        left_behind += store.sweep()
        kept += check_zones(store)
        assert list(store.zones.staging.iterdir()) == []
    assert kept >= 10
    # The kills did hit writers at work, otherwise this shows nothing.
    assert left_behind > 0


def test_what_was_killed_can_be_done_again(
    tmp_path: Path, candidate_files: Callable[..., dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = candidate_files(a_csv=b"1")
    store = Store(tmp_path)
    candidate = store.write_candidate(files)

    def die_after_the_rename() -> None:
        monkeypatch.setattr("storage.staging.flush_folder", lambda _folder: os.kill(os.getpid(), 9))
        store.publish_release(candidate, "2026.01.1", list(files))

    process = FORK.Process(target=die_after_the_rename)
    process.start()
    process.join(10)
    assert process.exitcode == -9
    store.publish_release(candidate, "2026.01.1", list(files))
    assert store.release_id("2026.01.1") == candidate
    assert store.sweep() <= 1


def test_a_killed_ledger_has_whole_transactions_only(ledger: Ledger, ledger_url: str) -> None:
    def run_forever() -> None:
        own = Ledger(ledger_url)
        for number in count():
            own.end_run(own.start_run("map", f"subject{number}", "ana"), RunState.DONE, "ana")

    for number in range(3):
        before = len(ledger.audit_entries())
        kill_in_the_middle(
            run_forever,
            lambda before=before: len(ledger.audit_entries()) > before,
            Random(number).uniform(0.0, 0.1),
        )
    assert ledger.verify_audit() is None
    actions = [entry.action for entry in ledger.audit_entries()]
    runs = ledger.runs()
    assert actions.count(Action.RUN_STARTED) == len(runs) > 0
    assert actions.count(Action.RUN_ENDED) == len([run for run in runs if run.state is RunState.DONE])
    ledger.audit("ana", Action.CASES_QUERIED, "pool")
