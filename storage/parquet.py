"""Frames of case fields as Parquet and back: the same frame gives the same bytes.

Only the case schema decides the types. Words are stored from the values that are there, so
that a category which no row has any more cannot travel along.
"""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pandas.api.extensions import ExtensionDtype

from schemas.case import REASON_SUFFIX, arrow_schema, case_fields, case_schema
from schemas.perpetrator import Perpetrator
from storage.error import CasesInvalid

ROW = "row"
WORDS = pd.StringDtype(na_value=np.nan)
ENCODED = pa.dictionary(pa.int32(), pa.string())


def write_cases(cases: pd.DataFrame, reasons: pd.DataFrame) -> bytes:
    """Cases, the reasons of what is missing, and the row numbers, as one Parquet file.

    Raises:
        CasesInvalid: the columns are not those of the case, or a column has another type.
    """
    if list(cases.columns) != list(case_fields()):
        raise CasesInvalid("the frame has not exactly the columns of the case, in their order")
    if not set(reasons.columns) <= set(case_fields()) or not reasons.index.equals(cases.index):
        raise CasesInvalid("the reasons have other columns or rows than the cases")
    table = make_table(cases, arrow_schema())
    for name in reasons.columns:
        table = table.append_column(f"{name}{REASON_SUFFIX}", make_array(name, reasons[name], ENCODED))
    return write_table(_append_rows(table, cases.index))


def read_cases(content: bytes) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cases and reasons as `write_cases` took them: text as `str`, numbers nullable.

    A field that the case had not yet when they were written is null.
    """
    table = read_table(content)
    for name in set(case_fields()) - set(table.column_names):
        table = table.append_column(name, pa.array([None] * len(table), case_fields()[name].arrow_type))
    cases = read_frame(table, tuple(case_fields())).set_index(_read_rows(table))
    marked = [name for name in table.column_names if name.endswith(REASON_SUFFIX)]
    reasons = {name.removesuffix(REASON_SUFFIX): _read_column(table[name], WORDS) for name in marked}
    return cases, pd.DataFrame(reasons, index=range(len(cases))).set_index(cases.index)


def write_perpetrators(perpetrators: pd.DataFrame) -> bytes:
    """The child table of perpetrators with its row numbers; columns that nobody gave may be left out.

    Raises:
        CasesInvalid: a column is not one of the perpetrator, or has another type.
    """
    known = Perpetrator.to_schema().columns
    if not set(perpetrators.columns) <= set(known):
        raise CasesInvalid("the frame has a column that is not one of the perpetrator")
    schema = pa.schema([(name, _arrow_type(known[name].dtype.type)) for name in perpetrators.columns])
    return write_table(_append_rows(make_table(perpetrators, schema), perpetrators.index))


def read_perpetrators(content: bytes) -> pd.DataFrame:
    """Perpetrators as `write_perpetrators` took them."""
    table = read_table(content)
    names = tuple(name for name in table.column_names if name != ROW)
    return read_frame(table, names).set_index(_read_rows(table))


def make_table(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    """The columns and types of the schema, without its index.

    Raises:
        CasesInvalid: a column is not there, or has values of another type.
    """
    absent = [name for name in schema.names if name not in frame.columns]
    if absent:
        raise CasesInvalid(f"the frame lacks the columns {', '.join(absent)}")
    arrays = [make_array(field.name, frame[field.name], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def make_array(name: str, values: "pd.Series[Any]", kind: pa.DataType) -> "pa.Array[Any]":
    """Values as Arrow; `name` is the column that an error names.

    Raises:
        CasesInvalid: a value is of another type.
    """
    plain = pa.string() if pa.types.is_dictionary(kind) else kind
    words = values.astype("str") if isinstance(values.dtype, pd.CategoricalDtype) else values
    try:
        array = pa.array(words, plain, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        # The message of pyarrow quotes the cell.
        raise CasesInvalid(f"the column {name} has a value that is not {plain}") from None
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return array.dictionary_encode() if plain != kind else array


def write_table(table: pa.Table, facts: Mapping[str, str] | None = None) -> bytes:
    """The table as Parquet bytes; nothing in the footer but its types and these facts."""
    sink = BytesIO()
    pq.write_table(table.replace_schema_metadata(dict(facts or {})), sink, compression="zstd")
    return sink.getvalue()


def read_table(source: Path | bytes) -> pa.Table:
    """A Parquet file or its bytes."""
    return pq.read_table(BytesIO(source) if isinstance(source, bytes) else source, partitioning=None)


def read_frame(table: pa.Table, names: tuple[str, ...]) -> pd.DataFrame:
    """The named columns in the pandas types of the case, on a plain index.

    Raises:
        CasesInvalid: a column is no field of the case.
    """
    kinds = _pandas_types()
    unknown = [name for name in names if name not in kinds]
    if unknown:
        raise CasesInvalid(f"{len(unknown)} columns of the table are no fields of the case")
    return pd.DataFrame({name: _read_column(table[name], kinds[name]) for name in names})


@cache
def _pandas_types() -> dict[str, ExtensionDtype]:
    columns = Perpetrator.to_schema().columns | case_schema().columns
    return {name: column.dtype.type for name, column in columns.items()}


def _arrow_type(kind: ExtensionDtype) -> pa.DataType:
    return ENCODED if kind == WORDS else pa.from_numpy_dtype(kind.numpy_dtype)  # type: ignore[attr-defined]


def _append_rows(table: pa.Table, index: "pd.Index[Any]") -> pa.Table:
    return table.append_column(ROW, make_array(ROW, index.to_series(), pa.int64()))


def _read_rows(table: pa.Table) -> "pd.Index[Any]":
    return pd.Index(table[ROW].to_pylist(), dtype="int64")


def _read_column(column: "pa.ChunkedArray[Any]", dtype: ExtensionDtype) -> "pd.Series[Any]":
    plain = column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
    return plain.to_pandas(types_mapper=lambda _: dtype)
