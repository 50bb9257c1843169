"""Which artefacts lie in the restricted zones under which key, and the same artefact sealed under another."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from storage.content import StoredFile, check_digest
from storage.seal import read_facts, seal_pieces
from storage.staging import Staging, translate_error
from storage.store import Store
from storage.zone import HASH


@dataclass(frozen=True)
class Artefact:
    """A file of the restricted zones; `key_id` is None where it lies open, from before files were sealed."""

    path: Path
    key_id: bytes | None

    @property
    def sha256(self) -> str | None:
        """The id it is named by; the files of a candidate have none."""
        name = self.path.name.partition(".")[0]
        return name if HASH.fullmatch(name) else None


def list_artefacts(store: Store) -> Iterator[Artefact]:
    """Every file that is, or is to be, sealed.

    Raises:
        StorageFailed: one cannot be read.
    """
    zones = store.zones
    for pattern in ("raw/*/*", "cases/*", "candidates/*", "candidates/*/*"):
        for path in sorted(zones.restricted.glob(pattern)):
            try:
                if path.is_file():
                    facts = read_facts(path)
                    yield Artefact(path, facts.key_id if facts else None)
            except FileNotFoundError:  # erased meanwhile
                continue
            except OSError as error:
                raise translate_error(error) from None


def reseal(store: Store, artefact: Artefact, owner: str) -> None:
    """Seal an artefact under the newest key of an owner, whole or not at all.

    Raises:
        ArtefactCorrupt: its bytes have changed; it stays as it is.
    """
    stored = StoredFile(artefact.path, store.keys)
    if artefact.path.is_file():
        pieces = seal_pieces(_verify(stored, artefact.sha256), store.keys.current(owner))
        Staging(store.zones.staging).write_pieces(artefact.path, pieces)


def _verify(stored: StoredFile, sha: str | None) -> Iterator[bytes]:
    digest = sha256()
    for piece in stored.pieces():
        digest.update(piece)
        yield piece
    if sha is not None:
        check_digest(sha, digest.hexdigest())
