"""Files as they are handed in: plain files, opened once, hashed as they are read, piece by piece."""

import os
import stat
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import TracebackType

from storage.error import StorageError

PIECE = 2**20


class NotPlain(StorageError):
    """What was handed in is no file that can be read once and again: a link, a pipe, a device, a folder."""


class FileChanged(StorageError):
    """A file was written to while it was read."""


class HandedFile:
    """An open file of a stranger; a context manager. `path` is never quoted."""

    def __init__(self, path: Path) -> None:
        """Open it without following a link in its last place, and without waiting for a pipe.

        Raises:
            NotPlain: it is no plain file.
            OSError: it cannot be opened.
        """
        if path.is_symlink():
            raise NotPlain("it is a link; hand in the file itself")
        self._descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        if not stat.S_ISREG(os.fstat(self._descriptor).st_mode):
            os.close(self._descriptor)
            raise NotPlain("it is a folder, a pipe or a device; hand in a file")
        self._facts: tuple[str, int] | None = None

    def __enter__(self) -> "HandedFile":
        """The file itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        os.close(self._descriptor)

    def pieces(self) -> Iterator[bytes]:
        """The bytes from the first to the last, none of the pieces empty; each time the same.

        Raises:
            FileChanged: they are others than the first time.
        """
        digest, place = sha256(), 0
        while piece := os.pread(self._descriptor, PIECE, place):
            digest.update(piece)
            place += len(piece)
            yield piece
        facts = (digest.hexdigest(), place)
        if self._facts not in (None, facts):
            raise FileChanged("a file changed while it was read; hand it in again once it is complete")
        self._facts = facts

    @property
    def sha256(self) -> str:
        """The hash of the bytes, once they were read."""
        return self._read_facts()[0]

    @property
    def size(self) -> int:
        """The number of bytes, once they were read."""
        return self._read_facts()[1]

    def _read_facts(self) -> tuple[str, int]:
        if self._facts is None:
            for _ in self.pieces():
                pass
        return self._facts or ("", 0)
