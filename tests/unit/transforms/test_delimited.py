"""Delimited text: encodings, quotes, shifted rows, and files that are something else."""

import pytest

from schemas.finding import FindingCode
from schemas.reader import Format, Reader
from transforms.readers.block import read_records
from transforms.readers.content import Content, FileUnreadable
from transforms.readers.delimited import read_delimited


def layout(**facts) -> Reader:
    return Reader(format=Format.DELIMITED, **facts)


def read(content: bytes, reader: Reader) -> Content:
    [only] = read_delimited([content], reader, len(content) + 1)
    return only


def test_rows_keep_the_numbers_a_spreadsheet_shows():
    content = read(b'a,b\n1,"x\ny"\n\n2,z\n', layout())
    assert content.header == ("a", "b")
    assert content.rows == {2: ["1", "x\ny"], 3: [], 4: ["2", "z"]}


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n\r\n", b"\n\n\n"])
def test_line_breaks_at_the_end_are_no_rows(end):
    assert list(read(b"a\r\n1" + end, layout()).rows) == [2]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "windows-1250"])
def test_one_table_in_any_encoding(encoding):
    text = "pol;uzrast\nžensko; 14 \n"
    content = read(text.encode(encoding), layout(encoding=encoding, delimiter=";"))
    assert (content.header, content.rows) == (("pol", "uzrast"), {2: ["žensko", "14"]})


def test_a_byte_order_mark_is_no_part_of_the_first_name():
    assert read("\ufeffa\n1".encode(), layout(encoding="utf-8")).header == ("a",)


def test_text_is_composed_and_stripped_and_na_stays():
    content = read("a,b\nn\u0303\u00a0,NA\n".encode(), layout())
    assert content.rows == {2: ["\u00f1", "NA"]}


def test_rows_with_too_many_or_too_few_cells_are_set_apart():
    content = read(b"a,b\n1,2\n1,2,x@y.org\n1\n,\n", layout())
    (finding,) = content.findings
    assert (finding.code, finding.rows, finding.count) == (FindingCode.ROW_SHIFTED, (3, 4), 2)
    assert content.overflow == {3: "x@y.org"}
    assert content.rows[3] == ["1", "2"]


def test_header_and_labels_may_stand_lower():
    content = read(b"Title\na,b\nFirst,Second\n1,2\n", layout(header_row=2, label_row=3))
    assert (content.header, content.labels, content.rows) == (
        ("a", "b"),
        ("First", "Second"),
        {4: ["1", "2"]},
    )


@pytest.mark.parametrize(
    ("content", "facts", "part"),
    [
        (b"", {}, "The file is empty"),
        (b"\n \n", {}, "The file is empty"),
        (b"%PDF-1.7 ...", {}, "The file is PDF"),
        (b"PK\x03\x04...", {}, "The file is ZIP / XLSX / ODS, not text"),
        (b"\xd0\xcf\x11\xe0\xa1", {}, "The file is XLS / DOC, not text"),
        (b"\x1f\x8b\x08", {}, "The file is GZIP"),
        (b"a,b\n1,\x00\n", {}, "NUL bytes"),
        (b"a\nok\n\xe6\n", {}, "Byte 6 (line 3) is not utf-8-sig"),
        (b"a\n\x9e", {"encoding": "ascii"}, "Byte 3 (line 2) is not ascii"),
        (
            b"\xef\xbb\xbfa\n1",
            {"encoding": "windows-1250"},
            "The file is UTF-8, the source says windows",
        ),
        (b'a\nx\n"never closed\n1\n', {}, "After row 2 a quotation mark does not close"),
        (b'a\n"x" y\n', {}, "After row 1 a quotation mark does not close"),
        (b"a\n" + b"x" * 200_000, {}, "far too long"),
        (b",,\n1,2,3\n", {}, "Row 1 has no column names"),
        (b"a,b\n1,2\n", {"header_row": 7}, "Row 7 has no column names"),
    ],
)
def test_what_is_no_table_is_said_plainly(content, facts, part):
    with pytest.raises(FileUnreadable) as caught:
        read(content, layout(**facts))
    assert part in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert caught.value.finding.code is FindingCode.FILE_UNREADABLE


def test_a_file_that_comes_in_small_pieces_is_read_in_blocks_of_the_size_asked_for():
    lines = [b"a,b\n", *(b"%d,x\n" % number for number in range(30_000))]
    blocks = list(read_records((line.decode() for line in lines), ",", 100_000))
    assert sum(map(len, blocks)) == 30_001
    # a short first block for the header, then 100,000 bytes at a time of the 229 thousand
    assert len(blocks) == 3
