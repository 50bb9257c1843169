"""Binary sheets: what .xls and .xlsb say beside the values a library reads: formulas, errors, hidden cells.

Sources: Microsoft Open Specifications MS-CFB (the container of .xls), MS-XLS and MS-XLSB (records).
"""

import io
import struct
import zipfile
from collections.abc import Iterator

from transforms.readers.sheet_part import PartBroken, SheetFacts, list_comment_parts, read_relations

FORMULAS, ERROR, ROW, COLUMNS, NOTE = (0x0006, 0x0206, 0x0406), 0x0205, 0x0208, 0x007D, 0x001C
SEVERAL = (0x00BD, 0x00BE)
CELLS = (*FORMULAS, ERROR, *SEVERAL, 0x00FD, 0x0203, 0x027E, 0x0204, 0x00D6, 0x0201)
"""Records of cells, which begin with row and column; some hold several cells."""

BOUND_SHEET, END = 0x0085, 0x000A
BEGINNINGS = (0x0809, 0x0409, 0x0209, 0x0009)
HIDDEN_ROW, HIDDEN_COLUMN = 0x20, 0x01

ROW_OF_XLSB, SHEET_OF_XLSB, MARKED_OF_XLSB = 0, 156, (3, 8, 9, 10, 11)
"""Records of .xlsb: a row, a sheet of the workbook, and a cell with an error or a formula (of four kinds)."""

COLUMNS_OF_XLSB, NOTE_OF_XLSB = 60, 635
HIDDEN_ROW_OF_XLSB = 0x10

BOOK = "xl/workbook.bin"
CELLS_OF_XLSB = range(1, 12)
NO_SECTOR = 0xFFFFFFFA
FOLDER_ENTRY = 128


def list_xls_facts(content: bytes) -> list[SheetFacts]:
    """What each sheet says beside its values, in their order.

    Raises:
        PartBroken: the container or its records are damaged.
    """
    try:
        stream = _open_container(content)
        sheets = [data for kind, data in _list_records(stream, 0) if kind == BOUND_SHEET]
        return [_read_xls_sheet(stream, struct.unpack_from("<I", sheet)[0]) for sheet in sheets]
    except (struct.error, IndexError):
        raise PartBroken from None


def _read_xls_sheet(stream: bytes, start: int) -> SheetFacts:
    facts = SheetFacts()
    for kind, data in _list_records(stream, start):
        _note_record(kind, data, facts)
    return facts


def _note_record(kind: int, data: bytes, facts: SheetFacts) -> None:
    if kind in FORMULAS or (kind == ERROR and data[7]):
        row, column = struct.unpack_from("<HH", data)
        facts.marked.add((row + 1, column + 1))
    if kind in CELLS:
        row, column = struct.unpack_from("<HH", data)
        facts.reach(row + 1, column + (len(data) // 6 if kind in SEVERAL else 1))
    elif kind == ROW and data[12] & HIDDEN_ROW:
        facts.hidden_rows.append(struct.unpack_from("<H", data)[0] + 1)
    elif kind == COLUMNS and data[8] & HIDDEN_COLUMN:
        first, last = struct.unpack_from("<HH", data)
        facts.hidden_columns.append((first + 1, last + 1))
    facts.comments += kind == NOTE


def _list_records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records from one beginning to its end, without those of charts between."""
    depth = 0
    while start < len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        start += 4
        depth += (kind in BEGINNINGS) - (kind == END)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, stream[start : start + length]
        start += length


def _open_container(content: bytes) -> bytes:
    """The stream of the workbook out of its container."""
    shift, small_shift = struct.unpack_from("<HH", content, 0x1E)
    first_folder, _, cutoff, first_small = struct.unpack_from("<IIII", content, 0x30)
    size = 1 << min(shift, 12)
    table = _read_table(content, size)
    folder = _follow(content, table, first_folder, size, size)
    entries = [folder[place : place + FOLDER_ENTRY] for place in range(0, len(folder), FOLDER_ENTRY)]
    for entry in entries:
        (length,) = struct.unpack_from("<H", entry, 0x40)
        if entry[: max(length - 2, 0)].decode("utf-16-le", "replace").casefold() in ("workbook", "book"):
            first, used = struct.unpack_from("<II", entry, 0x74)
            if used >= cutoff:
                return _follow(content, table, first, size, size)[:used]
            small = _follow(content, table, first_small, size, size)
            small_table = [number for (number,) in struct.iter_unpack("<I", small)]
            store = _follow(content, table, struct.unpack_from("<I", entries[0], 0x74)[0], size, size)
            return _follow(store, small_table, first, 1 << min(small_shift, 12), 0)[:used]
    raise PartBroken


def _read_table(content: bytes, size: int) -> list[int]:
    """The number of the sector that follows each sector."""
    sectors = list(struct.unpack_from("<109I", content, 0x4C))
    (more,) = struct.unpack_from("<I", content, 0x44)
    seen = 0
    while more < NO_SECTOR and seen * size <= len(content):
        *listed, more = struct.unpack_from(f"<{size // 4}I", content, (more + 1) * size)
        sectors += listed
        seen += 1
    table: list[int] = []
    for sector in sectors:
        if sector < NO_SECTOR:
            table += struct.unpack_from(f"<{size // 4}I", content, (sector + 1) * size)
    return table


def _follow(content: bytes, table: list[int], sector: int, size: int, offset: int) -> bytes:
    """The bytes of a chain of sectors; none is longer than the file, so that a ring ends."""
    parts: list[bytes] = []
    while sector < NO_SECTOR:
        place = sector * size + offset
        parts.append(content[place : place + size])
        sector = table[sector]
        if len(parts) * size > len(content) + size:
            raise PartBroken
    return b"".join(parts)


def list_xlsb_facts(content: bytes) -> list[SheetFacts]:
    """What each sheet says beside its values, in their order; comments of all stand at the first.

    Raises:
        PartBroken: the part of a sheet is not there, or is damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            relations = read_relations(archive, BOOK)
            book = list(_list_xlsb_records(archive.read(BOOK)))
            names = [_read_relation(data) for kind, data in book if kind == SHEET_OF_XLSB]
            sheets = [_read_xlsb_sheet(archive.read(relations[name][1])) for name in names]
            for sheet, name in zip(sheets[:1], names, strict=False):
                sheet.comments = _count_xlsb_notes(archive, relations[name][1])
            return sheets
    except (struct.error, IndexError, KeyError):
        raise PartBroken from None


def _read_relation(sheet: bytes) -> str:
    (length,) = struct.unpack_from("<I", sheet, 8)
    return sheet[12 : 12 + 2 * length].decode("utf-16-le", "replace")


def _read_xlsb_sheet(part: bytes) -> SheetFacts:
    facts = SheetFacts()
    row = 0
    for kind, data in _list_xlsb_records(part):
        if kind == ROW_OF_XLSB:
            row = struct.unpack_from("<I", data)[0] + 1
            if data[11] & HIDDEN_ROW_OF_XLSB:
                facts.hidden_rows.append(row)
        elif kind == COLUMNS_OF_XLSB and data[16] & HIDDEN_COLUMN:
            first, last = struct.unpack_from("<II", data)
            facts.hidden_columns.append((first + 1, last + 1))
        elif kind in CELLS_OF_XLSB:
            column = struct.unpack_from("<I", data)[0] + 1
            facts.reach(row, column)
            if kind in MARKED_OF_XLSB:
                facts.marked.add((row, column))
    return facts


def _count_xlsb_notes(archive: zipfile.ZipFile, part: str) -> int:
    """Comments of all sheets; their text is never read out."""
    parts = [archive.read(place) for _, place in list_comment_parts(archive, part)]
    return sum(kind == NOTE_OF_XLSB for part in parts for kind, _ in _list_xlsb_records(part))


def _list_xlsb_records(content: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(content):
        kind, place = _read_number(content, place, 2)
        length, place = _read_number(content, place, 4)
        yield kind, content[place : place + length]
        place += length


def _read_number(content: bytes, place: int, most: int) -> tuple[int, int]:
    """A number of seven bits a byte, least first, and where it ends."""
    number = 0
    for step in range(most):
        byte = content[place + step]
        number |= (byte & 0x7F) << (7 * step)
        if byte < 0x80:
            return number, place + step + 1
    return number, place + most
