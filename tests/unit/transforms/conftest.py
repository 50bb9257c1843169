"""What tests of reading and mapping share: short source descriptions, and workbooks made on the spot."""

import io
from collections.abc import Callable, Mapping, Sequence
from textwrap import dedent
from typing import Any

import openpyxl
import pytest

from schemas.plain_yaml import load_plain_yaml
from schemas.source import Source
from transforms.mapped import Mapped
from transforms.mapping import map_cases
from transforms.reading import read_tables

BASE = {
    "id": "xyz_office_cases",
    "title": "Test",
    "publisher": {"name": "Office", "country": "SRB"},
    "terms": {"licence": "none", "agreement": "none"},
    "schedule": {"every": "once"},
    "reader": {"format": "delimited"},
    "columns": {},
}

Describe = Callable[[str], Source]
MapFiles = Callable[[Source, str | bytes | Mapping[str, str]], Mapped]


@pytest.fixture(scope="session")
def describe() -> Describe:
    """Makes a source from the YAML that matters to a test."""

    def make(text: str = "") -> Source:
        values = load_plain_yaml(dedent(text)) or {}
        base = {key: value for key, value in BASE.items() if key != "reader" or "tables" not in values}
        return Source(**{**base, **values})

    return make


@pytest.fixture(scope="session")
def map_files() -> MapFiles:
    """Reads and maps one file, or several by table, for period 2019 under a key of eleven bytes."""

    def run(source: Source, files: str | bytes | Mapping[str, str]) -> Mapped:
        by_table = files if isinstance(files, Mapping) else {source.cases: files}
        contents = {t: c.encode() if isinstance(c, str) else c for t, c in by_table.items()}
        tables = read_tables(source, contents)
        return map_cases(tables, source, period="2019", key=b"test secret", source_version="0" * 64)

    return run


@pytest.fixture(scope="session")
def make_workbook() -> Callable[..., bytes]:
    """Makes an XLSX file of the rows given, on sheets by name."""

    def make(rows: Sequence[Sequence[Any]], sheet: str = "Cases", extra: tuple[str, ...] = ()) -> bytes:
        workbook = openpyxl.Workbook()
        workbook.active.title = sheet
        for row in rows:
            workbook.active.append(list(row))
        for name in extra:
            workbook.create_sheet(name)
        stream = io.BytesIO()
        workbook.save(stream)
        return stream.getvalue()

    return make
