"""The keyring: the data keys under which the files of each source are sealed, wrapped and numbered.

Each owner has a series of keys; the newest seals, each opens. `common` owns what is of several sources.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes

from storage.envelope import Wrapper
from storage.error import ArtefactCorrupt, KeyUnavailable
from storage.seal import ID_BYTES, KEY_BYTES, DataKey
from storage.staging import PRIVATE_FOLDER, Staging, flush_folder, make_folder, translate_error

COMMON = "common"


@dataclass(frozen=True)
class WrappedKey:
    """A data key as it lies in the folder of keys."""

    path: Path
    owner: str
    id: bytes
    wrapped: str


class Keyring:
    """The data keys of one home."""

    def __init__(self, folder: Path, wrapper: Wrapper, staging: Staging) -> None:
        """Keys in this folder, `<owner>/<number>.json`."""
        self._folder, self._wrapper, self._staging = folder, wrapper, staging
        self._opened: dict[bytes, DataKey] = {}

    def current(self, owner: str) -> DataKey:
        """The key that files of an owner are sealed under now; made where there is none.

        Raises:
            KeyUnavailable: the key-encryption key is not there, or another.
        """
        # Looked up each time: another process may have rotated or destroyed what this one remembers.
        newest = self._newest(owner)
        if newest is None:
            self._make(owner, 1)
            newest = self._newest(owner)
        if newest is None:
            raise KeyUnavailable(f"the key of {owner} was destroyed while it was made; run the step again")
        return self._open(newest)

    def find(self, key_id: bytes) -> DataKey:
        """The key of this id.

        Raises:
            KeyUnavailable: it was destroyed or lost, or the key-encryption key is not there, or another.
        """
        if key_id not in self._opened:
            for wrapped in self.list_keys():
                if wrapped.id == key_id:
                    return self._open(wrapped)
            raise KeyUnavailable(
                f"the data key {key_id.hex()} of an artefact is not there: it was destroyed by `palermo keys "
                "shred`, or the folder of keys is to be restored from its backup"
            )
        return self._opened[key_id]

    def has(self, key_id: bytes) -> bool:
        """Whether the key of this id is there."""
        return any(wrapped.id == key_id for wrapped in self.list_keys())

    def list_keys(self) -> list[WrappedKey]:
        """Every data key, by owner and number."""
        return [_read_wrapped(path) for path in sorted(self._folder.glob("*/*.json"))]

    def rotate(self, owner: str) -> None:
        """Let a new key seal the files of an owner from now on."""
        newest = self._newest(owner)
        self._make(owner, 1 if newest is None else int(newest.path.stem) + 1)

    def rewrap(self) -> int:
        """Wrap every data key by the key-encryption key in force; how many there are."""
        keys = self.list_keys()
        for each in keys:
            self._staging.write_file(each.path, self._dump(self._open(each)))
        return len(keys)

    def destroy(self, key: WrappedKey) -> None:
        """Remove a data key for good, as far as the file system does."""
        try:
            key.path.unlink(missing_ok=True)
            flush_folder(key.path.parent)
        except OSError as error:
            raise translate_error(error) from None
        self._opened.pop(key.id, None)

    def wrap(self, secret: bytes, owner: str) -> bytes:
        """A secret that is no data key, wrapped."""
        self._prepare()
        return json.dumps({"owner": owner, "wrapped": self._wrapper.wrap(secret, owner)}).encode()

    def unwrap(self, content: bytes, owner: str) -> bytes:
        """The secret again.

        Raises:
            ArtefactCorrupt: it is damaged.
            KeyUnavailable: the key-encryption key is not there, or another.
        """
        try:
            document = json.loads(content)
            return self._wrapper.unwrap(str(document["wrapped"]), owner)
        except (ValueError, KeyError, TypeError):
            raise ArtefactCorrupt(f"the key of {owner} is damaged; restore it from the backup") from None

    def _newest(self, owner: str) -> WrappedKey | None:
        found = sorted((self._folder / owner).glob("*.json"))
        return _read_wrapped(found[-1]) if found else None

    def _make(self, owner: str, number: int) -> None:
        """Make a key of this number; where another process was first, its key stands."""
        self._prepare()
        key = DataKey(token_bytes(ID_BYTES), owner, token_bytes(KEY_BYTES))
        folder = self._folder / owner
        try:
            make_folder(folder, PRIVATE_FOLDER)
        except OSError as error:
            raise translate_error(error) from None
        self._staging.create_file(folder / f"{number:06}.json", self._dump(key))

    def _prepare(self) -> None:
        self._wrapper.prepare(is_first=not any(self._folder.parent.rglob("*.json")))

    def _dump(self, key: DataKey) -> bytes:
        wrapped = self._wrapper.wrap(key.secret, _context(key.owner, key.id))
        return json.dumps({"owner": key.owner, "id": key.id.hex(), "wrapped": wrapped}).encode()

    def _open(self, key: WrappedKey) -> DataKey:
        if key.id not in self._opened:
            secret = self._wrapper.unwrap(key.wrapped, _context(key.owner, key.id))
            self._opened[key.id] = DataKey(key.id, key.owner, secret)
        return self._opened[key.id]


def _context(owner: str, key_id: bytes) -> str:
    return f"{owner} {key_id.hex()}"


def _read_wrapped(path: Path) -> WrappedKey:
    try:
        document = json.loads(path.read_bytes())
        return WrappedKey(
            path, str(document["owner"]), bytes.fromhex(document["id"]), str(document["wrapped"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        raise ArtefactCorrupt(
            f"the data key {path.parent.name}/{path.stem} is damaged; restore the folder of keys from its "
            "backup"
        ) from None
