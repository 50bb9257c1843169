"""Headers of several rows, and where data begin: names worked out by hand as a spreadsheet shows them."""

import pytest
from pydantic import ValidationError

from schemas.finding import FindingCode
from schemas.reader import Reader
from transforms.readers.content import FileUnreadable
from transforms.readers.layout import join_names
from transforms.reading import read_tables

MERGED = [
    # one row: nothing is joined, nothing continued
    ([["a", "", "b"]], ["a", "", "b"]),
    # a merged cell over two columns
    ([["A", ""], ["x", "y"]], ["A / x", "A / y"]),
    # a cell that spans both rows stands alone
    ([["P", "A", ""], ["", "x", "y"]], ["P", "A / x", "A / y"]),
    # to the right of a cell that spans down, a blank cell continues nothing
    ([["P", "", "A"], ["", "x", "y"]], ["P", "x", "A / y"]),
    # blank at the left edge
    ([["", "A", ""], ["p", "x", "y"]], ["p", "A / x", "A / y"]),
    # the lowest row is never continued
    ([["A", "B"], ["x", ""]], ["A / x", "B"]),
    # a column without any name stays nameless
    ([["A", "", ""], ["x", "", "y"]], ["A / x", "", "y"]),
    # three rows: a group in the middle ends where the one above it ends
    (
        [["A", "", "", "B"], ["u", "", "v", ""], ["1", "2", "3", "4"]],
        ["A / u / 1", "A / u / 2", "A / v / 3", "B / 4"],
    ),
    # the same words in both rows are one name
    ([["Pol", "A"], ["Pol", "x"]], ["Pol", "A / x"]),
    # line breaks and double spaces
    ([["Oblik\neksploatacije", ""], ["seksualna  (1)", "radna"]], None),
    # rows of different length
    ([["A"], ["x", "y", "z"]], ["A / x", "A / y", "A / z"]),
]


@pytest.mark.parametrize(("header", "names"), MERGED)
def test_a_header_of_several_rows_reads_as_its_merged_cells(header, names):
    wanted = names or ["Oblik eksploatacije / seksualna (1)", "Oblik eksploatacije / radna"]
    assert list(join_names(header)) == wanted


def read(source, text):
    return read_tables(source, {source.cases: text.encode() if isinstance(text, str) else text})[source.cases]


def test_a_two_line_header_below_titles(describe):
    source = describe("reader: {format: delimited, header_row: [3, 4]}\ncolumns: {A / x: {field: gender}}")
    table = read(source, "Report of 2019,,\n,,\nP,A,\n,x,y\n1,2,3\n")
    assert table.frame.to_dict("index") == {5: {"P": "1", "A / x": "2", "A / y": "3"}}


def test_a_two_line_header_of_a_workbook(describe, make_workbook):
    source = describe("reader: {format: xlsx, header_row: [1, 2], first_row: 4}")
    rows = [("Pol", "Oblik\neksploatacije", None), (None, "seksualna", "radna"), (1, 2, 3), ("ž", "x", None)]
    table = read(source, make_workbook(rows))
    assert table.frame.to_dict("index") == {
        4: {"Pol": "ž", "Oblik eksploatacije / seksualna": "x", "Oblik eksploatacije / radna": ""}
    }


def test_names_match_whatever_their_spacing(describe):
    source = describe('columns: {"Datum prijave": {field: year_of_registration}}')
    assert list(read(source, '"Datum\n  prijave"\n2019\n').frame.columns) == ["Datum prijave"]


def test_machine_names_beside_a_header_of_two_rows(describe):
    source = describe("""
        reader: {format: delimited, header_row: [1, 3], label_row: 2, first_row: 6}
        labels: {A / x: Label}
    """)
    table = read(source, "A,\nLabel,Other\nx,y\nunits,units\n1,2\n3,4\n")
    assert table.frame.to_dict("index") == {6: {"A / x": "3", "A / y": "4"}}
    assert table.findings == ()


def test_a_file_without_names_in_the_header_rows(describe):
    source = describe("reader: {format: delimited, header_row: [1, 2]}")
    with pytest.raises(FileUnreadable, match="Row 2 has no column names"):
        read(source, ",\n,\n1,2\n")


@pytest.mark.parametrize(
    ("layout", "problem"),
    [
        ({"header_row": 0}, "give the number of a row"),
        ({"header_row": "3"}, "give the number of a row"),
        ({"header_row": []}, "give the number of a row"),
        ({"header_row": True}, "give the number of a row"),
        ({"header_row": [4, 3]}, "from top to bottom"),
        ({"header_row": [3, 3]}, "from top to bottom"),
        ({"header_row": [1, 2], "first_row": 2}, "first_row must be below the header, which ends in row 2"),
        ({"label_row": 3, "first_row": 3}, "first_row must be below the header, which ends in row 3"),
        ({"header_row": 2, "last_row": 2}, "last_row must not be above the first row of data, 3"),
        ({"skip_rows": [{"words": ["*"], "reason": "all"}]}, "fits every row"),
    ],
)
def test_rows_that_cannot_be(layout, problem):
    with pytest.raises(ValidationError) as caught:
        Reader(format="delimited", **layout)
    (error,) = caught.value.errors()
    assert problem in error["msg"]


TOTALS = """
    reader:
      format: delimited
      skip_rows:
        - {words: [Ukupno, Total], reason: totals}
        - {words: ["Izvor*"], column: a, reason: source note, and_below: true}
    columns: {b: {field: age_at_registration}}
    ignored: {a: running number}
"""


def test_totals_and_footers_are_ignored_with_their_reason(describe, map_files):
    mapped = map_files(
        describe(TOTALS),
        "a,b\n1,20\n UKUPNO ,20\n,\n2,30\nTotal of what,40\n,Total\nIzvor: Centar\nx,50\n",
    )
    assert list(mapped.cases.index) == [2, 5, 6]
    assert mapped.ignored == {"totals": 2, "blank row": 1, "source note": 2}
    assert mapped.read == 8
    # row 8 has one cell, and would wait as a shifted row if it were data
    assert mapped.findings == ()


def test_what_stands_below_the_last_row_is_ignored(describe, map_files):
    source = describe("reader: {format: delimited, last_row: 3}\ncolumns: {a: {field: age_at_registration}}")
    mapped = map_files(source, "a\n1\n2\nfoot,note\n9\n")
    assert list(mapped.cases.index) == [2, 3]
    assert (mapped.read, mapped.ignored, mapped.findings) == (4, {"below the last row of data": 2}, ())


def test_the_column_of_a_rule_must_be_there(describe, map_files):
    mapped = map_files(describe(TOTALS), "b\n1\n")
    assert [(f.code, f.column) for f in mapped.findings] == [(FindingCode.COLUMN_MISSING, "a")]
