"""Encodings and delimiters: one table however it was saved (US-04), and what is told of another."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reader import Format, Reader
from transforms.readers.content import FileUnreadable
from transforms.readers.delimited import read_delimited
from transforms.readers.encoding import decode_content, fit_encodings

LATIN = ("pol", "država", 'žena\u00a0"đak"', "čuvar\nćuprija; šal, |\t.")
CYRILLIC = ("пол", "држава", 'жена "ђак"', "чувар\nћуприја; шал, |\t.")
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
PAGES = {
    LATIN: (*UNICODE, "windows-1250", "iso-8859-2", "cp852", "mac-croatian"),
    CYRILLIC: (*UNICODE, "windows-1251", "iso-8859-5", "mac-cyrillic"),
}
SAVED = [(table, page) for table, pages in PAGES.items() for page in pages]


def read(content: bytes, delimiter: str = ",", encoding: str = "utf-8-sig"):
    """The whole file at once, and the same byte by byte: a letter may be cut in two."""
    reader = Reader(format=Format.DELIMITED, encoding=encoding, delimiter=delimiter)
    (block,) = read_delimited([content], reader, 2**20)
    cut = list(read_delimited([bytes([byte]) for byte in content], reader, 2**20))
    assert {block.header} == {each.header for each in cut}
    assert block.rows == {number: row for each in cut for number, row in each.rows.items()}
    return block


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "bar"])
@pytest.mark.parametrize(("table", "encoding"), SAVED)
def test_one_table_however_it_was_saved(table, encoding, delimiter, end):
    first, second, plain, broken = table
    quoted = plain.replace('"', '""')
    text = f'{first}{delimiter}{second}{end}"{quoted}"{delimiter}"{broken}"{end}'
    block = read(text.encode(encoding), delimiter, encoding)
    assert block.header == (first, second)
    assert block.rows == {2: [plain, broken]}
    assert block.findings == ()


@pytest.mark.parametrize(
    ("mark", "order"),
    [
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
    ],
)
def test_utf_16_in_either_order_with_and_without_mark(mark, order):
    text = "пол,доб\nжена,14\nмаж,2\n"
    assert read(mark + text.encode(order), encoding="utf-16").rows == {2: ["жена", "14"], 3: ["маж", "2"]}


TEXT = "pol,država\nžena,2\nčuvar,3\n"


@pytest.mark.parametrize(
    ("saved", "said", "part"),
    [
        ("utf-8", "windows-1250", "The file is UTF-8, the source says windows-1250"),
        ("utf-8", "windows-1252", "The file is UTF-8, the source says windows-1252"),
        ("utf-8", "iso-8859-2", "The file is UTF-8, the source says iso-8859-2"),
        ("utf-8", "ascii", "The file is UTF-8, the source says ascii"),
        ("utf-8-sig", "windows-1250", "The file is UTF-8, the source says windows-1250"),
        ("utf-8-sig", "utf-16-le", "The file is UTF-8, the source says utf-16-le"),
        ("utf-16", "utf-8", "The file is UTF-16-LE, the source says utf-8"),
        ("utf-16-be", "utf-8", "The file is UTF-16-BE, the source says utf-8"),
        ("utf-16-le", "windows-1250", "The file is UTF-16-LE, the source says windows-1250"),
        ("utf-16-be", "utf-16-le", "The file is UTF-16-BE, the source says utf-16-le"),
        ("windows-1250", "utf-8", "Byte 7 (line 1) is not utf-8"),
        ("windows-1250", "iso-8859-2", "mostly such a file is windows-1250"),
        ("windows-1250", "utf-16", "The file is not utf-16"),
    ],
)
def test_another_encoding_is_told_as_what_it_is(saved, said, part):
    reader = Reader(format=Format.DELIMITED, encoding=said)
    for pieces in ([TEXT.encode(saved)], [TEXT.encode(saved)[:60], TEXT.encode(saved)[60:]]):
        with pytest.raises(FileUnreadable) as caught:
            list(read_delimited([piece for piece in pieces if piece], reader, 2**20))
        assert part in caught.value.why
        assert "žena" not in str(caught.value)


def test_letters_that_only_look_like_utf_8_in_part_are_letters():
    text = "a,b\nĹ‘,ž\n"
    assert read(text.encode("windows-1250"), encoding="windows-1250").rows == {2: ["Ĺ‘", "ž"]}


def test_encodings_that_fit_in_their_order():
    names = ("iso-8859-2", "utf-8", "windows-1250", "utf-16", "ascii")
    fitting = {
        saved: fit_encodings(TEXT.encode(saved), names, is_whole=True)
        for saved in ("windows-1250", "utf-8", "utf-8-sig", "utf-16", "utf-16-be")
    }
    assert fitting == {
        "windows-1250": ("windows-1250",),
        "utf-8": ("utf-8",),
        "utf-8-sig": ("utf-8",),
        "utf-16": ("utf-16",),
        "utf-16-be": ("utf-16",),
    }
    assert fit_encodings(b"a\n1\n", names, is_whole=True) == ("iso-8859-2", "utf-8", "windows-1250", "ascii")


def test_a_letter_cut_at_the_end_of_the_beginning_is_no_other_encoding():
    content = "ž".encode()[:1]
    assert fit_encodings(content, ("utf-8",), is_whole=False) == ("utf-8",)
    assert fit_encodings(content, ("utf-8",), is_whole=True) == ()


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
    st.sampled_from(UNICODE),
)
def test_text_comes_back(text, encoding):
    content = (f"a,b\n{text}\n" * 3).encode(encoding)
    reader = Reader(format=Format.DELIMITED, encoding=encoding)
    assert decode_content(content, reader) == f"a,b\n{text}\n" * 3


@given(st.binary(max_size=200), st.sampled_from([*UNICODE, "windows-1250", "iso-8859-2", "gb18030", "ascii"]))
def test_any_bytes_are_text_or_refused(content, encoding):
    try:
        text = decode_content(content, Reader(format=Format.DELIMITED, encoding=encoding))
    except FileUnreadable:
        return
    assert "\0" not in text
