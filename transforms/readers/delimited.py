"""Delimited text (CSV, semicolon or tab separated): bytes in, cells out."""

import csv
import io
from collections.abc import Iterator

from schemas.finding import Finding, FindingCode
from schemas.reader import Reader
from transforms.readers.content import Content, FileUnreadable, clean_text, decode_content


def read_delimited(content: bytes, reader: Reader) -> Content:
    """Read delimited text. A record with a line break inside quotes is one row, as a spreadsheet shows it.

    Raises:
        FileUnreadable: not text in the encoding of the source, no header, or quotes that do not close.
    """
    header: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    rows: dict[int, list[str]] = {}
    for number, cells in _number_records(decode_content(content, reader), reader.delimiter):
        if number == reader.header_row:
            header = tuple(cells)
        elif number == reader.label_row:
            labels = tuple(cells)
        elif number >= reader.first_data_row:
            rows[number] = cells
    _drop_empty_end(rows)
    if not any(header):
        raise FileUnreadable(
            f"row {reader.header_row} has no column names", "keep the header row of the form"
        )
    return _set_shifted_apart(header, labels, rows)


def _number_records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every record with its number; strict, because a quote that never closes would swallow rows."""
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(records, 1):
            yield number, [clean_text(cell) for cell in cells]
    except csv.Error:
        raise FileUnreadable(
            f"after row {number} a quotation mark does not close, or a cell is far too long",
            "look for a quotation mark inside a cell there, and double it",
        ) from None


def _drop_empty_end(rows: dict[int, list[str]]) -> None:
    """Line breaks after the last row are no rows."""
    for number in sorted(rows, reverse=True):
        if len(rows[number]) > 1 or any(rows[number]):
            return
        del rows[number]


def _set_shifted_apart(
    header: tuple[str, ...], labels: tuple[str, ...], rows: dict[int, list[str]]
) -> Content:
    width = len(header)
    shifted = tuple(number for number, cells in rows.items() if len(cells) != width and any(cells))
    overflow = {number: "\n".join(rows[number][width:]) for number in shifted if len(rows[number]) > width}
    for number in rows:
        del rows[number][width:]
    findings = (Finding(FindingCode.ROW_SHIFTED, len(shifted), rows=shifted),) if shifted else ()
    return Content(header, rows, labels, overflow, findings)
