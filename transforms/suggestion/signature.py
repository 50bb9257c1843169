"""Signature: which format a file has by its first bytes and what is packed in it, else by its name."""

import io
import json
import zipfile
from collections.abc import Iterable
from typing import Any

from schemas.reader import Format
from schemas.unreadable import Unreadable
from transforms.readers.archive import BROKEN
from transforms.readers.content import FileUnreadable

ZIP, OLE, SAV, XPT = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", (b"$FL2", b"$FL3"), b"HEADER RECORD*******LIB"
DTA, OLD_DTA = b"<stata_dta>", frozenset({105, 108, 110, 111, 113, 114, 115})
"""Stata 13 and later writes a word, older versions their number in the first byte."""
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""Stands in the directory of an Excel workbook that has a password: such a file is none of the old form."""
UTF16 = (b"\xff\xfe", b"\xfe\xff")
LOOKED_AT = 4096
OFFICE = {
    "xlsx": Format.XLSX,
    "xlsm": Format.XLSX,
    "xltx": Format.XLSX,
    "xlsb": Format.XLSB,
    "ods": Format.ODS,
}
STATISTICS = {"sav": Format.SAV, "zsav": Format.SAV, "dta": Format.DTA, "xpt": Format.XPT}
JSON_LINES, JSON = frozenset({"jsonl", "ndjson"}), "json"
OTHERS: dict[bytes, tuple[Unreadable, dict[str, str]]] = {
    b"%PDF": (Unreadable.IS_PDF, {}),
    b"\x89PNG": (Unreadable.IS_PICTURE, {}),
    b"\xff\xd8\xff": (Unreadable.IS_PICTURE, {}),
    b"{\\rtf": (Unreadable.IS_DOCUMENT, {}),
    b"Rar!": (Unreadable.IS_PACKED, {"format": "RAR"}),
    b"7z\xbc\xaf": (Unreadable.IS_PACKED, {"format": "7z"}),
    b"\x1f\x8b": (Unreadable.IS_PACKED, {"format": "gzip"}),
    b"<html": (Unreadable.IS_WEB_PAGE, {}),
    b"<!doctype html": (Unreadable.IS_WEB_PAGE, {}),
}
"""Beginnings of files that people send in place of a table, and what they are."""


def guess_format(content: bytes, extension: str) -> Format | None:
    """The format; None for a ZIP of other files. `extension` decides where the bytes say nothing.

    Raises:
        FileUnreadable: the file is of a format that no reader reads.
    """
    extension = extension.casefold().lstrip(".")
    if content.startswith(ZIP):
        return _guess_packed(content, extension)
    if content.startswith(OLE):
        return Format.XLSX if ENCRYPTED in content else Format.XLS
    if found := _guess_statistics(content, extension):
        return found
    if extension in OFFICE and not _is_text(content[:LOOKED_AT]):
        return OFFICE[extension]
    _refuse_others(content)
    return _guess_text(content, extension)


def _guess_packed(content: bytes, extension: str) -> Format | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except BROKEN:
        return OFFICE.get(extension)  # cut short: the reader of the format says so
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise FileUnreadable(Unreadable.IS_DOCUMENT)
    if "xl/workbook.bin" in names:
        return Format.XLSB
    if "[Content_Types].xml" in names or any(name.startswith("xl/") for name in names):
        return Format.XLSX
    return Format.ODS if {"content.xml", "mimetype"} <= names else None


def _guess_statistics(content: bytes, extension: str) -> Format | None:
    if content.startswith(SAV):
        return Format.SAV
    if content.startswith(XPT):
        return Format.XPT
    if content.startswith(DTA) or (extension == "dta" and content[:1] and content[0] in OLD_DTA):
        return Format.DTA
    return STATISTICS.get(extension)  # broken: the reader of the format says so


def _refuse_others(content: bytes) -> None:
    begin = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:LOOKED_AT].lower()
    for beginning, (reason, values) in OTHERS.items():
        if begin.startswith(beginning.lower()):
            raise FileUnreadable(reason, **values)
    if not _is_text(content[:LOOKED_AT]):
        raise FileUnreadable(Unreadable.NO_KNOWN_FORMAT)


def _is_text(begin: bytes) -> bool:
    """Whether the bytes may be text: without nulls, or with them at every second place, as UTF-16 has."""
    nulls = begin.count(0)
    if not nulls or begin.startswith(UTF16):
        return True
    return max(begin[0::2].count(0), begin[1::2].count(0)) > 0.95 * nulls and nulls > len(begin) / 20


def _guess_text(content: bytes, extension: str) -> Format:
    begin = content[:LOOKED_AT].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if begin.startswith(b"<?xml") or (extension == "xml" and begin.startswith(b"<")):
        return Format.XML
    if extension in JSON_LINES:
        return Format.JSON_LINES
    if begin.startswith((b"{", b"[")):
        return _guess_json(content, extension)
    return Format.JSON if extension == JSON else Format.DELIMITED


def _guess_json(content: bytes, extension: str) -> Format:
    """One document, or an object a line; of a single line, by whether it holds a list of records."""
    lines = [line for line in _decode(content).split("\n") if line.strip()]
    first = _parse(lines[0])
    if isinstance(first, dict) and (len(lines) > 1 or not any(map(_is_records, first.values()))):
        return Format.JSON_LINES
    if extension == JSON or first is not None or _parse("\n".join(lines)) is not None:
        return Format.JSON
    return Format.DELIMITED


def _decode(content: bytes) -> str:
    wide = content.startswith(UTF16)
    return content.decode("utf-16" if wide else "utf-8-sig", errors="replace")


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_records(value: Any) -> bool:
    inner: Iterable[Any] = value.values() if isinstance(value, dict) else ()
    return (isinstance(value, list) and any(isinstance(one, dict) for one in value)) or any(
        map(_is_records, inner)
    )
