"""Excel workbooks: one sheet's cells as text. Macros are never run, formulas never evaluated."""

import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any

import openpyxl

from schemas.finding import Finding, FindingCode
from schemas.reader import Reader
from transforms.readers.content import UNREADABLE, Content, FileUnreadable, clean_text
from transforms.readers.layout import arrange_rows

MOST_BYTES = 256 * 2**20
MOST_RATIO = 200
MOST_ROWS, MOST_COLUMNS = 2**20, 2000


def read_workbook(content: bytes, reader: Reader) -> Content:
    """Read one sheet of a workbook.

    Raises:
        FileUnreadable: not a workbook, damaged, larger than its size lets expect, or without the sheet.
    """
    names = check_archive(content)
    rows = _read_rows(content, reader)
    drop_empty_end(rows)
    read = arrange_rows(rows.items(), reader)
    has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    findings = (Finding(FindingCode.MACROS_IGNORED, 1),) if has_macros else ()
    return replace(read, findings=findings)


def check_archive(content: bytes) -> list[str]:
    """Names in the archive, once its directory says that it unpacks to a plausible size.

    Raises:
        FileUnreadable: no archive, or one that unpacks to far more than its size lets expect.
    """
    if not content.strip():
        raise FileUnreadable("the file is empty", "hand in the workbook with its rows")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise FileUnreadable(
            "the file is not an Excel workbook, or it is cut short",
            "save it as .xlsx, without a password, and hand it in again",
        ) from None
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_BYTES or unpacked > max(MOST_RATIO * len(content), 2**20):
        raise FileUnreadable(
            "the workbook unpacks to far more than its size lets expect",
            "copy the rows into a new workbook and hand that in",
        )
    return [entry.filename for entry in entries]


def _read_rows(content: bytes, reader: Reader) -> dict[int, list[str]]:
    try:
        with (
            warnings.catch_warnings()
        ):  # openpyxl says that it leaves drop-downs out; nothing is written back
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            sheets = {sheet.title: sheet for sheet in workbook.worksheets}
            sheet = sheets[find_sheet_name(list(sheets), reader.sheet)]
            sheet.reset_dimensions()  # the size a file states of itself may be wrong
            return dict(_number_rows(sheet))
    except FileUnreadable:
        raise
    except Exception:  # openpyxl lets errors of many libraries through, and their messages quote the file
        raise FileUnreadable(
            "the workbook is damaged", "open it, save it as .xlsx and hand it in again"
        ) from None


def find_sheet_name(titles: Sequence[str], name: str | None) -> str:
    """The title of the sheet of this name, or of the first where none is asked for.

    Raises:
        FileUnreadable: there is no such sheet.
    """
    sheets = {title.strip().casefold(): title for title in titles}
    if not sheets or (name is not None and name.strip().casefold() not in sheets):
        raise FileUnreadable(
            f"there is no sheet {name}" if name else "there is no sheet",
            "use the form that was agreed, or let the data officer name the sheet in the source",
        )
    return sheets[name.strip().casefold()] if name else titles[0]


def _number_rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(sheet.iter_rows(), 1):
        if number > MOST_ROWS or len(row) > MOST_COLUMNS:
            raise FileUnreadable(
                f"the sheet has cells beyond row {MOST_ROWS} or column {MOST_COLUMNS}",
                "copy the rows into a new workbook and hand that in",
            )
        yield number, [_write_cell(cell.value, cell.data_type) for cell in row]


def _write_cell(value: Any, data_type: str) -> str:
    """A cell as text: whole numbers without a point, dates as ISO 8601."""
    if value is None:
        return ""
    if data_type in ("f", "e"):
        return UNREADABLE
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time.min:
            return value.date().isoformat()
        case datetime():
            return value.isoformat(sep=" ")
    return clean_text(str(value))


def drop_empty_end(rows: dict[int, list[str]]) -> None:
    """A sheet's formatted but empty rows after the last filled one are no rows."""
    for number in sorted(rows, reverse=True):
        if any(rows[number]):
            return
        del rows[number]
