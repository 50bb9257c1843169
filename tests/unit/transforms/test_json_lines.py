"""JSON lines: flat objects become rows, anything else is held, nothing breaks."""

import pytest

from schemas.finding import FindingCode
from schemas.reader import Format, Reader
from transforms.readers.content import FileUnreadable
from transforms.readers.json_lines import read_json_lines

LAYOUT = Reader(format=Format.JSON_LINES)


def test_values_become_text():
    read = read_json_lines(
        b'{"a": 14.0, "b": true, "c": null, "d": " NA ", "e": -99, "f": 1.5, "g": false}', LAYOUT
    )
    assert read.header == ("a", "b", "c", "d", "e", "f", "g")
    assert read.rows == {1: ["14", "true", "", "NA", "-99", "1.5", "false"]}


def test_rows_are_lines_and_keys_may_be_left_out():
    read = read_json_lines(b'{"a": 1}\n\n{"b": 2}\r\n{}', LAYOUT)
    assert read.header == ("a", "b")
    assert read.rows == {1: ["1", ""], 3: ["", "2"], 4: ["", ""]}


def test_a_line_separator_inside_a_text_is_no_new_row():
    assert list(read_json_lines('{"a": "x\u2028y"}'.encode(), LAYOUT).rows) == [1]


@pytest.mark.parametrize(
    "line",
    [
        '{"a": {"b": 1}}',
        '{"a": [1]}',
        "[1, 2]",
        '"text"',
        '{"a": 1',
        "a,b",
        '{"a": NaN}',
        '{"a": Infinity}',
        '{"a": 1, "a": 2}',
        '{"a": 1, " a": 2}',
        '{"a": ' + "9" * 5000 + "}",
        "[" * 100_000,
    ],
)
def test_a_bad_line_is_held_and_kept_for_screening(line):
    read = read_json_lines(f'{{"a": 1}}\n{line}\n{{"a": 3}}'.encode(), LAYOUT)
    (finding,) = read.findings
    assert (finding.code, finding.rows) == (FindingCode.ROW_UNREADABLE, (2,))
    assert read.rows == {1: ["1"], 2: [""], 3: ["3"]}
    assert read.overflow == {2: line}


def test_no_file():
    with pytest.raises(FileUnreadable, match="The file is empty"):
        read_json_lines(b"", LAYOUT)
