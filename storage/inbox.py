"""The inbox: files that arrived as `<source>/<period>/<file>`; complete ones are claimed by a rename.

Claimed files lie in `<source>/<period>/claimed/<hash>/`, refused ones beside it in `refused/<hash>/`. A
source and period has one claim at a time; what arrives meanwhile waits.
"""

import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from schemas.period import PERIOD
from schemas.source import SOURCE_ID
from storage.staging import PRIVATE_FOLDER, make_folder, translate_error
from storage.zone import Zones

CLAIMED, REFUSED = "claimed", "refused"
PIECE = 2**20

Place = tuple[str, str]
"""A source id and a period."""

Look = tuple[tuple[str, int, int], ...]
"""What lies in a folder: name, size in bytes and time of the last change in nanoseconds of each file."""


@dataclass(frozen=True)
class Claim:
    """Files taken out of everybody's reach; `sha256` is of their hashes, whatever they are called."""

    source_id: str
    period: str
    sha256: str
    files: int


class Inbox:
    """What arrived under one root. File names go no further: they may hold a person's name."""

    def __init__(self, zones: Zones) -> None:
        """The inbox of these zones."""
        self._zones = zones

    def arrivals(self) -> dict[Place, Look]:
        """Every source and period in which files lie that nobody has claimed."""
        looks = {place: _look(folder) for place, folder in self._folders().items()}
        return {place: look for place, look in looks.items() if look}

    def files(self, source_id: str, period: str) -> tuple[Path, ...]:
        """The files to receive: the claimed ones, or those that lie open where none is claimed."""
        folder = self._zones.inbox_folder(source_id, period)
        for claimed in _claims(folder):
            return _files(claimed)
        return _files(folder)

    def claim(self, source_id: str, period: str) -> Claim | None:
        """Take the files that lie open; None where there are none, or others are claimed still.

        A claim that was cut off half-way is undone by `mend`.

        Raises:
            StorageFailed: the system refused.
        """
        folder = self._zones.inbox_folder(source_id, period)
        files = _files(folder)
        if not files or _claims(folder):
            return None
        name = _hash(files)
        unfinished = folder / CLAIMED / f".{name}"
        try:
            make_folder(unfinished, PRIVATE_FOLDER)
            for path in files:
                path.rename(unfinished / path.name)
            unfinished.rename(folder / CLAIMED / name)
        except OSError as error:
            raise translate_error(error) from None
        return Claim(source_id, period, name, len(files))

    def claims(self) -> tuple[Claim, ...]:
        """Every claim whose files were not received yet."""
        return tuple(
            Claim(source_id, period, claimed.name, len(_files(claimed)))
            for (source_id, period), folder in self._folders().items()
            for claimed in _claims(folder)
        )

    def refuse(self, source_id: str, period: str) -> None:
        """Put claimed files aside, so that they are not offered again; they are the sender's."""
        folder = self._zones.inbox_folder(source_id, period)
        for claimed in _claims(folder):
            aside = folder / REFUSED / claimed.name
            try:
                make_folder(aside.parent, PRIVATE_FOLDER)
                shutil.rmtree(aside, ignore_errors=True)
                claimed.rename(aside)
            except OSError as error:
                raise translate_error(error) from None

    def mend(self) -> None:
        """Put back what a process was claiming when it was killed, and remove claims that are empty."""
        for folder in self._folders().values():
            for left in (folder / CLAIMED).glob("*"):
                if left.name.startswith("."):
                    for path in left.iterdir():
                        path.rename(folder / path.name)
                if not any(left.iterdir()):
                    left.rmdir()

    def _folders(self) -> dict[Place, Path]:
        return {
            (folder.parent.name, folder.name): folder
            for folder in sorted(self._zones.inbox.glob("*/*"))
            if SOURCE_ID.fullmatch(folder.parent.name) and PERIOD.fullmatch(folder.name) and folder.is_dir()
        }


def _files(folder: Path) -> tuple[Path, ...]:
    """Plain files, hidden ones left out."""
    found = folder.iterdir() if folder.is_dir() else ()
    return tuple(sorted(path for path in found if path.is_file() and not path.name.startswith(".")))


def _claims(folder: Path) -> list[Path]:
    found = (path for path in (folder / CLAIMED).glob("*") if not path.name.startswith("."))
    return sorted(path for path in found if _files(path))


def _look(folder: Path) -> Look:
    seen = []
    for path in _files(folder):
        facts = path.stat()
        seen.append((path.name, facts.st_size, facts.st_mtime_ns))
    return tuple(seen)


def _hash(files: tuple[Path, ...]) -> str:
    """SHA-256 over the sorted hashes of the files."""
    hashes = []
    for path in files:
        digest = sha256()
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
        hashes.append(digest.hexdigest())
    return sha256("".join(sorted(hashes)).encode()).hexdigest()
