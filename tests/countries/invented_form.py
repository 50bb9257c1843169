"""How invented rows become files of the forms that the generator of the countries needs."""

import csv
import io
import struct
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pandas as pd
import pyreadstat

WRITTEN = datetime(2020, 1, 1)
Row = Sequence[Any]

SECTOR, SMALLEST_STREAM = 512, 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def write_text(rows: Sequence[Row], *, encoding: str, delimiter: str, newline: str = "\r\n") -> bytes:
    """Delimited text; the codec `utf-16` writes its byte-order mark."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return text.getvalue().encode(encoding)


def write_zip(members: Mapping[str, bytes]) -> bytes:
    """A ZIP archive in which every member has the same time."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, member in members.items():
            entry = zipfile.ZipInfo(name, WRITTEN.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, member)
    return content.getvalue()


def write_xlsx(title: str, rows: Sequence[Row], merged: Sequence[str] = ()) -> bytes:
    """A workbook of one sheet, with the merged ranges of its header."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    workbook.properties.created = WRITTEN
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def write_ods(title: str, rows: Sequence[Row], spans: Mapping[tuple[int, int], tuple[int, int]]) -> bytes:
    """An OpenDocument sheet; `spans` has row and column, from 1, to the rows and columns a cell covers."""
    covered = {
        (row + down, column + right)
        for (row, column), (rows_, columns) in spans.items()
        for down in range(rows_)
        for right in range(columns)
        if down or right
    }
    lines = []
    for number, row in enumerate(rows, 1):
        cells = [
            "<table:covered-table-cell/>"
            if (number, position) in covered
            else _write_ods_cell(cell, spans.get((number, position), (1, 1)))
            for position, cell in enumerate(row, 1)
        ]
        lines.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    body = f'<table:table table:name="{escape(title)}">{"".join(lines)}</table:table>'
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names} office:version="1.2">'
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest manifest:version="1.2"'
        ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    return write_zip(
        {
            "mimetype": kind.encode(),
            "content.xml": content.encode(),
            "META-INF/manifest.xml": manifest.encode(),
        }
    )


def _write_ods_cell(cell: Any, span: tuple[int, int]) -> str:
    rows, columns = span
    spanned = f' table:number-rows-spanned="{rows}" table:number-columns-spanned="{columns}"' * (
        span != (1, 1)
    )
    match cell:
        case None:
            return f"<table:table-cell{spanned}/>"
        case date():
            shown = f"{cell:%d.%m.%Y}"
            typed = f' office:value-type="date" office:date-value="{cell.isoformat()}"'
        case int() | float():
            shown, typed = str(cell), f' office:value-type="float" office:value="{cell}"'
        case _:
            shown, typed = escape(str(cell)), ' office:value-type="string"'
    return f"<table:table-cell{typed}{spanned}><text:p>{shown}</text:p></table:table-cell>"


def write_sav(
    columns: Mapping[str, Sequence[Any]],
    labels: Mapping[str, str],
    value_labels: Mapping[str, Mapping[Any, str]],
    missing: Mapping[str, Sequence[Any]],
) -> bytes:
    """An SPSS file with variable labels, value labels and values that its user declared missing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.sav"
        pyreadstat.write_sav(
            pd.DataFrame(columns),
            str(path),
            column_labels=list(labels.values()),
            variable_value_labels=dict(value_labels),
            missing_ranges={name: list(values) for name, values in missing.items()},
        )
        return path.read_bytes()


def write_dta(
    columns: Mapping[str, Sequence[Any]],
    labels: Mapping[str, str],
    value_labels: Mapping[str, Mapping[int, str]],
) -> bytes:
    """A Stata 14 file with variable labels and value labels."""
    content = io.BytesIO()
    pd.DataFrame(columns).to_stata(
        content,
        write_index=False,
        version=118,
        time_stamp=WRITTEN,
        variable_labels=dict(labels),
        value_labels={name: dict(words) for name, words in value_labels.items()},
    )
    return content.getvalue()


def write_xls(title: str, rows: Sequence[Row], code_page: str, number: int) -> bytes:
    """An Excel 5 workbook (BIFF5), whose cells are single bytes of a code page.

    The records are those of OpenOffice's description of the Excel file format.
    """
    sheet = [_record(0x0809, struct.pack("<HHHH", 0x0500, 0x0010, 0, 0))]
    for down, row in enumerate(rows):
        for right, cell in enumerate(row):
            place = struct.pack("<HHH", down, right, 0)
            if isinstance(cell, int | float):
                sheet.append(_record(0x0203, place + struct.pack("<d", cell)))
            elif cell is not None:
                letters = cell.encode(code_page)
                sheet.append(_record(0x0204, place + struct.pack("<H", len(letters)) + letters))
    name = title.encode(code_page)
    start = [
        _record(0x0809, struct.pack("<HHHH", 0x0500, 0x0005, 0, 0)),
        _record(0x0042, struct.pack("<H", number)),
    ]
    offset = sum(map(len, start)) + 4 + 7 + len(name) + 4
    start += [_record(0x0085, struct.pack("<IHB", offset, 0, len(name)) + name), _record(0x000A, b"")]
    return _write_compound("Book", b"".join([*start, *sheet, _record(0x000A, b"")]))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _write_compound(name: str, stream: bytes) -> bytes:
    """A compound file with one stream: the allocation table, the directory, then the stream."""
    stream = stream.ljust(max(SMALLEST_STREAM, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    count = len(stream) // SECTOR
    table = [FAT, END, *range(3, count + 2), END]
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        b"",
        0,
        1,
        1,
        0,
        SMALLEST_STREAM,
        END,
        0,
        END,
        0,
    )
    header += struct.pack("<109I", 0, *[FREE] * 108)
    fat = struct.pack(f"<{SECTOR // 4}I", *table, *[FREE] * (SECTOR // 4 - len(table)))
    root = _write_entry("Root Entry", 5, 1, END, 0)
    directory = (root + _write_entry(name, 2, FREE, 2, len(stream))).ljust(SECTOR, b"\0")
    return header + fat + directory + stream


def _write_entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    letters = name.encode("utf-16-le") + b"\0\0"
    tail = struct.pack("<IQ", start, size)
    return (
        letters.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(letters), kind, 1, FREE, FREE, child)
        + b"\0" * 36
        + tail
    )
