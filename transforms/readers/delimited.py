"""Delimited text (CSV, semicolon or tab separated): bytes in, cells out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from schemas.finding import Finding, FindingCode
from schemas.reader import Reader
from transforms.readers.block import Records, read_records
from transforms.readers.content import Columns, Content
from transforms.readers.encoding import decode_pieces
from transforms.readers.layout import arrange_rows


def read_delimited(pieces: Iterable[bytes], reader: Reader, size: int) -> Iterator[Content]:
    """Read delimited text in blocks of about `size` bytes; every block has the header.

    A record with a line break inside quotes is one row, as a spreadsheet shows it.

    Raises:
        FileUnreadable: not text in the encoding of the source, no header, quotes that do not close, or a
            row without end.
    """
    blocks = read_records(decode_pieces(pieces, reader), reader.delimiter, size)
    head = _read_head(blocks, reader)
    blank: dict[int, list[str]] = {}
    rows, blank = _hold_blank_end(head.rows)
    yield _set_shifted_apart(replace(head, rows=rows))
    for block in blocks:
        if isinstance(block, Columns):
            yield from _give_columns(head, blank, block)
            blank = {}
        else:
            rows, blank = _hold_blank_end(blank | dict(block))
            yield _set_shifted_apart(replace(head, rows=rows))


def _read_head(blocks: Iterator[Records | Columns], reader: Reader) -> Content:
    """Header, labels, and the rows of the blocks that were needed to see all of the header."""
    records: Records = []
    for block in blocks:
        records += block if isinstance(block, list) else _list_records(block)
        if len(records) >= reader.first_data_row - 1:
            break
    head = arrange_rows(records, reader)
    return replace(head, width=max(len(head.header), len(head.labels)))


def _list_records(columns: Columns) -> Records:
    cells = zip(*(column.to_pylist() for column in columns.cells), strict=True)
    return [(number, list(row)) for number, row in enumerate(cells, columns.first)]


def _hold_blank_end(rows: Mapping[int, list[str]]) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Line breaks after the last row are no rows; whether it is the last, the next block shows."""
    kept, held = dict(rows), {}
    for number in sorted(rows, reverse=True):
        if len(rows[number]) > 1 or any(rows[number]):
            break
        held[number] = kept.pop(number)
    return kept, dict(reversed(held.items()))


def _give_columns(head: Content, blank: Mapping[int, list[str]], block: Columns) -> Iterator[Content]:
    """Columns as they are if the header is as wide; else every row is shifted."""
    if len(block.cells) != head.width:
        yield _set_shifted_apart(replace(head, rows=blank | dict(_list_records(block))))
        return
    if blank:
        yield _set_shifted_apart(replace(head, rows=dict(blank)))
    yield replace(head, rows={}, columns=block)


def _set_shifted_apart(read: Content) -> Content:
    rows, width = read.rows, read.width
    shifted = tuple(number for number, cells in rows.items() if len(cells) != width and any(cells))
    overflow = {number: "\n".join(rows[number][width:]) for number in shifted if len(rows[number]) > width}
    for number in rows:
        del rows[number][width:]
    findings = (Finding(FindingCode.ROW_SHIFTED, len(shifted), rows=shifted),) if shifted else ()
    return replace(read, rows=rows, overflow=overflow, findings=findings)
