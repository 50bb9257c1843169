"""A name planted in every text column of every sample is found nowhere but in the raw zone."""

import io
import json
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from pipeline.candidate import prepare_candidate
from pipeline.decision import approve_candidate, publish_candidate
from pipeline.draft import anonymize_pool, assess_draft
from pipeline.ingest import ingest_files
from pipeline.room import SubmissionRefused
from pipeline.settings import Settings
from pipeline.workspace import Workspace
from portal.desk import refresh_desk
from portal.site import refresh_site
from samples.submission import write_samples
from schemas.reader import Format
from schemas.release import Decision

CANARY = "Zdravka Kanarinčeva"
ROWS = 60


def plant(content: bytes, reader) -> bytes:
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
        return plant_workbook(content, reader)
    lines = content.decode(reader.encoding).splitlines()
    columns = len(lines[0].split(reader.delimiter))
    for number in range(columns):
        row = 1 + number % (len(lines) - 1)
        cells = lines[row].split(reader.delimiter)
        if number < len(cells):
            cells[number] = CANARY
        lines[row] = reader.delimiter.join(cells)
    return "\n".join(lines).encode(reader.encoding)


def plant_workbook(content: bytes, reader) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book[reader.sheet] if reader.sheet else book.worksheets[0]
    for number in range(1, sheet.max_column + 1):
        sheet.cell(reader.first_data_row + (number - 1) % 5, number).value = CANARY
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def forms() -> list[bytes]:
    """The canary as any file could hold it."""
    plain = [CANARY, CANARY.upper(), CANARY.casefold(), json.dumps(CANARY)[1:-1], "Kanarin"]
    return [word.encode(encoding) for word in plain for encoding in ("utf-8", "utf-16-le", "windows-1250")]


def search(root: Path) -> Iterator[Path]:
    """Every file outside the raw zone that holds the canary, Parquet and SQLite looked into."""
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        if "raw" in path.relative_to(root).parts:
            continue
        content = path.read_bytes()
        if path.suffix == ".parquet":
            content += str(pq.read_table(path).to_pydict()).encode()
        if path.suffix == ".sqlite":
            content += "\n".join(sqlite3.connect(path).iterdump()).encode()
        if CANARY.encode() in content or any(form in content for form in forms()):
            yield path


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> tuple[Workspace, str]:
    """Every sample with canaries ingested where it is not refused, and the pool released."""
    root = tmp_path_factory.mktemp("canary")
    workspace = Workspace(Settings(home=root / "home"))
    spoken: list[str] = []
    handler = logging.StreamHandler(log := io.StringIO())
    logging.getLogger().addHandler(handler)
    logging.getLogger("palermo").setLevel(logging.DEBUG)
    for samples in write_samples(root / "samples").values():
        sample = samples[0]
        source = workspace.describe(sample.source_id).source
        paths = []
        for path in sample.paths:
            table = next(t for t in source.tables.values() if path.match(t.file))
            target = root / "planted" / sample.source_id / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(plant(path.read_bytes(), table.reader))
            paths.append(target)
        for given in (paths, sample.paths):
            try:
                ingest_files(workspace, sample.source_id, sample.period, given, "officer")
            except SubmissionRefused as refusal:
                spoken += [str(refusal), repr(refusal.findings)]
    logging.getLogger().removeHandler(handler)
    release(workspace)
    return workspace, "\n".join([*spoken, log.getvalue()])


def release(workspace: Workspace) -> None:
    candidate = prepare_candidate(
        workspace, assess_draft(workspace, anonymize_pool(workspace, "officer"), "officer"), "officer"
    )
    for person in ("one", "two"):
        approve_candidate(
            workspace, candidate, person=person, decision=Decision.APPROVE, reason="evidence read"
        )
    publish_candidate(workspace, candidate, "officer")
    refresh_desk(workspace)
    refresh_site(workspace)


def test_the_search_finds_a_canary_where_there_is_one(tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "file").write_text(CANARY)
    assert list(search(tmp_path)) == []
    (tmp_path / "log").write_text(f"could not parse {CANARY}")
    assert list(search(tmp_path)) == [tmp_path / "log"]


def test_planted_submissions_were_stored_and_used(planted):
    workspace, _ = planted
    raw = b"".join(path.read_bytes() for path in workspace.store.zones.raw.rglob("*") if path.is_file())
    assert CANARY.encode() in raw
    assert any(record.account and record.account.held for record in workspace.ledger.submissions())


def test_the_canary_is_found_nowhere_outside_the_raw_zone(planted):
    workspace, _ = planted
    assert list(search(workspace.settings.home)) == []


def test_the_canary_is_in_no_message_and_no_log_line(planted):
    _, spoken = planted
    assert "Kanarin" not in spoken
