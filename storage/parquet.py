"""Frames of case fields as Parquet and back: the same frame gives the same bytes.

Only the case schema decides the types. Words are stored from the values that are there, so
that a category which no row has any more cannot travel along.
"""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pandas.api.extensions import ExtensionDtype

from schemas.case import REASON_SUFFIX, arrow_schema, case_fields, case_schema
from storage.error import CasesInvalid

ROW = "row"
WORDS = pd.StringDtype(na_value=np.nan)
REASON = pa.dictionary(pa.int32(), pa.string())


def write_cases(cases: pd.DataFrame, reasons: pd.DataFrame) -> bytes:
    """Cases, the reasons of what is missing, and the row numbers, as one Parquet file.

    Raises:
        CasesInvalid: the columns are not those of the case, or a column has another type.
    """
    if list(cases.columns) != list(case_fields()):
        raise CasesInvalid("the frame has not exactly the columns of the case, in their order")
    if not set(reasons.columns) <= set(case_fields()) or not reasons.index.equals(cases.index):
        raise CasesInvalid("the reasons have other columns or rows than the cases")
    table = make_table(cases, tuple(cases.columns))
    for name in reasons.columns:
        table = table.append_column(f"{name}{REASON_SUFFIX}", make_array(name, reasons[name], REASON))
    return write_table(table.append_column(ROW, make_array(ROW, cases.index.to_series(), pa.int32())))


def read_cases(content: bytes) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cases and reasons as `write_cases` took them: text as `str`, numbers nullable."""
    table = pq.read_table(BytesIO(content))
    rows = pd.Index(table[ROW].to_numpy()).astype("int64")
    cases = read_frame(table, tuple(case_fields())).set_index(rows)
    marked = [name for name in table.column_names if name.endswith(REASON_SUFFIX)]
    reasons = {name.removesuffix(REASON_SUFFIX): _read_column(table[name], WORDS) for name in marked}
    return cases, pd.DataFrame(reasons, index=range(len(rows))).set_index(rows)


def make_table(frame: pd.DataFrame, names: tuple[str, ...]) -> pa.Table:
    """The named columns with the types of the case schema.

    Raises:
        CasesInvalid: a column is not there, or has values of another type.
    """
    absent = [name for name in names if name not in frame.columns]
    if absent:
        raise CasesInvalid(f"the frame lacks the columns {', '.join(absent)}")
    schema = arrow_schema(names)
    arrays = [make_array(field.name, frame[field.name], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def write_table(table: pa.Table, facts: Mapping[str, str] | None = None) -> bytes:
    """The table as Parquet bytes; nothing in the footer but its types and these facts."""
    sink = BytesIO()
    pq.write_table(table.replace_schema_metadata(dict(facts or {})), sink, compression="zstd")
    return sink.getvalue()


def read_frame(table: pa.Table, names: tuple[str, ...]) -> pd.DataFrame:
    """The named columns in the pandas types of the case, on a plain index."""
    columns = case_schema().columns
    return pd.DataFrame({name: _read_column(table[name], columns[name].dtype.type) for name in names})


def read_table(source: Path | bytes) -> pa.Table:
    """A Parquet file or its bytes."""
    return pq.read_table(BytesIO(source) if isinstance(source, bytes) else source, partitioning=None)


def make_array(name: str, values: pd.Series, kind: pa.DataType) -> pa.Array:
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


def _read_column(column: pa.ChunkedArray, dtype: ExtensionDtype) -> pd.Series:
    plain = column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
    return plain.to_pandas(types_mapper=lambda _: dtype)
