"""The check of backups: the newest one is finished, whole and young, as far as that shows without a key."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from pipeline.step import Refusal, safe_errors
from pipeline.workspace import Workspace
from storage.backup import (
    DATA,
    LEDGER,
    count_damaged,
    hash_manifest,
    read_backup,
    read_moment,
    read_shelf,
)
from storage.error import BackupUnusable
from storage.record import Action


class BackupState(StrEnum):
    """How the newest backup of a folder stands."""

    SOUND = "sound"
    OLD = "old"
    DAMAGED = "damaged"
    UNFINISHED = "unfinished"
    NONE = "none"
    AWAY = "away"


ADVICE = {
    BackupState.OLD: "is sound and older than backup_days, or of a day to come: see why none was made since",
    BackupState.DAMAGED: "is damaged: make one to another disk, and keep this one aside",
    BackupState.UNFINISHED: "there are only backups that were cut off: make one, and see why none ended",
    BackupState.NONE: "there is no backup in the folder: make one, or correct the setting backup_folder",
    BackupState.AWAY: "the folder of backups is not there: mount it, or correct the setting backup_folder",
}


@dataclass(frozen=True)
class CheckedBackup:
    """The newest backup and what was found of it; `unfinished` are those cut off or under way beside it."""

    state: BackupState
    name: str | None = None
    files: int = 0
    damaged: int = 0
    unfinished: int = 0


class BackupFaulty(Refusal):
    """There is no backup that could be relied on; says which is not, and why."""

    def __init__(self, checked: CheckedBackup) -> None:
        """Keep what was found."""
        self.checked = checked
        what = f"the backup {checked.name} " if checked.name else ""
        count = f" ({checked.damaged:,} of {checked.files:,} files)" if checked.damaged else ""
        super().__init__(f"{what}{ADVICE[checked.state]}{count}")


def check_newest_backup(workspace: Workspace, folder: Path, actor: str) -> CheckedBackup:
    """Read the newest backup of a folder again, and put on the trail what was found.

    No key is asked for: the files are compared with the manifest as they lie there, sealed, and the manifest
    with the hash that the trail has of it. That they can be opened, only `palermo recover` shows.

    Raises:
        BackupFaulty: there is none, or it is cut off, damaged or old.
        StorageFailed: the folder cannot be read.
    """
    with safe_errors("check_backup"):
        checked = _check(workspace, folder)
        workspace.ledger.audit(
            actor,
            Action.BACKUP_CHECKED,
            checked.name or "none",
            state=checked.state,
            files=checked.files,
            damaged=checked.damaged,
            unfinished=checked.unfinished,
        )
    if checked.state is not BackupState.SOUND:
        raise BackupFaulty(checked)
    return checked


def _check(workspace: Workspace, folder: Path) -> CheckedBackup:
    shelf = read_shelf(folder)
    if shelf is None:
        return CheckedBackup(BackupState.AWAY)
    if shelf.newest is None:
        state = BackupState.UNFINISHED if shelf.unfinished else BackupState.NONE
        return CheckedBackup(state, unfinished=shelf.unfinished)
    name, path = shelf.newest, folder / shelf.newest
    try:
        facts, manifest = read_backup(path), hash_manifest(path)
    except BackupUnusable:
        return CheckedBackup(BackupState.DAMAGED, name, unfinished=shelf.unfinished)
    files, damaged = len(facts["files"]), count_damaged(path, facts)
    is_whole = facts.get("of") == DATA and LEDGER in facts["files"] and not damaged
    state = BackupState.DAMAGED
    if is_whole and manifest == _recorded_manifest(workspace, name, manifest):
        state = BackupState.OLD if _is_old(workspace, name) else BackupState.SOUND
    return CheckedBackup(state, name, files, damaged, shelf.unfinished)


def _recorded_manifest(workspace: Workspace, name: str, found: str) -> str:
    """What the trail has; what was found where it has none.

    A backup of an earlier version has none there, nor the one that a ledger was put back from.
    """
    made = [entry for entry in workspace.ledger.entries_of(Action.BACKUP_MADE) if entry.subject == name]
    return str(made[-1].detail.get("manifest", found)) if made else found


def _is_old(workspace: Workspace, name: str) -> bool:
    """A moment further ahead than that counts as old: a clock was wrong, and it would stay the newest."""
    return abs(datetime.now(UTC) - read_moment(name)) > timedelta(days=workspace.settings.backup_days)
