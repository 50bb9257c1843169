"""Descriptions parse, name only what exists, and leave no column of their own example open."""

import io

import openpyxl
import pytest

from samples.submission import make_example
from schemas.codelist import load_codelist
from schemas.finding import FindingCode
from transforms.column import check_columns
from transforms.reading import name_tables, read_tables
from transforms.screening import screen_identifiers

NO_COUNTRY = {"CHE", "ZZZ"}


def test_the_description_parses(source_id, describe):
    assert describe(source_id).id == source_id


def test_the_folder_is_named_after_the_country_of_the_publisher(source_id, describe):
    country = describe(source_id).publisher.country
    prefix = source_id.split("_")[0].upper()
    assert prefix == country if country not in NO_COUNTRY else prefix in ("INT", "ZZZ")
    assert country in {*load_codelist("country").codes, "ZZZ"}


def test_every_reason_says_something(source_id, describe):
    source = describe(source_id)
    assert all(len(reason) > 10 for reason in (*source.ignored.values(), *source.refused.values()))
    assert source.terms.agreement


def test_no_column_of_the_example_is_missing_or_open(source_id, example, describe):
    source = describe(source_id)
    assert check_columns(source, _read(source, example)) == ()


def test_the_example_identifies_nobody(source_id, example, describe):
    source = describe(source_id)
    assert screen_identifiers(source, _read(source, example)) == ()


@pytest.mark.parametrize(
    "column", ["prs_FirstName", "prs_Birthdate", "cas_CaseOwner", "cas_IncomingReferralDetails"]
)
def test_a_filled_identifier_of_htcds_is_refused(column, describe):
    source = describe("int_iom_htcds_2_0")
    (finding,) = screen_identifiers(source, _read(source, _with_cell(column, "Maribel Inventada")))
    assert (finding.code, finding.column, finding.count) == (FindingCode.IDENTIFIER_PRESENT, column, 1)
    assert "Maribel" not in repr(finding)


def _read(source, files):
    return read_tables(
        source, {table: content for name, content in files.items() for table in name_tables(source, name)}
    )


def _with_cell(column: str, words: str) -> dict[str, bytes]:
    """The example workbook with one cell of its first case filled."""
    _, files = make_example("int_iom_htcds_2_0")
    ((name, content),) = files.items()
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    sheet = workbook.worksheets[0]
    position = [cell.value for cell in sheet[1]].index(column) + 1
    sheet.cell(3, position, words)
    changed = io.BytesIO()
    workbook.save(changed)
    return {name: changed.getvalue()}
