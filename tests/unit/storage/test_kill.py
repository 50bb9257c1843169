"""kill -9 at any moment: no half-written artefact in a zone, no torn transaction, and a clean sweep."""

import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest

from storage.content import StoredFile
from storage.ledger import Ledger
from storage.record import Action, RunState
from storage.store import Store
from storage.zone import Zones
from tests.unit.storage.conftest import keep_raw

Files = Callable[..., dict[str, bytes]]
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


def write_forever(home: Path, candidate_files: Files, seed: int) -> None:
    store, random = Store(home), Random(seed)
    for number in count():
        content = random.randbytes(SIZE)
        keep_raw(store, content)
        store.write_page("restricted/desk/index.html", f"{number}{'x' * SIZE}{PAGE_END}")
        version = f"2026.01.{number + 1}"
        candidate = store.write_candidate(candidate_files(version, a_csv=content, b_csv=content[::-1]))
        store.publish_release(candidate, version, ["manifest.json", "a.csv", "b.csv"])
        store.source_key(f"srb_office_victims{number}")


def check_zones(store: Store) -> int:
    """Every artefact that can be seen is whole; how many there are."""
    zones = store.zones
    raw = [path for path in zones.raw.rglob("*") if path.is_file()]
    assert all(StoredFile(path, store.keys).hash() == path.name for path in raw)
    for candidate in zones.candidates.iterdir():
        assert (
            store.read_candidate(candidate.name, "a.csv")
            == store.read_candidate(candidate.name, "b.csv")[::-1]
        )
    for release in zones.releases.iterdir():
        store.check_release(release.name)
    assert all(page.read_text().endswith(PAGE_END) for page in zones.desk.rglob("*.html"))
    assert all(len(store.source_key(path.stem)) == 32 for path in zones.keys.glob("*.json"))
    assert all(len(store.keys.find(key.id).secret) == 32 for key in store.keys.list_keys())
    return len(raw)


def test_a_killed_writer_leaves_only_whole_artefacts(tmp_path: Path, candidate_files: Files) -> None:
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


# What reaches the disk or closes a file; a kill before each of them covers every state that can be left.
EFFECTS = frozenset({"open", "write", "flush", "fchmod", "chmod", "fsync", "close", "mkdir"})
EFFECTS |= {"link", "replace", "rename", "unlink", "rmdir"}


def kill_before_effect(number: int, work: Callable[[], object]) -> bool:
    """Run work in a process that is killed before its effect of that number; False if it has fewer."""

    def run() -> None:
        left = number

        def watch(_frame: object, event: str, called: Any) -> None:
            nonlocal left
            left -= event == "c_call" and called.__name__ in EFFECTS
            if left == 0:
                os.kill(os.getpid(), 9)

        sys.setprofile(watch)
        work()
        sys.setprofile(None)
        os._exit(0)

    process = FORK.Process(target=run)
    process.start()
    process.join(10)
    return process.exitcode == -9


WORK: dict[str, Callable[[Store, dict[str, bytes]], object]] = {
    "raw": lambda store, _: keep_raw(store, b"new"),
    "page": lambda store, _: store.write_page("restricted/desk/2019/index.html", f"new{PAGE_END}"),
    "key": lambda store, _: store.source_key("srb_office_victims"),
    "candidate": lambda store, files: store.write_candidate(files),
    "release": lambda store, files: store.publish_release(
        sha256(files["manifest.json"]).hexdigest(), "2026.01.1", [*files]
    ),
}


@pytest.mark.parametrize("what", WORK)
def test_a_kill_before_any_system_call_leaves_old_or_new_and_can_be_done_again(
    tmp_path: Path, candidate_files: Files, what: str
) -> None:
    files = candidate_files(a_csv=b"abc", b_csv=b"cba")
    for number in count(1):
        store = Store(tmp_path / str(number))
        store.write_page("restricted/desk/2019/index.html", f"old{PAGE_END}")
        if what == "release":
            store.write_candidate(files)
        killed = kill_before_effect(number, partial(WORK[what], store, files))
        check_zones(store)
        left = len(list(store.zones.staging.iterdir()))
        assert store.sweep() == left
        assert list(store.zones.staging.iterdir()) == []
        assert WORK[what](store, files) == WORK[what](store, files)
        check_zones(store)
        if not killed:
            break
    assert number > 8


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
