"""Spreadsheets other than XLSX: XLS, XLSB and ODS, one sheet's cells as text.

Formulas and errors stand as UNREADABLE, whatever the program that wrote the file had worked out. Comments are
not read, and told; hidden cells are read, and told.
"""

import io
import zipfile
from dataclasses import replace
from typing import Any

from lxml import etree
from python_calamine import CalamineWorkbook

from schemas.reader import Format, Reader
from schemas.unreadable import Unreadable
from transforms.readers.binary_sheet import list_xls_facts, list_xlsb_facts
from transforms.readers.content import Content, FileUnreadable
from transforms.readers.layout import arrange_rows
from transforms.readers.sheet_part import SheetFacts
from transforms.readers.workbook import (
    MOST_ROWS,
    OLE,
    check_archive,
    drop_empty_end,
    find_hidden,
    find_sheet_name,
    list_hidden_sheets,
    mark_cells,
    number_rows,
    refuse_damaged,
    refuse_large,
)

CONSTANTS = ("of:=TRUE()", "of:=FALSE()")
"""How LibreOffice writes yes and no; they are values."""

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
ANNOTATION = f"{OFFICE}annotation"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def read_spreadsheet(content: bytes, reader: Reader) -> Content:
    """Read one sheet.

    Raises:
        FileUnreadable: not a file of that format, damaged, larger than its size lets expect, or without
            the sheet.
    """
    _check_kind(content, reader.format)
    with refuse_damaged():
        sheets = LIST_FACTS[reader.format](content)
        for sheet in sheets:  # the library lays all of them out as soon as it opens the file
            refuse_large(sheet)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        name = find_sheet_name(workbook, reader.sheet)
        facts = sheets[[sheet.name for sheet in workbook.sheets_metadata].index(name)]
        facts.comments = sum(sheet.comments for sheet in sheets)
        facts.hidden_sheets = list_hidden_sheets(workbook, name)
        rows = dict(number_rows(workbook, name))
        mark_cells(rows, facts.marked)
    drop_empty_end(rows)
    read = arrange_rows(rows.items(), reader)
    return replace(read, findings=tuple(find_hidden(read, facts)))


def _check_kind(content: bytes, kind: Format) -> None:
    if kind is not Format.XLS:
        check_archive(content)
    elif not content.startswith(OLE):
        raise FileUnreadable(Unreadable.NOT_XLS)


def _list_ods_facts(content: bytes) -> list[SheetFacts]:
    """What each sheet says, in their order."""
    sheets = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("content.xml") as stream:
        tables = etree.iterparse(
            stream, events=("end",), tag=f"{TABLE}table", resolve_entities=False, no_network=True
        )
        for _, table in tables:
            sheets.append(_read_table(table))
            table.clear()
    return sheets


def _read_table(table: Any) -> SheetFacts:
    facts = SheetFacts()
    row = 0
    for line in table.iter(f"{TABLE}table-row"):
        times = int(line.get(f"{TABLE}number-rows-repeated", 1))
        if line.get(f"{TABLE}visibility") in ("collapse", "filter"):
            facts.hidden_rows += range(row + 1, row + 1 + min(times, MOST_ROWS - row))
        place = 0
        for cell in line.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            if cell.get(f"{TABLE}formula", CONSTANTS[0]) not in CONSTANTS:
                facts.marked.add((row + 1, place + 1))
            facts.comments += cell.find(ANNOTATION) is not None
            place += int(cell.get(f"{TABLE}number-columns-repeated", 1))
            if len(cell) or cell.get(f"{OFFICE}value-type"):
                facts.reach(row + times, place)
        row += times
    _read_columns(table, facts)
    return facts


def _read_columns(table: Any, facts: SheetFacts) -> None:
    place = 0
    for column in table.iter(f"{TABLE}table-column"):
        times = int(column.get(f"{TABLE}number-columns-repeated", 1))
        if column.get(f"{TABLE}visibility") in ("collapse", "filter"):
            facts.hidden_columns.append((place + 1, place + times))
        place += times


LIST_FACTS = {Format.XLS: list_xls_facts, Format.XLSB: list_xlsb_facts, Format.ODS: _list_ods_facts}
