"""How invented rows become the bytes of a file: delimited text, JSON lines, workbooks."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

WRITTEN = datetime(2020, 1, 1)
"""Stands in every workbook as the time of writing: a clock would make other bytes each time."""


def write_delimited(
    rows: Sequence[Mapping[str, Any]], *, encoding: str = "utf-8", delimiter: str = ",", newline: str = "\n"
) -> bytes:
    """Rows as delimited text, their keys as the header."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator=newline)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def write_json_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows as one JSON object a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def write_workbook(title: str, fill: Callable[[Worksheet], None]) -> bytes:
    """A workbook of one sheet that `fill` fills."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = title
    fill(sheet)
    workbook.properties.creator = "Palermo, invented data"
    workbook.properties.created = WRITTEN
    content = io.BytesIO()
    workbook.save(content)
    return _without_clock(content.getvalue())


def _without_clock(content: bytes) -> bytes:
    """The same workbook with one fixed time on every part of its archive and in its properties."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(fixed, "w") as new:
        for name in sorted(old.namelist()):
            part = old.read(name)
            if name == "docProps/core.xml":
                part = _without_modified(part)
            entry = zipfile.ZipInfo(name, WRITTEN.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, part)
    return fixed.getvalue()


def _without_modified(properties: bytes) -> bytes:
    """Leave out the time of saving, which openpyxl puts over whatever was set."""
    start, rest = properties.split(b"<dcterms:modified", 1)
    return start + rest.split(b"</dcterms:modified>", 1)[1]
