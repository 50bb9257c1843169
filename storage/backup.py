"""Copies of the zones: sealed files as they are, each with its SHA-256, linked where an earlier has it."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from storage.error import BackupUnusable
from storage.handed import PIECE
from storage.staging import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    PUBLIC_FILE,
    PUBLIC_FOLDER,
    flush_folder,
    make_folder,
    translate_error,
    write_flushed,
)
from storage.zone import Zones

MANIFEST, LEDGER, PARTIAL, RESTORING = "backup.json", "ledger.sealed", ".partial-", ".restoring"
DATA = "data"
COPIED = ("restricted/raw", "restricted/cases", "restricted/candidates", "restricted/desk", "public")

# The name of a backup: its moment, UTC.
MOMENT, NAMED = "%Y%m%dT%H%M%S%fZ", re.compile(r"[0-9]{8}T[0-9]{12}Z")

Facts = dict[str, Any]


def name_moment(moment: datetime) -> str:
    """The name of a backup that is begun at this moment."""
    return moment.strftime(MOMENT)


def read_moment(name: str) -> datetime:
    """The moment in the name of a backup."""
    return datetime.strptime(name, MOMENT).replace(tzinfo=UTC)


class BackupFolder:
    """A backup being made: nobody takes it for one until it is finished."""

    def __init__(self, root: Path, name: str) -> None:
        """Begin in a folder of unfinished name; what killed backups left goes."""
        self.path, self._partial = root / name, root / f"{PARTIAL}{name}"
        self.files: dict[str, list[Any]] = {}
        self._earlier = _find_last(root)
        try:
            make_folder(root, PRIVATE_FOLDER)
            for left in root.glob(f"{PARTIAL}*"):
                shutil.rmtree(left)
            make_folder(self._partial, PRIVATE_FOLDER)
        except OSError as error:
            raise translate_error(error) from None

    def write(self, name: str, pieces: Iterator[bytes]) -> None:
        """Add a file."""
        path = self._partial / name
        try:
            make_folder(path.parent, PRIVATE_FOLDER)
            write_flushed(path, pieces, PRIVATE_FILE)
        except OSError as error:
            raise translate_error(error) from None
        self.files[name] = [_hash(path), path.stat().st_size]

    def copy(self, folder: Path, name: str) -> bool:
        """Add a file of a folder; False where an earlier backup has the same bytes, which are linked.

        A file that is erased meanwhile is left out.
        """
        source, target = folder / name, self._partial / name
        try:
            facts = [_hash(source), source.stat().st_size]
            make_folder(target.parent, PRIVATE_FOLDER)
            if self._link(name, facts):
                self.files[name] = facts
                return False
            write_flushed(target, _pieces(source), PRIVATE_FILE)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise translate_error(error) from None
        self.files[name] = [_hash(target), target.stat().st_size]
        return True

    def _link(self, name: str, facts: list[Any]) -> bool:
        if self._earlier is None or self._earlier[1].get(name) != facts:
            return False
        earlier = self._earlier[0] / name
        if not earlier.is_file() or _hash(earlier) != facts[0]:
            return False
        (self._partial / name).hardlink_to(earlier)
        return True

    def finish(self, facts: Facts) -> str:
        """Write the manifest and give the backup its name; the SHA-256 of the manifest."""
        try:
            content = json.dumps({**facts, "files": self.files}, indent=1, sort_keys=True).encode()
            write_flushed(self._partial / MANIFEST, [content], PRIVATE_FILE)
            self._partial.rename(self.path)
            flush_folder(self.path.parent)
        except OSError as error:
            raise translate_error(error) from None
        return sha256(content).hexdigest()


@dataclass(frozen=True)
class Shelf:
    """What lies in a folder of backups: the name of the newest, None where there is none, and cut-off ones.

    The newest is told by its name alone: one that lost its manifest is damaged, and no reason to take the
    one before it for the newest.
    """

    newest: str | None
    unfinished: int


def read_shelf(root: Path) -> Shelf | None:
    """Look into a folder of backups; None where there is no such folder.

    Raises:
        StorageFailed: it cannot be read.
    """
    try:
        names = [path.name for path in root.iterdir() if path.is_dir()]
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise translate_error(error) from None
    return Shelf(max(filter(_is_moment, names), default=None), sum(n.startswith(PARTIAL) for n in names))


def hash_manifest(path: Path) -> str:
    """The SHA-256 of the manifest of a backup.

    Raises:
        BackupUnusable: it cannot be read.
    """
    try:
        return _hash(path / MANIFEST)
    except OSError:
        raise BackupUnusable("the manifest of the backup cannot be read: take an older one") from None


def count_damaged(path: Path, facts: Facts) -> int:
    """How many files of a backup are gone or not as they were copied."""
    return sum(not _is_sound(path, name, entry) for name, entry in facts["files"].items())


def list_copied(zones: Zones) -> Iterator[str]:
    """The names under the root that a backup has: all zones but the inbox and what is unfinished."""
    for folder in COPIED:
        for path in sorted((zones.home / folder).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(zones.home).as_posix()


def read_backup(path: Path) -> Facts:
    """The manifest of a finished backup.

    Raises:
        BackupUnusable: it is none.
    """
    try:
        facts: Facts = json.loads((path / MANIFEST).read_bytes())
        if isinstance(facts["files"], dict):
            return facts
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise BackupUnusable("there is no finished backup in that folder: name one that `palermo backup` printed")


def check_backup(path: Path, facts: Facts) -> None:
    """Let a backup through all of whose files are as they were copied.

    Raises:
        BackupUnusable: one is not.
    """
    if not all(_is_sound(path, name, entry) for name, entry in facts["files"].items()):
        raise BackupUnusable(
            "a file of the backup is damaged or gone: take an older one; nothing was changed"
        )


def put_back(path: Path, facts: Facts, home: Path) -> int:
    """Copy the files of a checked backup to where they were; how many."""
    try:
        for name in facts["files"]:
            if name == LEDGER:
                continue
            target = home / name
            is_public = name.startswith("public/")
            make_folder(target.parent, PUBLIC_FOLDER if is_public else PRIVATE_FOLDER)
            target.unlink(missing_ok=True)
            write_flushed(target, _pieces(path / name), PUBLIC_FILE if is_public else PRIVATE_FILE)
    except OSError as error:
        raise translate_error(error) from None
    return len(facts["files"])


def _find_last(root: Path) -> tuple[Path, dict[str, list[Any]]] | None:
    for path in sorted(root.glob("[0-9]*"), reverse=True):
        try:
            return path, read_backup(path)["files"]
        except BackupUnusable:
            continue
    return None


def _is_moment(name: str) -> bool:
    if NAMED.fullmatch(name) is None:
        return False
    try:
        read_moment(name)
    except ValueError:
        return False
    return True


def _is_sound(path: Path, name: str, entry: object) -> bool:
    """Whether a file is as the manifest says; what the manifest says may be damaged, too."""
    if not isinstance(entry, list) or name.startswith("/") or ".." in name.split("/"):
        return False
    try:
        return entry[:1] == [_hash(path / name)]
    except (OSError, ValueError):  # ValueError: a name that no file can have
        return False


def _hash(path: Path) -> str:
    digest = sha256()
    for piece in _pieces(path):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(path: Path) -> Iterator[bytes]:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        while piece := file.read(PIECE):
            yield piece
