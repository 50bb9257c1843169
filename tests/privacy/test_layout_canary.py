"""A name planted wherever a layout can put a cell is in no finding and no repr."""

import pytest

from schemas.description import parse_source
from transforms.mapping import map_cases
from transforms.reading import read_tables
from transforms.screening import screen_identifiers
from transforms.validation import validate_cases

CANARY = "Zvezdana Canarić"

SOURCE = """
title: Test
publisher: {name: Office, country: SRB}
terms: {licence: none, agreement: none}
schedule: {every: once}
tables:
  cases:
    file: "c*"
    reader:
      format: delimited
      header_row: [2, 3]
      first_row: 5
      last_row: 40
      skip_rows:
        - {words: [total], reason: totals}
        - {words: ["end*"], column: Note, reason: remarks, and_below: true}
  forms: {file: "f*", reader: {format: delimited}}
  offices: {file: "o*", reader: {format: delimited}}
cases: cases
link:
  - {table: offices, on: Office, to: id, optional: true}
  - {table: forms, on: Nr, to: person, many: true, optional: true}
persons:
  groups: 2
  columns: {sex: "Person {n} / sex", id: "Person {n} / id"}
columns:
  Nr: {key: true}
  Year: {field: year_of_registration}
  sex: {field: gender}
  offices.country: {field: reporting_country}
  forms.form: {flags: form, others: "no"}
  forms.countries: {field: citizenship_all}
one_hot:
  columns:
    Forms / a: means_threats
    Forms / b: means_threats
    Forms / c: {trafficking_status: ActualVictimOfTrafficking}
  yes: [x]
constants: {data_source_type: Hotline, consent_publication: true}
ignored: {Note: free text}
refused: {id: identifies}
lookups: {form: {work: is_forced_labour}}
"""

COLUMNS = 11
HEADER = """Title,,,,,,,,,,
Nr,Year,Office,Person 1,,Person 2,,Forms,,,Note
,,,sex,id,sex,id,a,b,c,
1,2,3,4,5,6,7,8,9,10,11
"""
GOOD = ["1", "2019", "o", "Man", "", "Woman", "", "x", "", "x", ""]


def _write(rows):
    return "".join(",".join(row) + "\n" for row in rows)


def assert_silent(*values: object) -> None:
    for value in values:
        text = f"{value!s} {value!r}".casefold()
        assert not any(part in text for part in CANARY.casefold().split())


@pytest.mark.parametrize("value", [CANARY, f"total {CANARY}", f"End of {CANARY}", f"ana@{CANARY}.org"])
def test_no_finding_and_no_case_holds_a_cell(value):
    source = parse_source("srb_office_cases", SOURCE)
    spoilt = [
        [value if place == column else cell for column, cell in enumerate(GOOD)] for place in range(COLUMNS)
    ]
    header = (
        HEADER.replace("Title", CANARY)
        .replace(",c,", f",c,{CANARY}")
        .replace("Person 2", f"Person 2,{CANARY}")
    )
    for head in (HEADER, header):
        cases = head + _write([GOOD, *spoilt, [value] * COLUMNS, [value, value]])
        tables = read_tables(
            source,
            {
                "cases": cases.encode(),
                "forms": f"person,form,countries\n1,{value},{value}\n{value},work,RS\n".encode(),
                "offices": f"id,country\no,{value}\n{value},{value}\no,RS\n".encode(),
            },
        )
        screened = screen_identifiers(source, tables)
        mapped = map_cases(tables, source, period="2019", key=b"k", source_version="v")
        assert_silent(tables, screened, mapped, mapped.findings, mapped.cases.to_csv(), mapped.ignored)
        validated = validate_cases(mapped, current_year=2026)
        assert_silent(validated, validated.findings, validated.account)
        assert screened
        assert mapped.findings
