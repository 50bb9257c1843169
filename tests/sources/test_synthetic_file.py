"""CTDC's synthetic victim-perpetrator file: why it has no source description (decision 0010)."""

from collections import Counter
from csv import DictReader

import pytest

from pipeline.settings import CHECKOUT
from schemas.case import case_fields
from schemas.codelist import load_codelist
from schemas.field import Requirement


@pytest.fixture(scope="module")
def rows(real_data) -> list[dict[str, str]]:
    path = real_data / "ctdc_victim_perpetrator" / "CTDC_VPsynthetic_condensed.csv"
    return list(DictReader(path.read_text("utf-8-sig").splitlines()))


def test_few_rows_have_the_year_that_every_case_must_have(rows):
    assert case_fields()["year_of_registration"].requirement is Requirement.MANDATORY
    written = Counter(
        "none" if not row["yearRegister"] else "band" if "-" in row["yearRegister"] else "year"
        for row in rows
    )
    assert written == {"year": 4_400, "band": 13_140, "none": 3_655}


def test_values_that_no_code_of_ours_holds(rows):
    regions = {row["UN_COO_Region"] for row in rows} - {""}
    codes = {entry.code for entry in load_codelist("m49_region").entries}
    assert regions - codes == {"Americas/Oceania"}
    assert sum(row["IP_Gender"] == "Female;Male" for row in rows) == 2_452


def test_the_file_has_no_description():
    assert not [path for path in (CHECKOUT / "sources").iterdir() if "perpetrator" in path.name]
