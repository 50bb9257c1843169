"""Cases that come in batches, as one Parquet file whose bytes depend on the cases and not on the batches."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from storage.content import StoredFile
from storage.parquet import build_table, encode_words, split_table
from storage.seal import DataKey, SealingFile

ROWS = 2**16
"""Rows of a row group; the last one has fewer."""


class CasesWriter:
    """Writes a new sealed file; every batch has the same reasons, and all mark what is held or none does."""

    def __init__(self, path: Path, key: DataKey, rows: int = ROWS) -> None:
        """Open the file, which is not there yet."""
        self.sha256 = ""
        self._rows = rows
        self._file = SealingFile(path, key)
        self._waiting: list[pa.Table] = []
        self._writer: pq.ParquetWriter | None = None

    def append(self, cases: pd.DataFrame, reasons: pd.DataFrame, held: "pd.Series | None" = None) -> None:
        """Add a batch.

        Raises:
            CasesInvalid: the columns are not those of the case, or a column has another type.
        """
        self._waiting.append(build_table(cases, reasons, held))
        waiting = sum(map(len, self._waiting))
        if waiting >= self._rows:
            table = pa.concat_tables(self._waiting)
            whole = waiting - waiting % self._rows
            for start in range(0, whole, self._rows):
                self._write(table.slice(start, self._rows))
            self._waiting = [table.slice(whole)]

    def close(self) -> None:
        """Write what is left, and see the file onto the disk; its `sha256` is known from then on."""
        left = pa.concat_tables(self._waiting) if self._waiting else None
        if left is not None and (len(left) or self._writer is None):
            self._write(left)
        if self._writer:
            self._writer.close()
        self.sha256 = self._file.finish()
        self._file.close()

    def _write(self, table: pa.Table) -> None:
        encoded = encode_words(table)
        if self._writer is None:
            self._writer = pq.ParquetWriter(cast(IO[bytes], self._file), encoded.schema, compression="zstd")
        self._writer.write_table(encoded, row_group_size=max(1, len(encoded)))


@dataclass(frozen=True)
class CaseBatch:
    """Some cases, the reasons of what is missing, and which of them are held, where that was written."""

    cases: pd.DataFrame
    reasons: pd.DataFrame
    held: "pd.Series"


def read_case_batches(stored: StoredFile, rows: int = ROWS) -> Iterator[CaseBatch]:
    """The cases of a file, some rows at a time; at least one batch, be it empty."""
    is_empty = True
    with stored.open() as opened, pq.ParquetFile(opened) as file:
        for batch in file.iter_batches(batch_size=rows):
            is_empty = False
            yield CaseBatch(*split_table(pa.Table.from_batches([batch])))
        if is_empty:
            yield CaseBatch(*split_table(file.schema_arrow.empty_table()))
