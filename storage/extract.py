"""The published table: Parquet with its facts in the footer, the same rows as CSV, and back.

Rows are sorted by everything that is published, so that their order tells nothing.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Literal

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas.case import arrow_schema
from schemas.country_table import BY, CASES, SOURCES
from schemas.extract import Extract
from storage.parquet import make_table, read_frame, read_table, write_table

FACT_PREFIX = "palermo."


def write_extract(frame: pd.DataFrame, columns: Sequence[str], facts: Mapping[str, str]) -> bytes:
    """The named columns as Parquet, and the facts in its footer under `palermo.`.

    Raises:
        CasesInvalid: a column is not there, or has values of another type.
    """
    footer = {f"{FACT_PREFIX}{name}": facts[name] for name in sorted(facts)}
    return write_table(_sort_table(make_table(frame, arrow_schema(tuple(columns)))), footer)


def have_same_rows(frame: pd.DataFrame, other: pd.DataFrame, columns: Sequence[str]) -> bool:
    """Whether both would be written as the same rows.

    Raises:
        CasesInvalid: a column is not there, or has values of another type.
    """
    schema = arrow_schema(tuple(columns))
    one, another = (_sort_table(make_table(given, schema)) for given in (frame, other))
    return bool(one.equals(another))


def write_csv(frame: pd.DataFrame, columns: Sequence[str]) -> bytes:
    """The same rows in the same order as CSV: UTF-8, LF, nothing where the value is missing.

    Raises:
        CasesInvalid: a column is not there, or has values of another type.
    """
    table = _sort_table(make_table(frame, arrow_schema(tuple(columns))))
    return read_frame(table, tuple(columns)).to_csv(index=False, lineterminator="\n").encode()


def read_extract(content: bytes) -> Extract:
    """A finished extract as a stranger reads it; what others wrote into its footer keeps its whole name."""
    table = read_table(content)
    footer = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
    facts = {key.removeprefix(FACT_PREFIX): value for key, value in footer.items()}
    return Extract(read_frame(table, tuple(table.column_names)), facts)


def write_counts(counts: pd.DataFrame) -> bytes:
    """The table of countries as CSV, in the form of `write_csv`; rows come sorted."""
    return counts.to_csv(index=False, lineterminator="\n").encode()


def read_counts(content: bytes) -> pd.DataFrame:
    """The inverse of write_counts: counts and years are numbers, what is empty is null."""
    text = pd.read_csv(BytesIO(content), dtype=str, keep_default_na=False).astype(object)
    counts = text.where(text != "", None)
    numbers = {"year": "Int16", CASES: "int64", SOURCES: "int64"}
    return counts.assign(**{BY: counts[BY].fillna("")}).astype(numbers)


def _sort_table(table: pa.Table) -> pa.Table:
    # Nulls sort last by default.
    keys: list[tuple[str, Literal["ascending"]]] = [(name, "ascending") for name in table.column_names]
    return table.take(pc.sort_indices(table, sort_keys=keys))
