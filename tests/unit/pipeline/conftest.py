"""An office of its own for the tests of changes: a small source, and files written row by row."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.candidate import prepare_candidate
from pipeline.decision import approve_candidate, publish_candidate
from pipeline.draft import anonymize_pool, assess_draft
from pipeline.ingest import ingest_files
from pipeline.settings import Settings
from pipeline.table import Progress, TableJob, anonymize_files
from pipeline.workspace import Workspace
from schemas.release import Decision
from schemas.table_account import TableAccount

OFFICE = "xyz_office_cases"
HEADER = ("number", "sex", "age", "year", "from")
DESCRIPTION = """\
title: Invented office
publisher: {name: Office, country: SRB}
terms: {licence: none, agreement: none}
schedule: {every: year}
reader: {format: delimited, delimiter: ";", encoding: utf-8}
columns:
  number: {key: true}
  sex: {field: gender, lookup: sex}
  age: {field: age_at_registration}
  year: {field: year_of_registration}
  from: {field: citizenship, lookup: country}
constants:
  data_source_type: Hotline
  consent_publication: true
  trafficking_status: ActualVictimOfTrafficking
  is_sexual_exploit: 1
ignored: {remark: not part of the case}
lookups:
  sex: {female: Woman, male: Man}
  country: {Serbia: SRB, Albania: ALB, Romania: ROU}
"""

Row = tuple[str, ...]


def anonymize_file(job: TableJob, progress: Progress) -> TableAccount:
    """One table under one policy."""
    return anonymize_files([job], progress)[0]


def make_rows(first: int, count: int, year: int = 2019) -> list[Row]:
    """Cases with the numbers `first` onwards, all alike but for their number."""
    return [(f"N-{number}", "female", "30", str(year), "Serbia") for number in range(first, first + count)]


class Office:
    """One source of one office; offices of one folder share one Palermo."""

    def __init__(self, folder: Path, source_id: str = OFFICE, description: str = DESCRIPTION) -> None:
        self.id, self.folder, self.source = source_id, folder, folder / "sources" / source_id
        self.source.mkdir(parents=True)
        self.describe(description)
        self.workspace = Workspace(Settings(home=folder / "home", sources=folder / "sources"))

    def describe(self, text: str) -> None:
        (self.source / "source.yml").write_text(text, "utf-8")

    def write(self, rows: list[Row], header: tuple[str, ...] = HEADER) -> Path:
        path = self.folder / "delivery.csv"
        path.write_text("\n".join(";".join(row) for row in (header, *rows)) + "\n", "utf-8")
        return path

    def release(self) -> str:
        """The version of what is in the pool now, released; it may be refused as nothing changed."""
        assessed = assess_draft(self.workspace, anonymize_pool(self.workspace, "officer"), "officer")
        candidate = prepare_candidate(self.workspace, assessed, "officer")
        for person in ("first", "second"):
            approve_candidate(
                self.workspace, candidate, person=person, decision=Decision.APPROVE, reason="read"
            )
        return publish_candidate(self.workspace, candidate, "officer")

    def deliver(self, period: str, rows: list[Row], header: tuple[str, ...] = HEADER) -> str:
        """The id of the submission."""
        path = self.write(rows, header)
        return ingest_files(self.workspace, self.id, period, [path], "officer").submission

    def pooled(self) -> dict[str, int]:
        return {entry.period: entry.rows for entry in self.workspace.ledger.pool_entries()}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def rows() -> Callable[..., list[Row]]:
    return make_rows
