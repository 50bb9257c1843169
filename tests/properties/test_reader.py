"""Every reader, given any bytes or a file with some bytes changed: a table of text or a refusal, no more."""

import io
import json
import tempfile
import unicodedata
from functools import cache
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reader import Format, Reader
from transforms.readers.content import FileUnreadable
from transforms.readers.delimited import read_delimited
from transforms.readers.json_document import read_json
from transforms.readers.xml_document import read_xml
from transforms.reading import READERS

TABLE = pd.DataFrame({"pol": ["žena", "muž", "žena"], "god": [14.5, 2.5, 30.25]})
WRITE_STATISTICS = {
    Format.SAV: pyreadstat.write_sav,
    Format.DTA: pyreadstat.write_dta,
    Format.XPT: pyreadstat.write_xport,
}


@cache
def write(kind: Format) -> bytes:
    """The table as pandas or pyreadstat writes it."""
    if kind in WRITE_STATISTICS:
        with tempfile.TemporaryDirectory() as folder:
            WRITE_STATISTICS[kind](TABLE, Path(folder) / "table")
            return (Path(folder) / "table").read_bytes()
    stream = io.BytesIO()
    match kind:
        case Format.XLSX | Format.ODS:
            TABLE.to_excel(stream, index=False, engine="openpyxl" if kind is Format.XLSX else "odf")
        case Format.DELIMITED:
            TABLE.to_csv(stream, index=False)
        case Format.XML:
            TABLE.to_xml(stream, index=False)
        case _:
            TABLE.to_json(stream, orient="records", lines=kind is Format.JSON_LINES)
    return stream.getvalue()


WRITTEN = [kind for kind in Format if kind not in (Format.XLS, Format.XLSB)]
"""The other two have their own tests: no library here writes them."""


def read(kind: Format, content: bytes):
    reader = Reader(format=kind)
    if kind is Format.DELIMITED:
        (block,) = read_delimited([content], reader, 2**20)
        return block
    return READERS[kind](content, reader)


def read_or_refuse(kind: Format, content: bytes) -> None:
    try:
        table = read(kind, content)
    except FileUnreadable:
        return
    assert all(isinstance(cell, str) for row in table.rows.values() for cell in row)
    assert all(isinstance(name, str) for name in (*table.header, *table.labels))


@pytest.mark.parametrize("kind", WRITTEN)
def test_what_another_library_wrote(kind):
    table = read(kind, write(kind))
    assert table.header == ("pol", "god")
    assert list(table.rows.values()) == [["žena", "14.5"], ["muž", "2.5"], ["žena", "30.25"]]


@given(kind=st.sampled_from(list(Format)), content=st.binary(max_size=400))
def test_any_bytes(kind, content):
    read_or_refuse(kind, content)


@given(
    kind=st.sampled_from(WRITTEN),
    places=st.lists(st.tuples(st.integers(0, 2**16), st.binary(max_size=6)), min_size=1, max_size=3),
    cut=st.integers(0, 2**16) | st.none(),
)
def test_changed_files(kind, places, cut):
    content = bytearray(write(kind))
    for place, other in places:
        place %= len(content)
        content[place : place + len(other)] = other
    read_or_refuse(kind, bytes(content[: cut % len(content)] if cut else content))


NAMES = st.text(st.characters(categories=["L"], max_codepoint=0x24F), min_size=1, max_size=6)
WORDS = st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=8)


@given(st.lists(st.dictionaries(NAMES, WORDS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_records_of_json_come_back(records):
    content = json.dumps(records, ensure_ascii=False).encode()
    table = read_json(content, Reader(format=Format.JSON))
    lines = "\n".join(json.dumps(record, ensure_ascii=False) for record in records).encode()
    for each in (table, READERS[Format.JSON_LINES](lines, Reader(format=Format.JSON_LINES))):
        found = [dict(zip(each.header, row, strict=True)) for row in each.rows.values()]
        assert [{name: cell for name, cell in row.items() if cell} for row in found] == [
            {clean(name): clean(cell) for name, cell in record.items() if clean(cell)} for record in records
        ]


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=4))
def test_records_of_xml_come_back(records):
    frame = pd.DataFrame(records, columns=["a", "b"])
    stream = io.BytesIO()
    frame.to_xml(stream, index=False)
    table = read_xml(stream.getvalue(), Reader(format=Format.XML))
    assert list(table.rows.values()) == [[clean(cell) for cell in record] for record in records]


def clean(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()
