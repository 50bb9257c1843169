"""Twelve faults in 36 rows: those, in the right cells, in every form and language; no value of a cell."""

import json
import re
from collections import Counter
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from rich.console import Console

from cli.check_view import show_report
from pipeline.check import Checked, check_files
from pipeline.check_report import Outcome, build_report, dump_report
from pipeline.ingest import ingest_files
from pipeline.settings import Settings
from pipeline.workspace import Workspace
from portal.check_page import render_check_page
from portal.check_workbook import render_check_workbook
from portal.desk import refresh_desk
from portal.quality_page import name_report
from schemas.finding import Level
from schemas.text import Language, text
from tests.reports.conftest import CANARIES, HELD, ROWS, Planted

PERIOD = "2019"
ADDRESS = re.compile(r"\b[A-Z]{1,2}\d{1,3}\b")
EVERY = list(Language)


@cache
def check(path: Path, source: Path) -> Checked:
    return check_files(Workspace(Settings(home=path.parent / "none")), str(source), [path], PERIOD)


def told_rows(planted: Planted, language: Language) -> Counter[str]:
    """How often each expected place should be told: cells by address, whole rows in the language's words."""
    return Counter(
        text("place.row", language, row=place[3:]) if place.startswith("row") else place
        for place in planted.expected
    )


@pytest.mark.parametrize("language", EVERY)
def test_the_report_has_the_twelve_and_no_other(planted: Planted, language: Language) -> None:
    report = build_report(check(planted.path, planted.source), language)
    found = {
        spot.cells[0] if spot.cells else f"row{spot.row}": (group.id, spot.nearest)
        for group in report.faults
        for entry in group.entries
        for spot in entry.spots
    }
    assert found == planted.expected
    assert sum(group.count for group in report.faults) == len(planted.expected) == 12
    assert {group.level for group in report.information} == {Level.DERIVE}
    assert report.outcome is Outcome.PART


def test_rows_read_are_rows_used_waiting_and_left_out(planted: Planted) -> None:
    account = check(planted.path, planted.source).account
    assert account is not None
    assert (account.read, account.accepted, account.held) == (ROWS, ROWS - HELD, HELD)
    assert account.read == account.accepted + account.held + sum(account.ignored.values())


@pytest.mark.parametrize("language", EVERY)
def test_the_terminal_shows_each_place_once(planted: Planted, language: Language) -> None:
    console = Console(record=True, file=StringIO(), width=80)
    show_report(build_report(check(planted.path, planted.source), language), console)
    shown = console.export_text()
    places = Counter(re.findall(r"^     (.+)$", shown, re.MULTILINE))
    told = Counter(place for line in places for place in split_places(line))
    assert told == told_rows(planted, language)
    assert not any(canary in shown for canary in CANARIES)


def split_places(line: str) -> list[str]:
    """`C3 (perhaps: …), C5` as its places."""
    return [part.strip() for part in re.sub(r"\([^)]*\)", "", line).split(",")]


@cache
def deliver(path: Path, source: Path) -> dict[str, str]:
    """The pages of the desk by file name, once the file was ingested."""
    workspace = Workspace(Settings(home=path.parent / "home", sources=source.parent))
    receipt = ingest_files(workspace, source.name, PERIOD, [path], "tester")
    refresh_desk(workspace)
    desk = workspace.store.zones.desk
    pages = {page.name: page.read_text("utf-8") for page in desk.glob("*.html")}
    return pages | {"": (desk / name_report(receipt.submission)).read_text("utf-8")}


def find_desk_page(planted: Planted, language: Language) -> str:
    """The page of the only delivery in a language; the agency's has no language in its name."""
    pages = deliver(planted.path, planted.source)
    if language is Language.SERBIAN_LATIN:
        return pages[""]
    return next(page for name, page in pages.items() if name.endswith(f"-{language.value}.html"))


@pytest.mark.parametrize("form", ["check", "desk"])
@pytest.mark.parametrize("language", EVERY)
def test_the_page_shows_each_place_once(planted: Planted, language: Language, form: str) -> None:
    if form == "desk":
        page = find_desk_page(planted, language)
    else:
        page = render_check_page(build_report(check(planted.path, planted.source), language))
    cells = re.findall(r'<td data-label="[^"]*">(<bdi>.*?)</td>', page, re.DOTALL)
    told = Counter(place for cell in cells for place in re.findall(r"<bdi>(.*?)</bdi>", cell))
    assert told == told_rows(planted, language)
    assert f'lang="{language.value}" dir="{language.direction}"' in page
    assert page.count("<title>" + text("outcome.part.title", language)) == 1
    assert not any(canary in page for canary in CANARIES)
    assert not re.search(r"<script|https?://|<link|<img|url\(", page)


def test_json_is_the_same_in_all_but_text(planted: Planted) -> None:
    dumped = [dump_report(build_report(check(planted.path, planted.source), language)) for language in EVERY]
    written = [json.dumps(report, ensure_ascii=False) for report in dumped]
    assert len(set(written)) == len(EVERY)
    assert not any(canary in report for report in written for canary in CANARIES)
    plain = [without_text(report) for report in dumped]
    assert all(report == plain[0] for report in plain)
    cells = [
        row["cells"][0] if row["cells"] else f"row{row['row']}"
        for group in dumped[0]["findings"]
        for place in group["places"]
        for row in place["rows"]
    ]
    assert Counter(cells) == Counter(list(planted.expected))


def without_text(value: object) -> object:
    if isinstance(value, dict):
        return {k: without_text(v) for k, v in value.items() if k not in ("text", "language", "notes")}
    return [without_text(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("language", EVERY)
def test_the_workbook_lists_and_marks_each_place_once(planted: Planted, language: Language) -> None:
    checked = check(planted.path, planted.source)
    book = load_workbook(BytesIO(render_check_workbook(build_report(checked, language), checked)))
    todo, rows = book.worksheets
    assert todo.title == text("workbook.todo", language)
    places = [line[1].value for line in todo.iter_rows(min_row=5)]
    assert Counter(places) == told_rows(planted, language)
    marked = Counter()
    letters = {cell.column: cell.value for cell in rows[1]}
    for line in rows.iter_rows(min_row=3):
        for cell in line:
            if cell.comment:
                assert cell.fill.fill_type == "solid"
                row = line[0].value
                marked[f"row{row}" if cell.column == 1 else f"{letters[cell.column]}{row}"] += 1
    # the key is not repeated: what is wrong with it stands beside the row's number
    assert marked == Counter("row17" if place == "A17" else place for place in planted.expected)
    assert bool(todo.sheet_view.rightToLeft) == (language is Language.ARABIC)


def test_the_workbook_holds_text_only_and_no_key_or_free_text(planted: Planted) -> None:
    checked = check(planted.path, planted.source)
    content = render_check_workbook(build_report(checked, Language.ENGLISH), checked)
    cells = [cell for sheet in load_workbook(BytesIO(content)) for line in sheet for cell in line]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    written = " ".join(str(cell.value) for cell in cells)
    assert "TAJNA-" not in written
    assert "izmišljena" not in written
    assert "smeštaj" not in written
    assert "žnski" in written  # the file's owner sees the coded cell, beside its comment
    todo = load_workbook(BytesIO(content)).worksheets[0]
    told = " ".join(str(cell.value) for line in todo for cell in line)
    assert not any(canary in told for canary in CANARIES)
