"""Cases in Parquet and back: same types, same rows, same bytes; and no cell in an error."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal

from schemas.case import arrow_schema, case_fields
from schemas.missing import MissingReason
from schemas.perpetrator import Perpetrator
from storage.batch import CasesWriter, read_case_batches
from storage.content import StoredFile
from storage.error import CasesInvalid
from storage.seal import DataKey, OpenedFile
from storage.store import Store

WriteCases = Callable[..., bytes]
MakeCases = Callable[[Any], pd.DataFrame]
CANARY = "Canary Person"
KEY = DataKey(b"i" * 16, "srb_office_victims", b"k" * 32)


@pytest.fixture
def write_cases(tmp_path: Path) -> WriteCases:
    """The bytes of cases, in one batch or in several."""

    def write(cases: pd.DataFrame, reasons: pd.DataFrame, batch: int = 100, rows: int = 100) -> bytes:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.parquet"
        writer = CasesWriter(path, KEY, rows)
        try:
            for start in range(0, max(1, len(cases)), batch):
                writer.append(cases.iloc[start : start + batch], reasons.iloc[start : start + batch])
        finally:
            writer.close()
        with OpenedFile(path, KEY) as opened:
            return opened.read()

    return write


@pytest.fixture
def cases(make_cases: MakeCases) -> pd.DataFrame:
    frame = make_cases(
        [
            {"gender": "Woman", "number_of_children": 2, "citizenship_all": "SRB;MKD", "is_abduction": 0},
            {"gender": None, "citizenship": "NAM", "citizenship_is_proxy": True},
            {"gender": "Man", "age_at_registration": 110, "is_abduction": 1},
        ]
    )
    frame.index = pd.Index([2, 7, 9])
    return frame


@pytest.fixture
def reasons(cases: pd.DataFrame) -> pd.DataFrame:
    columns = {
        "gender": [None, MissingReason.UNKNOWN, None],
        "is_abduction": [None, MissingReason.NOT_COLLECTED, None],
    }
    return pd.DataFrame(columns, index=cases.index, dtype="str")


def test_cases_come_back_as_they_were(store: Store, cases: pd.DataFrame, reasons: pd.DataFrame) -> None:
    read_cases, read_reasons = store.read_cases(store.put_cases(cases, reasons))
    assert_frame_equal(read_cases, cases)
    assert_frame_equal(read_reasons, reasons)
    assert read_cases.dtypes["number_of_children"] == pd.Int8Dtype()
    assert read_cases.dtypes["citizenship_is_proxy"] == pd.BooleanDtype()


def test_no_cases_come_back_as_no_cases(store: Store, make_cases: MakeCases) -> None:
    nothing = make_cases([])
    read_cases, read_reasons = store.read_cases(store.put_cases(nothing, pd.DataFrame(index=nothing.index)))
    assert_frame_equal(read_cases, nothing, check_index_type=False)
    assert read_reasons.shape == (0, 0)


def test_the_same_cases_have_the_same_bytes(
    cases: pd.DataFrame, reasons: pd.DataFrame, write_cases: WriteCases
) -> None:
    first = write_cases(cases, reasons)
    assert write_cases(cases.copy(), reasons.copy()) == first
    assert write_cases(cases.astype({"gender": "category"}), reasons) == first
    assert write_cases(cases.iloc[::-1], reasons.iloc[::-1]) != first


def test_the_bytes_do_not_depend_on_the_batches(
    cases: pd.DataFrame, reasons: pd.DataFrame, write_cases: WriteCases
) -> None:
    for rows in (1, 2, 3):
        assert len({write_cases(cases, reasons, batch, rows) for batch in (1, 2, 3)}) == 1


def test_cases_are_read_some_rows_at_a_time(
    store: Store, cases: pd.DataFrame, reasons: pd.DataFrame, tmp_path: Path
) -> None:
    writer = CasesWriter(tmp_path / "cases", store.keys.current("srb_office_victims"), rows=2)
    writer.append(cases, reasons, pd.Series([False, True, False], index=cases.index))
    writer.close()
    first, second = read_case_batches(StoredFile(tmp_path / "cases", store.keys), rows=2)
    assert_frame_equal(pd.concat([first.cases, second.cases]), cases)
    assert_frame_equal(pd.concat([first.reasons, second.reasons]), reasons)
    assert (first.held.to_dict(), second.held.to_dict()) == ({2: False, 7: True}, {9: False})


def test_the_file_has_the_columns_of_the_case_then_reasons_then_row(
    cases: pd.DataFrame, reasons: pd.DataFrame, write_cases: WriteCases
) -> None:
    table = pq.read_table(BytesIO(write_cases(cases, reasons)))
    expected = [*case_fields(), "gender__missing", "is_abduction__missing", "row"]
    assert table.column_names == expected
    assert table.select(list(case_fields())).schema.equals(arrow_schema())
    assert table.schema.field("gender__missing").type == pa.dictionary(pa.int32(), pa.string())
    assert table["row"].to_pylist() == [2, 7, 9]
    assert table.schema.field("row").type == pa.int64()


def test_a_category_that_no_row_has_does_not_travel(
    cases: pd.DataFrame, reasons: pd.DataFrame, write_cases: WriteCases
) -> None:
    kept = cases["gender"].astype("category").cat.add_categories([CANARY])
    assert CANARY.encode() not in write_cases(cases.assign(gender=kept), reasons)


@pytest.mark.parametrize("field", ["is_abduction", "year_of_registration", "citizenship_is_proxy"])
def test_a_cell_of_another_type_is_refused_and_not_quoted(
    cases: pd.DataFrame, reasons: pd.DataFrame, field: str, write_cases: WriteCases
) -> None:
    wrong = cases.assign(**{field: pd.Series([CANARY] * 3, index=cases.index)})
    with pytest.raises(CasesInvalid) as caught:
        write_cases(wrong, reasons)
    assert field in str(caught.value)
    assert CANARY not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("value", [128, -129, 1.5])
def test_a_number_that_does_not_fit_is_refused(
    cases: pd.DataFrame, reasons: pd.DataFrame, value: float, write_cases: WriteCases
) -> None:
    with pytest.raises(CasesInvalid, match="is_abduction"):
        write_cases(cases.assign(is_abduction=value), reasons)


def test_other_columns_are_refused(
    cases: pd.DataFrame, reasons: pd.DataFrame, write_cases: WriteCases
) -> None:
    for frame in (cases.drop(columns="gender"), cases.assign(extra=1), cases.iloc[:, ::-1]):
        with pytest.raises(CasesInvalid):
            write_cases(frame, reasons)
    for frame in (reasons.assign(extra="unknown"), reasons.iloc[:2], reasons.reset_index(drop=True)):
        with pytest.raises(CasesInvalid):
            write_cases(cases, frame)


def test_perpetrators_come_back_with_the_columns_they_had(store: Store) -> None:
    columns = {
        "source_record_key": pd.Series(["a", "a"], dtype="str"),
        "perp_seq": pd.Series([1, 2], dtype="Int16"),
        "perp_gender": pd.Series(["Man", None], dtype="str"),
        "role_exploiter": pd.Series([1, None], dtype="Int8"),
    }
    perpetrators = pd.DataFrame(columns).set_axis([4, 9], axis="index")
    assert_frame_equal(store.read_table(store.put_table(perpetrators)), perpetrators)
    assert set(columns) <= set(Perpetrator.to_schema().columns)


def test_no_perpetrators_and_strange_ones(store: Store) -> None:
    assert store.read_table(store.put_table(pd.DataFrame())).empty
    with pytest.raises(CasesInvalid):
        store.put_table(pd.DataFrame({"name": [CANARY]}))
