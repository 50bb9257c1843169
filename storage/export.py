"""Exports of the audit trail: one entry a line, to be kept off the machine and compared with later."""

import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from storage.audit import hash_entry, write_canonical
from storage.error import ExportUnreadable, StorageFailed
from storage.staging import PRIVATE_FILE, translate_error

HEAD = re.compile(r"([1-9]\d{0,18}):([0-9a-f]{64})")
LINE_ENDS = b"\n"


def write_export(path: Path, rows: Iterable[Mapping[str, Any]]) -> tuple[int, str]:
    """Write every row as a line of JSON, as it stands in the database; number and hash of the last.

    The file is new, and gone again if it cannot be written whole.

    Raises:
        StorageFailed: there is something at the path already, or the system refused.
        StorageFull: the disk is full.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE_FILE)
    except FileExistsError:
        raise StorageFailed("there is a file of that name already; an export is never overwritten") from None
    except OSError as error:
        raise translate_error(error) from None
    number, last = 0, ""
    try:
        with os.fdopen(descriptor, "wb") as file:
            for row in rows:
                file.write(write_canonical(dict(row)).encode() + LINE_ENDS)
                number, last = row["seq"], row["hash"]
            file.flush()
            os.fsync(file.fileno())
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise translate_error(error) from None
        raise
    return number, last


def read_export(path: Path) -> dict[int, str]:
    """Hash of each exported entry by its number.

    Raises:
        ExportUnreadable: it is no export, or a line of it is not as it was written.
    """
    kept: dict[int, str] = {}
    try:
        with path.open("rb") as file:
            for place, line in enumerate(file, 1):
                row = _parse_line(line, place)
                kept[row["seq"]] = row["hash"]
    except OSError as error:
        raise ExportUnreadable(f"the export cannot be read ({type(error).__name__})") from None
    return kept


def parse_head(text: str) -> dict[int, str]:
    """Number and hash of one entry, as an export ends by telling them: `<number>:<hash>`.

    Raises:
        ExportUnreadable: it is not written so.
    """
    found = HEAD.fullmatch(text.strip())
    if found is None:
        raise ExportUnreadable("a head is the number of an entry, a colon and its hash of 64 digits")
    return {int(found[1]): found[2]}


def _parse_line(line: bytes, place: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
        sound = isinstance(row, dict) and isinstance(row["seq"], int) and row["hash"] == hash_entry(row)
    except (ValueError, KeyError):
        sound = False
    if not sound:
        raise ExportUnreadable(f"line {place} of the export is not as it was written: take another copy")
    return dict(row)
