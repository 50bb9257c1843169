"""Dialect: one of several encodings by what it makes of the header, and a delimiter that is another one."""

import pytest

from transforms import dialect
from transforms.readers.content import FileUnreadable
from transforms.reading import read_batches, read_tables

COLUMNS = """
    columns: {pol: {field: gender}, država: {field: citizenship}, "rođen/a": {field: age_at_registration}}
"""
TEXT = "pol,država,rođen/a\nžena,Srbija,14\n"


def read(source, content):
    return read_tables(source, {"cases": content})["cases"].frame


@pytest.mark.parametrize("saved", ["utf-8", "utf-8-sig", "utf-16", "windows-1250", "cp852"])
def test_an_agency_may_change_its_export(describe, saved):
    source = describe(
        f"{COLUMNS}\n    reader: {{format: delimited, encoding: [utf-8, utf-16, cp852, windows-1250]}}"
    )
    frame = read(source, TEXT.encode(saved))
    assert frame.to_dict("list") == {"pol": ["žena"], "država": ["Srbija"], "rođen/a": ["14"]}


def test_where_the_header_says_nothing_the_first_that_fits_is_taken(describe):
    source = describe("reader: {format: delimited, encoding: [windows-1251, windows-1250]}")
    assert read(source, "a\nžena\n".encode("windows-1250"))["a"].tolist() == ["ћena"]
    source = describe("reader: {format: delimited, encoding: [windows-1250, windows-1251]}")
    assert read(source, "a\nžena\n".encode("windows-1250"))["a"].tolist() == ["žena"]


def test_a_file_in_none_of_several_encodings(describe):
    source = describe("reader: {format: delimited, encoding: [utf-8, ascii]}")
    with pytest.raises(FileUnreadable, match="none of the encodings utf-8, ascii"):
        read(source, TEXT.encode("windows-1250"))


def test_encodings_of_json(describe):
    source = describe("reader: {format: json, encoding: [utf-8, windows-1250]}")
    for saved in ("utf-8", "windows-1250"):
        assert read(source, '[{"a": "žena"}]'.encode(saved))["a"].tolist() == ["žena"]


def test_one_encoding_is_chosen_by_no_more_than_the_beginning(describe, monkeypatch):
    monkeypatch.setattr(dialect, "MOST_TRIED", 8)
    source = describe("reader: {format: delimited, encoding: [utf-8, windows-1250]}")
    lines = [b"a\n1111\n222\n", "ž\n".encode(), b"3\n"]
    (batch,) = read_batches(source, "cases", lines, 2**20)
    assert batch.frame["a"].tolist() == ["1111", "222", "ž", "3"]
    with pytest.raises(FileUnreadable, match=r"Byte 12 \(line 4\) is not utf-8"):
        list(read_batches(source, "cases", [lines[0], "ž\n".encode("windows-1250")], 2**20))


@pytest.mark.parametrize(
    ("delimiter", "said", "found"),
    [
        (",", ",", ";"),
        (",", ",", "\t"),
        (";", ";", "|"),
        ("\t", "Tab", ","),
        ("#", "#", ","),
    ],
)
def test_a_wrong_delimiter_is_one_refusal(describe, delimiter, said, found):
    source = describe(COLUMNS).model_copy()
    layout = source.tables["cases"]
    other = layout.reader.model_copy(update={"delimiter": delimiter})
    source = source.model_copy(update={"tables": {"cases": layout.model_copy(update={"reader": other})}})
    with pytest.raises(FileUnreadable) as caught:
        read(source, TEXT.replace(",", found).encode())
    shown = "Tab" if found == "\t" else found
    assert caught.value.table == "cases"
    assert caught.value.why == f"The cells are separated by “{shown}”, the source says “{said}”."


def test_a_wrong_delimiter_below_a_title_and_in_a_header_of_two_rows(describe):
    source = describe("""
        reader: {format: delimited, header_row: [2, 3]}
        columns: {Žrtva / pol: {field: gender}, Žrtva / starost: {field: age_at_registration}}
    """)
    with pytest.raises(FileUnreadable, match="separated by “;”"):
        read(source, "Registar, 2019\nŽrtva;\npol;starost\nžena;14\n".encode())
    frame = read(source, "Registar\nŽrtva,\npol,starost\nžena,14\n".encode())
    assert list(frame.columns) == ["Žrtva / pol", "Žrtva / starost"]


def test_a_file_whose_columns_nobody_described_is_not_said_to_have_another_delimiter(describe):
    frame = read(describe(COLUMNS), b"a;b,c\n1;2,3\n")
    assert list(frame.columns) == ["a;b", "c"]


def test_names_with_other_delimiters_in_them_are_names(describe):
    source = describe('columns: {"a;b": {field: gender}, c: {field: citizenship}}')
    assert list(read(source, b"a;b,c\n1;2,3\n").columns) == ["a;b", "c"]
