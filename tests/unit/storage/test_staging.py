"""Nothing half-written is ever seen: staging, full disks, and what killed processes leave behind."""

import errno
import os
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.error import StorageFailed, StorageFull
from storage.staging import Staging, write_flushed
from storage.store import Store
from tests.unit.storage.conftest import keep_raw, read_raw


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    (tmp_path / "staging").mkdir()
    return Staging(tmp_path / "staging")


def left(tmp_path: Path) -> list[str]:
    return [path.name for path in (tmp_path / "staging").iterdir()]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_written_whole_with_its_mode_and_nothing_is_left(staging: Staging, tmp_path: Path) -> None:
    staging.write_file(tmp_path / "zone" / "a", b"first")
    staging.write_file(tmp_path / "zone" / "a", b"second", 0o644)
    assert (tmp_path / "zone" / "a").read_bytes() == b"second"
    assert mode(tmp_path / "zone" / "a") == 0o644
    assert left(tmp_path) == []


def test_mode_does_not_depend_on_the_umask(staging: Staging, tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        staging.write_file(tmp_path / "public" / "a", b"x", 0o644)
    finally:
        os.umask(before)
    assert mode(tmp_path / "public" / "a") == 0o644
    assert mode(tmp_path / "public") == 0o755


def test_an_existing_file_is_not_created_again(staging: Staging, tmp_path: Path) -> None:
    assert staging.create_file(tmp_path / "a", b"first")
    assert not staging.create_file(tmp_path / "a", b"second")
    assert (tmp_path / "a").read_bytes() == b"first"
    assert left(tmp_path) == []


def test_an_existing_folder_is_not_created_again(staging: Staging, tmp_path: Path) -> None:
    assert staging.create_folder(tmp_path / "f", {"a": b"1"}, 0o700, 0o600)
    assert not staging.create_folder(tmp_path / "f", {"a": b"2"}, 0o700, 0o600)
    assert (tmp_path / "f" / "a").read_bytes() == b"1"
    assert left(tmp_path) == []


def test_bytes_are_on_the_disk_before_the_name_and_the_name_before_the_end(
    staging: Staging, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    (tmp_path / "zone").mkdir()
    flush = os.fsync

    def note_flush(descriptor: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
        done.append(f"{kind}, target {'there' if (tmp_path / 'zone' / 'a').exists() else 'absent'}")
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", note_flush)
    for write in (
        lambda: staging.write_file(tmp_path / "zone" / "a", b"x"),
        lambda: staging.create_file(tmp_path / "zone" / "a", b"x"),
    ):
        write()
        assert done == ["file, target absent", "folder, target there"]
        (tmp_path / "zone" / "a").unlink()
        done.clear()
    staging.create_folder(tmp_path / "zone" / "a", {"b": b"x"}, 0o700, 0o600)
    assert done[-3:] == ["file, target absent", "folder, target absent", "folder, target there"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [(errno.ENOSPC, StorageFull), (errno.EDQUOT, StorageFull), (errno.EIO, StorageFailed)],
)
@pytest.mark.parametrize("call", ["fsync", "fchmod", "open"])
def test_a_refusing_disk_leaves_the_target_as_it_was(
    staging: Staging,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    number: int,
    expected: type[Exception],
) -> None:
    staging.write_file(tmp_path / "a", b"before")

    def refuse(*_args: object) -> None:
        raise OSError(number, os.strerror(number), "secret path")

    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(expected) as caught:
        staging.write_file(tmp_path / "a", b"after")
    monkeypatch.undo()
    assert (tmp_path / "a").read_bytes() == b"before"
    assert left(tmp_path) == []
    assert "secret path" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_folder_that_fails_half_way_leaves_nothing(
    staging: Staging, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_on_second(path: Path, content: bytes, bits: int) -> None:
        if path.name == "b":
            raise OSError(errno.ENOSPC, "full")
        write_flushed(path, content, bits)

    monkeypatch.setattr("storage.staging.write_flushed", fail_on_second)
    with pytest.raises(StorageFull):
        staging.create_folder(tmp_path / "f", {"a": b"1", "b": b"2"}, 0o700, 0o600)
    assert not (tmp_path / "f").exists()
    assert left(tmp_path) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 512 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        done = False
    if not done:
        pytest.skip("no right to mount a small file system: only the simulated full disk is tried")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_really_full_disk_changes_nothing_and_recovers(small_disk: Path, tmp_path: Path) -> None:
    store = Store(small_disk / "home")
    kept = keep_raw(store, b"a" * 300_000, tmp_path)
    with pytest.raises(StorageFull, match="the disk is full and nothing was changed"):
        keep_raw(store, b"b" * 300_000, tmp_path)
    with pytest.raises(StorageFull):
        store.write_page("restricted/desk/a.html", "c" * 300_000)
    assert read_raw(store, kept) == b"a" * 300_000
    files = {path for path in store.zones.home.rglob("*") if path.is_file()}
    assert files - set(store.zones.data_keys.rglob("*")) == {store.zones.raw_file(kept)}
    assert read_raw(store, keep_raw(store, b"d" * 1_000, tmp_path)) == b"d" * 1_000


def own_start() -> str:
    return Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]


def dead_process() -> int:
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


@pytest.mark.parametrize(
    ("host", "process", "started", "abandoned"),
    [
        ("here", "dead", "1", True),
        ("here", "own", "own", False),
        ("here", "own", "1", True),  # the number was given to another process since
        ("elsewhere", "dead", "1", False),
        ("here", "nonsense", "1", False),
    ],
)
def test_only_what_dead_processes_of_this_host_left_is_swept(
    staging: Staging, tmp_path: Path, host: str, process: str, started: str, abandoned: bool
) -> None:
    host = socket.gethostname() if host == "here" else "elsewhere.example"
    process = {"dead": str(dead_process()), "own": str(os.getpid())}.get(process, process)
    started = own_start() if started == "own" else started
    name = f"{host}.{process}.{started}.0123abcd"
    folder = tmp_path / "staging" / name
    folder.mkdir()
    (folder / "half").write_bytes(b"half")
    assert staging.sweep() == abandoned
    assert left(tmp_path) == ([] if abandoned else [name])


def test_a_name_that_is_no_entry_is_left_alone(staging: Staging, tmp_path: Path) -> None:
    (tmp_path / "staging" / "notes").write_bytes(b"")
    assert staging.sweep() == 0
    assert left(tmp_path) == ["notes"]


def test_an_entry_in_use_survives_the_sweep(staging: Staging) -> None:
    with staging.entry() as path:
        path.write_bytes(b"half")
        assert staging.sweep() == 0
        assert path.exists()
    assert not path.exists()
