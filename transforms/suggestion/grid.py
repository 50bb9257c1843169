"""Grid: every row of a file as it stands, before anyone knows which of them is the header."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from python_calamine import CalamineError, CalamineWorkbook

from schemas.reader import Format, Reader
from transforms.readers.content import FileUnreadable, clean_text
from transforms.readers.encoding import decode_content
from transforms.reading import READERS
from transforms.suggestion.encoding import DELIMITERS

BLANK_ROWS = 12
"""How many rows above a table may be blank."""
MOST_SHEETS = 30
JSON_EXTENSIONS = frozenset({"jsonl", "ndjson", "json"})
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Grid:
    """Rows by their number with their cells, and how they were read; a JSON file has keys for a header."""

    reader: Reader
    rows: dict[int, list[str]] = field(repr=False)
    keyed: bool = False

    @property
    def width(self) -> int:
        """Cells of the longest row."""
        return max((len(cells) for cells in self.rows.values()), default=0)


def guess_format(content: bytes, extension: str) -> Format:
    """The format by the first bytes, and by the extension where those say nothing.

    Raises:
        FileUnreadable: the bytes are of a format that no reader reads.
    """
    if content.startswith((ZIP, OLE)):
        return Format.XLSX
    if extension.casefold().lstrip(".") in JSON_EXTENSIONS or _is_object(content):
        return Format.JSON_LINES
    return Format.DELIMITED


def _is_object(content: bytes) -> bool:
    first = content.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0]
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def read_grids(content: bytes, found: Format, encoding: str) -> list[Grid]:
    """Every table of a file, the sheets of a workbook one by one.

    Raises:
        FileUnreadable: the file is empty or not of that format.
    """
    if found is Format.DELIMITED:
        return [_read_delimited(content, encoding)]
    if found is Format.JSON_LINES:
        reader = Reader(format=found, encoding=encoding)
        read = READERS[found](content, reader)
        return [Grid(reader, {0: list(read.header), **read.rows}, keyed=True)]
    grids = [_read_sheet(content, found, sheet) for sheet in _list_sheets(content)]
    return [grid for grid in grids if grid.rows] or [_read_sheet(content, found, None)]


def _list_sheets(content: bytes) -> list[str | None]:
    try:
        names = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    except (CalamineError, OSError, ValueError):
        return [None]  # the reader says what is wrong with it
    return list(names[:MOST_SHEETS]) or [None]


def _read_sheet(content: bytes, found: Format, sheet: str | None) -> Grid:
    """A reader needs a header row: the first row that is not blank serves."""
    trouble = FileUnreadable("the file is empty", "hand in the file with its rows")
    for number in range(1, BLANK_ROWS + 1):
        reader = Reader(format=found, sheet=sheet, header_row=number)
        try:
            read = READERS[found](content, reader)
        except FileUnreadable as error:
            trouble = error
            if "no column names" not in error.why:
                raise
            continue
        return Grid(reader, {number: list(read.header), **read.rows})
    if sheet is not None:
        return Grid(reader, {})
    raise trouble


def _read_delimited(content: bytes, encoding: str) -> Grid:
    text = decode_content(content, Reader(format=Format.DELIMITED, encoding=encoding))
    if not text.strip("".join(DELIMITERS) + '"\r\n '):
        raise FileUnreadable("the file is empty", "hand in the file with its rows")
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
