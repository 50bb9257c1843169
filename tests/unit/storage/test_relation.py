"""Counting, recoding and asking by DuckDB; null is an ordinary value and nothing leaves the table."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal

from schemas.extract import COUNT, Recoding
from schemas.missing import MissingReason
from storage.batch import read_case_batches
from storage.content import StoredFile
from storage.error import CasesInvalid, NoCases, QueryRefused, RecodingIncomplete
from storage.relation import (
    LOCK,
    apply_recoding,
    count_classes,
    count_known_persons,
    count_reasons,
    count_repeated_persons,
    find_shared_keys,
    find_shared_persons,
    open_cases,
    open_dataset,
    query_cases,
)
from storage.store import Store

COLUMNS = ("gender", "year_of_registration")
ROWS = [
    {"gender": "Woman", "year_of_registration": 2019, "is_forced_labour": 1},
    {"gender": "Woman", "year_of_registration": 2019},
    {"gender": None, "year_of_registration": 2019, "is_forced_labour": 0},
    {"gender": None, "year_of_registration": 2019},
    {"gender": "Man", "year_of_registration": 2020},
]
MakeCases = Callable[[Any], pd.DataFrame]
Keep = Callable[[list[dict[str, Any]]], StoredFile]


@pytest.fixture
def keep(store: Store, make_cases: MakeCases) -> Keep:
    def keep(rows: list[dict[str, Any]]) -> StoredFile:
        cases = make_cases(rows)
        return store.cases_file(store.put_cases(cases, pd.DataFrame(index=cases.index)))

    return keep


@pytest.fixture
def paths(keep: Keep) -> list[StoredFile]:
    """The rows in two files, so that classes reach over files."""
    return [keep(ROWS[:1]), keep(ROWS[1:])]


def rows_of(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    return [tuple(None if pd.isna(v) else v for v in row) for row in frame.itertuples(index=False)]


def make_recoding(rows: list[tuple[object, ...]]) -> Recoding:
    names = [f"original_{column}" for column in COLUMNS]
    frame = pd.DataFrame(rows, columns=[*names, *COLUMNS, "suppressed"])
    kinds = {"gender": "str", "year_of_registration": "Int16"}
    return Recoding(COLUMNS, frame.astype(kinds | {f"original_{c}": k for c, k in kinds.items()}))


RECODING = [
    ("Woman", 2019, "Woman", None, False),
    (None, 2019, None, 2019, False),
    ("Man", 2020, "Man", 2020, True),
]


def test_classes_are_counted_over_all_files_with_null_as_a_value(paths: list[StoredFile]) -> None:
    classes = count_classes(paths, COLUMNS)
    assert rows_of(classes.frame) == [("Man", 2020, 1), ("Woman", 2019, 2), (None, 2019, 2)]
    assert classes.cases == 5
    assert classes.columns == COLUMNS
    assert list(classes.frame.dtypes.astype(str)) == ["str", "Int16", "int64"]


def test_no_files_are_no_classes() -> None:
    classes = count_classes([], COLUMNS)
    assert classes.cases == 0
    assert list(classes.frame.columns) == [*COLUMNS, COUNT]
    assert list(classes.frame.dtypes.astype(str)) == ["str", "Int16", "int64"]


@pytest.mark.parametrize("seed", range(8))
def test_counts_are_those_of_pandas(keep: Keep, make_cases: MakeCases, seed: int) -> None:
    choose = Random(seed)
    rows = [
        {"gender": choose.choice([None, "Man", "Woman"]), "year_of_registration": choose.randint(2018, 2020)}
        for _ in range(seed * 5)
    ]
    grouped = make_cases(rows).groupby(list(COLUMNS), dropna=False).size()
    expected = grouped.rename(COUNT).reset_index().sort_values(list(COLUMNS), ignore_index=True)
    found = count_classes([keep(rows)], COLUMNS).frame
    assert_frame_equal(found, expected.astype(found.dtypes.to_dict()))


def test_a_recoding_replaces_keeps_and_suppresses(paths: list[StoredFile]) -> None:
    frame = apply_recoding(paths, make_recoding(RECODING), ["is_forced_labour"])
    assert list(frame.columns) == [*COLUMNS, "is_forced_labour"]
    assert rows_of(frame) == [
        ("Woman", None, 1),
        ("Woman", None, None),
        (None, 2019, 0),
        (None, 2019, None),
    ]
    assert list(frame.dtypes.astype(str)) == ["str", "Int16", "Int8"]


def test_a_recoding_may_null_a_whole_column(paths: list[StoredFile]) -> None:
    everything = [(gender, year, None, None, False) for gender, year, *_ in RECODING]
    assert rows_of(apply_recoding(paths, make_recoding(everything), [])) == [(None, None)] * 5


def test_a_class_that_is_not_recoded_loses_no_case_silently(paths: list[StoredFile]) -> None:
    with pytest.raises(RecodingIncomplete, match="2 cases"):
        apply_recoding(paths, make_recoding([RECODING[0], RECODING[2]]), [])


def test_a_class_that_is_recoded_twice_doubles_no_case(paths: list[StoredFile]) -> None:
    with pytest.raises(RecodingIncomplete, match="twice"):
        apply_recoding(paths, make_recoding([*RECODING, RECODING[1]]), [])


def test_no_files_are_no_rows() -> None:
    frame = apply_recoding([], make_recoding(RECODING), ["is_forced_labour"])
    assert frame.shape == (0, 3)


@pytest.mark.parametrize("column", ["row", "nothing", 'gender" FROM cases --'])
def test_only_fields_of_the_case_are_counted(paths: list[StoredFile], column: str) -> None:
    with pytest.raises(CasesInvalid):
        count_classes(paths, [column])
    with pytest.raises(CasesInvalid):
        apply_recoding(paths, make_recoding(RECODING), [column])


def test_a_query_sees_the_pooled_cases(paths: list[StoredFile]) -> None:
    sql = "SELECT gender, count(*) AS n FROM cases GROUP BY gender ORDER BY n, gender NULLS LAST"
    assert rows_of(query_cases(paths, sql)) == [("Man", 1), ("Woman", 2), (None, 2)]
    assert len(query_cases(paths, sql, limit=2)) == 2
    assert len(query_cases(paths, "FROM cases;", limit=10)) == 5


def test_an_empty_pool_has_nothing_to_ask() -> None:
    with pytest.raises(NoCases):
        query_cases([], "SELECT 1")


HARMFUL = [
    "COPY cases TO '{out}'",
    "EXPORT DATABASE '{out}'",
    "ATTACH '{out}' AS other",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "RESET enable_external_access",
    "PRAGMA database_list",
    "CREATE TABLE copy_of AS SELECT * FROM cases",
    "DROP VIEW cases",
    "SELECT 1; COPY cases TO '{out}'",
    "SELECT 1; SELECT 2",
    "EXPLAIN ANALYZE SELECT * FROM cases",
    "SELECT * FROM read_csv('{in}')",
    "SELECT * FROM read_text('{in}')",
    "SELECT * FROM read_blob('{in}')",
    "SELECT * FROM read_parquet('{in}')",
    "SELECT * FROM glob('{in}')",
    "SELECT * FROM sniff_csv('{in}')",
    "SELECT * FROM '{in}'",
    "SELECT * FROM query_table('{in}')",
    "SELECT * FROM query('COPY cases TO ''{out}''')",
    "SELECT * FROM read_csv('https://example.org/a.csv')",
    "SELECT getenv('HOME')",
    "SELECT * FROM paths",
    "",
    "SELEC 1",
]


@pytest.mark.parametrize("sql", HARMFUL)
def test_a_query_neither_reads_nor_writes_anything_else(
    paths: list[StoredFile], tmp_path: Path, sql: str
) -> None:
    secret, out = tmp_path / "secret.csv", tmp_path / "out"
    secret.write_text("secret\ncanary\n")
    with pytest.raises(QueryRefused) as caught:
        query_cases(paths, sql.replace("{in}", str(secret)).replace("{out}", str(out)))
    assert not out.exists()
    assert "canary" not in str(caught.value)


@pytest.fixture
def locked(paths: list[StoredFile]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The connection as a query gets it, to show that the lock holds without the look at the statement."""
    with open_cases(paths) as connection:
        for setting in LOCK:
            connection.execute(setting)
        yield connection


@pytest.mark.parametrize(
    "sql", [sql for sql in HARMFUL if sql.startswith(("COPY", "EXPORT", "ATTACH", "INST", "SET"))]
)
def test_the_engine_itself_refuses_to_leave_the_table(
    locked: duckdb.DuckDBPyConnection, tmp_path: Path, sql: str
) -> None:
    with pytest.raises((duckdb.PermissionException, duckdb.InvalidInputException)):
        locked.execute(sql.replace("{out}", str(tmp_path / "out")))
    assert list(tmp_path.glob("out*")) == []


def test_a_failing_query_quotes_no_cell(paths: list[StoredFile]) -> None:
    with pytest.raises(QueryRefused) as caught:
        query_cases(paths, "SELECT 1,\n  CAST(gender AS INT)\nFROM cases")
    assert "Woman" not in str(caught.value)
    assert "Man" not in str(caught.value)
    assert "ConversionException" in str(caught.value)
    assert caught.value.__suppress_context__


def test_nothing_spills_to_disk(locked: duckdb.DuckDBPyConnection) -> None:
    assert locked.sql("SELECT current_setting('temp_directory')").fetchall() == [("",)]


def test_a_case_without_consent_is_neither_counted_nor_recoded_but_asked_for(keep: Keep) -> None:
    path = keep([*ROWS, {"gender": "Man", "year_of_registration": 2018, "consent_publication": False}])
    assert count_classes([path], COLUMNS).cases == 5
    assert len(apply_recoding([path], make_recoding(RECODING), [])) == 4
    assert len(query_cases([path], "SELECT * FROM cases")) == 6


def test_reasons_are_counted_over_files_that_have_different_ones(store: Store, make_cases: MakeCases) -> None:
    paths = []
    for reasons in (
        {"gender": ["unknown", None, "refused"]},
        {"gender": ["unknown"] * 3, "citizenship": ["refused"] * 3},
    ):
        cases = make_cases([{"consent_publication": number > 0} for number in range(3)])
        kept = pd.DataFrame(reasons, index=cases.index, dtype="str")
        paths.append(store.cases_file(store.put_cases(cases, kept)))
    # The first case of each file is without consent.
    assert count_reasons(paths, ["gender", "citizenship", "is_abduction"]) == {
        "gender": {MissingReason.REFUSED: 1, MissingReason.UNKNOWN: 2},
        "citizenship": {MissingReason.REFUSED: 2},
    }
    assert count_reasons([], ["gender"]) == {}
    assert len(query_cases(paths, 'SELECT gender__missing, citizenship__missing, "row" FROM cases')) == 6


def test_people_are_found_again_by_a_shared_code_and_never_by_a_missing_one(
    keep: Keep, make_cases: MakeCases
) -> None:
    first = keep([{"shared_person_key": code} for code in ("a", "b", None)])
    second = keep([{"source_id": "xyz_other_cases", "shared_person_key": c} for c in ("b", None, "c", "a")])
    assert find_shared_persons(second, [first]) == (2, 5)
    assert find_shared_persons(second, []) == ()
    assert find_shared_keys(second, [first]) == ()
    assert (count_repeated_persons([first, second]), count_known_persons([first, second])) == (2, 5)
    assert (count_repeated_persons([]), count_known_persons([])) == (0, 0)


def test_a_file_from_before_the_shared_code_has_none(keep: Keep, tmp_path: Path) -> None:
    path = keep([{"gender": "Woman"}, {"gender": "Man"}])
    older = StoredFile(tmp_path / "older.parquet")
    with path.open() as opened:
        table = pq.read_table(opened)
    gone = [name for name in table.column_names if name.startswith("shared_person_key")]
    pq.write_table(table.drop_columns(gone), older.path)
    assert count_known_persons([older]) == 0
    assert find_shared_persons(path, [older]) == ()
    [batch] = read_case_batches(older)
    cases = batch.cases
    assert cases["shared_person_key"].isna().all()
    assert cases["gender"].tolist() == ["Woman", "Man"]


def test_what_was_opened_needs_neither_the_file_nor_its_key_again(keep: Keep) -> None:
    """Or Arrow's threads call back into Python, and may stop each other for ever."""
    kept = keep(ROWS)
    opened = open_dataset([kept])
    kept.path.unlink()
    assert opened.count_rows() == len(ROWS)
    assert opened.to_table(["gender"])["gender"].to_pylist() == [row["gender"] for row in ROWS]


def test_numbers_of_rows_in_32_bits_as_the_first_version_wrote_them_are_read_beside_others(
    keep: Keep, tmp_path: Path
) -> None:
    table = pq.read_table(pa.BufferReader(keep(ROWS[:2]).read()))
    narrow = table.schema.set(table.schema.get_field_index("row"), pa.field("row", pa.int32()))
    pq.write_table(table.cast(narrow), tmp_path / "old.parquet")
    both = [StoredFile(tmp_path / "old.parquet"), keep(ROWS[2:])]
    assert count_classes(both, ("gender",)).frame[COUNT].sum() == len(ROWS)
    assert open_dataset(both).schema.field("row").type == pa.int64()
