"""Binary workbooks: a file that LibreOffice wrote, one written here record by record, and broken ones."""

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.finding import FindingCode
from schemas.reader import Format, Reader
from transforms.readers.content import UNREADABLE, FileUnreadable
from transforms.readers.spreadsheet import read_spreadsheet

XLS = (Path(__file__).parent / "files" / "cases.xls").read_bytes()
"""Saved by LibreOffice from a workbook of openpyxl: invented cells, three formulas, a second sheet."""

BOOK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def record(kind: int, data: bytes = b"") -> bytes:
    """A record of MS-XLSB: kind and length in seven bits a byte."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(data)]) + data


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def cell(column: int, data: bytes) -> bytes:
    return struct.pack("<II", column, 0) + data


def write_xlsb() -> bytes:
    """Two columns: text and number in row 1 to 3, with a formula in B2 and an error in B3."""
    number = struct.Struct("<d")
    rows = [
        record(0, struct.pack("<IIIBI", 0, 0, 0, 0, 0)),
        record(6, cell(0, wide("пол"))),
        record(6, cell(1, wide("број"))),
        record(0, struct.pack("<IIIBI", 1, 0, 0, 0, 0)),
        record(5, cell(0, number.pack(14))),
        record(9, cell(1, number.pack(15) + struct.pack("<HII", 0, 0, 0))),
        record(0, struct.pack("<IIIBI", 2, 0, 0, 0, 0)),
        record(5, cell(0, number.pack(2.5))),
        record(3, cell(1, b"\x2a")),
    ]
    dimension = record(148, struct.pack("<IIII", 0, 2, 0, 1))
    sheet = record(129) + dimension + record(145) + b"".join(rows) + record(146) + record(130)
    bundle = record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Cases"))
    book = record(131) + record(143) + bundle + record(144) + record(157) + record(132)
    relation = f'<Relationship Id="rId1" Type="{BOOK}/worksheet" Target="worksheets/sheet1.bin"/>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.bin", book)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return stream.getvalue()


def test_cells_of_an_xls_and_its_formulas():
    read = read_spreadsheet(XLS, Reader(format=Format.XLS))
    assert read.header == ("пол", "број", "датум", "збир")
    assert [row[:1] + row[2:] for row in read.rows.values()] == [
        ["жена", "2019-03-01", UNREADABLE],
        ["маж", "2019-03-01 08:15:00", UNREADABLE],
        ["жена", "", UNREADABLE],
    ]
    assert [read.rows[number][1] for number in (2, 3)] == ["14", "2.5"]


def test_formulas_of_another_sheet_of_an_xls_are_its_own():
    read = read_spreadsheet(XLS, Reader(format=Format.XLS, sheet="Други"))
    assert (read.header, read.rows) == (("x",), {2: [UNREADABLE]})


def test_a_hidden_sheet_of_an_xls_is_told_by_its_place():
    sheets = [place for place in range(len(XLS)) if XLS[place : place + 2] == b"\x85\0"]
    place = sheets[1] + 8  # after kind, length and the offset of the sheet comes its visibility
    assert XLS[place] == 0
    read = read_spreadsheet(XLS[:place] + b"\1" + XLS[place + 1 :], Reader(format=Format.XLS))
    assert [(f.code, f.column) for f in read.findings] == [(FindingCode.SHEET_HIDDEN, "sheet 2")]


def test_hidden_cells_and_comments_of_an_xlsb_are_told():
    """Flags by MS-XLSB 2.4.740 (BrtRowHdr) and 2.4.324 (BrtColInfo); 635 begins a comment."""
    row = record(0, struct.pack("<IIHBBB", 1, 0, 0, 0, 0x10, 0))
    column = record(60, struct.pack("<IIIIH", 1, 1, 0, 0, 1))
    note = record(635, b"\0" * 36)
    relation = f'<Relationship Id="rId1" Type="{BOOK}/comments" Target="../comments1.bin"/>'
    relations = f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>'
    old = record(0, struct.pack("<IIIBI", 1, 0, 0, 0, 0))
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(write_xlsb())) as plain, zipfile.ZipFile(stream, "w") as archive:
        for name in plain.namelist():
            content = plain.read(name)
            if name.endswith("sheet1.bin"):
                content = content.replace(old, row).replace(record(145), column + record(145))
            archive.writestr(name, content)
        archive.writestr("xl/worksheets/_rels/sheet1.bin.rels", relations)
        archive.writestr("xl/comments1.bin", note + note)
    read = read_spreadsheet(stream.getvalue(), Reader(format=Format.XLSB))
    assert [(f.code, f.count, f.column, f.rows) for f in read.findings] == [
        (FindingCode.CELLS_HIDDEN, 1, None, (2,)),
        (FindingCode.CELLS_HIDDEN, 2, "column 2", ()),
        (FindingCode.COMMENTS_IGNORED, 2, None, ()),
    ]


def test_cells_of_an_xlsb_and_its_formulas_and_errors():
    read = read_spreadsheet(write_xlsb(), Reader(format=Format.XLSB))
    assert read.header == ("пол", "број")
    assert read.rows == {2: ["14", UNREADABLE], 3: ["2.5", UNREADABLE]}


@given(
    kind=st.sampled_from([Format.XLS, Format.XLSB]),
    place=st.integers(0, 2**14),
    other=st.binary(min_size=1, max_size=8),
    length=st.integers(0, 2**14),
)
def test_broken_binary_workbooks_are_read_or_refused(kind, place, other, length):
    content = XLS if kind is Format.XLS else write_xlsb()
    place %= len(content)
    broken = content[:place] + other + content[place + len(other) :]
    for each in (broken, content[: length % len(content)]):
        try:
            read = read_spreadsheet(each, Reader(format=kind))
        except FileUnreadable:
            continue
        assert all(isinstance(text, str) for row in read.rows.values() for text in row)


@pytest.mark.parametrize("sheet", ["Names", ""])
def test_a_sheet_that_is_not_there(sheet):
    with pytest.raises(FileUnreadable, match="There is no sheet"):
        read_spreadsheet(XLS, Reader(format=Format.XLS, sheet=sheet or "x"))
