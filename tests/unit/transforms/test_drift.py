"""One planted change, one alert: columns that came, went or were renamed, and codes never seen."""

from typing import Any

import pandas as pd
import pytest
from small_source import parse_small_source

from schemas.finding import FindingCode
from transforms.drift import check_codes, check_headers, check_renames, collect_codes, list_headers
from transforms.mapped import RawTable

SOURCE = parse_small_source("ignored: {remark: not part of the case, desk: who typed it}\n")
FULL = {
    "number": ["A-1", "A-2", "A-3", "A-4"],
    "sex": ["ženski", "ženski", "muški", ""],
    "year": ["2019"] * 4,
    "form": ["radna", "seksualna", "radna + seksualna", ""],
    "remark": ["", "", "", ""],
}


def make_tables(**columns: list[str] | None) -> dict[str, RawTable]:
    """The full table, with columns added or, where they are None, left out."""
    kept = {name: cells for name, cells in (FULL | columns).items() if cells is not None}
    frame = pd.DataFrame(kept, index=pd.Index([2, 3, 4, 5], name="row"), dtype="str")
    return {"cases": RawTable("cases", frame)}


BEFORE = list_headers(SOURCE, make_tables())


def told(findings: tuple[Any, ...]) -> list[tuple[str, str | None, str | None]]:
    return [(finding.code.name, finding.column, finding.rule) for finding in findings]


class TestColumns:
    def test_only_names_that_the_description_knows_are_remembered(self) -> None:
        headers = list_headers(SOURCE, make_tables(**{"Zdravka Kanarinčeva": ["x"] * 4}))
        assert headers == {"cases": ("number", "sex", "year", "form", "remark")}

    def test_the_same_columns_in_another_order_are_no_change(self) -> None:
        [table] = make_tables().values()
        turned = {"cases": RawTable("cases", table.frame[table.frame.columns[::-1]])}
        assert check_headers(SOURCE, turned, BEFORE) == ()

    def test_a_new_column(self) -> None:
        found = check_headers(SOURCE, make_tables(desk=["x"] * 4), BEFORE)
        assert told(found) == [("COLUMN_NEW", "desk", None)]

    def test_a_column_that_is_gone(self) -> None:
        found = check_headers(SOURCE, make_tables(remark=None), BEFORE)
        assert told(found) == [("COLUMN_GONE", "remark", None)]

    def test_a_mapped_column_that_is_gone_is_told_by_mapping(self) -> None:
        assert check_headers(SOURCE, make_tables(sex=None), BEFORE) == ()

    def test_a_name_that_the_description_no_longer_knows_is_not_told(self) -> None:
        assert check_headers(SOURCE, make_tables(), {"cases": (*BEFORE["cases"], "old name")}) == ()

    def test_a_first_delivery_has_no_new_columns(self) -> None:
        assert check_headers(SOURCE, make_tables(), {}) == ()


class TestRenames:
    def test_by_a_name_that_is_nearly_the_same(self) -> None:
        tables = make_tables(remark=None, remarks=["a", "b", "", ""])
        assert told(check_renames(SOURCE, tables)) == [("COLUMN_RENAMED", "remark", "column 5")]

    @pytest.mark.parametrize(
        ("missing", "cells"),
        [
            ("sex", ["muški", "muški", "ženski", ""]),
            ("year", ["2018", "2019", "2019", "2020"]),
            ("form", ["seksualna+radna", "radna", "seksualna", ""]),
        ],
    )
    def test_by_its_content(self, missing: str, cells: list[str]) -> None:
        tables = make_tables(**{missing: None, "zzz": cells})
        assert told(check_renames(SOURCE, tables)) == [("COLUMN_RENAMED", missing, "column 5")]

    @pytest.mark.parametrize(("fitting", "renamed"), [(9, True), (8, False)])
    def test_nine_of_ten_cells_must_fit(self, fitting: int, renamed: bool) -> None:
        frame = pd.DataFrame(
            {"number": [f"A-{n}" for n in range(10)], "zzz": ["muški"] * fitting + ["?"] * (10 - fitting)},
            dtype="str",
        )
        found = {f.column for f in check_renames(SOURCE, {"cases": RawTable("cases", frame)})}
        assert ("sex" in found) is renamed

    def test_two_cells_say_nothing(self) -> None:
        assert check_renames(SOURCE, make_tables(sex=None, zzz=["muški", "ženski", "", ""])) == ()

    def test_one_column_is_told_for_one_missing_column_only(self) -> None:
        tables = make_tables(sex=None, year=None, zzz=["muški"] * 4)
        assert told(check_renames(SOURCE, tables)) == [("COLUMN_RENAMED", "sex", "column 4")]

    def test_nothing_is_missing_or_nothing_is_new(self) -> None:
        assert check_renames(SOURCE, make_tables(desk=["x"] * 4)) == ()
        assert check_renames(SOURCE, make_tables(sex=None, desk=["x"] * 4)) == ()

    def test_neither_the_new_name_nor_a_cell_is_told(self) -> None:
        tables = make_tables(remark=None, **{"remark of Kanarinčeva": ["Zdravka"] * 4})
        [finding] = check_renames(SOURCE, tables)
        assert "Kanarin" not in repr(finding)
        assert "Zdravka" not in repr(finding)


def make_cases(**fields: list[str | None]) -> pd.DataFrame:
    columns = {name: pd.array(cells, dtype="str") for name, cells in fields.items()}
    return pd.DataFrame(columns, index=range(2, 2 + len(next(iter(fields.values())))))


class TestCodes:
    def test_a_code_never_seen_is_told_by_field_and_row_and_not_itself(self) -> None:
        cases = make_cases(citizenship=["SRB", "ROU", None, "ROU"])
        [finding] = check_codes(cases, {"citizenship": ["ALB", "SRB"]})
        assert (finding.code, finding.field, finding.count) == (FindingCode.CODE_NEW, "citizenship", 2)
        assert finding.rows == (3, 5)
        assert "ROU" not in repr(finding)

    def test_codes_that_were_there_once_are_not_new(self) -> None:
        first = collect_codes(make_cases(citizenship=["SRB", "ALB"]), {})
        second = collect_codes(make_cases(citizenship=["SRB", None]), first)
        assert second == {"citizenship": ("ALB", "SRB")}
        assert check_codes(make_cases(citizenship=["ALB", "SRB"]), second) == ()

    def test_one_of_several_codes_in_a_cell(self) -> None:
        cases = make_cases(citizenship_all=["SRB;ALB", "SRB;ROU"])
        [finding] = check_codes(cases, {"citizenship_all": ["SRB", "ALB"]})
        assert finding.rows == (3,)
        assert collect_codes(cases, {}) == {"citizenship_all": ("ALB", "ROU", "SRB")}

    def test_a_field_that_was_never_filled_has_no_new_codes(self) -> None:
        """That it is filled now shows in its share of missing values."""
        assert check_codes(make_cases(gender=["Woman", "Man"]), {"citizenship": ["SRB"]}) == ()

    def test_derived_fields_follow_and_are_not_told_twice(self) -> None:
        cases = make_cases(citizenship=["ROU"], citizenship_region=["Europe"])
        found = check_codes(cases, {"citizenship": ["SRB"], "citizenship_region": ["Asia"]})
        assert [finding.field for finding in found] == ["citizenship"]
