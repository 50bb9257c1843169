"""The published files: nothing in them but the rows, their types, and the facts."""

import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal

from schemas.case import arrow_schema
from schemas.extract import FooterFact
from storage.error import CasesInvalid
from storage.extract import read_extract, write_csv, write_extract

COLUMNS = ("gender", "citizenship", "year_of_registration", "is_forced_labour", "citizenship_is_proxy")
FACTS = {FooterFact.K: "11", "version": "2026.01.1"}


@pytest.fixture
def frame(make_cases: Callable[[Any], pd.DataFrame]) -> pd.DataFrame:
    rows = [
        {"gender": None, "citizenship": "SRB", "year_of_registration": 2019},
        {"gender": "Woman", "citizenship": "SRB", "year_of_registration": 2019, "is_forced_labour": 1},
        {"gender": "Woman", "citizenship": None, "year_of_registration": 2018, "citizenship_is_proxy": False},
        {"gender": "Man", "citizenship": "ŽZZ", "year_of_registration": 2020, "is_forced_labour": 0},
        {"gender": "Man", "citizenship": "BIH", "year_of_registration": 2021},
    ]
    return make_cases(rows)


def test_rows_are_sorted_by_all_published_columns_with_nulls_last(frame: pd.DataFrame) -> None:
    read = read_extract(write_extract(frame, COLUMNS, FACTS)).frame
    found = [tuple(None if pd.isna(v) else v for v in row) for row in read.itertuples(index=False)]
    assert found == [
        ("Man", "BIH", 2021, None, None),
        ("Man", "ŽZZ", 2020, 0, None),
        ("Woman", "SRB", 2019, 1, None),
        ("Woman", None, 2018, None, False),
        (None, "SRB", 2019, None, None),
    ]


def test_the_order_of_the_cases_leaves_no_trace(frame: pd.DataFrame) -> None:
    expected = write_extract(frame, COLUMNS, FACTS)
    for seed in range(5):
        assert write_extract(frame.sample(frac=1, random_state=seed), COLUMNS, FACTS) == expected
    assert write_csv(frame.iloc[::-1], COLUMNS) == write_csv(frame, COLUMNS)


def test_the_types_are_those_of_the_case(frame: pd.DataFrame) -> None:
    table = pq.read_table(BytesIO(write_extract(frame, COLUMNS, FACTS)))
    assert table.schema.equals(arrow_schema(COLUMNS))


def test_the_footer_holds_the_facts_and_nothing_of_this_machine(frame: pd.DataFrame) -> None:
    content = write_extract(frame, COLUMNS, FACTS)
    metadata = pq.read_metadata(BytesIO(content)).metadata
    assert {key: value for key, value in metadata.items() if key != b"ARROW:schema"} == {
        b"palermo.k": b"11",
        b"palermo.version": b"2026.01.1",
    }
    assert pq.read_schema(BytesIO(content)).pandas_metadata is None
    for trace in (b"pandas", b"index", str(Path.home()).encode() + b"/", str(Path.cwd()).encode()):
        assert trace not in content
    codecs = {pq.read_metadata(BytesIO(content)).row_group(0).column(n).compression for n in range(5)}
    assert codecs == {"ZSTD"}


def test_values_of_rows_that_are_gone_are_gone(frame: pd.DataFrame) -> None:
    canary = frame["citizenship"].astype("category").cat.add_categories(["CANARY"])
    content = write_extract(frame.assign(citizenship=canary), COLUMNS, FACTS)
    assert b"CANARY" not in content
    assert content == write_extract(frame, COLUMNS, FACTS)


def test_what_is_read_is_what_was_written(frame: pd.DataFrame, tmp_path: Path) -> None:
    content = write_extract(frame, COLUMNS, FACTS)
    (tmp_path / "extract.parquet").write_bytes(content)
    read = read_extract((tmp_path / "extract.parquet").read_bytes())
    assert read.facts == {"k": "11", "version": "2026.01.1"}
    assert_frame_equal(read.frame, read_extract(content).frame)
    expected = frame[list(COLUMNS)].sort_values(list(COLUMNS), na_position="last", ignore_index=True)
    assert_frame_equal(read.frame, expected)


def test_csv_has_the_same_rows_in_plain_utf_8(frame: pd.DataFrame) -> None:
    content = write_csv(frame, COLUMNS)
    assert content.startswith(b"gender,citizenship,")
    assert b"\r" not in content
    rows = list(csv.reader(StringIO(content.decode("utf-8"))))
    assert rows[1:] == [
        ["Man", "BIH", "2021", "", ""],
        ["Man", "ŽZZ", "2020", "0", ""],
        ["Woman", "SRB", "2019", "1", ""],
        ["Woman", "", "2018", "", "False"],
        ["", "SRB", "2019", "", ""],
    ]


def test_no_rows_are_an_extract_too(frame: pd.DataFrame) -> None:
    assert read_extract(write_extract(frame.iloc[:0], COLUMNS, FACTS)).frame.shape == (0, 5)
    assert write_csv(frame.iloc[:0], COLUMNS).count(b"\n") == 1


def test_a_column_that_is_not_there_is_a_named_error(frame: pd.DataFrame) -> None:
    with pytest.raises(CasesInvalid, match="gender"):
        write_extract(frame.drop(columns="gender"), COLUMNS, FACTS)


def test_a_file_with_a_strange_column_is_not_read(frame: pd.DataFrame, tmp_path: Path) -> None:
    frame.assign(name="Canary Person").to_parquet(tmp_path / "strange.parquet")
    with pytest.raises(CasesInvalid) as caught:
        read_extract((tmp_path / "strange.parquet").read_bytes())
    assert "Canary" not in str(caught.value)
