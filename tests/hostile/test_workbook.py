"""Workbooks that are made to do harm: each is refused or neutralised under small caps."""

import io
import struct
import threading
import zipfile
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer

import openpyxl
import pytest
from openpyxl.comments import Comment

from schemas.finding import FindingCode
from tests.hostile.conftest import CANARY
from transforms.readers.content import FileUnreadable

ROWS = (("key", "note"), ("1", "a"), ("2", "b"))
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def make_workbook(change=lambda workbook: None) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active.title = "Cases"
    for row in ROWS:
        workbook.active.append(row)
    change(workbook)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def replace_parts(content: bytes, parts: dict[str, bytes]) -> bytes:
    """The archive with some parts replaced or added."""
    stream, old = io.BytesIO(), zipfile.ZipFile(io.BytesIO(content))
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in [name for name in old.namelist() if name not in parts]:
            new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return stream.getvalue()


def repeat_entry(content: bytes, times: int) -> bytes:
    """The archive with a directory that names its last entry many times: overlapping entries."""
    place = content.rfind(b"PK\x05\x06")
    size, start = struct.unpack("<II", content[place + 12 : place + 20])
    directory = content[start : start + size]
    last = directory[directory.rfind(b"PK\x01\x02") :]
    names = [last[:46] + f"{number:04}".encode() + last[50:] for number in range(times)]
    grown = b"".join([directory, *names])
    count = content[: place + 8].count(b"PK\x01\x02") + times
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(grown), start, 0)
    return content[:start] + grown + end


def test_a_workbook_that_unpacks_to_gigabytes(refuse):
    bomb = replace_parts(make_workbook(), {"xl/worksheets/sheet1.xml": b"\0" * (300 * 2**20)})
    assert len(bomb) < 2**20
    refuse(bomb, format="xlsx")


def test_an_archive_in_an_archive_in_an_archive(refuse):
    content = make_workbook()
    for _ in range(20):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inner.xlsx", content)
        content = stream.getvalue()
    refuse(content, format="xlsx")


def test_overlapping_entries(refuse):
    content = replace_parts(make_workbook(), {"xl/media/0000.bin": b"\0" * (4 * 2**20)})
    bomb = repeat_entry(content, 1_000)
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        assert sum(entry.file_size for entry in archive.infolist()) > 4_000 * 2**20
    refuse(bomb, format="xlsx")


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPES = {
    "billion laughs": (f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]>', "&l9;"),
    "quadratic": (f'<!DOCTYPE x [<!ENTITY q "{"a" * 50_000}">]>', "&q;" * 50_000),
    "file": ('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>', "&f;"),
}


@pytest.mark.parametrize("trick", DOCTYPES)
@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_entities_are_never_expanded(read, trick, part):
    doctype, use = DOCTYPES[trick]
    _assert_harmless(read, part, doctype, use)


def _assert_harmless(read, part: str, doctype: str, use: str) -> None:
    """Refused, or read without what the entity stands for."""
    strings = f'<sst xmlns="{MAIN}"><si><t>key</t></si><si><t>note</t></si><si><t>{use}</t></si></sst>'
    cells = f'<row r="2"><c r="A2" t="inlineStr"><is><t>{use}</t></is></c></row>'
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>key</t></is></c></row>'
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{head}{cells}</sheetData></worksheet>'
    text = strings if part.endswith("Strings.xml") else sheet
    content = replace_parts(make_workbook(), {part: f'<?xml version="1.0"?>{doctype}{text}'.encode()})
    with suppress(FileUnreadable):
        words = "".join(read(content, format="xlsx").frame.to_numpy().ravel())
        assert "lol" not in words
        assert "root:" not in words
        assert len(words) < 100_000


def test_an_external_entity_asks_nobody(read):
    visits: list[str] = []

    class Visit(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            visits.append(self.path)

    with HTTPServer(("127.0.0.1", 0), Visit) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        for doctype in (f'<!DOCTYPE x SYSTEM "{url}x.dtd">', f'<!DOCTYPE x [<!ENTITY e SYSTEM "{url}e">]>'):
            _assert_harmless(read, "xl/sharedStrings.xml", doctype, "&e;" if "ENTITY" in doctype else "")
        server.shutdown()
    assert visits == []


@pytest.mark.parametrize("kind", ["xlsx", "xlsm"])
def test_macros_are_told_and_never_run(read, kind):
    macros = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    main = f"{TYPE}.sheet.main+xml" if kind == "xlsx" else macros
    plain = make_workbook()
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        types = archive.read("[Content_Types].xml").replace(f"{TYPE}.sheet.main+xml".encode(), main.encode())
    content = replace_parts(plain, {"xl/vbaProject.bin": b"Shell", "[Content_Types].xml": types})
    table = read(content, format="xlsx")
    assert [finding.code for finding in table.findings] == [FindingCode.MACROS_IGNORED]
    assert table.frame["key"].tolist() == ["1", "2"]


@pytest.mark.parametrize(
    "formula",
    [
        '=HYPERLINK("http://127.0.0.1/","here")',
        "=cmd|' /C calc'!A0",
        "=[1]Other!$A$1",
        '=WEBSERVICE("http://x")',
    ],
)
def test_formulas_are_neither_evaluated_nor_kept(read, formula):
    def plant(workbook):
        workbook.active["A2"] = formula

    table = read(make_workbook(plant), format="xlsx")
    cell = table.frame.loc[2, "key"]
    assert cell.startswith("#")
    assert "http" not in cell
    assert "calc" not in cell


def test_hidden_sheets_comments_and_properties_are_not_read(read):
    def plant(workbook):
        hidden = workbook.create_sheet("Names")
        hidden.sheet_state = "veryHidden"
        hidden.append([CANARY])
        workbook.active["A2"].comment = Comment(CANARY, CANARY)
        workbook.properties.creator = workbook.properties.lastModifiedBy = CANARY

        visible = workbook.create_sheet("Other")
        visible["B7"].comment = Comment(CANARY, CANARY)

    table = read(make_workbook(plant), format="xlsx")
    assert CANARY not in repr(table.frame.to_dict()) + repr(table.findings) + repr(list(table.frame.columns))
    assert [(f.code, f.count, f.column) for f in table.findings] == [
        (FindingCode.SHEET_HIDDEN, 1, "sheet 2"),
        (FindingCode.COMMENTS_IGNORED, 2, None),
    ]


def test_hidden_rows_and_columns_are_read_as_data_and_told(read):
    def hide(workbook):
        workbook.active.row_dimensions[3].hidden = True
        workbook.active.column_dimensions["B"].hidden = True

    table = read(make_workbook(hide), format="xlsx")
    assert table.frame["key"].tolist() == ["1", "2"]
    told = [(f.code, f.column, f.rows) for f in table.findings]
    assert told[0] == (FindingCode.CELLS_HIDDEN, None, (3,))
    assert told[1][:2] == (FindingCode.CELLS_HIDDEN, "column 2")


def test_names_that_lead_out_of_the_archive_lead_nowhere(read, tmp_path):
    content = replace_parts(make_workbook(), {f"../../../../..{tmp_path}/out": b"x", "/etc/palermo": b"x"})
    assert read(content, format="xlsx").frame["key"].tolist() == ["1", "2"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_archive(refuse, share):
    content = make_workbook()
    refuse(content[: int(len(content) * share)], format="xlsx")


def test_as_many_sheets_as_the_archive_lets_through(refuse):
    sheets = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(2, 1_000_002))
    space = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    part = f'<workbook xmlns="{MAIN}" {space}><sheets>{sheets}</sheets></workbook>'.encode()
    refuse(replace_parts(make_workbook(), {"xl/workbook.xml": part}), format="xlsx")


def test_ten_million_shared_strings(read):
    part = b"".join([f'<sst xmlns="{MAIN}">'.encode(), b"<si><t>a</t></si>" * 10_000_000, b"</sst>"])
    content = replace_parts(make_workbook(), {"xl/sharedStrings.xml": part})
    with suppress(FileUnreadable):
        assert len(read(content, format="xlsx").frame) <= 2


def test_a_file_of_another_kind_than_its_name_says(refuse):
    refuse(b"key,note\n1,a\n", format="xlsx")
    refuse(make_workbook())
    refuse(b"%PDF-1.7 x")
    refuse(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512)
