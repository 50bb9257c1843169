"""kill -9 at random moments, then again: the same release as undisturbed, nothing half-written."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from canary import read_stored

from pipeline.settings import CHECKOUT
from storage.seal import MARK

SCRIPT = Path(__file__).with_name("whole_run.py")
KILLS = int(os.environ.get("PALERMO_TEST_KILLS", "3"))


def start(home: Path, samples: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, SCRIPT, home, samples],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    )


def finish(home: Path, samples: Path) -> str:
    run = start(home, samples)
    out, err = run.communicate()
    assert run.returncode == 0, err[-2000:]
    return out.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> tuple[str, float]:
    """The hash of the extract, and how long the run took in seconds."""
    folder = tmp_path_factory.mktemp("undisturbed")
    started = time.monotonic()
    return finish(folder / "home", folder / "samples"), time.monotonic() - started


def assert_nothing_is_half_written(home: Path) -> None:
    """Every artefact has the SHA-256 of its name and can be read; nothing is left in staging."""
    restricted = home / "restricted"
    for path in restricted.rglob("*"):
        if path.is_file() and len(path.stem) == 64:
            assert sha256(read_stored(path)).hexdigest() == path.stem
    for path in home.rglob("*.parquet"):
        pq.read_table(BytesIO(read_stored(path)))
    for path in home.rglob("*.json"):
        json.loads(read_stored(path))
    for candidate in (restricted / "candidates").iterdir():
        if candidate.is_dir():
            assert sha256(read_stored(candidate / "manifest.json")).hexdigest() == candidate.name
    assert list((home / "staging").iterdir()) == []


def assert_nothing_lies_open(home: Path) -> None:
    """What a process that was killed left of cases is sealed, finished or not."""
    folders = [home / "staging", *(home / "restricted" / name for name in ("raw", "cases", "candidates"))]
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        start = path.read_bytes()[: len(MARK)]
        is_page_or_key = path.parent.name == "staging" and start[:1] in (b"<", b"{")
        assert start == MARK[: len(start)] or is_page_or_key, path


@pytest.mark.parametrize("number", range(KILLS))
def test_killed_and_run_again(number, undisturbed, tmp_path):
    expected, seconds = undisturbed
    run = start(tmp_path / "home", tmp_path / "samples")
    moment = random.Random(number).uniform(0.15, 1.0)
    time.sleep(seconds * moment)
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert_nothing_lies_open(tmp_path / "home")
    assert finish(tmp_path / "home", tmp_path / "samples") == expected
    assert_nothing_is_half_written(tmp_path / "home")
    assert len(list((tmp_path / "home" / "public" / "releases").iterdir())) == 1
