"""Reading: the files of a submission as one raw table each, all text, nothing interpreted yet."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from itertools import zip_longest
from typing import Any

import pandas as pd

from schemas.finding import Finding, FindingCode, join_findings
from schemas.reader import Format, Reader
from schemas.source import Source
from transforms.column import list_held_rows
from transforms.dialect import TEXT, settle_dialect
from transforms.heading import name_columns
from transforms.mapped import RawTable, make_text_frame
from transforms.readers.archive import open_member
from transforms.readers.content import Content, FileUnreadable
from transforms.readers.delimited import read_delimited
from transforms.readers.json_document import read_json
from transforms.readers.json_lines import read_json_lines
from transforms.readers.spreadsheet import read_spreadsheet
from transforms.readers.statistics_file import read_statistics_file
from transforms.readers.workbook import read_workbook
from transforms.readers.xml_document import read_xml
from transforms.selection import leave_out, select_data

READERS: dict[Format, Callable[[bytes, Reader], Content]] = {
    Format.XLSX: read_workbook,
    Format.XLS: read_spreadsheet,
    Format.XLSB: read_spreadsheet,
    Format.ODS: read_spreadsheet,
    Format.JSON: read_json,
    Format.JSON_LINES: read_json_lines,
    Format.XML: read_xml,
    Format.SAV: read_statistics_file,
    Format.DTA: read_statistics_file,
    Format.XPT: read_statistics_file,
}
"""Readers of the formats that are read as a whole."""


class FileForNoTable(Exception):
    """A file fits no table of the source, or several. Its name is not quoted: people put names into it."""

    finding = Finding(FindingCode.FILE_FOR_NO_TABLE, 1)

    def __init__(self, why: str, names: str) -> None:
        """Say why, and how the description names the files of the source."""
        self.names = names
        super().__init__(why)


def name_tables(source: Source, file_name: str) -> tuple[str, ...]:
    """The tables of which a file holds the rows, known by its name: one, or one for each sheet or member.

    Raises:
        FileForNoTable: the name fits no table of the source, or several that are not parts of one file.
    """
    name = file_name.replace("\\", "/").rsplit("/", 1)[-1].casefold()
    fitting = [table for table, layout in source.tables.items() if fnmatchcase(name, layout.file.casefold())]
    parts = {source.tables[table].reader.part for table in fitting} - {None}
    if len(fitting) == 1 or (fitting and len(parts) == len(fitting)):
        return tuple(fitting)
    expected = ", ".join(f"{table} ({layout.file})" for table, layout in source.tables.items())
    how_many = "several tables" if fitting else "no table"
    why = f"the file's name fits {how_many} of {source.id}; name it as one of: {expected}"
    raise FileForNoTable(why, expected)


def read_tables(source: Source, files: Mapping[str, bytes]) -> dict[str, RawTable]:
    """Read the files of a submission, keyed by table.

    Raises:
        FileForNoTable: a key is no table of the source.
        FileUnreadable: a file is not what the source description says it is.
    """
    check_tables(source, files)
    return {
        table: join_batches(list(read_batches(source, table, [content], max(len(content), 1))))
        for table, content in files.items()
    }


def check_tables(source: Source, files: Iterable[str]) -> None:
    """Let files through whose tables the source has.

    Raises:
        FileForNoTable: one has none.
    """
    if set(files) - set(source.tables):
        names = ", ".join(source.tables)
        raise FileForNoTable(f"{source.id} has no such table; its tables are: {names}", names)


def is_read_in_batches(source: Source, table: str) -> bool:
    """Whether a file is read piece by piece, so that it may be of any size."""
    reader = source.tables[table].reader
    return reader.format is Format.DELIMITED and reader.member is None


def read_batches(source: Source, table: str, pieces: Iterable[bytes], size: int) -> Iterator[RawTable]:
    """Read one file in batches of about `size` bytes; as one batch where its format is read as a whole.

    What is found in the file as a whole stands in the first batch; there is at least one.

    Raises:
        FileUnreadable: the file is not what the source description says it is.
    """
    names: list[str] | None = None
    below = frozenset[int]()
    try:
        for read in _read_contents(source, table, pieces, size):
            findings: list[Finding] = []
            above: list[pd.DataFrame] = []
            if names is None:
                names, findings = name_columns(source, table, read)
                above = _build_above(names, read)
            findings += [replace(finding, table=table) for finding in read.findings]
            frame = _build_frame(names, read)
            selected = select_data(source, table, frame, list_held_rows(findings), below)
            left = tuple(leave_out(findings, selected.unused.index))
            below = selected.below
            unused = _join_frames([*above, selected.unused])
            yield RawTable(table, selected.data, left, selected.ignored, unused)
    except FileUnreadable as error:
        raise FileUnreadable(error.reason, table, **error.values) from None


def _read_contents(source: Source, table: str, pieces: Iterable[bytes], size: int) -> Iterator[Content]:
    reader = source.tables[table].reader
    if reader.member:
        pieces = open_member(b"".join(pieces), reader.member)
    if reader.format in TEXT:
        reader, pieces = settle_dialect(source, table, pieces)
    if reader.format is Format.DELIMITED:
        return read_delimited(pieces, reader, size)
    return iter([READERS[reader.format](b"".join(pieces), reader)])


def join_batches(batches: Sequence[RawTable]) -> RawTable:
    """The batches of one table as one, without nameless columns at the end that have no cell."""
    first = batches[0]
    ignored: Counter[str] = Counter()
    for batch in batches:
        ignored.update(batch.ignored)
    findings = join_findings((finding for batch in batches for finding in batch.findings), most=None)
    frame = _join_frames([batch.frame for batch in batches])
    unused = _join_frames([batch.unused for batch in batches if len(batch.unused)] or [first.unused])
    blank = _list_blank_end([frame, unused])
    frame, unused = frame.drop(columns=blank), unused.drop(columns=blank, errors="ignore")
    return RawTable(first.name, frame, findings, dict(ignored), unused)


def _join_frames(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One below the other; only the overflow of shifted rows may be a column of some."""
    if len(frames) == 1:
        return frames[0]
    joined = pd.concat(frames)
    if len({len(frame.columns) for frame in frames}) > 1:
        joined = joined.fillna("")
    columns = [joined.iloc[:, place] for place in range(len(joined.columns))]
    return make_text_frame(list(joined.columns), columns, joined.index)


def _list_blank_end(frames: Sequence[pd.DataFrame]) -> list[str]:
    blank: list[str] = []
    columns = frames[0].columns
    for place in range(len(columns), 0, -1):
        name = columns[place - 1]
        if name != f"column {place}" or any(name in frame and frame[name].ne("").any() for frame in frames):
            break
        blank.append(name)
    return blank


def _build_above(names: list[str], read: Content) -> list[pd.DataFrame]:
    """The filled rows above the data, to be screened with the other rows that are none."""
    rows = {number: cells for number, cells in read.above.items() if any(cells)}
    width = len(names)
    overflow = {number: "\n".join(cells[width:]) for number, cells in rows.items() if len(cells) > width}
    return [_build_frame(names, replace(read, rows=rows, columns=None, overflow=overflow))] if rows else []


def _build_frame(names: list[str], read: Content) -> pd.DataFrame:
    """Every row as long as the header; what fits no column stands in a nameless one behind it."""
    width = len(names)
    cells: Sequence[Any]
    if read.columns:
        rows, cells = range(read.columns.first, read.columns.first + len(read.columns)), read.columns.cells
    else:
        rows, cells = list(read.rows), list(zip_longest(*read.rows.values(), fillvalue=""))
    blank = [""] * len(rows)
    arrays = [cells[place] if place < len(cells) else blank for place in range(width)]
    frame = make_text_frame(names, arrays, pd.Index(rows, dtype="int64", name="row"))
    if read.overflow:
        frame[f"column {width + 1}"] = pd.Series(read.overflow, dtype="str").reindex(frame.index).fillna("")
    return frame
