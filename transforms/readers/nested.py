"""Nested records as flat rows: what a JSON object or an XML element holds, under dotted names.

A value inside another stands as `victim.age`, an attribute as `victim@id`, the text beside it as `victim`.
Several plain values of one name are joined by `;`. Several records of one name are numbered:
`person.1.age`, `person.2.age`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schemas.finding import Finding, FindingCode
from schemas.unreadable import Unreadable
from transforms.readers.content import MOST_COLUMNS, Content, FileUnreadable, clean_text
from transforms.readers.plain_value import write_plain

JOINT = ";"
DEEPEST = 20


class NotFlat(ValueError):
    """A record is no object, is nested too deep, has lists of lists, or two values for one column."""


def flatten_record(record: Mapping[str, Any]) -> dict[str, str]:
    """The cells of one record.

    Raises:
        NotFlat: it cannot be laid out as one row.
    """
    if not isinstance(record, Mapping):
        raise NotFlat
    cells: dict[str, str] = {}
    for name, cell in _flatten(record, "", DEEPEST):
        if name in cells:  # `a.b` beside `b` within `a`: neither can be trusted
            raise NotFlat
        cells[name] = cell
    return cells


def explain_no_records(path: str | None) -> FileUnreadable:
    """Nothing stands where the records should; `path` is the place that the source names."""
    if path is None:
        return FileUnreadable(Unreadable.NO_RECORDS_ON_TOP)
    return FileUnreadable(Unreadable.NO_RECORDS, place=path)


def build_content(records: Iterable[tuple[int, dict[str, str] | str]]) -> Content:
    """Records by number as rows; a text in place of one is what could not be read, and its row waits.

    Raises:
        FileUnreadable: the records have more names than a table has columns.
    """
    rows: dict[int, dict[str, str]] = {}
    overflow: dict[int, str] = {}
    for number, record in records:
        if isinstance(record, str):
            rows[number], overflow[number] = {}, clean_text(record)
        else:
            rows[number] = record
    header = tuple(dict.fromkeys(name for cells in rows.values() for name in cells))
    if len(header) > MOST_COLUMNS:
        raise FileUnreadable(Unreadable.TOO_MANY_NAMES, most=MOST_COLUMNS)
    findings = (Finding(FindingCode.ROW_UNREADABLE, len(overflow), rows=tuple(overflow)),) if overflow else ()
    cells = {number: [row.get(name, "") for name in header] for number, row in rows.items()}
    return Content(header, cells, (), overflow, findings)


def _flatten(value: Any, name: str, depth: int) -> Iterable[tuple[str, str]]:
    if depth == 0:
        raise NotFlat
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flatten(inner, _join(name, clean_text(str(key))), depth - 1)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield from _flatten_list(value, name, depth)
    else:
        yield name, write_plain(value)


def _flatten_list(values: Sequence[Any], name: str, depth: int) -> Iterable[tuple[str, str]]:
    if all(isinstance(value, Mapping) for value in values):
        for number, value in enumerate(values, 1):
            yield from _flatten(value, _join(name, str(number)), depth - 1)
    elif any(isinstance(value, Mapping | list) for value in values):
        raise NotFlat
    else:
        yield name, JOINT.join(text for text in map(write_plain, values) if text)


def _join(name: str, key: str) -> str:
    return f"{name}.{key}" if name and key and not key.startswith("@") else f"{name}{key}"
