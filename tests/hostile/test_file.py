"""What is given as a file and is none, or changes meanwhile: nothing of it is stored."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from canary import read_stored

from pipeline import ingest
from pipeline.ingest import receive_files
from pipeline.room import FileNotThere
from pipeline.settings import Settings
from pipeline.workspace import Workspace
from storage.error import StorageFull
from storage.handed import FileChanged, HandedFile
from transforms.readers.content import FileUnreadable

SOURCE = "zzz_office_cases"
DESCRIPTION = """
title: Test
publisher: {name: Office, country: SRB}
terms: {licence: none, agreement: none}
schedule: {every: once}
reader: {format: delimited}
columns: {key: {key: true}}
ignored: {note: a test}
constants:
  data_source_type: Hotline
  trafficking_status: ActualVictimOfTrafficking
  consent_publication: true
  year_of_registration: 2019
"""
GOOD = b"key,note\n1,a\n2,b\n"


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    folder = tmp_path / "sources" / SOURCE
    folder.mkdir(parents=True)
    (folder / "source.yml").write_text(DESCRIPTION)
    return Workspace(Settings(home=tmp_path / "home", sources=tmp_path / "sources"))


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "cases.csv"
    path.write_bytes(GOOD)
    return path


def receive(workspace: Workspace, path: Path) -> str:
    return receive_files(workspace, SOURCE, "2019", [path], "officer").submission


def list_stored(workspace: Workspace) -> list[Path]:
    zones = workspace.store.zones
    paths = (path for zone in (zones.raw, zones.cases, zones.staging) for path in zone.rglob("*"))
    return [path for path in paths if path.is_file()]


@pytest.fixture(params=["link", "pipe", "device", "folder", "nothing", "long name"])
def no_file(request, tmp_path, file) -> Path:
    path = tmp_path / "given.csv"
    match request.param:
        case "link":
            path.symlink_to(file)
        case "pipe":
            os.mkfifo(path)
        case "device":
            return Path("/dev/zero")
        case "folder":
            path.mkdir()
        case "long name":
            return tmp_path / ("Ж" * 300)
    return path


def test_what_is_no_plain_file_is_refused_at_once(workspace, no_file):
    with pytest.raises(FileNotThere) as refused:
        receive(workspace, no_file)
    assert "file 1 of 1" in str(refused.value)
    assert no_file.name not in str(refused.value)
    assert list_stored(workspace) == []


def test_a_name_as_long_as_the_system_allows(workspace, file, tmp_path):
    longest = file.rename(tmp_path / ("Ж" * 127))
    receive(workspace, longest)
    assert [read_stored(path) for path in list_stored(workspace)] == [GOOD]


EMPTY = {"empty": b"", "blank": b"\n\n", "mark": b"\xef\xbb\xbf", "null": b"\0" * 100, "cut": b"\xff\xfe\xff"}


@pytest.mark.parametrize("content", EMPTY.values(), ids=EMPTY)
def test_a_file_without_a_table(workspace, file, content):
    file.write_bytes(content)
    with pytest.raises(FileUnreadable):
        receive(workspace, file)
    assert list_stored(workspace) == []
    assert workspace.ledger.submissions() == ()


@pytest.mark.parametrize("change", [b"3,c\n", None])
def test_a_file_that_changes_between_screening_and_storing(workspace, file, monkeypatch, change):
    screen = ingest.screen_batches

    def meanwhile(*args):
        findings = screen(*args)
        file.write_bytes(GOOD + change if change else GOOD[:-4])
        return findings

    monkeypatch.setattr(ingest, "screen_batches", meanwhile)
    with pytest.raises(FileChanged, match="complete"):
        receive(workspace, file)
    assert list_stored(workspace) == []


def test_a_file_replaced_under_its_name_is_read_as_it_was_opened(file):
    with HandedFile(file) as handed:
        file.unlink()
        file.write_bytes(b"another")
        assert b"".join(handed.pieces()) == GOOD


def test_a_disk_that_is_full_keeps_nothing(workspace, file, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr("storage.staging.os.fsync", full)
    with pytest.raises(StorageFull):
        workspace.store.put_raw_file(HandedFile(file))
    monkeypatch.undo()
    assert list_stored(workspace) == []


def test_bytes_of_the_raw_zone_that_changed_are_told_at_the_end(workspace, file):
    with HandedFile(file) as handed:
        sha = workspace.store.put_raw_file(handed)
    path = workspace.store.zones.raw_file(sha)
    path.chmod(0o600)
    path.write_bytes(GOOD.replace(b"a", b"x"))

    def drain() -> Iterator[bytes]:
        yield from workspace.store.raw_pieces(sha)

    with pytest.raises(Exception, match="have changed"):
        list(drain())
