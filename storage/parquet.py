"""Frames of case fields as Parquet and back: the same frame gives the same bytes.

Only the case schema decides the types. Words are stored from the values that are there, so
that a category which no row has any more cannot travel along.
"""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pandas.api.extensions import ExtensionDtype

from schemas.case import REASON_SUFFIX, arrow_schema, case_fields, case_schema
from schemas.perpetrator import Perpetrator
from storage.error import CasesInvalid

ROW, HELD = "row", "held"
WORDS = pd.StringDtype(na_value=np.nan)
ENCODED = pa.dictionary(pa.int32(), pa.string())


def build_table(
    cases: pd.DataFrame, reasons: pd.DataFrame, held: "pd.Series[bool] | None" = None
) -> pa.Table:
    """Cases, the reasons of what is missing, which rows are held if that is told, and the row numbers.

    Words are plain: `encode_words` makes them what is stored.

    Raises:
        CasesInvalid: the columns are not those of the case, or a column has another type.
    """
    if list(cases.columns) != list(case_fields()):
        raise CasesInvalid("the frame has not exactly the columns of the case, in their order")
    if not set(reasons.columns) <= set(case_fields()) or not reasons.index.equals(cases.index):
        raise CasesInvalid("the reasons have other columns or rows than the cases")
    arrays = {
        field.name: make_plain_array(field.name, cases[field.name], field.type) for field in arrow_schema()
    }
    arrays |= {
        f"{name}{REASON_SUFFIX}": make_plain_array(name, reasons[name], ENCODED) for name in reasons.columns
    }
    arrays |= {} if held is None else {HELD: make_plain_array(HELD, held, pa.bool_())}
    return pa.table(arrays | {ROW: make_plain_array(ROW, cases.index.to_series(), pa.int64())})


def encode_words(table: pa.Table) -> pa.Table:
    """Each column of codes and reasons with the words that stand in it and no other."""
    coded = {field.name for field in arrow_schema() if pa.types.is_dictionary(field.type)}
    coded |= {name for name in table.column_names if name.endswith(REASON_SUFFIX)}
    arrays = {name: _as_array(table[name].combine_chunks()) for name in table.column_names}
    return pa.table({n: array.dictionary_encode() if n in coded else array for n, array in arrays.items()})


def _as_array(column: Any) -> Any:
    """One array; Arrow makes one of no rows a chunked array of no chunks."""
    if isinstance(column, pa.ChunkedArray):
        return column.chunk(0) if column.num_chunks else pa.array([], column.type)
    return column


def split_table(table: pa.Table) -> tuple[pd.DataFrame, pd.DataFrame, "pd.Series[bool]"]:
    """Cases, reasons and held rows, as `build_table` took them: text as `str`, numbers nullable.

    A field that the case had not yet when they were written is null.
    """
    for name in set(case_fields()) - set(table.column_names):
        table = table.append_column(name, pa.array([None] * len(table), case_fields()[name].arrow_type))
    index = _read_rows(table)
    cases = read_frame(table, tuple(case_fields())).set_index(index)
    marked = [name for name in table.column_names if name.endswith(REASON_SUFFIX)]
    reasons = {name.removesuffix(REASON_SUFFIX): _read_column(table[name], WORDS) for name in marked}
    held = table[HELD].to_numpy() if HELD in table.column_names else np.zeros(len(table), dtype=bool)
    return (
        cases,
        pd.DataFrame(reasons, index=range(len(cases))).set_index(index),
        pd.Series(held, index=index, dtype=bool),
    )


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
    array = make_plain_array(name, values, kind)
    return array.dictionary_encode() if pa.types.is_dictionary(kind) else array


def make_plain_array(name: str, values: "pd.Series[Any]", kind: pa.DataType) -> "pa.Array[Any]":
    """The same, words not as a dictionary.

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
    whole: pa.Array[Any] = _as_array(array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array)
    return whole


def write_table(table: pa.Table, facts: Mapping[str, str] | None = None) -> bytes:
    """The table as Parquet bytes; nothing in the footer but its types and these facts."""
    sink = BytesIO()
    pq.write_table(table.replace_schema_metadata(dict(facts or {})), sink, compression="zstd")
    return sink.getvalue()


def read_table(content: bytes) -> pa.Table:
    """The bytes of a Parquet file."""
    return pq.read_table(BytesIO(content), partitioning=None)


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
    index: pd.Index[Any] = pd.Index(table[ROW].to_numpy(), dtype="int64")
    return index


def _read_column(column: "pa.ChunkedArray[Any]", dtype: ExtensionDtype) -> "pd.Series[Any]":
    plain = column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
    return plain.to_pandas(types_mapper=lambda _: dtype)
