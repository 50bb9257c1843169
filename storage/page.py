"""The pages under restricted/desk and public: written whole, by one process at a time, where they changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from storage.content import read_bytes
from storage.error import ArtefactMissing, StorageFailed
from storage.staging import PRIVATE_FILE, PUBLIC_FILE, Staging, translate_error
from storage.zone import Zones

PATIENCE_SECONDS = 300


class Pages:
    """The pages of one root."""

    def __init__(self, zones: Zones, staging: Staging) -> None:
        """The pages of these zones."""
        self._zones, self._staging = zones, staging

    def write(self, name: str, page: str) -> Path:
        """Put a page in its place, whole or not at all; where it is. One that says the same already stays."""
        path = self._zones.page_file(name)
        if self.read(name) != page:
            mode = PUBLIC_FILE if name.startswith("public/") else PRIVATE_FILE
            self._staging.write_file(path, page.encode(), mode)
        return path

    def read(self, name: str) -> str | None:
        """A page as it stands; None where there is none, or where it is no text any more."""
        try:
            return read_bytes(self._zones.page_file(name)).decode()
        except (ArtefactMissing, UnicodeDecodeError):
            return None

    def list_desk(self) -> frozenset[str]:
        """The file names of the pages that stand on the desk."""
        return frozenset(path.name for path in self._zones.desk.glob("*.html"))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let one process at a time write pages, so that none puts an older state over a newer one.

        Raises:
            StorageFailed: another process has been writing them for longer than anybody waits.
        """
        lock = FileLock(self._zones.restricted / ".pages.lock", timeout=PATIENCE_SECONDS, mode=PRIVATE_FILE)
        try:
            lock.acquire()
        except Timeout:
            raise StorageFailed("another process has been writing the pages for minutes") from None
        except OSError as error:
            raise translate_error(error) from None
        try:
            yield
        finally:
            lock.release()
