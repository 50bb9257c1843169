"""Spreadsheets other than XLSX: XLS, XLSB and ODS, one sheet's cells as text.

Formulas are found in ODS and stand as UNREADABLE. In XLS and XLSB a formula cannot be told from a value:
what the program that wrote the file had worked out is taken, and nothing is ever evaluated.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from lxml import etree
from python_calamine import CalamineWorkbook

from schemas.reader import Format, Reader
from transforms.readers.content import UNREADABLE, Content, FileUnreadable, clean_text
from transforms.readers.layout import arrange_rows
from transforms.readers.workbook import check_archive, drop_empty_end, find_sheet_name

OLE = b"\xd0\xcf\x11\xe0"
ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"})
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
AGAIN = "open it, save it as .xlsx without a password, and hand that in"


def read_spreadsheet(content: bytes, reader: Reader) -> Content:
    """Read one sheet.

    Raises:
        FileUnreadable: not a file of that format, damaged, larger than its size lets expect, or without
            the sheet.
    """
    _check_kind(content, reader.format)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        name = find_sheet_name(workbook.sheet_names, reader.sheet)
        cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        formulas = _find_formulas(content, name) if reader.format is Format.ODS else set()
    except FileUnreadable:
        raise
    except Exception:  # the messages of the libraries may quote the file
        raise FileUnreadable("the workbook is damaged", AGAIN) from None
    rows = {
        number: [
            UNREADABLE if (number, place) in formulas else _write_cell(cell)
            for place, cell in enumerate(row, 1)
        ]
        for number, row in enumerate(cells, 1)
    }
    drop_empty_end(rows)
    return arrange_rows(rows.items(), reader)


def _check_kind(content: bytes, kind: Format) -> None:
    if kind is not Format.XLS:
        check_archive(content)
    elif not content.startswith(OLE):
        raise FileUnreadable("the file is not an .xls workbook", AGAIN)


def _write_cell(value: Any) -> str:
    """A cell as text: whole numbers without a point, dates as ISO 8601."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time.min:
            return value.date().isoformat()
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
    text = clean_text(str(value))
    return UNREADABLE if text in ERRORS else text


def _find_formulas(content: bytes, sheet: str) -> set[tuple[int, int]]:
    """Row and column, from 1, of each formula of a sheet of an ODS file."""
    found: set[tuple[int, int]] = set()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("content.xml") as stream:
        tables = etree.iterparse(
            stream, events=("end",), tag=f"{TABLE}table", resolve_entities=False, no_network=True
        )
        for _, table in tables:
            if table.get(f"{TABLE}name") == sheet:
                found.update(_list_formulas(table))
            table.clear()
    return found


def _list_formulas(table: Any) -> Iterator[tuple[int, int]]:
    row = 0
    for line in table.iter(f"{TABLE}table-row"):
        place = 0
        for cell in line:
            if cell.get(f"{TABLE}formula") is not None:
                yield row + 1, place + 1
            place += int(cell.get(f"{TABLE}number-columns-repeated", 1))
        row += int(line.get(f"{TABLE}number-rows-repeated", 1))
