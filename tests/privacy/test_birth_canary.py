"""A date of birth becomes an age and is found, in no written form, beyond the raw zone."""

import io
import logging
from contextlib import redirect_stdout
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from canary import look_for, search

from cli.check import write_reports
from pipeline.candidate import prepare_candidate
from pipeline.check import check_files
from pipeline.decision import approve_candidate, publish_candidate
from pipeline.draft import anonymize_pool, assess_draft
from pipeline.ingest import ingest_files
from pipeline.room import SubmissionRefused
from pipeline.settings import Settings
from pipeline.workspace import Workspace
from portal.desk import refresh_desk
from portal.site import refresh_site
from schemas.release import Decision
from schemas.text import Language

BORN = "17 March 2002"
WRITTEN = [
    *(
        "17.03.2002",
        "17. 03. 2002",
        "17/03/2002",
        "17 mart 2002",
        "2002/03/17",
        "2002-03-17",
        "17. mart 2002",
    ),
    *("17.3.2002", "17-03-2002", "03/17/2002", "3/17/2002", "20020317", "17032002", "17.03.02", BORN),
    *(
        "March 17, 2002",
        "17-Mar-2002",
        "2002.03.17",
        "17.03.2545",
        "1380-12-26",
        "١٧/٠٣/٢٠٠٢",
        "date(2002, 3, 17)",
    ),
]
NUMBERS = [37332, 11763, 1016323200, 1016323200000, 1016323200000000000]
"""The day in Excel and Unix, and its first moment in seconds, milliseconds and nanoseconds."""

PLANTED = look_for(WRITTEN, NUMBERS)
FORMS = 6
"""So many of the written forms the description reads."""

SOURCE = """
title: Births
publisher: {name: Office, country: SRB}
terms: {licence: none, agreement: none, birth_dates: article 4}
schedule: {every: once}
language: sr-Latn
reader: READER
columns:
  broj: {key: true}
  pol: {field: gender, lookup: pol}
  rođen: {birth_date: true, date: ["%d.%m.%Y", "%d. %m. %Y", "%d/%m/%Y", "%d %B %Y", "%Y/%m/%d"]}
  upis: {field: year_of_registration, date: "%d.%m.%Y"}
  oblik: {flags: oblik}
constants:
  data_source_type: Hotline
  trafficking_status: ActualVictimOfTrafficking
  consent_publication: true
lookups:
  pol: {ženski: Woman}
  oblik: {radna: is_forced_labour}
"""
HEADER = ["broj", "pol", "rođen", "upis", "oblik"]


def build_rows() -> list[list[str]]:
    """Good rows in every form, then the date where a word, a number of the case or a form should stand."""
    good = [[str(n), "ženski", WRITTEN[n % FORMS], f"{n % 28 + 1:02}.06.2019", "radna"] for n in range(1, 41)]
    odd = [
        [WRITTEN[0], "ženski", WRITTEN[0], "01.06.2019", "radna"],
        ["51", WRITTEN[0], WRITTEN[0], "01.06.2019", "radna"],
        ["52", "ženski", "17.03.02", "01.06.2019", WRITTEN[3]],
    ]
    return [*good, *odd]


def write_csv(path: Path, header: list[str]) -> Path:
    path.write_text("\n".join(";".join(row) for row in [header, *build_rows()]), "utf-8")
    return path


def write_xlsx(path: Path) -> Path:
    """The same with dates as Excel keeps them."""
    book = openpyxl.Workbook()
    for row in [HEADER, *build_rows()]:
        book.active.append(row)
    for number in range(2, 42):
        book.active.cell(number, 3).value = date(2002, 3, 17) if number % 2 else datetime(2002, 3, 17, 4, 30)
        book.active.cell(number, 1).value = f"x{number}"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> tuple[Workspace, str]:
    """Two files with births ingested, and one refused; the pool released, all pages and reports written."""
    root = tmp_path_factory.mktemp("births")
    sources = root / "sources"
    for name, reader in {
        "srb_police_text": "{format: delimited, delimiter: ';'}",
        "srb_police_book": "{format: xlsx}",
    }.items():
        (sources / name).mkdir(parents=True)
        (sources / name / "source.yml").write_text(SOURCE.replace("READER", reader), "utf-8")
    workspace = Workspace(Settings(home=root / "home", sources=sources))
    handler = logging.StreamHandler(log := io.StringIO())
    logging.getLogger().addHandler(handler)
    logging.getLogger("palermo").setLevel(logging.DEBUG)
    spoken = [ingest(workspace, "srb_police_text", write_csv(root / "text.csv", HEADER))]
    spoken += [ingest(workspace, "srb_police_book", write_xlsx(root / "book.xlsx"))]
    other = [name.replace("rođen", "rodj") for name in HEADER]
    spoken += [ingest(workspace, "srb_police_text", write_csv(root / "other.csv", other))]
    release(workspace)
    with redirect_stdout(io.StringIO()) as terminal:
        write_checks(workspace, root / "text.csv", root / "home" / "reports")
    logging.getLogger().removeHandler(handler)
    return workspace, "\n".join([*spoken, log.getvalue(), terminal.getvalue()])


def ingest(workspace: Workspace, source: str, path: Path) -> str:
    try:
        ingest_files(workspace, source, "2019", [path], "officer")
    except SubmissionRefused as refusal:
        return f"{refusal} {refusal.findings!r}"
    return ""


def release(workspace: Workspace) -> None:
    draft = assess_draft(workspace, anonymize_pool(workspace, "officer"), "officer")
    candidate = prepare_candidate(workspace, draft, "officer")
    for person in ("one", "two"):
        approve_candidate(workspace, candidate, person=person, decision=Decision.APPROVE, reason="read")
    publish_candidate(workspace, candidate, "officer")
    refresh_desk(workspace)
    refresh_site(workspace)


def write_checks(workspace: Workspace, path: Path, folder: Path) -> None:
    folder.mkdir()
    checked = check_files(workspace, "srb_police_text", [path], "2019")
    for as_json in (True, False):
        page = folder / f"check {as_json}.html"
        write_reports(checked, Language.SERBIAN_LATIN, as_json=as_json, html=page, workbook=None)


def test_births_became_ages_of_cases_that_were_published(released):
    workspace, _ = released
    accepted = [record.account.accepted for record in workspace.ledger.submissions() if record.account]
    assert accepted == [41, 41]
    ages = [
        workspace.store.read_cases(entry.cases)[0]["age_at_registration"].tolist()
        for entry in workspace.ledger.pool_entries()
    ]
    assert ages == [[17] * 41] * 2
    [release] = workspace.ledger.releases()
    assert len(list(workspace.store.zones.release_folder(release.version).glob("*.parquet"))) == 1


def test_the_date_of_birth_is_found_in_the_raw_zone_only(released):
    home = released[0].settings.home
    assert len(list(search(home, PLANTED, apart_from=()))) == 2
    assert list(search(home, PLANTED)) == []


def test_the_date_of_birth_is_in_no_message_no_log_line_and_no_report_of_a_check(released):
    _, spoken = released
    assert "COLUMN_UNDESCRIBED" in spoken
    assert '"WORD_UNKNOWN"' in spoken
    assert not PLANTED.search(spoken.encode())
