"""Workbooks: cells as text, no formula and no macro trusted, damaged and hostile files refused."""

import io
import zipfile
from datetime import date, datetime, time

import pytest

from schemas.finding import FindingCode
from schemas.reader import Format, Reader
from transforms.readers import workbook
from transforms.readers.content import UNREADABLE, FileUnreadable
from transforms.readers.workbook import read_workbook

LAYOUT = Reader(format=Format.XLSX)


def repack(content: bytes, changes: dict[str, bytes]) -> bytes:
    """The same archive with some members changed or added."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in [*old.namelist(), *(n for n in changes if n not in old.namelist())]:
            new.writestr(name, changes.get(name) or old.read(name))
    return stream.getvalue()


def test_cells_become_text(make_workbook):
    cells = [
        14,
        14.0,
        2.5,
        True,
        None,
        " NA ",
        date(2019, 3, 1),
        datetime(2019, 3, 1, 8, 15),
        time(8, 15),
        "=1+1",
    ]
    read = read_workbook(make_workbook([[f"c{n}" for n in range(10)], cells]), LAYOUT)
    assert read.rows == {
        2: ["14", "14", "2.5", "true", "", "NA", "2019-03-01", "2019-03-01 08:15:00", "08:15:00", UNREADABLE]
    }


def test_error_values_are_not_trusted(make_workbook):
    assert read_workbook(make_workbook([["a"], ["#REF!"]]), LAYOUT).rows == {2: [UNREADABLE]}


def test_rows_keep_their_numbers_and_empty_rows_at_the_end_are_not_read(make_workbook):
    content = make_workbook([["a", "b"], ["1"], [None], ["2", "x", "beyond"], [None, None], [None]])
    filled = {
        number: [cell for cell in row if cell] for number, row in read_workbook(content, LAYOUT).rows.items()
    }
    assert filled == {2: ["1"], 3: [], 4: ["2", "x", "beyond"]}


def test_hidden_names_above_visible_labels(make_workbook):
    content = make_workbook([["prs_Gender", None], ["Gender", "Reason"], ["Woman", "x"]])
    read = read_workbook(content, Reader(format=Format.XLSX, header_row=1, label_row=2))
    assert read.header[0] == "prs_Gender"
    assert read.labels == ("Gender", "Reason")
    assert read.rows == {3: ["Woman", "x"]}


def test_the_sheet_is_found_by_name(make_workbook):
    content = make_workbook([["a"], ["1"]], sheet="Slučajevi", extra=("about",))
    assert read_workbook(content, Reader(format=Format.XLSX, sheet="slučajevi")).rows == {2: ["1"]}
    assert read_workbook(content, LAYOUT).rows == {2: ["1"]}
    with pytest.raises(FileUnreadable, match="There is no sheet “Cases”"):
        read_workbook(content, Reader(format=Format.XLSX, sheet="Cases"))


def test_macros_are_reported(make_workbook):
    content = repack(make_workbook([["a"], ["1"]]), {"xl/vbaProject.bin": b"macro"})
    read = read_workbook(content, LAYOUT)
    assert [finding.code for finding in read.findings] == [FindingCode.MACROS_IGNORED]
    assert read.rows == {2: ["1"]}


def test_a_size_that_the_sheet_states_of_itself_is_not_believed(make_workbook):
    content = make_workbook([["a", "b"], ["1", "2"], ["3", "4"]])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    small = sheet.replace(b'ref="A1:B3"', b'ref="A1"')
    assert small != sheet
    assert len(read_workbook(repack(content, {"xl/worksheets/sheet1.xml": small}), LAYOUT).rows) == 2


def _sheet(rows: str) -> bytes:
    head = (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    )
    return f"{head}<sheetData>{rows}</sheetData></worksheet>".encode()


BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>&c;</t></is></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    ("sheet", "part"),
    [
        (BILLION_LAUGHS, "damaged"),
        (b"<not closed", "damaged"),
        (_sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="9999999"/>'), "beyond row"),
        (_sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>'), "beyond row"),
        (_sheet('<row r="1"><c r="A1" t="s"><v>77</v></c></row>'), "damaged"),
        (_sheet(""), "Row 1 has no column names"),
    ],
    ids=["entities", "broken xml", "far row", "far column", "missing string", "empty"],
)
def test_hostile_and_damaged_sheets(make_workbook, monkeypatch, sheet, part):
    monkeypatch.setattr(workbook, "MOST_ROWS", 1000)
    content = repack(make_workbook([["a"], ["1"]]), {"xl/worksheets/sheet1.xml": sheet})
    with pytest.raises(FileUnreadable, match=part):
        read_workbook(content, LAYOUT)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "The file is empty"),
        (b"a,b\n1,2", "not an Excel workbook"),
        (b"%PDF-1.7", "not an Excel workbook"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "has a password"),
        (b"PK\x03\x04 cut", "not an Excel workbook"),
    ],
)
def test_what_is_no_workbook(content, part):
    with pytest.raises(FileUnreadable, match=part):
        read_workbook(content, LAYOUT)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_workbook_cut_short(make_workbook, share):
    content = make_workbook([["a"], ["1"]])
    with pytest.raises(FileUnreadable, match="not an Excel workbook"):
        read_workbook(content[: int(len(content) * share)], LAYOUT)


def test_an_archive_that_is_no_workbook():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(FileUnreadable, match="damaged"):
        read_workbook(stream.getvalue(), LAYOUT)


def test_an_archive_that_unpacks_to_too_much(make_workbook):
    bomb = repack(make_workbook([["a"], ["1"]]), {"xl/media/big.bin": b"\0" * 20_000_000})
    with pytest.raises(FileUnreadable, match="unpacks to far more"):
        read_workbook(bomb, LAYOUT)


def test_the_cap_holds_whatever_the_ratio(make_workbook, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_BYTES", 2000)
    with pytest.raises(FileUnreadable, match="unpacks to far more"):
        read_workbook(make_workbook([["a"], ["1"]]), LAYOUT)
