"""Spreadsheets other than XLSX: XLS, XLSB and ODS, one sheet's cells as text.

Formulas are found in ODS and stand as UNREADABLE. In XLS and XLSB a formula cannot be told from a value:
what the program that wrote the file had worked out is taken, and nothing is ever evaluated.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree
from python_calamine import CalamineWorkbook

from schemas.reader import Format, Reader
from transforms.readers.content import Content, FileUnreadable
from transforms.readers.layout import arrange_rows
from transforms.readers.workbook import (
    AGAIN,
    check_archive,
    drop_empty_end,
    find_sheet_name,
    mark_cells,
    number_rows,
)

OLE = b"\xd0\xcf\x11\xe0"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def read_spreadsheet(content: bytes, reader: Reader) -> Content:
    """Read one sheet.

    Raises:
        FileUnreadable: not a file of that format, damaged, larger than its size lets expect, or without
            the sheet.
    """
    _check_kind(content, reader.format)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        name = find_sheet_name(workbook, reader.sheet)
        rows = dict(number_rows(workbook, name))
        mark_cells(rows, _find_formulas(content, name) if reader.format is Format.ODS else ())
    except FileUnreadable:
        raise
    except Exception:  # the messages of the libraries may quote the file
        raise FileUnreadable("the workbook is damaged", AGAIN) from None
    drop_empty_end(rows)
    return arrange_rows(rows.items(), reader)


def _check_kind(content: bytes, kind: Format) -> None:
    if kind is not Format.XLS:
        check_archive(content)
    elif not content.startswith(OLE):
        raise FileUnreadable("the file is not an .xls workbook", AGAIN)


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
