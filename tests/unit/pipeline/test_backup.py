"""Backup: put back it is as it was on either engine, a killed one is none, and erased cases stay erased."""

import json
import shutil

import pytest

from pipeline.backup import BackupRefused, export_erasures, make_backup, restore_backup
from pipeline.ingest import ingest_files
from pipeline.settings import Settings
from pipeline.withdrawal import withdraw_case
from pipeline.workspace import Workspace
from storage.error import BackupUnusable, LedgerNotEmpty
from storage.snapshot import Snapshots
from tests.unit.pipeline.conftest import Office, make_rows


@pytest.fixture
def place(tmp_path, ledger_url):
    """Makes an office whose ledger is on this engine, and the settings of an empty machine beside it."""
    office = Office(tmp_path)
    home = tmp_path / "home"
    office.workspace = Workspace(Settings(home=home, sources=tmp_path / "sources", database_url=ledger_url))
    office.deliver("2019", make_rows(1, 13))
    return office


def backup(office):
    made = make_backup(office.workspace, office.folder / "backup", office.folder / "safe", "officer")
    return made, office.folder / "backup" / made.name, office.folder / "safe" / made.name


def elsewhere(office):
    """Another machine: an empty root, no key file, an embedded ledger."""
    return Settings(home=office.folder / "new" / "home", sources=office.workspace.settings.sources)


def rows_of(workspace):
    return list(Snapshots(workspace.settings.ledger_url).dump())


def test_a_backup_is_put_back_as_it_was_and_a_second_one_copies_what_is_new(place):
    made, data, keys = backup(place)
    before = rows_of(place.workspace)
    assert restore_backup(elsewhere(place), data, keys, None, "officer") > 3
    restored = Workspace(elsewhere(place))
    # everything up to the backup, then what was done since
    assert [row for row in before[1:] if row not in rows_of(restored)] == [
        row for row in before if b'"backup.made"' in row
    ]
    [entry] = restored.ledger.pool_entries()
    cases, _ = restored.store.read_cases(entry.cases)
    assert sorted(cases["source_record_key"]) == sorted(
        place.workspace.store.read_cases(entry.cases)[0]["source_record_key"]
    )
    again, second, _ = backup(place)
    assert (again.copied, again.files) == (1 - 1, made.files)
    name = next(p for p in (data / "restricted" / "raw").rglob("*") if p.is_file()).relative_to(data)
    assert (data / name).stat().st_ino == (second / name).stat().st_ino
    assert not list(data.rglob("*.key")) + list((data / "restricted").glob("keys"))
    with pytest.raises(BackupRefused, match="the root holds files"):
        restore_backup(elsewhere(place), data, keys, None, "officer")


def test_what_is_damaged_unfinished_or_of_two_moments_is_no_backup(place):
    _, data, keys = backup(place)
    (data / "backup.json").rename(data / "gone")
    with pytest.raises(BackupUnusable, match="no finished backup"):
        restore_backup(elsewhere(place), data, keys, None, "officer")
    (data / "gone").rename(data / "backup.json")
    other = shutil.copytree(keys, keys.with_name("other"))
    with pytest.raises(BackupRefused, match="two moments"):
        restore_backup(elsewhere(place), data, other, None, "officer")
    path = next(p for p in (data / "restricted" / "raw").rglob("*") if p.is_file())
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(BackupUnusable, match="damaged"):
        restore_backup(elsewhere(place), data, keys, None, "officer")
    assert not elsewhere(place).home.exists()


def test_a_case_withdrawn_after_the_backup_does_not_come_back(place):
    _, data, keys = backup(place)
    withdraw_case(place.workspace, place.id, "N-5", "officer")
    erasures = place.folder / "erasures.json"
    assert export_erasures(place.workspace, erasures, "officer") == 3  # withdrawal, mark, erased file
    assert "N-5" not in erasures.read_text()
    settings = elsewhere(place)
    restore_backup(settings, data, keys, json.loads(erasures.read_text()), "officer")
    restored = Workspace(settings)
    assert [entry.rows for entry in restored.ledger.pool_entries()] == [12]
    assert not [p for p in restored.store.zones.raw.rglob("*") if p.is_file()]
    ingest_files(restored, place.id, "2019", [place.folder / "delivery.csv"], "officer")
    assert [entry.rows for entry in restored.ledger.pool_entries()] == [12]


def test_a_backup_goes_only_where_it_is_apart_and_into_an_empty_ledger(place):
    home = place.workspace.settings.home
    for to, keys_to in ((home / "b", home / "k"), (place.folder / "b", place.folder / "b" / "k")):
        with pytest.raises(BackupRefused, match="three folders apart"):
            make_backup(place.workspace, to, keys_to, "officer")
    _, data, keys = backup(place)
    used = place.workspace.settings.ledger_url
    settings = elsewhere(place).model_copy(update={"database_url": used})
    place.workspace.ledger.start_run("map", "x", "officer")
    with pytest.raises(LedgerNotEmpty):
        restore_backup(settings, data, keys, None, "officer")
    # which can be run again once an empty one is named
    assert restore_backup(elsewhere(place), data, keys, None, "officer") > 3
