"""Frames: what passes between Palermo and a reading process: JSON headers, bytes, tables as Arrow.

Nothing is ever unpickled: whoever broke the reader could answer whatever it wants.
"""

import json
import os
import re
import struct
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, BinaryIO, Protocol

import pandas as pd
import pyarrow as pa

from pipeline.report import dump_findings, load_findings
from schemas.finding import Finding
from schemas.reader import Reader
from schemas.source import Source
from transforms.column import list_known_columns
from transforms.mapped import RawTable, make_text_frame
from transforms.suggestion.grid import Grid

LENGTHS = struct.Struct("!QQQ")
LENGTH = struct.Struct("!I")
LONGEST_HEADER = 64 * 2**20
ROW = "row"
NAME = re.compile(r"[A-Za-z0-9_.-]{1,60}")
POSITION = re.compile(r"(column|sheet) \d{1,9}")


class FrameBroken(Exception):
    """What came is no frame, or holds what no reader gives."""


Frame = tuple[dict[str, Any], bytes, bytes]
"""A header and the bytes of up to two tables."""


def write_frame(sink: BinaryIO, header: Mapping[str, Any], first: bytes = b"", second: bytes = b"") -> None:
    """Write one frame."""
    text = json.dumps(header).encode()
    sink.write(LENGTHS.pack(len(text), len(first), len(second)))
    for part in (text, first, second):
        sink.write(part)
    sink.flush()


class Stream(Protocol):
    """What gives as many bytes as asked for, fewer only at its end."""

    def read(self, length: int, /) -> bytes:
        """The next bytes."""
        ...


def read_frame(source: Stream, longest: int) -> Frame | None:
    """The next frame; None where there is none any more. `longest` is the most bytes of a table.

    Raises:
        FrameBroken: it is no frame, or longer than allowed.
    """
    lengths = source.read(LENGTHS.size)
    if not lengths:
        return None
    if len(lengths) < LENGTHS.size:
        raise FrameBroken("cut short")
    header, first, second = LENGTHS.unpack(lengths)
    if header > LONGEST_HEADER or max(first, second) > longest:
        raise FrameBroken("too long")
    text, *parts = (_read_exactly(source, length) for length in (header, first, second))
    try:
        read = json.loads(text)
    except ValueError:
        raise FrameBroken("no header") from None
    if not isinstance(read, dict):
        raise FrameBroken("no header")
    return read, parts[0], parts[1]


def _read_exactly(source: Stream, length: int) -> bytes:
    content = source.read(length)
    if len(content) < length:
        raise FrameBroken("cut short")
    return content


def write_piece(descriptor: int, piece: bytes) -> None:
    """Write one piece of a file; an empty one ends it."""
    _write_all(descriptor, LENGTH.pack(len(piece)))
    _write_all(descriptor, piece)


def _write_all(descriptor: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]


def read_piece(source: Stream) -> bytes:
    """The next piece of a file, empty at its end.

    Raises:
        FrameBroken: the stream ends within the file.
    """
    (length,) = LENGTH.unpack(_read_exactly(source, LENGTH.size))
    return _read_exactly(source, length)


def dump_table(table: RawTable) -> Frame:
    """A raw table as a frame."""
    header = {
        "table": table.name,
        "columns": list(table.frame.columns),
        "unused": list(table.unused.columns),
        "findings": dump_findings(table.findings),
        "ignored": table.ignored,
    }
    return header, _dump_cells(table.frame), _dump_cells(table.unused)


def load_table(source: Source, frame: Frame) -> RawTable:
    """The inverse of dump_table, for what a reader may give and nothing else.

    Raises:
        FrameBroken: it is no table of the source, no text, or a finding names what must not be named.
    """
    header, cells, unused = frame
    try:
        name = str(header["table"])
        findings = load_findings(header["findings"])
        ignored = {str(reason): int(count) for reason, count in header["ignored"].items()}
        table = RawTable(
            name,
            _load_cells(cells, header["columns"]),
            findings,
            ignored,
            _load_cells(unused, header["unused"]) if unused else pd.DataFrame(),
        )
    except (KeyError, TypeError, ValueError, AttributeError, pa.ArrowException):
        raise FrameBroken("no table") from None
    _check_findings(source, name, findings)
    return table


def dump_grid(grid: Grid) -> Frame:
    """A grid as a frame."""
    names = [str(place) for place in range(grid.width)]
    columns = [
        [row[place] if place < len(row) else "" for row in grid.rows.values()] for place in range(grid.width)
    ]
    header = {
        "columns": names,
        "grid": grid.reader.model_dump(mode="json"),
        "keyed": grid.keyed,
        "labels": list(grid.labels),
        "is_cut": grid.is_cut,
        "is_first": grid.is_first,
    }
    index = pd.Index(list(grid.rows), dtype="int64", name=ROW)
    return header, _dump_cells(make_text_frame(names, columns, index)), b""


def load_grid(frame: Frame) -> Grid:
    """The inverse of dump_grid.

    Raises:
        FrameBroken: it is no grid of text.
    """
    header, content, _ = frame
    try:
        cells = _load_cells(content, header["columns"])
        rows = {int(number): list(row) for number, row in zip(cells.index, cells.to_numpy(), strict=True)}
        labels = tuple(map(str, header["labels"]))
        reader = Reader.model_validate(header["grid"])
        keyed, is_cut, is_first = (header[key] is True for key in ("keyed", "is_cut", "is_first"))
        return Grid(reader, rows, keyed, labels, is_cut, is_first)
    except (KeyError, TypeError, ValueError, AttributeError, pa.ArrowException):
        raise FrameBroken("no grid") from None


def _check_findings(source: Source, table: str, findings: Sequence[Finding]) -> None:
    if table not in source.tables:
        raise FrameBroken("no table of the source")
    known = {None, *list_known_columns(source, table)}
    for finding in findings:
        if finding.table not in (None, table) or not (
            finding.column in known or POSITION.fullmatch(str(finding.column))
        ):
            raise FrameBroken("a finding names a column that nobody knows")
        if not all(NAME.fullmatch(name) for name in (finding.field, finding.rule) if name is not None):
            raise FrameBroken("a finding says more than a reader can know")


def _dump_cells(frame: pd.DataFrame) -> bytes:
    if frame.empty and not len(frame.columns):
        return b""
    columns = [pa.array(frame.iloc[:, place], pa.large_string()) for place in range(len(frame.columns))]
    rows = pa.array(frame.index.to_numpy(dtype="int64"))
    table = pa.table([rows, *map(_join_chunks, columns)], names=[ROW, *map(str, range(len(columns)))])
    sink = BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def _join_chunks(column: Any) -> Any:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _load_cells(content: bytes, names: Sequence[str]) -> pd.DataFrame:
    with pa.ipc.open_stream(pa.py_buffer(content)) as reader:
        table = reader.read_all()
    table.validate(full=True)
    kinds = {field.type for field in table.schema if field.name != ROW}
    if len(names) != len(set(names)) or not kinds <= {pa.large_string()}:
        raise FrameBroken("no text")
    if len(names) != table.num_columns - 1 or any(column.null_count for column in table.columns):
        raise FrameBroken("no text")
    index = pd.Index(table[ROW].to_numpy(), dtype="int64", name=ROW)
    return make_text_frame(names, table.columns[1:], index)
