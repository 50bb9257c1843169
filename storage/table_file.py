"""What is made of any table, on disk: rows that repeat, as Parquet or CSV, and columns of numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from storage.error import StorageFailed
from storage.table import MEMORY, Numbers, quote

FORMATS = (".parquet", ".csv")
CASES = "palermo_cases"
AT_ONCE = 1_000_000
"""Rows of one group of a Parquet file, which is what is held in memory."""


@dataclass(frozen=True)
class Text:
    """A column of text: its different values, and the number of the value in each row; -1 is null."""

    values: Sequence[str]
    number: NDArray[np.int32]

    def take(self, rows: Numbers) -> "Text":
        """Some of the rows, in this order."""
        return Text(self.values, self.number[rows])

    def to_arrow(self) -> Any:
        """As Arrow has it, with no value but those that stand in a row: a file keeps all that are given.

        Made from buffers, as `pa.array` loads pandas, which takes longer than a small table.
        """
        known = self.number >= 0
        used = np.bincount(self.number[known], minlength=len(self.values)) > 0
        place = (np.cumsum(used) - 1).astype(np.int32)
        number = place[np.where(known, self.number, 0)] if known.any() else np.zeros_like(self.number)
        buffers = [np.packbits(known, bitorder="little").data, number.data]
        rows = pa.Array.from_buffers(pa.int32(), len(number), [pa.py_buffer(part) for part in buffers])
        written = [
            value.encode() for value, is_used in zip(self.values, used.tolist(), strict=True) if is_used
        ]
        ends = np.cumsum([0, *map(len, written)]).astype(np.int32)
        text = pa.StringArray.from_buffers(
            len(written), pa.py_buffer(ends.data), pa.py_buffer(b"".join(written))
        )
        return pa.DictionaryArray.from_arrays(rows, text)


def write_repeated(out: Path, columns: Mapping[str, Text], cases: Numbers) -> None:
    """Write each row as many times as it has cases, in the order given; whole, or not at all.

    Raises:
        StorageFailed: the file cannot be written.
    """
    part = out.with_name(f"{out.name}.part")
    try:
        (_write_csv if out.suffix == ".csv" else _write_parquet)(part, columns, cases)
        part.replace(out)
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        part.unlink(missing_ok=True)
        raise StorageFailed(f"the result cannot be written: {type(error).__name__}") from None


def write_columns(out: Path, columns: Mapping[str, NDArray[Any]]) -> None:
    """Write columns of numbers as Parquet; whole, or not at all.

    Raises:
        StorageFailed: the file cannot be written.
    """
    part = out.with_name(f"{out.name}.part")
    try:
        pq.write_table(pa.table({name: pa.array(column) for name, column in columns.items()}), part)
        part.replace(out)
    except (pa.ArrowException, OSError) as error:
        part.unlink(missing_ok=True)
        raise StorageFailed(f"the result cannot be written: {type(error).__name__}") from None


def _write_parquet(path: Path, columns: Mapping[str, Text], cases: Numbers) -> None:
    schema = pa.schema([(name, pa.dictionary(pa.int32(), pa.string())) for name in columns])
    # plain text for whoever reads it: the Arrow schema would say that columns are dictionaries
    with pq.ParquetWriter(path, schema, compression="zstd", store_schema=False) as writer:
        for rows in _repeat(cases):
            found = {name: column.take(rows).to_arrow() for name, column in columns.items()}
            writer.write_table(pa.table(found, schema=schema), row_group_size=AT_ONCE)


def _repeat(cases: Numbers) -> Iterator[Numbers]:
    """The number of each row as often as it has cases, so many at once."""
    ends = np.cumsum(cases)
    for start in range(0, int(ends[-1]), AT_ONCE):
        stop = min(start + AT_ONCE, int(ends[-1]))
        first, last = (int(np.searchsorted(ends, place, side="right")) for place in (start, stop - 1))
        within = np.diff(ends[first : last + 1].clip(max=stop), prepend=start)
        yield np.repeat(np.arange(first, last + 1), within)


def _write_csv(path: Path, columns: Mapping[str, Text], cases: Numbers) -> None:
    shown, name = ", ".join(map(quote, columns)), str(path).replace("'", "''")
    with duckdb.connect(config={"memory_limit": MEMORY}) as connection:
        connection.execute("SET enable_progress_bar = false")
        given = {name: column.to_arrow() for name, column in columns.items()}
        connection.register("rows", pa.table({**given, CASES: pa.array(cases)}))
        connection.execute(
            f"COPY (SELECT {shown} FROM (SELECT *, unnest(range({CASES})) FROM rows)) "  # noqa: S608
            f"TO '{name}' (FORMAT csv, HEADER)"
        )
