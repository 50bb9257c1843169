"""Formats: the same small table written by other libraries comes back as the same cells."""

import io
import json
import zipfile
from datetime import date

import pandas as pd
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from schemas.finding import FindingCode
from schemas.reader import Format, Reader
from transforms.readers.archive import open_member
from transforms.readers.content import UNREADABLE, FileUnreadable
from transforms.readers.json_document import read_json
from transforms.readers.spreadsheet import read_spreadsheet
from transforms.readers.statistics_file import read_statistics_file
from transforms.readers.xml_document import read_xml

ODS = Reader(format=Format.ODS)


def write_ods(*rows: list[object], formula_at: tuple[int, int] | None = None, repeat: int = 1) -> bytes:
    document, table = OpenDocumentSpreadsheet(), Table(name="Sheet1")
    for number, cells in enumerate(rows):
        line = TableRow(numberrowsrepeated=repeat if number == 1 else 1)
        for place, value in enumerate(cells):
            kind = "float" if isinstance(value, float | int) else "string"
            options = {"formula": "of:=1+1"} if (number, place) == formula_at else {}
            number_options = {"value": str(value)} if kind == "float" else {}
            cell = TableCell(valuetype=kind, **number_options, **options)
            cell.addElement(P(text=str(value)))
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    stream = io.BytesIO()
    document.write(stream)
    return stream.getvalue()


def test_cells_of_an_ods_become_text() -> None:
    read = read_spreadsheet(write_ods(["вид", "број"], ["жена", 14], ["маж", 2.5]), ODS)
    assert read.header == ("вид", "број")
    assert read.rows == {2: ["жена", "14"], 3: ["маж", "2.5"]}


def test_formula_of_an_ods_is_never_its_cached_value() -> None:
    read = read_spreadsheet(write_ods(["a", "b"], ["x", 1], ["y", 2], formula_at=(2, 1)), ODS)
    assert read.rows == {2: ["x", "1"], 3: ["y", UNREADABLE]}


def test_formula_below_repeated_rows_is_found_where_it_stands() -> None:
    read = read_spreadsheet(write_ods(["a", "b"], ["x", 1], ["y", 2], formula_at=(2, 1), repeat=3), ODS)
    assert read.rows[5] == ["y", UNREADABLE]
    assert [read.rows[row] for row in (2, 3, 4)] == [["x", "1"]] * 3


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"a;b\n1;2\n"])
@pytest.mark.parametrize("kind", [Format.ODS, Format.XLSB, Format.XLS])
def test_what_is_no_spreadsheet_is_refused(kind: Format, content: bytes) -> None:
    with pytest.raises(FileUnreadable):
        read_spreadsheet(content, Reader(format=kind))


def write_sav(tmp_path, name: str = "file.sav") -> bytes:
    frame = pd.DataFrame(
        {"pol": [1.0, 2.0, 9.0, None], "rik": [2019.0, 2020.0, 2020.0, 2021.0], "kod": ["а1", "а2", "", "а4"]}
    )
    labels = {"pol": {1: "чоловік", 2: "жінка", 9: "відмова"}}
    pyreadstat.write_sav(
        frame,
        tmp_path / name,
        column_labels=["Стать", "Рік", "Код"],
        variable_value_labels=labels,
        missing_ranges={"pol": [9]},
    )
    return (tmp_path / name).read_bytes()


def test_sav_gives_labels_and_declared_missing_values(tmp_path) -> None:
    read = read_statistics_file(write_sav(tmp_path), Reader(format=Format.SAV))
    assert read.header == ("pol", "rik", "kod")
    assert read.labels == ("Стать", "Рік", "Код")
    assert read.rows == {
        1: ["чоловік", "2019", "а1"],
        2: ["жінка", "2020", "а2"],
        3: ["відмова", "2020", ""],
        4: ["", "2021", "а4"],
    }


def test_dta_and_xpt_give_the_same_rows(tmp_path) -> None:
    frame = pd.DataFrame({"sexo": ["mujer", "hombre"], "edad": [14.0, None], "dia": [date(2019, 3, 1)] * 2})
    pyreadstat.write_dta(frame, tmp_path / "f.dta")
    pyreadstat.write_xport(frame, tmp_path / "f.xpt", file_format_version=8)
    expected = {1: ["mujer", "14", "2019-03-01"], 2: ["hombre", "", "2019-03-01"]}
    for kind in (Format.DTA, Format.XPT):
        read = read_statistics_file((tmp_path / f"f.{kind.value}").read_bytes(), Reader(format=kind))
        assert read.rows == expected


@pytest.mark.parametrize("kind", [Format.SAV, Format.DTA, Format.XPT])
@pytest.mark.parametrize("cut", [0, 10, 300])
def test_cut_statistics_file_is_refused(tmp_path, kind: Format, cut: int) -> None:
    with pytest.raises(FileUnreadable):
        read_statistics_file(write_sav(tmp_path)[:cut], Reader(format=kind))


def test_nested_json_is_laid_out_under_dotted_names() -> None:
    document = {
        "data": {
            "cases": [
                {"id": 1, "victim": {"age": 14.0, "minor": True}, "forms": ["a", "b"], "note": None},
                {"id": 2, "persons": [{"age": 3}, {"age": 4}]},
                [1, 2],
            ]
        }
    }
    read = read_json(json.dumps(document).encode(), Reader(format=Format.JSON, records="data.cases"))
    assert read.header == (
        "id",
        "victim.age",
        "victim.minor",
        "forms",
        "note",
        "persons.1.age",
        "persons.2.age",
    )
    assert read.rows[1] == ["1", "14", "true", "a;b", "", "", ""]
    assert read.rows[2] == ["2", "", "", "", "", "3", "4"]
    assert [(f.code, f.rows) for f in read.findings] == [(FindingCode.ROW_UNREADABLE, (3,))]
    assert set(read.overflow) == {3}


@pytest.mark.parametrize("text", ["{", '{"a": 1}', '[{"a": 1, "a": 2}]', "[NaN]", "[" * 100_000])
def test_json_without_a_list_of_records_is_refused(text: str) -> None:
    with pytest.raises(FileUnreadable):
        read_json(text.encode(), Reader(format=Format.JSON))


XML = """<?xml version="1.0" encoding="UTF-8"?>
<r:reports xmlns:r="urn:x"><r:report no="7"><place>Chișinău</place>
<person><sex>F</sex><age>14</age></person><person><sex>M</sex></person><form>a</form><form>b</form></r:report>
<r:report no="8"><person><sex>F</sex></person></r:report></r:reports>"""


def test_nested_xml_is_laid_out_under_dotted_names() -> None:
    read = read_xml(XML.encode(), Reader(format=Format.XML, records="report"))
    assert read.header == ("@no", "place", "person.1.sex", "person.1.age", "person.2.sex", "form")
    assert read.rows == {1: ["7", "Chișinău", "F", "14", "M", "a;b"], 2: ["8", "", "F", "", "", ""]}


def test_element_is_numbered_in_a_file_with_one_of_each_where_the_source_says_so() -> None:
    text = "<a><r><person><sex>F</sex></person></r></a>"
    assert read_xml(text.encode(), Reader(format=Format.XML, records="r")).header == ("person.sex",)
    numbered = Reader(format=Format.XML, records="r", repeated=("person",))
    assert read_xml(text.encode(), numbered).header == ("person.1.sex",)


def test_text_beside_attributes_has_the_name_of_its_element() -> None:
    text = '<a><r><place code="C1">Chișinău</place></r><r><place>Bălți</place></r><r n="1">note</r></a>'
    read = read_xml(text.encode(), Reader(format=Format.XML, records="r"))
    assert read.header == ("place@code", "place", "@n", "text()")
    assert read.rows == {
        1: ["C1", "Chișinău", "", ""],
        2: ["", "Bălți", "", ""],
        3: ["", "", "1", "note"],
    }


@pytest.mark.parametrize(
    "record",
    [
        '{"a.b": 1, "a": {"b": 2}}',
        '{"a": {"b": 2}, "a.b": 1}',
        '{"a.b": null, "a": {"b": 2}}',
        '{"a.1.b": 1, "a": [{"b": 2}]}',
    ],
)
def test_two_values_for_one_column_are_not_one_of_them(record: str) -> None:
    read = read_json(f'[{{"a.b": 7}}, {record}]'.encode(), Reader(format=Format.JSON))
    assert read.rows == {1: ["7"], 2: [""]}
    assert [(f.code, f.rows) for f in read.findings] == [(FindingCode.ROW_UNREADABLE, (2,))]
    assert json.loads(read.overflow[2]) == json.loads(record)


@pytest.mark.parametrize(
    "record",
    [
        "<r><a.b>1</a.b><a><b>ana@example.org</b></a></r>",
        '<r><a b="ana@example.org">x<c/>y</a></r>',
        '<r><a b="1"><c/>ana@example.org</a></r>',
    ],
)
def test_element_that_no_row_can_hold_is_kept_for_screening_whole(record: str) -> None:
    read = read_xml(f"<a><r><d>7</d></r>{record}</a>".encode(), Reader(format=Format.XML, records="r"))
    assert (read.header, read.rows) == (("d",), {1: ["7"], 2: [""]})
    assert [(f.code, f.rows) for f in read.findings] == [(FindingCode.ROW_UNREADABLE, (2,))]
    assert "ana@example.org" in read.overflow[2]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a><r>&c;</r></a>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><r>&x;</r></a>',
        '<!doctype a SYSTEM "http://127.0.0.1:1/x.dtd"><a><r>1</r></a>',
    ],
)
def test_xml_with_a_type_definition_is_refused(body: str, encoding: str) -> None:
    with pytest.raises(FileUnreadable):
        read_xml(body.encode(encoding), Reader(format=Format.XML, records="r"))


def pack(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_member_of_a_zip_is_found_by_its_name_without_folders() -> None:
    content = pack(
        **{"a/Persons_2019.csv": b"x", "b/reports.csv": b"y", "__MACOSX/persons.csv": b"z", "p/": b""}
    )
    assert b"".join(open_member(content, "persons*.csv")) == b"x"


def test_name_that_leads_out_is_no_path(tmp_path) -> None:
    assert b"".join(open_member(pack(**{"../../persons.csv": b"x"}), "persons.csv")) == b"x"
    assert list(tmp_path.parent.glob("**/persons.csv")) == []


@pytest.mark.parametrize("members", [{}, {"other.csv": b"x"}, {"a/p.csv": b"x", "b/p.csv": b"y"}])
def test_zip_without_exactly_one_such_file_is_refused(members: dict[str, bytes]) -> None:
    with pytest.raises(FileUnreadable, match=r"files in the archive, \d fit “p\.csv”"):
        list(open_member(pack(**members), "p.csv"))


def test_zip_bomb_is_refused_before_it_unfolds() -> None:
    pieces: list[int] = []
    with pytest.raises(FileUnreadable, match="far more than its size"):
        pieces.extend(len(piece) for piece in open_member(pack(**{"p.csv": b"0" * 2**26}), "p.csv"))
    assert sum(pieces) < 2**24


def test_zip_with_a_wrong_checksum_is_refused() -> None:
    content = bytearray(pack(**{"p.csv": bytes(range(256))}))
    content[100] ^= 0xFF
    with pytest.raises(FileUnreadable, match="damaged"):
        list(open_member(bytes(content), "p.csv"))


VALID = {
    Format.ODS: write_ods(["a", "b"], ["x", 1]),
    Format.JSON: b'[{"a": 1, "b": {"c": [1, 2]}}]',
    Format.XML: XML.encode(),
}
READ = {Format.ODS: read_spreadsheet, Format.JSON: read_json, Format.XML: read_xml}


@given(kind=st.sampled_from(list(VALID)), place=st.integers(0, 2**12), cut=st.binary(max_size=6))
def test_changed_file_is_read_or_refused_and_nothing_else(kind: Format, place: int, cut: bytes) -> None:
    content = VALID[kind]
    place %= len(content)
    changed = content[:place] + cut + content[place + len(cut) :]
    try:
        read = READ[kind](changed, Reader(format=kind))
    except FileUnreadable:
        return
    assert all(isinstance(cell, str) for row in read.rows.values() for cell in row)
