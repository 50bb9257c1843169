"""Delimited text (CSV, semicolon or tab separated): bytes in, cells out."""

import csv
import io
from collections.abc import Iterator

from schemas.finding import Finding, FindingCode
from schemas.reader import Reader
from transforms.readers.content import Content, FileUnreadable, clean_text, decode_content
from transforms.readers.layout import arrange_rows


def read_delimited(content: bytes, reader: Reader) -> Content:
    """Read delimited text. A record with a line break inside quotes is one row, as a spreadsheet shows it.

    Raises:
        FileUnreadable: not text in the encoding of the source, no header, or quotes that do not close.
    """
    read = arrange_rows(_number_records(decode_content(content, reader), reader.delimiter), reader)
    _drop_empty_end(read.rows)
    return _set_shifted_apart(read)


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


def _set_shifted_apart(read: Content) -> Content:
    rows, width = read.rows, max(len(read.header), len(read.labels))
    shifted = tuple(number for number, cells in rows.items() if len(cells) != width and any(cells))
    overflow = {number: "\n".join(rows[number][width:]) for number in shifted if len(rows[number]) > width}
    for number in rows:
        del rows[number][width:]
    findings = (Finding(FindingCode.ROW_SHIFTED, len(shifted), rows=shifted),) if shifted else ()
    return Content(read.header, rows, read.labels, overflow, findings)
