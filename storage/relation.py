"""The relational operations on pooled cases, by DuckDB over Parquet: count classes, apply a recoding, ask.

Null is an ordinary value. DuckDB never spills to disk here, so that no case value lands in a
temporary folder, and never loads an extension.
"""

import re
from collections.abc import Sequence
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from schemas.case import CASE_KEY, PERSON_FIELD, REASON_SUFFIX, arrow_schema, case_fields
from schemas.extract import COUNT, ORIGINAL_PREFIX, SUPPRESSED, ClassTable, Recoding
from schemas.missing import MissingReason
from storage.content import StoredFile
from storage.error import CasesInvalid, NoCases, QueryRefused, RecodingIncomplete
from storage.parquet import ROW, make_array, read_frame

SAFE_SETTINGS = (
    "SET temp_directory = ''",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET python_enable_replacements = false",
)
LOCK = ("SET enable_external_access = false", "SET lock_configuration = true")
LINE = re.compile(r"^LINE (\d+):", re.MULTILINE)


def count_classes(paths: Sequence[StoredFile], columns: Sequence[str]) -> ClassTable:
    """The distinct combinations of the columns among publishable cases, with their number, in fixed order.

    A case without consent to publication is not counted.

    Raises:
        CasesInvalid: a column is not a field of the case.
    """
    names = _check_columns(columns)
    if not paths:
        return ClassTable(names, _empty_frame(names).assign(**{COUNT: pd.Series(dtype="int64")}))
    with open_cases(paths) as connection:
        counted = connection.sql(
            f"SELECT {_list(names)}, count(*) AS {COUNT} FROM publishable GROUP BY ALL"  # noqa: S608
        )
        table = counted.order(_order(names)).to_arrow_table()
    return ClassTable(names, read_frame(table, names).assign(**{COUNT: table[COUNT].to_numpy()}))


def apply_recoding(paths: Sequence[StoredFile], recoding: Recoding, columns: Sequence[str]) -> pd.DataFrame:
    """Every publishable case that is not suppressed: recoded columns, then these as they are; sorted.

    Raises:
        CasesInvalid: a column is not a field of the case.
        RecodingIncomplete: a class of the pool stands in the recoding not at all, or twice.
    """
    recoded, extra = _check_columns(recoding.columns), _check_columns(columns)
    if not paths:
        return _empty_frame(recoded + extra)
    with open_cases(paths) as connection:
        connection.register("recoding", _recoding_table(recoding))
        same = " AND ".join(f"publishable.{_quote(c)} IS NOT DISTINCT FROM {_original(c)}" for c in recoded)
        _check_complete(connection, same)
        published = [f"recoding.{_quote(c)}" for c in recoded] + [f"publishable.{_quote(c)}" for c in extra]
        joined = connection.sql(
            f"SELECT {', '.join(published)} FROM publishable JOIN recoding ON {same} WHERE NOT {SUPPRESSED}"  # noqa: S608
        )
        return read_frame(joined.order(_order(recoded + extra)).to_arrow_table(), recoded + extra)


def list_cases(paths: Sequence[StoredFile], columns: Sequence[str], *, publishable: bool) -> pd.DataFrame:
    """These columns of every case that may be published, or of every one that may not; sorted.

    Raises:
        CasesInvalid: a column is not a field of the case.
    """
    names = _check_columns(columns)
    if not paths:
        return _empty_frame(names)
    with open_cases(paths) as connection:
        which = "consent_publication" if publishable else "NOT consent_publication"
        found = connection.sql(f"SELECT {_list(names)} FROM cases WHERE {which}")  # noqa: S608
        return read_frame(found.order(_order(names)).to_arrow_table(), names)


def count_reasons(paths: Sequence[StoredFile], columns: Sequence[str]) -> dict[str, dict[MissingReason, int]]:
    """Why values are missing among publishable cases: column, then reason, then number of cases.

    Raises:
        CasesInvalid: a column is not a field of the case.
    """
    names = _check_columns(columns)
    if not paths:
        return {}
    counts: dict[str, dict[MissingReason, int]] = {}
    with open_cases(paths) as connection:
        kept = {row[0] for row in connection.sql("DESCRIBE publishable").fetchall()}
        for name in names:
            reason = f"{name}{REASON_SUFFIX}"
            if reason in kept:
                counts[name] = _count_reason(connection, reason)
    return counts


def find_shared_keys(path: StoredFile, others: Sequence[StoredFile]) -> tuple[int, ...]:
    """Row numbers of the cases of a file whose key stands in one of the other files of its source too."""
    return _find_shared(path, others, CASE_KEY)


def find_shared_persons(path: StoredFile, others: Sequence[StoredFile]) -> tuple[int, ...]:
    """Row numbers of the cases of a file whose person, by a shared code, stands in one of the others too."""
    return _find_shared(path, others, (PERSON_FIELD,))


def count_repeated_keys(paths: Sequence[StoredFile]) -> int:
    """How many case keys stand more than once in their source, over all these files."""
    return _count_repeated(paths, CASE_KEY)


def count_repeated_persons(paths: Sequence[StoredFile]) -> int:
    """How many shared codes of persons stand in more than one case, over all these files."""
    return _count_repeated(paths, (PERSON_FIELD,))


def count_known_persons(paths: Sequence[StoredFile]) -> int:
    """How many cases have a code that agencies share: among the others nobody sees who counts twice."""
    if not paths:
        return 0
    with open_cases(paths) as connection:
        return count_rows(connection, "SELECT count(shared_person_key) FROM cases")


def _find_shared(path: StoredFile, others: Sequence[StoredFile], key: Sequence[str]) -> tuple[int, ...]:
    if not others:
        return ()
    with open_cases(others) as connection:
        connection.register("mine", open_dataset([path]))
        shared = connection.sql(
            f"SELECT mine.{ROW} FROM mine SEMI JOIN cases USING ({', '.join(key)}) ORDER BY ALL"  # noqa: S608
        )
        return tuple(int(number) for (number,) in shared.fetchall())


def _count_repeated(paths: Sequence[StoredFile], key: Sequence[str]) -> int:
    """How many keys stand more than once; a case without one is nobody's twin."""
    if not paths:
        return 0
    kept = f"SELECT 1 FROM cases WHERE {key[-1]} IS NOT NULL"  # noqa: S608
    with open_cases(paths) as connection:
        return count_rows(
            connection,
            f"SELECT count(*) FROM ({kept} GROUP BY {', '.join(key)} HAVING count(*) > 1)",  # noqa: S608
        )


def query_cases(paths: Sequence[StoredFile], sql: str, limit: int | None = None) -> pd.DataFrame:
    """The answer to one SELECT over the pooled cases as table `cases`, at most `limit` rows.

    Raises:
        NoCases: there are no files.
        QueryRefused: it is not one SELECT, reaches outside the table, or cannot be run.
    """
    if not paths:
        raise NoCases("the pool is empty; ingest a submission first")
    with open_cases(paths) as connection:
        for setting in LOCK:
            connection.execute(setting)
        try:
            _check_is_one_select(connection, sql)
            answer = connection.sql(sql)
            rows: pd.DataFrame = (answer if limit is None else answer.limit(limit)).df()
        except duckdb.Error as error:
            raise _refusal(error) from None
    return rows


def open_cases(paths: Sequence[StoredFile]) -> duckdb.DuckDBPyConnection:
    """A database with these files as the table `cases`, in which nothing is ever spilled to disk."""
    connection = duckdb.connect(":memory:")
    for setting in SAFE_SETTINGS:
        connection.execute(setting)
    # A dataset, not a view over read_parquet: it still reads when file access is switched off.
    connection.register("cases", open_dataset(paths))
    connection.execute("CREATE VIEW publishable AS SELECT * FROM cases WHERE consent_publication")
    return connection


def open_dataset(files: Sequence[StoredFile]) -> ds.Dataset:
    """The files as one table; a field that the case had not yet when one was written is null there.

    The first version wrote numbers of rows in 32 bits: the wider type holds both.
    Arrow gets their bytes, compressed as they are, in memory of its own. Its threads wait for each other: one
    that asked Python for bytes, or gave some back, waited for another that kept Python waiting for it.
    """
    contents = [_load(file) for file in files]
    written = [pq.read_schema(pa.BufferReader(each)) for each in contents]
    schema = pa.unify_schemas([arrow_schema(), *written], promote_options="permissive")
    form: Any = ds.ParquetFileFormat()  # its stubs do not know that a buffer will do
    return ds.FileSystemDataset([form.make_fragment(each) for each in contents], schema, form)


def _load(file: StoredFile) -> pa.Buffer:
    content = file.read()
    buffer = pa.allocate_buffer(len(content))
    memoryview(buffer).cast("B")[:] = content
    return buffer


def _count_reason(connection: duckdb.DuckDBPyConnection, column: str) -> dict[MissingReason, int]:
    counted = connection.sql(
        f"SELECT {_quote(column)}, count(*) FROM publishable "  # noqa: S608
        f"WHERE {_quote(column)} IS NOT NULL GROUP BY ALL ORDER BY ALL"
    )
    return {MissingReason(reason): int(number) for reason, number in counted.fetchall()}


def _check_is_one_select(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    kinds = [statement.type for statement in connection.extract_statements(sql)]
    if kinds != [duckdb.StatementType.SELECT]:
        raise QueryRefused("only one SELECT at a time can be asked; nothing was run")


def _refusal(error: duckdb.Error) -> QueryRefused:
    # DuckDB's own message quotes cells, so only its kind and the line of the query are told.
    found = LINE.search(str(error))
    place = f" in line {found[1]}" if found else ""
    return QueryRefused(
        f"the query was not run: {type(error).__name__}{place}; see the field reference for the columns"
    )


def _check_columns(columns: Sequence[str]) -> tuple[str, ...]:
    unknown = [column for column in columns if column not in case_fields()]
    if unknown:
        raise CasesInvalid(f"{len(unknown)} of the columns asked for are no fields of the case")
    return tuple(columns)


def _check_complete(connection: duckdb.DuckDBPyConnection, same: str) -> None:
    missing = count_rows(connection, f"SELECT count(*) FROM publishable ANTI JOIN recoding ON {same}")  # noqa: S608
    if missing:
        raise RecodingIncomplete(f"the recoding lacks the classes of {missing} cases; nothing was recoded")


def count_rows(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    """The one number that a statement gives."""
    [(number,)] = connection.sql(sql).fetchall()
    return int(number)


def _recoding_table(recoding: Recoding) -> pa.Table:
    frame = recoding.frame
    originals = [f"{ORIGINAL_PREFIX}{column}" for column in recoding.columns]
    if frame.duplicated(originals).any():
        raise RecodingIncomplete("the recoding names a class twice; nothing was recoded")
    kinds = {column: case_fields()[column].arrow_type for column in recoding.columns}
    arrays = {
        f"{ORIGINAL_PREFIX}{c}": make_array(c, frame[f"{ORIGINAL_PREFIX}{c}"], k) for c, k in kinds.items()
    }
    arrays |= {c: make_array(c, frame[c], kind) for c, kind in kinds.items()}
    return pa.table(arrays | {SUPPRESSED: make_array(SUPPRESSED, frame[SUPPRESSED], pa.bool_())})


def _empty_frame(names: tuple[str, ...]) -> pd.DataFrame:
    return read_frame(arrow_schema(names).empty_table(), names)


def _quote(column: str) -> str:
    return f'"{column}"'


def _original(column: str) -> str:
    return f"recoding.{_quote(ORIGINAL_PREFIX + column)}"


def _list(columns: tuple[str, ...]) -> str:
    return ", ".join(map(_quote, columns))


def _order(columns: tuple[str, ...]) -> str:
    return ", ".join(f"{_quote(column)} ASC NULLS LAST" for column in columns)
