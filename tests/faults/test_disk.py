"""The disk is full at a random point of ingestion or release: a named error, and all is well with room."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from fault_office import assert_published_once
from fault_palermo import Maker

MIB = 2**20
SIZE = 24 * MIB
NAMED = ("StorageFull", "StorageFailed", "LedgerUnavailable")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of a few MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mounting, stderr=subprocess.DEVNULL).returncode != 0:
        pytest.skip("no file system can be mounted here: a full disk is not tried")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture(scope="module")
def growth(what: str, maker: Maker, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How much room a turn needs where nothing disturbs it, in bytes."""
    folder = tmp_path_factory.mktemp("growth") / "palermo"
    palermo = maker.make(folder, "sqlite", what)
    before = count_bytes(folder)
    assert palermo.begin(what).why() is None
    return count_bytes(folder) - before


def count_bytes(folder: Path) -> int:
    """Room that the files of a folder take, in whole blocks."""
    return sum(-(-path.stat().st_size // 4096) * 4096 for path in folder.rglob("*"))


@pytest.mark.many
def test_the_turn_after_ends_as_if_nothing_had_happened(
    trial, what, undisturbed, growth: int, maker: Maker, disk: Path
):
    palermo = maker.make(disk / "palermo", "sqlite", what)
    room = int(Random(f"{what} {trial}").uniform(0, 1.5 * growth))
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, shutil.disk_usage(disk).free - room))
    why = palermo.begin(what).why()
    assert why is None or any(name in why for name in NAMED), why
    ballast.unlink()
    assert palermo.begin(what).why() is None
    palermo.check(undisturbed.outcome)
    assert_published_once(palermo.open())
