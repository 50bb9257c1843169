"""Grid: every row of a table as it stands, before anyone knows which of them is the header."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from schemas.reader import Format, Reader
from schemas.unreadable import Unreadable
from transforms.readers.archive import list_members, open_member
from transforms.readers.content import FileUnreadable, clean_text
from transforms.readers.encoding import decode_content
from transforms.reading import READERS
from transforms.suggestion.encoding import DELIMITERS
from transforms.suggestion.record import describe_records
from transforms.suggestion.signature import guess_format

BLANK_ROWS = 12
"""How many rows above a table may be blank."""
MOST_PARTS = 30
"""Sheets of a workbook, or files of an archive, that are looked at."""
UTF8 = "utf-8-sig"
NUMBERED = re.compile(r"[\s_.\-]*\d[\d\s_.\-]*(?=\.|\D|$)")


@dataclass(frozen=True)
class Grid:
    """Rows by their number with their cells, and how they were read.

    A `keyed` one has its names in row 0, from the file itself, and perhaps visible labels for them. `is_cut`
    says that rows follow which were not looked at, `is_first` that its sheet is found without its name.
    """

    reader: Reader
    rows: dict[int, list[str]] = field(repr=False)
    keyed: bool = False
    labels: tuple[str, ...] = ()
    is_cut: bool = False
    is_first: bool = False

    @property
    def width(self) -> int:
        """Cells of the longest row."""
        return max((len(cells) for cells in self.rows.values()), default=0)


def read_grids(content: bytes, found: Format, encoding: str) -> list[Grid]:
    """Every table of a file: the sheets of a workbook, the lists of records of a document, or the one table.

    Raises:
        FileUnreadable: the file is empty or not of that format.
    """
    if found is Format.DELIMITED:
        return [_read_delimited(content, encoding)]
    if found.is_workbook:
        return _read_sheets(content, found)
    if found in (Format.JSON, Format.XML):
        return [_read_keyed(content, reader) for reader in describe_records(content, found, encoding)]
    return [_read_keyed(content, Reader(format=found, encoding=encoding))]


def list_parts(content: bytes) -> dict[str, str]:
    """The files of a ZIP by name, and the pattern by which each is known again: years and numbers change.

    Raises:
        FileUnreadable: no ZIP, nothing in it, or two files of one name.
    """
    names = list_members(content)
    if not names:
        raise FileUnreadable(Unreadable.ARCHIVE_EMPTY)
    if len({name.casefold() for name in names}) < len(names):
        raise FileUnreadable(Unreadable.ARCHIVE_SAME_NAME)
    return {name: generalize_name(name, names) for name in names[:MOST_PARTS]}


def read_part(content: bytes, name: str) -> bytes:
    """One file of a ZIP.

    Raises:
        FileUnreadable: it is damaged, has a password, or unpacks to far more than its size lets expect.
    """
    return b"".join(open_member(content, _escape(name)))


def generalize_name(name: str, names: list[str]) -> str:
    """The name with `*` for its numbers, where it still fits no other of the names."""
    pattern = NUMBERED.sub("*", _escape(name))
    fitting = [other for other in names if fnmatchcase(other.casefold(), pattern.casefold())]
    return pattern if len(fitting) == 1 and pattern.strip("*.") else _escape(name)


def _escape(name: str) -> str:
    """A pattern that only this name fits, but for signs that patterns give a meaning."""
    return re.sub(r"[][*?]", "?", name)


def guess_part(content: bytes, extension: str) -> Format:
    """The format of a file in a ZIP.

    Raises:
        FileUnreadable: no reader reads it, or it is a ZIP again.
    """
    found = guess_format(content, extension)
    if found is None:
        raise FileUnreadable(Unreadable.ARCHIVE_IN_ARCHIVE)
    return found


def _read_keyed(content: bytes, reader: Reader) -> Grid:
    read = READERS[reader.format](content, reader)
    if not any(read.header):
        raise FileUnreadable(Unreadable.NO_NAMED_RECORDS)
    return Grid(reader, {0: list(read.header), **read.rows}, keyed=True, labels=read.labels)


def _read_sheets(content: bytes, found: Format) -> list[Grid]:
    """The visible sheets that are not blank."""
    first = _read_sheet(content, found, None)  # the reader sees first whether the file may be opened at all
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    visible = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet
    ]
    named = replace(first, reader=first.reader.model_copy(update={"sheet": visible[0]}), is_first=True)
    others = [_read_sheet(content, found, name) for name in visible[1:MOST_PARTS]]
    filled = [grid for grid in (named, *others) if any(map(any, grid.rows.values()))]
    if not filled:
        raise FileUnreadable(Unreadable.EMPTY)
    return filled


def _read_sheet(content: bytes, found: Format, sheet: str | None) -> Grid:
    """A reader needs a header row: the first row that is not blank serves."""
    for number in range(1, BLANK_ROWS + 1):
        reader = Reader(format=found, sheet=sheet, header_row=number)
        try:
            read = READERS[found](content, reader)
        except FileUnreadable as error:
            if error.reason is not Unreadable.NO_COLUMN_NAMES:
                raise
            continue
        return Grid(reader, {number: list(read.header), **read.rows})
    return Grid(Reader(format=found, sheet=sheet), {})


def _read_delimited(content: bytes, encoding: str) -> Grid:
    text = decode_content(content, Reader(format=Format.DELIMITED, encoding=encoding))
    if not text.strip("".join(DELIMITERS) + '"\r\n '):
        raise FileUnreadable(Unreadable.EMPTY)
    delimiter = guess_delimiter(text)
    reader = Reader(format=Format.DELIMITED, encoding=encoding, delimiter=delimiter)
    return Grid(reader, dict(_number_rows(text, delimiter)))


def guess_delimiter(text: str) -> str:
    """The delimiter under which most of the first rows have the same number of cells, above one."""
    lines = text[:50_000].splitlines()[:60]

    def fit(delimiter: str) -> tuple[int, int]:
        widths = [len(cells) for _, cells in _number_rows("\n".join(lines), delimiter)]
        common = max(set(widths), key=widths.count, default=1)
        return (widths.count(common) if common > 1 else 0, common)

    return max(DELIMITERS, key=fit)


def _number_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            if any(cells):
                yield number, [clean_text(cell) for cell in cells]
    except csv.Error:
        return
