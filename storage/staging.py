"""Where every artefact is written before it is seen: staged, flushed, then renamed in one step.

A staged entry is named `<host>.<process>.<start>.<random>`. `sweep` removes those whose process
is gone from this host; the start time tells a process from a later one with the same number
(where the system does not tell it, a reused number delays the sweep and endangers nothing).
Entries of other hosts are theirs to sweep, so two machines that share a home need two names.
"""

import errno
import os
import shutil
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from storage.error import StorageFailed, StorageFull

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
PUBLIC_FOLDER, PUBLIC_FILE = 0o755, 0o644
FULL = {errno.ENOSPC, errno.EDQUOT}
TAKEN = {errno.EEXIST, errno.ENOTEMPTY}
START_FIELD = 19  # position of the start time in /proc/<pid>/stat after the command's closing bracket


class Staging:
    """The folder of unfinished artefacts; on the same file system as the zones."""

    def __init__(self, folder: Path) -> None:
        """Stage in this folder."""
        self._folder = folder

    @contextmanager
    def entry(self) -> Iterator[Path]:
        """A new path to write to; whatever is left there afterwards is removed.

        Raises:
            StorageFull: the disk is full.
            StorageFailed: the system refused for another reason.
        """
        path = self._folder / f"{_prefix(os.getpid())}.{token_hex(8)}"
        try:
            yield path
        except OSError as error:
            raise translate_error(error) from None
        finally:
            _remove(path)

    def write_file(self, target: Path, content: bytes, mode: int = PRIVATE_FILE) -> None:
        """Put content at the target, whole or not at all, replacing what is there.

        Raises:
            StorageFull: the disk is full; the target is as it was.
            StorageFailed: the system refused for another reason; the target is as it was.
        """
        self.write_pieces(target, [content], mode)

    def write_pieces(self, target: Path, pieces: Iterable[bytes], mode: int = PRIVATE_FILE) -> None:
        """The same for content that comes in pieces; what their source raises leaves the target as it was.

        Raises:
            StorageFull: the disk is full; the target is as it was.
            StorageFailed: the system refused for another reason; the target is as it was.
        """
        with self.entry() as path:
            write_flushed(path, pieces, mode)
            self.adopt(path, target, PUBLIC_FOLDER if mode == PUBLIC_FILE else PRIVATE_FOLDER)

    def adopt(self, path: Path, target: Path, folder: int = PRIVATE_FOLDER) -> None:
        """Put an entry that was written and flushed at the target; `folder` is the mode of a new folder."""
        make_folder(target.parent, folder)
        path.replace(target)
        flush_folder(target.parent)

    def create_file(self, target: Path, content: bytes) -> bool:
        """Put content at the target unless something is there: False, and that stays.

        Raises:
            StorageFull: the disk is full; the target is as it was.
            StorageFailed: the system refused for another reason; the target is as it was.
        """
        with self.entry() as path:
            write_flushed(path, [content], PRIVATE_FILE)
            try:
                target.hardlink_to(path)
            except FileExistsError:
                return False
            flush_folder(target.parent)
            return True

    def create_folder(self, target: Path, contents: Mapping[str, bytes], folder: int, file: int) -> bool:
        """Put a folder of files at the target unless one is there: False, and that stays.

        `folder` and `file` are their modes.

        Raises:
            StorageFull: the disk is full; the target is as it was.
            StorageFailed: the system refused for another reason; the target is as it was.
        """
        with self.entry() as path:
            make_folder(path, folder)
            for name, content in contents.items():
                write_flushed(path / name, [content], file)
            flush_folder(path)
            try:
                path.rename(target)
            except OSError as error:
                if error.errno in TAKEN:
                    return False
                raise
            flush_folder(target.parent)
            return True

    def sweep(self) -> int:
        """Remove what dead processes of this host left unfinished; how many entries that were."""
        left = [path for path in self._folder.iterdir() if _is_abandoned(path.name)]
        for path in left:
            _remove(path)
        return len(left)


def write_flushed(path: Path, pieces: Iterable[bytes], mode: int) -> None:
    """Write a new file with exactly this mode and see it onto the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fchmod(descriptor, mode)
        os.fsync(descriptor)


def make_folder(folder: Path, mode: int) -> None:
    """Make a folder with exactly this mode, its parents too; leave it as it is where it exists."""
    if folder.is_dir():
        return
    make_folder(folder.parent, mode)
    try:
        folder.mkdir(mode)
    except FileExistsError:
        return
    folder.chmod(mode)
    flush_folder(folder.parent)


def flush_folder(folder: Path) -> None:
    """See the names in a folder onto the disk, so that a rename outlives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def translate_error(error: OSError) -> StorageFull | StorageFailed:
    """The same fault under one of our names, without the path."""
    if error.errno in FULL:
        return StorageFull("the disk is full and nothing was changed; make room and run the step again")
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    return StorageFailed(f"the system refused to store an artefact ({reason}); nothing was changed")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _prefix(process: int) -> str:
    return f"{socket.gethostname()}.{process}.{_start_time(process) or 0}"


def _start_time(process: int) -> int | None:
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return None
    return int(stat.rpartition(")")[2].split()[START_FIELD])


def _is_abandoned(name: str) -> bool:
    host, process, started, _ = ("...." + name).rsplit(".", 3)
    if host.removeprefix("....") != socket.gethostname() or not (process + started).isdigit():
        return False
    return not _is_alive(int(process)) or _start_time(int(process)) not in (None, int(started))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
