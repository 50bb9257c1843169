"""Contents of artefacts as bytes: read whole or in pieces, and hashed."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from storage.error import ArtefactCorrupt, ArtefactMissing
from storage.handed import PIECE
from storage.staging import translate_error


def read_bytes(path: Path) -> bytes:
    """All of a file.

    Raises:
        ArtefactMissing: it is not there.
        StorageFailed: the system refused.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ArtefactMissing("there is no artefact of this id or name") from None
    except OSError as error:
        raise translate_error(error) from None


def read_pieces(path: Path) -> Iterator[bytes]:
    """The same, piece by piece."""
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
    except FileNotFoundError:
        raise ArtefactMissing("there is no artefact of this id or name") from None
    except OSError as error:
        raise translate_error(error) from None


def hash_file(path: Path) -> str:
    """SHA-256 of a file."""
    digest = sha256()
    for piece in read_pieces(path):
        digest.update(piece)
    return digest.hexdigest()


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
