"""Backup: ledger and zones of one moment, the keys apart; put back into an empty home, erasures repeated."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any, cast

from pipeline.integrity import check_integrity
from pipeline.keys import shred_source
from pipeline.retention import expire_raw
from pipeline.settings import Settings
from pipeline.step import Refusal, safe_errors
from pipeline.withdrawal import apply_withdrawals
from pipeline.workspace import Workspace
from storage.backup import (
    DATA,
    LEDGER,
    RESTORING,
    BackupFolder,
    check_backup,
    list_copied,
    name_moment,
    put_back,
    read_backup,
)
from storage.content import StoredFile
from storage.envelope import KeyFile
from storage.keyring import COMMON
from storage.record import Action
from storage.seal import seal_pieces
from storage.sealing import list_artefacts
from storage.snapshot import Snapshots
from storage.staging import PRIVATE_FILE, make_folder, translate_error, write_flushed
from storage.store import Store
from storage.zone import Zones

KEY_FILE = "palermo.key"


class BackupRefused(Refusal):
    """A backup would not be one, or is asked to go where it must not."""


@dataclass(frozen=True)
class Backup:
    """A finished backup: where it is, how many files, and how many of them were new."""

    name: str
    files: int
    copied: int


def make_backup(workspace: Workspace, to: Path, keys_to: Path, actor: str) -> Backup:
    """Copy the ledger and the zones to a new folder below `to`, the keys to one of that name below `keys_to`.

    The ledger comes first, so that all it names is there when the files are copied; keys come last, so that
    every file has its own.

    Raises:
        BackupRefused: the folders are not apart, or something lies open.
        StorageFailed: the system refused; there is no backup then.
    """
    with safe_errors("backup"):
        store, zones = workspace.store, workspace.store.zones
        _check_apart(zones.home, to, keys_to)
        if any(artefact.key_id is None for artefact in list_artefacts(store)):
            raise BackupRefused("files lie open from before they were sealed: palermo keys seal comes first")
        name = name_moment(datetime.now(UTC))
        folder, keys = BackupFolder(to.absolute(), name), BackupFolder(keys_to.absolute(), name)
        snapshots = Snapshots(workspace.settings.ledger_url)
        folder.write(LEDGER, seal_pieces(snapshots.dump(), store.keys.current(COMMON)))
        copied = sum(folder.copy(zones.home, each) for each in list_copied(zones))
        for path in sorted(zones.keys.rglob("*")):
            if path.is_file():
                keys.copy(zones.home, path.relative_to(zones.home).as_posix())
        wrapper = workspace.settings.wrapper
        if isinstance(wrapper, KeyFile):
            keys.write(KEY_FILE, iter([wrapper.path.read_bytes()]))
        keys.finish({"of": "keys"})
        manifest = folder.finish({"of": DATA})
        workspace.ledger.audit(
            actor, Action.BACKUP_MADE, name, files=len(folder.files), copied=copied, manifest=manifest
        )
        return Backup(name, len(folder.files), copied)


def export_erasures(workspace: Workspace, path: Path, actor: str) -> int:
    """Write what was withdrawn and erased to a file to be kept apart, without a key of a case; its rows."""
    with safe_errors("erasures"):
        erasures: dict[str, Any] = Snapshots(workspace.settings.ledger_url).dump_erasures()
        shredded = workspace.ledger.entries_of(Action.KEY_SHREDDED)
        content = {**erasures, "shredded": [[entry.subject, entry.detail["key"]] for entry in shredded]}
        try:
            write_flushed(path, [json.dumps(content, indent=1).encode()], PRIVATE_FILE)
        except OSError as error:
            raise translate_error(error) from None
        rows = sum(map(len, content.values()))
        workspace.ledger.audit(actor, Action.ERASURES_EXPORTED, "ledger", rows=rows)
        return rows


def restore_backup(
    settings: Settings, backup: Path, keys: Path, erasures: Mapping[str, Any] | None, actor: str
) -> int:
    """Put a backup back into an empty home and ledger, repeat later erasures, verify; the sound artefacts.

    Every byte is verified before one is written. Cut off, it can be run again.

    Raises:
        BackupUnusable: it is no finished backup, or a file is damaged.
        BackupRefused: the home or the ledger is not empty, or backup and keys are of two moments.
        TrailFaulty, IntegrityBroken: what was restored is not whole.
    """
    with safe_errors("recover"):
        facts, key_facts = read_backup(backup), read_backup(keys)
        if backup.absolute().name != keys.absolute().name:
            raise BackupRefused("the backup and its keys are of two moments: name folders of the same name")
        home = settings.home.absolute()
        if not (home / RESTORING).exists() and _holds_files(home):
            raise BackupRefused("the root holds files: a backup goes into an empty one; nothing was changed")
        check_backup(backup, facts)
        check_backup(keys, key_facts)
        snapshots = Snapshots(settings.ledger_url)
        store = _put_files_back(settings, home, (backup, facts), (keys, key_facts))
        with StoredFile(backup / LEDGER, store.keys).open() as ledger:
            snapshots.load(BufferedReader(cast(RawIOBase, ledger)))
        workspace = Workspace(settings)
        files = len(facts["files"])
        workspace.ledger.audit(actor, Action.BACKUP_RESTORED, backup.absolute().name, files=files)
        if erasures is not None:
            _repeat_erasures(workspace, snapshots, erasures, actor)
        sound = check_integrity(workspace, actor)
        (home / RESTORING).unlink()
        return sound


def _put_files_back(
    settings: Settings, home: Path, data: tuple[Path, dict[str, Any]], keys: tuple[Path, dict[str, Any]]
) -> Store:
    try:
        make_folder(home, 0o755)
        (home / RESTORING).touch(PRIVATE_FILE)
        wrapper = settings.wrapper
        if isinstance(wrapper, KeyFile) and not wrapper.path.exists() and (keys[0] / KEY_FILE).exists():
            make_folder(wrapper.path.parent, 0o700)
            write_flushed(wrapper.path, [(keys[0] / KEY_FILE).read_bytes()], PRIVATE_FILE)
    except OSError as error:
        raise translate_error(error) from None
    wrapped = {name: facts for name, facts in keys[1]["files"].items() if name != KEY_FILE}
    put_back(keys[0], {"files": wrapped}, home)
    put_back(data[0], data[1], home)
    return Store(home, settings.wrapper)


def _repeat_erasures(
    workspace: Workspace, snapshots: Snapshots, erasures: Mapping[str, Any], actor: str
) -> None:
    """What was withdrawn, shredded or expired after the backup was made does not come back with it."""
    snapshots.load_erasures(erasures, actor)
    there = {key.id.hex() for key in workspace.store.keys.list_keys()}
    for source_id in sorted({source for source, key in erasures.get("shredded", []) if key in there}):
        shred_source(workspace, source_id, actor)
    apply_withdrawals(workspace, actor)
    expire_raw(workspace, actor)


def _holds_files(home: Path) -> bool:
    zones = Zones(home)
    folders = (zones.inbox, zones.restricted, zones.public)
    paths = (path for folder in folders for path in folder.rglob("*"))
    return any(path.is_file() and not path.name.startswith(".") for path in paths)


def _check_apart(home: Path, to: Path, keys_to: Path) -> None:
    places = [path.resolve() for path in (home, to, keys_to)]
    for place in places:
        if any(place is not other and place.is_relative_to(other) for other in places):
            raise BackupRefused("the root, the backup and its keys must be three folders apart")
