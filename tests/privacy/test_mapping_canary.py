"""A name planted in every column of every kind of file is in no message, finding or repr."""

import io
import itertools
import json
import traceback
from textwrap import dedent

import openpyxl
import pytest

from schemas.description import parse_source
from schemas.finding import FindingCode
from transforms.mapping import map_cases
from transforms.readers.content import FileUnreadable
from transforms.reading import FileForNoTable, name_tables, read_tables
from transforms.screening import screen_identifiers

CANARY = "Zvezdana Canarić"

SOURCE = """
title: Test
publisher: {name: Office, country: SRB}
terms: {licence: none, agreement: none}
schedule: {every: once}
reader: {format: FORMAT}
columns:
  key: {key: true}
  gender: {field: gender, lookup: gender}
  age: {field: age_at_registration}
  date: {field: year_of_registration, date: "%d.%m.%Y"}
  country: {field: citizenship}
  all: {field: citizenship_all, separator: ";"}
  forms: {flags: forms, separator: ",", others: "no"}
  typed: {flags: forms, unplaced: unknown}
  flag: {field: means_threats}
  consent: {field: consent_publication}
constants: {data_source_type: Hotline, trafficking_status: ActualVictimOfTrafficking}
concatenated: {labels: {flags: labels, separator: ";"}}
ignored: {note: free text}
refused: {name: identifies}
labels: {gender: Gender}
ignored_rows: [{column: role, values: [accused], reason: accused person}]
perpetrators:
  table: cases
  rows: {column: role, values: [accused], reason: accused person}
  link: link
  gender: gender
  age: age
  citizenship: country
lookups:
  gender: {F: Woman}
  forms: {work: is_forced_labour}
  labels: {Threats: means_threats}
"""

GOOD = {
    "key": "1",
    "gender": "F",
    "age": "14",
    "date": "01.02.2019",
    "country": "RS",
    "all": "RS;BA",
    "forms": "work",
    "typed": "work",
    "flag": "1",
    "consent": "yes",
    "labels": "Threats",
    "note": "",
    "name": "",
    "role": "victim",
    "link": "7",
    "unknown": "",
}

VALUES = (CANARY, f"{CANARY};RS", f"RS,{CANARY}", f"ana@{CANARY}.org", f"+381641234567 {CANARY}")


def rows_with(value: str) -> list[dict[str, str]]:
    """A good row, then rows with the value in one column each, in all, and in all that a perpetrator has."""
    one_each = [{**GOOD, "key": f"key {column}", column: value} for column in GOOD]
    everywhere = dict.fromkeys(GOOD, value)
    return [GOOD, *one_each, everywhere, {**everywhere, "role": "accused", "link": "7"}]


def as_delimited(rows):
    lines = [";".join(GOOD), *(";".join(f'"{cell}"' for cell in row.values()) for row in rows)]
    return "\n".join([*lines, f"{CANARY};{CANARY}"]).encode()


def as_json_lines(rows):
    lines = [json.dumps(row) for row in rows]
    return "\n".join([*lines, f'{{"key": "{CANARY}"', f'{{"key": ["{CANARY}"]}}', CANARY]).encode()


def as_workbook(rows):
    workbook = openpyxl.Workbook()
    for row in [list(GOOD), *(list(row.values()) for row in rows), [f'="{CANARY}"'] * len(GOOD)]:
        workbook.active.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


FORMATS = {
    "delimited, delimiter: ';'": as_delimited,
    "json_lines": as_json_lines,
    "xlsx": as_workbook,
}


def source_of(layout: str):
    return parse_source("srb_office_cases", dedent(SOURCE).replace("FORMAT", layout))


def assert_silent(*values: object) -> None:
    for value in values:
        text = f"{value!s} {value!r}".casefold()
        assert not any(part in text for part in CANARY.casefold().split())


@pytest.mark.parametrize("layout", FORMATS)
@pytest.mark.parametrize("value", VALUES, ids=["name", "list", "list with comma", "e-mail", "telephone"])
def test_neither_finding_nor_repr_nor_case_holds_a_cell(layout, value):
    source = source_of(layout)
    tables = read_tables(source, {"cases": FORMATS[layout](rows_with(value))})
    screened = screen_identifiers(source, tables)
    mapped = map_cases(tables, source, period="2019", key=b"k", source_version="v")
    assert_silent(screened, mapped.findings, tables, mapped)
    for frame in (mapped.cases, mapped.reasons, mapped.perpetrators):
        assert_silent(frame.to_csv())
    assert FindingCode.IDENTIFIER_PRESENT in {finding.code for finding in screened}
    assert len(mapped.held) >= 8
    assert mapped.read == len(mapped.cases) + sum(mapped.ignored.values())


@pytest.mark.parametrize("label", [*VALUES, f"Threats; {CANARY}", f"{CANARY};threats"])
def test_an_unknown_label_holds_its_row_and_is_not_repeated(label):
    source = source_of("delimited, delimiter: '|'")
    rows = [GOOD, {**GOOD, "key": "2", "labels": label}, {**GOOD, "key": "3", "flag": "0"}]
    text = "\n".join("|".join(row) for row in [list(GOOD), *(row.values() for row in rows)])
    mapped = map_cases(
        read_tables(source, {"cases": text.encode()}), source, period="2019", key=b"k", source_version="v"
    )
    assert_silent(mapped.findings, mapped)
    assert [(f.code, f.column, f.rule, f.rows) for f in mapped.findings if f.column == "labels"] == [
        (FindingCode.WORD_UNKNOWN, "labels", None, (3,)),
        (FindingCode.RULE_HELD, "labels", "H8", (4,)),
    ]


def test_a_file_without_header_shows_nothing():
    source = source_of("delimited")
    tables = read_tables(source, {"cases": f"{CANARY},{CANARY}\n{CANARY},x\n".encode()})
    mapped = map_cases(tables, source, period="2019", key=b"k", source_version="v")
    assert_silent(screen_identifiers(source, tables), mapped.findings, mapped, tables)


BROKEN = [
    *(
        (layout, content)
        for layout, content in itertools.product(
            FORMATS,
            [
                f'"{CANARY}'.encode(),
                f'a;b\n"{CANARY}" x;1\n"{CANARY}'.encode(),
                f"{CANARY}\n{CANARY}".encode("utf-16"),
                f"a;{CANARY}\n".encode() + b"\xff\xfe\x00",
                CANARY.encode("windows-1250"),
                f"{CANARY}\x00".encode(),
                f"PK\x03\x04{CANARY}".encode(),
                f"%PDF {CANARY}".encode(),
                (CANARY * 20_000).encode(),
            ],
        )
    ),
    *(("xlsx", as_workbook(rows_with(CANARY))[:size]) for size in (100, 2000, 4000, 5000)),
]


@pytest.mark.parametrize(("layout", "content"), BROKEN, ids=range(len(BROKEN)))
def test_no_error_quotes_the_file(layout, content):
    try:
        tables = read_tables(source_of(layout), {"cases": content})
        assert_silent(tables, tables["cases"].findings)
    except FileUnreadable as caught:
        error = caught
        assert_silent(error, error.finding, error.__cause__)
        assert_silent(*traceback.format_exception(error))


def test_a_file_name_is_not_quoted():
    source = source_of("delimited").model_copy(update={"tables": {}})
    with pytest.raises(FileForNoTable) as caught:
        name_tables(source, f"{CANARY}.csv")
    assert_silent(caught.value)
