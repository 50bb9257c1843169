"""Sheets: formulas and errors however they are written, hidden cells, comments, and cells as written."""

import io
import unicodedata
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment

from schemas.finding import FindingCode
from schemas.reader import Format, Reader
from tests.unit.transforms.test_workbook import repack
from transforms.readers.content import UNREADABLE, FileUnreadable
from transforms.readers.workbook import read_workbook

LAYOUT = Reader(format=Format.XLSX)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TEXT = '<c r="{}1" t="inlineStr"><is><t>{}</t></is></c>'
HEAD = f'<row r="1">{TEXT.format("A", "a")}{TEXT.format("B", "b")}</row>'


def build(change) -> bytes:
    workbook = openpyxl.Workbook()
    for row in (["a", "b", "c"], ["1", "2", "3"], ["4", "5", "6"]):
        workbook.active.append(row)
    change(workbook)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def with_sheet(sheet: str, encoding: str = "utf-8") -> bytes:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{sheet}'
    return repack(build(lambda _: None), {"xl/worksheets/sheet1.xml": text.encode(encoding)})


def plain(rows: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{HEAD}{rows}</sheetData></worksheet>'


FORMULAS = {
    "with a result": '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><f>1+1</f><v>2</v></c></row>',
    "without a result": '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><f>1+1</f></c></row>',
    "shared": '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><f t="shared" si="0"/><v>2</v></c></row>',
    "across lines": '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><f\n>1+1</f><v>2</v></c></row>',
    "without places": "<row><c><v>1</v></c><c><f>1+1</f><v>2</v></c></row>",
    "an error": '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="e"><v>#N/A</v></c></row>',
    "an error in other quotes": "<row r='2'><c r='A2'><v>1</v></c><c r='B2' t='e'><v>#N/A</v></c></row>",
    "an error with space": '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t = "e"><v>#N/A</v></c></row>',
}


@pytest.mark.parametrize("rows", FORMULAS.values(), ids=FORMULAS)
def test_formulas_and_errors_are_found_however_they_are_written(rows):
    assert read_workbook(with_sheet(plain(rows)), LAYOUT).rows == {2: ["1", UNREADABLE]}


def test_an_error_that_is_written_as_a_reference_is_no_value():
    rows = '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="&#101;"><v>#N/A</v></c></row>'
    with pytest.raises(FileUnreadable, match="damaged"):
        read_workbook(with_sheet(plain(rows)), LAYOUT)


def test_formulas_under_a_prefix_are_found():
    sheet = plain(FORMULAS["with a result"]).replace("<", "<x:").replace("<x:/", "</x:")
    read = read_workbook(with_sheet(sheet.replace("xmlns", "xmlns:x")), LAYOUT)
    assert read.rows == {2: ["1", UNREADABLE]}


def test_a_formula_alone_below_the_last_value_is_a_row():
    def change(workbook):
        workbook.active["B5"] = "=A1"

    assert read_workbook(build(change), LAYOUT).rows[5] == ["", UNREADABLE]


def test_words_of_formulas_in_texts_are_texts():
    words = ["<f>", 't="e"', "hidden", "<!DOCTYPE", "a = 'b'"]
    rows = read_workbook(build(lambda workbook: workbook.active.append(words)), LAYOUT).rows
    assert rows[4] == words


def test_hidden_rows_and_columns_are_read_and_told():
    def change(workbook):
        sheet = workbook.active
        sheet.row_dimensions[1].hidden = True
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[9].hidden = True
        sheet.column_dimensions["B"].hidden = True
        sheet.column_dimensions["Z"].hidden = True

    read = read_workbook(build(change), LAYOUT)
    assert read.rows == {2: ["1", "2", "3"], 3: ["4", "5", "6"]}
    assert [(f.code, f.count, f.column, f.rows) for f in read.findings] == [
        (FindingCode.CELLS_HIDDEN, 1, None, (3,)),
        (FindingCode.CELLS_HIDDEN, 2, "column 2", ()),
    ]


def test_comments_are_counted_and_not_read():
    def change(workbook):
        workbook.active["A2"].comment = Comment("Zoranka", "Zoranka")
        workbook.active["A3"].comment = Comment("Zoranka", "Zoranka")
        workbook.create_sheet("other")["A1"].comment = Comment("Zoranka", "Zoranka")

    read = read_workbook(build(change), LAYOUT)
    assert [(f.code, f.count) for f in read.findings] == [(FindingCode.COMMENTS_IGNORED, 3)]
    assert "Zoranka" not in repr((read.findings, read.rows))


def test_a_hidden_sheet_is_read_by_its_name_only():
    def change(workbook):
        hidden = workbook.create_sheet("names", 0)
        hidden.sheet_state = "hidden"
        hidden.append(["x"])
        hidden.append(["y"])

    content = build(change)
    assert read_workbook(content, LAYOUT).header == ("a", "b", "c")
    assert read_workbook(content, Reader(format=Format.XLSX, sheet="Names")).rows == {2: ["y"]}


def test_two_parts_of_one_name_are_refused():
    stream = io.BytesIO(build(lambda _: None))
    with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/worksheets/sheet1.xml", plain(FORMULAS["with a result"]))
    with pytest.raises(FileUnreadable, match="damaged"):
        read_workbook(stream.getvalue(), LAYOUT)


@pytest.mark.parametrize("start", ["", "\ufeff", "\n"])
def test_a_document_type_is_refused(start):
    sheet = start + plain(FORMULAS["with a result"])
    content = with_sheet(f'<!DOCTYPE w [<!ENTITY a "haha">]>{sheet}')
    with pytest.raises(FileUnreadable, match="damaged"):
        read_workbook(content, LAYOUT)


LETTERS = st.characters(categories=["L", "N", "P"])


def cut_seconds(moment):
    return moment.replace(microsecond=0)


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(-1e9, 1e9, allow_subnormal=False).map(lambda number: round(number, 4)),
    st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=8).filter(
        lambda t: t[0] not in "=#_"
    ),
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    st.times().map(lambda moment: moment.replace(microsecond=0)),
)


def write(value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case datetime() if value.time() == time.min:
            return value.date().isoformat()
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
    return str(value)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=5))
def test_cells_come_back_as_they_were_written(rows):
    rows = [["first", *row, "last"] for row in rows]
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Cases")
    for row in (["a", "b", "c", "d"], *rows):
        sheet.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    expected = [[unicodedata.normalize("NFC", write(cell)) for cell in row] for row in rows]
    assert list(read_workbook(stream.getvalue(), LAYOUT).rows.values()) == expected
