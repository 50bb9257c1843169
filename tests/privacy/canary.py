"""What canary tests share: a name planted into files of any source, and the search for what was planted."""

import io
import json
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import openpyxl
import pyarrow.parquet as pq

from schemas.reader import Format, Reader
from storage.content import StoredFile
from storage.store import Store

CANARY = "Zdravka Kanarinčeva"
ROWS = 60


def plant(content: bytes, reader: Reader) -> bytes:
    """The file with the canary in the n-th row of the n-th column, so that each column has it once."""
    if reader.format is Format.JSON_LINES:
        lines = content.decode().splitlines()[:ROWS]
        names = list(json.loads(lines[0]))
        planted = [
            json.dumps({**json.loads(line), names[number % len(names)]: CANARY})
            for number, line in enumerate(lines)
        ]
        return "\n".join(planted).encode()
    if reader.format is Format.XLSX:
        return _plant_workbook(content, reader)
    [encoding] = reader.encodings
    lines = content.decode(encoding).splitlines()
    columns = len(lines[0].split(reader.delimiter))
    for number in range(columns):
        row = 1 + number % (len(lines) - 1)
        cells = lines[row].split(reader.delimiter)
        if number < len(cells):
            cells[number] = CANARY
        lines[row] = reader.delimiter.join(cells)
    return "\n".join(lines).encode(encoding)


def _plant_workbook(content: bytes, reader: Reader) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book[reader.sheet] if reader.sheet else book.worksheets[0]
    for number in range(1, sheet.max_column + 1):
        sheet.cell(reader.first_data_row + (number - 1) % 5, number).value = CANARY
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def look_for(words: Iterable[str], numbers: Iterable[int] = ()) -> re.Pattern[bytes]:
    """Words as any file could hold them; numbers where they stand alone, not within a hash."""
    forms = {form for word in words for form in (word, word.upper(), word.casefold(), json.dumps(word)[1:-1])}
    found = [encoded for form in forms for encoded in _encode(form)]
    plain = [re.escape(form) for form in sorted(set(found))]
    alone = [rb"(?<![0-9A-Za-z.])%d(?![0-9A-Za-z])" % number for number in numbers]
    return re.compile(b"|".join([*plain, *alone]))


def _encode(form: str) -> Iterator[bytes]:
    for encoding in ("utf-8", "utf-16-le", "windows-1250"):
        with suppress(UnicodeEncodeError):
            yield form.encode(encoding)


NAMED = look_for([CANARY, "Kanarin"])


def search(root: Path, pattern: re.Pattern[bytes], apart_from: Collection[str] = ("raw",)) -> Iterator[Path]:
    """Every file that holds it, save below folders of those names; what is sealed or packed is opened."""
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        if set(apart_from).isdisjoint(path.relative_to(root).parts) and pattern.search(read_whole(path)):
            yield path


def scan(root: Path, pattern: re.Pattern[bytes]) -> Iterator[Path]:
    """Every file whose bytes, as they lie on the disk, hold it: what a thief of the disk sees."""
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        if pattern.search(path.read_bytes()):
            yield path


def read_stored(path: Path) -> bytes:
    """A file of a home, opened by its key where it is sealed."""
    home = next((folder.parent for folder in path.parents if folder.name == "restricted"), None)
    return StoredFile(path, Store(home).keys).read() if home else path.read_bytes()


def read_whole(path: Path) -> bytes:
    """The bytes of a file, then the cells of Parquet and SQLite as text, and what archives hold."""
    content = read_stored(path)
    parts = [content]
    if path.suffix == ".parquet":
        connection = duckdb.connect()
        connection.register("found", pq.read_table(io.BytesIO(content)))
        rows = connection.execute("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM found")
        parts.append(repr(rows.fetchall()).encode())
    elif content.startswith(b"SQLite format 3"):
        parts += _read_database(path)
    elif zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts += [archive.read(name) for name in archive.namelist()]
    return b"\n".join(parts)


def _read_database(path: Path) -> Iterator[bytes]:
    """Every cell of every table; those that are packed unpacked too."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    connection.text_factory = bytes
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        for row in connection.execute(f'SELECT * FROM "{table.decode()}"'):
            for cell in row:
                yield cell if isinstance(cell, bytes) else str(cell).encode()
                if isinstance(cell, bytes) and cell[:1] == b"\x78":
                    yield from _unpack(cell)
    connection.close()


def _unpack(cell: bytes) -> Iterator[bytes]:
    try:
        yield zlib.decompress(cell)
    except zlib.error:
        return
