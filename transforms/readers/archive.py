"""Archives: one file out of a ZIP, as bytes in pieces. No name in it ever becomes a path or a message."""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from fnmatch import fnmatchcase

from schemas.unreadable import Unreadable
from transforms.readers.content import FileUnreadable

MOST_ENTRIES = 10_000
MOST_BYTES = 4 * 2**30
MOST_RATIO = 200
PIECE = 2**20
BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)
READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def open_member(content: bytes, pattern: str) -> Iterator[bytes]:
    """The one file of a ZIP whose name, without its folders, fits the pattern.

    Folders, what macOS adds, and files that do not fit are passed over.

    Raises:
        FileUnreadable: no ZIP, damaged, no or several files fit, the file has a password, is a link, or
            unpacks to more than its size lets expect.
    """
    with _open_archive(content) as archive:
        member = _find_member(archive, pattern)
        yield from _unpack(archive, member)


def list_members(content: bytes) -> list[str]:
    """Names of the files in a ZIP without their folders, as `open_member` knows them; repeated ones twice.

    Raises:
        FileUnreadable: no ZIP, or one of too many files.
    """
    with _open_archive(content) as archive:
        return [_bare_name(entry) for entry in _list_files(archive)]


def _open_archive(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise FileUnreadable(Unreadable.NOT_ARCHIVE) from None


def _list_files(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise FileUnreadable(Unreadable.ARCHIVE_TOO_FULL, most=MOST_ENTRIES)
    return [entry for entry in entries if _is_file(entry)]


def _find_member(archive: zipfile.ZipFile, pattern: str) -> zipfile.ZipInfo:
    fitting = [entry for entry in _list_files(archive) if _fits(entry, pattern)]
    if len(fitting) != 1:
        raise FileUnreadable(Unreadable.ARCHIVE_NO_MEMBER, fitting=len(fitting), pattern=pattern)
    return fitting[0]


def _is_file(entry: zipfile.ZipInfo) -> bool:
    return not entry.is_dir() and not entry.filename.startswith("__MACOSX/")


def _fits(entry: zipfile.ZipInfo, pattern: str) -> bool:
    return fnmatchcase(_bare_name(entry).casefold(), pattern.casefold())


def _bare_name(entry: zipfile.ZipInfo) -> str:
    return entry.filename.replace("\\", "/").rsplit("/", 1)[-1]


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    if entry.flag_bits & 1:
        raise FileUnreadable(Unreadable.ARCHIVE_PASSWORD)
    if stat.S_ISLNK(entry.external_attr >> 16) or entry.compress_type not in READABLE:
        raise FileUnreadable(Unreadable.ARCHIVE_RARE)
    most = min(MOST_BYTES, max(MOST_RATIO * entry.compress_size, PIECE))
    size = 0
    try:
        with archive.open(entry) as stream:
            while piece := stream.read(PIECE):
                size += len(piece)
                if size > most:
                    raise FileUnreadable(Unreadable.ARCHIVE_SWELLS)
                yield piece
    except BROKEN:
        raise FileUnreadable(Unreadable.ARCHIVE_DAMAGED) from None
