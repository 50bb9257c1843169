"""ODS, XML and JSON that are made to do harm: refused before memory or time of small caps runs out."""

import io
import zipfile
from dataclasses import replace

import pytest

from schemas.finding import FindingCode
from tests.hostile.conftest import CANARY, CAPS

NAMESPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
)
KIND = "application/vnd.oasis.opendocument.spreadsheet"
HEAD = (
    "<table:table-row><table:table-cell office:value-type='string'><text:p>key</text:p></table:table-cell>"
    "<table:table-cell office:value-type='string'><text:p>note</text:p></table:table-cell></table:table-row>"
)


def make_ods(rows: str, doctype: str = "", styles: str = "", more: str = "") -> bytes:
    content = (
        f"<?xml version='1.0'?>{doctype}<office:document-content {NAMESPACES}>{styles}"
        "<office:body><office:spreadsheet>"
        f"<table:table table:name='Cases'>{HEAD}{rows}</table:table>{more}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        "<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'>"
        f"<manifest:file-entry manifest:full-path='/' manifest:media-type='{KIND}'/></manifest:manifest>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", KIND)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return stream.getvalue()


def cell(text: str = "x", **repeated: int) -> str:
    times = "".join(f" table:number-{kind}-repeated='{n}'" for kind, n in repeated.items())
    return f"<table:table-cell office:value-type='string'{times}><text:p>{text}</text:p></table:table-cell>"


def row(cells: str, times: int = 1) -> str:
    return f"<table:table-row table:number-rows-repeated='{times}'>{cells}</table:table-row>"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION = f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]>'
QUADRATIC = f'<!DOCTYPE x [<!ENTITY q "{"a" * 50_000}">]>'
FILE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'


def test_a_plain_sheet_is_read(read):
    assert read(make_ods(row(cell("1") + cell("a"))), format="ods").frame["note"].tolist() == ["a"]


HIDDEN = (
    "<office:automatic-styles><style:style style:name='away' style:family='table'>"
    "<style:table-properties table:display='false'/></style:style></office:automatic-styles>"
)


def test_what_is_hidden_in_an_ods_is_told_by_its_place(read):
    note = f"<office:annotation><text:p>{CANARY}</text:p></office:annotation><text:p>1</text:p>"
    noted = f"<table:table-cell office:value-type='string'>{note}</table:table-cell>{cell('a')}"
    unseen = f"<table:table-row table:visibility='collapse'>{cell('2')}{cell('b')}</table:table-row>"
    other = f"<table:table table:name='{CANARY}' table:style-name='away'>{HEAD}{row(noted)}</table:table>"
    table = read(make_ods(row(noted) + unseen, styles=HIDDEN, more=other), format="ods")
    assert table.frame["key"].tolist() == ["1", "2"]
    assert CANARY not in repr(table.findings)
    assert [(f.code, f.count, f.column, f.rows) for f in table.findings] == [
        (FindingCode.SHEET_HIDDEN, 1, "sheet 2", ()),
        (FindingCode.CELLS_HIDDEN, 1, None, (3,)),
        (FindingCode.COMMENTS_IGNORED, 2, None, ()),
    ]


BOMBS = {
    "rows": row(cell("1"), times=1_000_000_000),
    "rows to the last": row(cell("1") + cell("a"), times=1_048_575) + row(cell(columns=1_000)),
    "columns": row(cell(columns=1_000_000_000)),
    "both": row(cell(columns=16_384), times=1_048_576),
    "far cell": row("<table:table-cell/>", times=2**31) + row(cell()),
    "negative": row(cell(columns=-1), times=-5) + row(cell(columns=2**63)),
    "no number": row(cell()).replace("repeated='1'", "repeated='many'"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_repeated_rows_and_columns_are_refused_before_they_are_laid_out(refuse, name):
    refusal = refuse(make_ods(BOMBS[name]), format="ods")
    assert "sheet has cells beyond" in refusal.why or "damaged" in refusal.why


TRICKS = {
    "billion laughs": (BILLION, "&l9;"),
    "quadratic": (QUADRATIC, "&q;" * 50_000),
    "file": (FILE, "&f;"),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_entities_of_an_ods_are_never_expanded(refuse, trick):
    doctype, use = TRICKS[trick]
    assert "damaged" in refuse(make_ods(row(cell(use)), doctype), format="ods").why


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32", "cp037"])
@pytest.mark.parametrize("trick", TRICKS)
def test_entities_of_xml_are_never_expanded_in_any_encoding(refuse, trick, encoding):
    doctype, use = TRICKS[trick]
    text = f"<?xml version='1.0' encoding='{encoding}'?>{doctype}<a><r><key>{use}</key></r></a>"
    refuse(text.encode(encoding), format="xml", records="r")


@pytest.mark.parametrize("rest", ["", "<b/>text between"])
def test_an_element_with_attributes_without_end_is_refused_before_they_are_read(refuse, rest):
    """Reading them would take minutes; the small cap here is that of a record with few."""
    attributes = " ".join(f"a{number}='x'" for number in range(300_000))
    content = f"<a><r {attributes}>{rest}</r></a>".encode()
    refusal = refuse(content, format="xml", records="r", caps=replace(CAPS, cpu_seconds=10))
    assert "2,000 different names" in refusal.why


def test_an_ods_that_is_nested_without_end(refuse):
    depth = 100_000
    refuse(make_ods(row(cell("<text:span>" * depth + "</text:span>" * depth))), format="ods")


NESTED = {
    "xml": b"<a><r>" + b"<b>" * 200_000 + b"x" + b"</b>" * 200_000 + b"</r></a>",
    "json": b"[" * 200_000,
}
NAMES = {
    "xml": b"<a>" + b"".join(b"<r><k%d>1</k%d></r>" % (n, n) for n in range(20_000)) + b"</a>",
    "json": b"[" + b",".join(b'{"k%d": 1}' % n for n in range(20_000)) + b"]",
    "json_lines": b"\n".join(b'{"k%d": 1}' % n for n in range(20_000)),
}


@pytest.mark.parametrize("kind", NESTED)
def test_records_nested_without_end(refuse, kind):
    refuse(NESTED[kind], format=kind, **({"records": "r"} if kind == "xml" else {}))


@pytest.mark.parametrize("kind", NAMES)
def test_records_with_a_name_each_are_refused_before_they_are_laid_out(refuse, kind):
    refusal = refuse(NAMES[kind], format=kind, **({"records": "r"} if kind == "xml" else {}))
    assert "more than 2,000 different names" in refusal.why
