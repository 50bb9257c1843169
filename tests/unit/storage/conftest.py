"""What the tests of storage share: a store, a ledger on each engine, and processes that start together."""

import json
import multiprocessing
import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from schemas.pool import PoolEntry
from schemas.submission import Submission, SubmittedFile
from storage.handed import HandedFile
from storage.ledger import Ledger
from storage.store import Store

FORK = multiprocessing.get_context("fork")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    ledger = Ledger.open(ledger_url)
    yield ledger
    ledger.close()


def keep_raw(store: Store, content: bytes, beside: Path | None = None) -> str:
    """Hand in a file of these bytes; it lies in a folder beside the store."""
    path = (beside or store.zones.home.parent) / f"handed-{os.getpid()}"
    path.write_bytes(content)
    with HandedFile(path) as file:
        return store.put_raw_file(file)


def read_raw(store: Store, sha: str) -> bytes:
    return b"".join(store.raw_pieces(sha))


@pytest.fixture
def at_once() -> Callable[..., list[object]]:
    """Runs functions in real processes that begin at the same moment; their results in order."""
    return run_at_once


def run_at_once(*tasks: Callable[[], object]) -> list[object]:
    barrier, results = FORK.Barrier(len(tasks)), FORK.SimpleQueue()

    def run(number: int, task: Callable[[], object]) -> None:
        barrier.wait(30)
        results.put((number, task()))

    processes = [FORK.Process(target=run, args=item) for item in enumerate(tasks)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * len(tasks)
    return [result for _, result in sorted((results.get() for _ in tasks), key=lambda item: item[0])]


@pytest.fixture
def submissions() -> Callable[[str], Submission]:
    """Makes the submission of Serbia's 2019 that consists of one file of these bytes."""
    return make_submission


def make_submission(content: str, period: str = "2019") -> Submission:
    file = SubmittedFile(sha256(content.encode()).hexdigest(), "cases", len(content))
    return Submission("srb_office_victims", period, (file,))


@pytest.fixture
def entry_of() -> Callable[[Submission, int], PoolEntry]:
    return lambda s, rows: PoolEntry(s.source_id, s.period, s.id, sha256(b"cases").hexdigest(), rows)


@pytest.fixture
def candidate_files() -> Callable[..., dict[str, bytes]]:
    """Makes the files of a candidate: what is given, and a manifest that lists it."""
    return make_candidate_files


def make_candidate_files(version: str = "2026.01.1", **files: bytes) -> dict[str, bytes]:
    contents = {name.replace("_", "."): content for name, content in files.items()}
    listed = [
        {"name": name, "sha256": sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in contents.items()
    ]
    manifest = {
        "version": version,
        "title": "Test",
        "protection": "k-anonymity",
        "k": 11,
        "smallest_class": 11,
        "classes": 1,
        "rows": 11,
        "account": {},
        "policy": {},
        "verdict": [],
        "sources": [],
        "pool": "0" * 64,
        "schema_version": "0.1.0",
        "code_version": "0",
        "files": listed,
        "limits": [],
    }
    return contents | {"manifest.json": json.dumps(manifest).encode()}
