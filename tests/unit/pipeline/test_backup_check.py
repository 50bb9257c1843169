"""The check of backups: the newest is whole and young or is told, and a killed one is never taken for one."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.backup import make_backup
from pipeline.backup_check import BackupFaulty, BackupState, check_newest_backup
from pipeline.settings import CHECKOUT
from storage.backup import name_moment, read_moment
from storage.record import Action

PALERMO = "import sys; from cli.main import app; app(sys.argv[1:])"
LARGE = 2**30


@pytest.fixture
def place(office, rows):
    office.deliver("2019", rows(1, 12))
    return office


@pytest.fixture
def shelf(place):
    return place.folder / "backup"


def backup(place):
    return make_backup(place.workspace, place.folder / "backup", place.folder / "safe", "officer")


def check(place):
    return check_newest_backup(place.workspace, place.folder / "backup", "officer")


def refused(place):
    with pytest.raises(BackupFaulty) as caught:
        check(place)
    return caught.value.checked


def edit(path, change):
    path.chmod(0o600)
    path.write_bytes(change(path.read_bytes()))


def forge(folder, change):
    """Rewrite a manifest so that it fits the files again."""
    edit(folder / "backup.json", lambda content: json.dumps(change(json.loads(content))).encode())


def move_days(folder, days):
    return folder.rename(folder.with_name(name_moment(datetime.now(UTC) - timedelta(days=days))))


def test_a_sound_backup_is_known_without_a_key(place, shelf):
    made = backup(place)
    home = place.workspace.settings.home
    for keys in (home / "restricted" / "keys", home.with_name("home-keys"), place.folder / "safe"):
        keys.rename(keys.with_name(f"{keys.name}-away"))
    checked = check(place)
    assert (checked.state, checked.name, checked.files) == (BackupState.SOUND, made.name, made.files)
    [entry] = place.workspace.ledger.entries_of(Action.BACKUP_CHECKED)
    assert (entry.actor, entry.subject) == ("officer", made.name)
    assert entry.detail == {"state": "sound", "files": made.files, "damaged": 0, "unfinished": 0}


def test_every_file_that_is_changed_or_gone_is_counted(place, shelf):
    """Also one that the newest shares with the backup before it."""
    backup(place)
    made = backup(place)
    files = sorted(p for p in (shelf / made.name).rglob("*") if p.is_file() and p.name != "backup.json")
    for path in files[:2]:
        edit(path, lambda content: content[:-1] + bytes([content[-1] ^ 1]))
    files[2].unlink()
    found = refused(place)
    assert (found.state, found.name, found.damaged) == (BackupState.DAMAGED, made.name, 3)
    assert len(files) == found.files == made.files


@pytest.mark.parametrize(
    "change",
    [
        lambda facts: {**facts, "of": "keys"},
        lambda facts: {**facts, "files": {}},
        lambda facts: {"of": "data"},
        lambda facts: {**facts, "files": {**facts["files"], "../backup.json": ["0" * 64, 1]}},
        lambda facts: {**facts, "files": {**facts["files"], "a\0b": ["0" * 64, 1]}},
        lambda facts: {**facts, "files": dict.fromkeys(facts["files"])},
        # every file as the manifest says, and one of them left out of it: only the trail knows
        lambda facts: {**facts, "files": dict(sorted(facts["files"].items())[:-1])},
    ],
)
def test_a_manifest_that_was_changed_is_damage(place, shelf, change):
    made = backup(place)
    forge(shelf / made.name, change)
    found = refused(place)
    assert (found.state, found.name) == (BackupState.DAMAGED, made.name)


def test_a_newest_one_without_manifest_is_damaged_though_an_older_is_sound(place, shelf):
    backup(place)
    made = backup(place)
    (shelf / made.name / "backup.json").unlink()
    found = refused(place)
    assert (found.state, found.name) == (BackupState.DAMAGED, made.name)


@pytest.mark.parametrize(("days", "old"), [(7.9, False), (8.1, True), (-7.9, False), (-8.1, True)])
def test_a_backup_is_old_after_the_days_that_the_setting_says(place, shelf, days, old):
    folder = move_days(shelf / backup(place).name, days)
    assert abs(datetime.now(UTC) - read_moment(folder.name) - timedelta(days=days)) < timedelta(minutes=5)
    if old:
        assert refused(place).state is BackupState.OLD
    else:
        assert check(place).name == folder.name


def test_an_empty_folder_and_none_are_told_apart(place, shelf):
    assert refused(place).state is BackupState.AWAY
    shelf.mkdir()
    (shelf / "20261301T000000000000Z").mkdir()  # no month
    (shelf / "lost+found").mkdir()
    (shelf / name_moment(datetime.now(UTC))).write_text("a file")
    assert refused(place).state is BackupState.NONE
    entries = place.workspace.ledger.entries_of(Action.BACKUP_CHECKED)
    assert [(e.subject, e.detail["state"]) for e in entries] == [("none", "away"), ("none", "none")]


def test_a_backup_that_is_killed_is_none(place, shelf):
    """SIGKILL of the real command while it copies; before a sound one, and after."""
    kill_backup(place, shelf)
    assert [path.name.startswith(".partial-") for path in shelf.iterdir()] == [True]
    found = refused(place)
    assert (found.state, found.name, found.unfinished) == (BackupState.UNFINISHED, None, 1)
    made = backup(place)
    assert [path.name for path in shelf.iterdir()] == [made.name]
    assert check(place).unfinished == 0
    kill_backup(place, shelf)
    checked = check(place)
    assert (checked.name, checked.unfinished) == (made.name, 1)
    assert len(place.workspace.ledger.entries_of(Action.BACKUP_MADE)) == 1


def kill_backup(place, shelf):
    """Kill `palermo backup` when it has copied a file and is at one that is large (and sparse)."""
    settings = place.workspace.settings
    large = settings.home / "restricted" / "desk" / "zz-large.html"
    large.parent.mkdir(exist_ok=True)
    large.touch()
    os.truncate(large, LARGE)
    environment = {
        **os.environ,
        "PYTHONPATH": str(CHECKOUT),
        "PALERMO_HOME": str(settings.home),
        "PALERMO_SOURCES": str(settings.sources),
    }
    folders = ["--to", str(shelf), "--keys-to", str(place.folder / "safe"), "--by", "officer"]
    command = [sys.executable, "-c", PALERMO, "backup", *folders]
    with subprocess.Popen(command, env=environment, start_new_session=True) as process:
        while process.poll() is None and not list(shelf.glob(".partial-*/restricted/raw/*/*")):
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    large.unlink()
