"""JSON lines: one flat object a line; bytes in, cells out."""

from typing import Any

from schemas.finding import Finding, FindingCode
from schemas.reader import Reader
from transforms.readers.content import Content, clean_text
from transforms.readers.encoding import decode_content
from transforms.readers.json_text import parse_json


class _NotFlat(ValueError):
    """The line is no object of plain values."""


def read_json_lines(content: bytes, reader: Reader) -> Content:
    """Read one object a line; the columns are the keys in the order of their first appearance.

    Raises:
        FileUnreadable: not text in the encoding of the source.
    """
    objects: dict[int, dict[str, str]] = {}
    overflow: dict[int, str] = {}
    for number, line in enumerate(decode_content(content, reader).split("\n"), 1):
        if not line.strip():
            continue
        try:
            objects[number] = _parse_line(line)
        except (ValueError, RecursionError):
            objects[number], overflow[number] = {}, clean_text(line)
    header = tuple(dict.fromkeys(name for cells in objects.values() for name in cells))
    rows = {number: [cells.get(name, "") for name in header] for number, cells in objects.items()}
    bad = tuple(overflow)
    findings = (Finding(FindingCode.ROW_UNREADABLE, len(bad), rows=bad),) if bad else ()
    return Content(header, rows, (), overflow, findings)


def _parse_line(line: str) -> dict[str, str]:
    value = parse_json(line)
    if not isinstance(value, dict):
        raise _NotFlat
    return {clean_text(name): _write_cell(cell) for name, cell in value.items()}


def _write_cell(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case str():
            return clean_text(cell)
        case float() if cell.is_integer():
            return str(int(cell))
        case int() | float():
            return str(cell)
    raise _NotFlat
