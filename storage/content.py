"""Contents of artefacts: opened, read whole or in pieces, and hashed; sealed ones are opened by their key."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, cast

from storage.error import ArtefactCorrupt, ArtefactMissing
from storage.handed import PIECE
from storage.keyring import Keyring
from storage.seal import OpenedFile, read_facts
from storage.staging import translate_error


@dataclass(frozen=True)
class StoredFile:
    """A file of a zone; one that was kept before files were sealed, or is public, is read as it is."""

    path: Path
    keys: Keyring | None = field(default=None, repr=False, compare=False)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The file, to be read from any place.

        Raises:
            ArtefactMissing: it is not there.
            ArtefactCorrupt: it was sealed and has changed.
            KeyUnavailable: it was sealed, and its key cannot be had.
            StorageFailed: the system refused.
        """
        with self.open_raw() as file:
            try:
                yield file
            except OSError as error:
                raise translate_error(error) from None

    def open_raw(self) -> BinaryIO:
        """The same; the caller closes it."""
        try:
            facts = read_facts(self.path) if self.keys else None
            if facts is None or self.keys is None:
                return self.path.open("rb")
            return cast(BinaryIO, OpenedFile(self.path, self.keys.find(facts.key_id)))
        except FileNotFoundError:
            raise ArtefactMissing("there is no artefact of this id or name") from None
        except OSError as error:
            raise translate_error(error) from None

    def read(self) -> bytes:
        """All of it."""
        with self.open() as file:
            return file.read()

    def pieces(self) -> Iterator[bytes]:
        """The same, piece by piece."""
        with self.open() as file:
            while piece := file.read(PIECE):
                yield piece

    def hash(self) -> str:
        """SHA-256 of the contents."""
        digest = sha256()
        for piece in self.pieces():
            digest.update(piece)
        return digest.hexdigest()

    def owner(self) -> str | None:
        """Whose key it is sealed under; None where it is not sealed."""
        facts = read_facts(self.path)
        return self.keys.find(facts.key_id).owner if facts and self.keys else None

    def is_kept(self, size: int) -> bool:
        """Whether it is there, has this size, and can be opened."""
        try:
            facts = read_facts(self.path)
            if facts is None:
                return self.path.stat().st_size == size
        except (OSError, ArtefactCorrupt):
            return False
        return facts.size == size and self.keys is not None and self.keys.has(facts.key_id)


def read_bytes(path: Path) -> bytes:
    """All of a file that is not sealed.

    Raises:
        ArtefactMissing: it is not there.
        StorageFailed: the system refused.
    """
    return StoredFile(path).read()


def hash_file(path: Path) -> str:
    """SHA-256 of a file that is not sealed."""
    return StoredFile(path).hash()


def check_digest(sha: str, found: str) -> None:
    """Let an artefact through that has the hash it is named by.

    Raises:
        ArtefactCorrupt: it has another.
    """
    if found != sha:
        raise ArtefactCorrupt(f"the bytes of artefact {sha} have changed; restore it from the backup")


def remove_file(path: Path) -> None:
    """Remove a file if it is there."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise translate_error(error) from None
