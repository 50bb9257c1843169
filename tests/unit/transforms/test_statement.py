"""What a cover states must be what the file was handed in for; a blank cover states nothing."""

import pytest

from schemas.finding import FindingCode

COVERED = """
    publisher: {name: Office, country: SRB}
    tables:
      cases: {file: "c*", reader: {format: delimited}}
      cover: {file: "f*", reader: {format: delimited}}
    link: {table: cover, optional: true}
    stated: {period: cover.period, country: cover.country}
    columns:
      sex: {field: gender}
      cover.country: {field: reporting_country}
"""
CASES = "sex\nWoman\nMan\n"


def found(describe, map_files, cover):
    mapped = map_files(describe(COVERED), {"cases": CASES, "cover": f"period,country\n{cover}\n"})
    return [(finding.code, finding.column, finding.rows) for finding in mapped.findings]


@pytest.mark.parametrize("cover", ["2019,SRB", ",SRB", "2019,", ","])
def test_what_agrees_or_says_nothing_passes(cover, describe, map_files):
    assert found(describe, map_files, cover) == []


@pytest.mark.parametrize(
    ("cover", "column"),
    [("2018,SRB", "cover.period"), ("2019-Q1,", "cover.period"), ("2019,HRV", "cover.country")],
)
def test_what_differs_fails_the_file(cover, column, describe, map_files):
    assert found(describe, map_files, cover) == [(FindingCode.STATEMENT_DIFFERS, column, (2, 3))]
    assert FindingCode.STATEMENT_DIFFERS.level == "fail"
