"""A check says what ingestion says, needs no network and no workspace, and leaves nothing behind."""

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

import pipeline.room
from cli.main import app
from pipeline.check import check_files
from pipeline.ingest import ingest_files
from pipeline.report import load_findings
from pipeline.room import SubmissionRefused
from pipeline.settings import Settings
from pipeline.workspace import Workspace
from samples.submission import write_samples
from schemas.finding import Finding, FindingCode, Level
from schemas.submission import RowAccount
from tests.reports.conftest import Planted

SOURCES = Path(__file__).parents[2] / "sources"
SMALL = ("srb_czztlj_identified_victims", "mkd_nrm_identified_victims")
EXAMPLES = [path.parent.name for path in sorted(SOURCES.glob("*/examples"))]


def list_examples(source_id: str) -> list[Path]:
    folder = SOURCES / source_id / "examples"
    return [path for path in sorted(folder.iterdir()) if not path.name.startswith("expected")]


def ingest(
    workspace: Workspace, source_id: str, paths: list[Path]
) -> tuple[list[Finding], RowAccount | None]:
    """What ingestion reports of some files, refused or not."""
    try:
        receipt = ingest_files(workspace, source_id, "2019", paths, "tester")
    except SubmissionRefused as refusal:
        records = workspace.ledger.submissions(source_id, "2019")
        return list(refusal.findings), records[-1].account if records else None
    record = workspace.ledger.submission(receipt.submission)
    report = workspace.store.read_document(record.report or "")
    return list(load_findings(report["findings"])), record.account


@pytest.mark.parametrize("source_id", EXAMPLES)
def test_a_check_finds_in_an_example_what_ingestion_finds(source_id, tmp_path):
    paths = list_examples(source_id)
    checked = check_files(Workspace(Settings(home=tmp_path / "none")), source_id, paths, "2019")
    findings, account = ingest(Workspace(Settings(home=tmp_path / "home")), source_id, paths)
    assert list(checked.findings) == findings
    assert checked.account == account


def test_a_check_finds_in_the_samples_what_ingestion_finds(tmp_path):
    samples = write_samples(tmp_path / "samples")
    for source_id in SMALL:
        for number, sample in enumerate(samples[source_id]):
            checked = check_files(
                Workspace(Settings(home=tmp_path / "none")), source_id, sample.paths, "2019"
            )
            home = Workspace(Settings(home=tmp_path / f"{source_id}{number}"))
            assert (list(checked.findings), checked.account) == ingest(home, source_id, sample.paths)


def test_a_check_finds_the_planted_faults_as_ingestion_does(planted: Planted, nowhere, tmp_path):
    checked = check_files(nowhere, str(planted.source), [planted.path], "2019")
    home = Workspace(Settings(home=tmp_path / "home", sources=planted.source.parent))
    assert (list(checked.findings), checked.account) == ingest(home, planted.source.name, [planted.path])


def test_a_check_needs_no_network_and_makes_no_workspace(delimited: Planted, nowhere, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("a check asked for the network")

    for name in ("connect", "connect_ex", "sendto", "bind"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    checked = check_files(nowhere, str(delimited.source), [delimited.path], "2019")
    assert checked.account is not None
    assert not nowhere.settings.home.exists()


def test_without_a_period_no_year_is_out_of_it(delimited: Planted, nowhere):
    checked = check_files(nowhere, str(delimited.source), [delimited.path], None)
    rules = {finding.rule for finding in checked.findings}
    assert "T7" not in rules
    assert "T1" in rules


def test_the_last_delivery_is_compared_where_a_workspace_knows_it(tmp_path):
    samples = write_samples(tmp_path / "samples")
    source_id = SMALL[0]
    earlier, later = (
        next(s for s in samples[source_id] if s.period == period) for period in ("2018", "2019")
    )
    home = Workspace(Settings(home=tmp_path / "home"))
    ingest_files(home, source_id, "2018", earlier.paths, "tester")
    checked = check_files(home, source_id, later.paths, "2019")
    assert checked.quality is not None
    assert checked.quality.previous is not None
    assert checked.quality.previous.rows == 76
    assert [record.submission.period for record in home.ledger.submissions()] == ["2018"]


class TestCommand:
    """Exit codes: 0 every row used, 1 something in the data, 3 Palermo itself."""

    @pytest.fixture
    def palermo(self, tmp_path, monkeypatch):
        monkeypatch.setenv("PALERMO_HOME", str(tmp_path / "none"))
        return lambda *words: CliRunner().invoke(app, ["check", *map(str, words)])

    def test_ends_with_0_where_every_row_is_used(self, palermo):
        done = palermo(*list_examples(SMALL[0]), "--source", SMALL[0])
        assert done.exit_code == 0
        assert "Used" in done.output

    def test_ends_with_1_where_rows_wait_and_writes_every_form(self, palermo, delimited, tmp_path):
        page, book = tmp_path / "report.html", tmp_path / "report.xlsx"
        done = palermo(
            delimited.path,
            "--source",
            delimited.source,
            "--html",
            page,
            "--workbook",
            book,
            "--language",
            "ar",
        )
        assert done.exit_code == 1
        assert 'dir="rtl"' in page.read_text("utf-8")
        assert book.read_bytes()[:2] == b"PK"

    def test_ends_with_1_where_the_file_cannot_be_read(self, palermo, tmp_path):
        path = tmp_path / "zrtve.csv"
        path.write_bytes(b"%PDF-1.7 no table")
        done = palermo(path, "--source", SMALL[0], "--language", "sr-Latn")
        assert done.exit_code == 1
        assert "Datoteka ne može da se pročita" in done.output
        assert "Datoteka je PDF, a ne tekst." in done.output

    def test_ends_with_3_where_palermo_breaks(self, palermo, delimited, monkeypatch):
        def broken(*_args, **_kwargs):
            raise ValueError("could not convert 'TAJNA-001'")

        monkeypatch.setattr(pipeline.room, "map_batch", broken)
        done = palermo(delimited.path, "--source", delimited.source)
        assert done.exit_code == 3
        assert "TAJNA" not in done.output

    def test_stops_at_the_door_like_ingestion(self, palermo, tmp_path):
        path = tmp_path / "zrtve.csv"
        path.write_text("broj_predmeta;pol;ime\nA-1;ženski;Marija Kanarinac\n", encoding="windows-1250")
        done = palermo(path, "--source", SMALL[0])
        assert done.exit_code == 1
        assert FindingCode.COLUMN_UNDESCRIBED.name in done.output
        assert "Not used" in done.output
        assert "C2" in done.output
        assert "Kanarinac" not in done.output


def test_a_row_that_waits_is_not_sound(planted: Planted, nowhere):
    checked = check_files(nowhere, str(planted.source), [planted.path], "2019")
    assert not checked.is_sound
    assert {f.code.level for f in checked.findings} >= {Level.HOLD, Level.WARN}
