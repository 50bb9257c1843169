"""Excel workbooks, .xlsx and .xlsm: one sheet's cells as text. No macro is run and no formula evaluated."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from schemas.finding import Finding, FindingCode
from schemas.reader import Reader
from schemas.unreadable import Unreadable
from transforms.readers.content import MOST_COLUMNS, UNREADABLE, Content, FileUnreadable
from transforms.readers.layout import arrange_rows
from transforms.readers.plain_value import write_plain
from transforms.readers.sheet_part import SheetFacts, list_hidden_columns, read_sheet_facts

MOST_BYTES = 2**30
MOST_RATIO = 200
OLE = b"\xd0\xcf\x11\xe0"
"""How an old workbook begins, and a new one that has a password."""

MOST_ROWS, MOST_CELLS = 2**20, 2**27

Rows = dict[int, list[str]]


def read_workbook(content: bytes, reader: Reader) -> Content:
    """Read one sheet of a workbook; without a name the first that is not hidden.

    Hidden rows and columns are read, and told; comments and other hidden sheets are not read, and told.

    Raises:
        FileUnreadable: not a workbook, damaged, larger than its size lets expect, or without the sheet.
    """
    names = check_archive(content)
    rows, facts = _read_sheet(content, reader)
    drop_empty_end(rows)
    read = arrange_rows(rows.items(), reader)
    has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    findings = (Finding(FindingCode.MACROS_IGNORED, 1),) if has_macros else ()
    return replace(read, findings=(*findings, *find_hidden(read, facts)))


def check_archive(content: bytes) -> list[str]:
    """Names in the archive, once its directory says that it unpacks to a plausible size.

    Raises:
        FileUnreadable: no archive, or one that unpacks to far more than its size lets expect.
    """
    if not content.strip():
        raise FileUnreadable(Unreadable.EMPTY)
    if content.startswith(OLE):
        raise FileUnreadable(Unreadable.PASSWORD)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise FileUnreadable(Unreadable.NOT_WORKBOOK) from None
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_BYTES or unpacked > max(MOST_RATIO * len(content), 2**20):
        raise FileUnreadable(Unreadable.WORKBOOK_SWELLS)
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise FileUnreadable(Unreadable.WORKBOOK_DAMAGED)  # two programs would read two workbooks
    return names


def _read_sheet(content: bytes, reader: Reader) -> tuple[Rows, SheetFacts]:
    with refuse_damaged():
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
            name = find_sheet_name(workbook, reader.sheet)
            facts = read_sheet_facts(archive, name)
        refuse_large(facts)
        facts.hidden_sheets = list_hidden_sheets(workbook, name)
        rows = dict(number_rows(workbook, name))
        mark_cells(rows, facts.marked)
    return rows, facts


def list_hidden_sheets(workbook: CalamineWorkbook, read: str) -> list[int]:
    """Places of sheets that nobody sees, from 1, save the one that is read; a name may be a person's."""
    sheets = enumerate(workbook.sheets_metadata, 1)
    return [
        place
        for place, sheet in sheets
        if sheet.visible is not SheetVisibleEnum.Visible and sheet.name != read
    ]


def refuse_large(facts: SheetFacts) -> None:
    """Let a sheet through that is no larger than a table.

    Raises:
        FileUnreadable: a cell stands far out; every cell up to it would be laid out.
    """
    if facts.rows > MOST_ROWS or facts.columns > MOST_COLUMNS or facts.rows * facts.columns > MOST_CELLS:
        raise FileUnreadable(
            Unreadable.SHEET_TOO_LARGE, rows=MOST_ROWS, columns=MOST_COLUMNS, cells=MOST_CELLS
        )


@contextmanager
def refuse_damaged() -> Iterator[None]:
    """Turn what a library raises on a broken workbook into a refusal: its message may quote the file.

    A panic of calamine, which is written in Rust, is no Exception.
    """
    try:
        yield
    except (FileUnreadable, MemoryError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException:
        raise FileUnreadable(Unreadable.WORKBOOK_DAMAGED) from None


def find_sheet_name(workbook: CalamineWorkbook, name: str | None) -> str:
    """The title of the sheet of this name, or of the first visible one where none is asked for.

    Raises:
        FileUnreadable: there is no such sheet.
    """
    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ is SheetTypeEnum.WorkSheet]
    if name is None:
        fitting = [sheet.name for sheet in sheets if sheet.visible is SheetVisibleEnum.Visible]
    else:
        wanted = name.strip().casefold()
        fitting = [sheet.name for sheet in sheets if sheet.name.strip().casefold() == wanted]
    if not fitting:
        if name is None:
            raise FileUnreadable(Unreadable.NO_SHEET)
        raise FileUnreadable(Unreadable.SHEET_MISSING, sheet=name)
    return fitting[0]


def number_rows(workbook: CalamineWorkbook, name: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet from its first one on, with their numbers."""
    words: dict[str, str] = {}
    for number, row in enumerate(workbook.get_sheet_by_name(name).to_python(skip_empty_area=False), 1):
        yield number, [_write_cell(cell, words) for cell in row]


def mark_cells(rows: Rows, marked: Iterable[tuple[int, int]]) -> None:
    """Put UNREADABLE into cells, also where the sheet has no value."""
    for number, place in sorted(marked):
        for missing in range(len(rows) + 1, number + 1):
            rows[missing] = []
        row = rows[number]
        row += [""] * (place - len(row))
        row[place - 1] = UNREADABLE


def _write_cell(value: Any, words: dict[str, str]) -> str:
    """A cell as text; texts are cleaned once each."""
    if isinstance(value, str):
        return words.get(value) or words.setdefault(value, write_plain(value))
    return write_plain(value)


def drop_empty_end(rows: Rows) -> None:
    """A sheet's formatted but empty rows after the last filled one are no rows."""
    for number in sorted(rows, reverse=True):
        if any(rows[number]):
            return
        del rows[number]


def find_hidden(read: Content, facts: SheetFacts) -> Iterator[Finding]:
    """Sheets, rows of data and columns that nobody sees who looks at the file, and comments, as findings."""
    for place in facts.hidden_sheets:
        yield Finding(FindingCode.SHEET_HIDDEN, 1, column=f"sheet {place}")
    rows = tuple(number for number in facts.hidden_rows if any(read.rows.get(number, ())))
    if rows:
        yield Finding(FindingCode.CELLS_HIDDEN, len(rows), rows=rows)
    width = max(map(len, read.rows.values()), default=0)
    for place in list_hidden_columns(facts, width):
        filled = sum(1 for row in read.rows.values() if len(row) >= place and row[place - 1])
        if filled:
            yield Finding(FindingCode.CELLS_HIDDEN, filled, column=f"column {place}")
    if facts.comments:
        yield Finding(FindingCode.COMMENTS_IGNORED, facts.comments)
