"""Reading: the files of a submission as one raw table each, all text, nothing interpreted yet."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

import pandas as pd

from schemas.finding import Finding, FindingCode
from schemas.reader import Format, Reader
from schemas.source import Source
from transforms.column import list_held_rows
from transforms.heading import name_columns
from transforms.mapped import RawTable
from transforms.readers.content import Content, FileUnreadable
from transforms.readers.delimited import read_delimited
from transforms.readers.json_lines import read_json_lines
from transforms.readers.workbook import read_workbook
from transforms.selection import leave_out, select_data

READERS: dict[Format, Callable[[bytes, Reader], Content]] = {
    Format.DELIMITED: read_delimited,
    Format.XLSX: read_workbook,
    Format.JSON_LINES: read_json_lines,
}


class FileForNoTable(Exception):
    """A file fits no table of the source, or several. Its name is not quoted: people put names into it."""

    finding = Finding(FindingCode.FILE_FOR_NO_TABLE, 1)


def name_tables(source: Source, file_name: str) -> tuple[str, ...]:
    """The tables of which a file holds the rows, known by the file's name: one, or one for each sheet.

    Raises:
        FileForNoTable: the name fits no table of the source, or several that are not sheets of one workbook.
    """
    name = file_name.replace("\\", "/").rsplit("/", 1)[-1].casefold()
    fitting = [table for table, layout in source.tables.items() if fnmatchcase(name, layout.file.casefold())]
    sheets = {source.tables[table].reader.sheet for table in fitting} - {None}
    if len(fitting) == 1 or (fitting and len(sheets) == len(fitting)):
        return tuple(fitting)
    expected = ", ".join(f"{table} ({layout.file})" for table, layout in source.tables.items())
    how_many = "several tables" if fitting else "no table"
    raise FileForNoTable(f"the file's name fits {how_many} of {source.id}; name it as one of: {expected}")


def read_tables(source: Source, files: Mapping[str, bytes]) -> dict[str, RawTable]:
    """Read the files of a submission, keyed by table.

    Raises:
        FileForNoTable: a key is no table of the source.
        FileUnreadable: a file is not what the source description says it is.
    """
    unknown = sorted(set(files) - set(source.tables))
    if unknown:
        raise FileForNoTable(f"{source.id} has no such table; its tables are: {', '.join(source.tables)}")
    return {table: _read_table(source, table, content) for table, content in files.items()}


def _read_table(source: Source, table: str, content: bytes) -> RawTable:
    reader = source.tables[table].reader
    try:
        read = READERS[reader.format](content, reader)
    except FileUnreadable as error:
        raise FileUnreadable(error.why, error.remedy, table) from None
    names, findings = name_columns(source, table, read)
    frame = _build_frame(names, read)
    findings += [replace(finding, table=table) for finding in read.findings]
    selected = select_data(source, table, frame, list_held_rows(findings))
    left = leave_out(findings, selected.unused.index)
    return RawTable(table, selected.data, tuple(left), selected.ignored, selected.unused)


def _build_frame(names: list[str], read: Content) -> pd.DataFrame:
    """Every row as long as the header; what fits no column stands in a nameless one behind it."""
    width = len(names)
    cells = [[*row[:width], *[""] * (width - len(row))] for row in read.rows.values()]
    index = pd.Index(list(read.rows), dtype="int64", name="row")
    frame = pd.DataFrame(cells, index=index, columns=pd.Index(names, dtype="str"), dtype="str")
    if read.overflow:
        frame[f"column {width + 1}"] = pd.Series(read.overflow, dtype="str").reindex(index).fillna("")
    return frame
