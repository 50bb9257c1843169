"""Which pages of deliveries a refresh of the desk makes again: those that would say something else now."""

import json
from pathlib import Path

import pytest

from pipeline.override import decide_override, list_warnings, request_override
from pipeline.workspace import Workspace
from portal import delivery_page
from portal.desk import refresh_desk
from schemas.override import figure_of
from schemas.release import Decision
from schemas.text import Language


@pytest.fixture
def delivered(office, rows):
    """An office with two deliveries on its desk, the first with a warning."""
    office.deliver("2019", rows(1, 30, 2018))
    office.deliver("2020", rows(101, 30, 2020))
    refresh_desk(office.workspace)
    return office


def stand(office) -> dict[str, tuple[int, int]]:
    """Every page of a delivery, and which file it is: a page that is written anew is another file."""
    desk: Path = office.workspace.store.zones.desk
    facts = {path.name: path.stat() for path in desk.glob("[0-9a-f]*.html")}
    return {name: (fact.st_ino, fact.st_mtime_ns) for name, fact in facts.items()}


def rewritten(office, before: dict[str, tuple[int, int]]) -> set[str]:
    """The deliveries whose pages were written anew, by the beginning of their ids."""
    after = stand(office)
    assert set(after) == set(before), "no page has gone"
    changed = {name for name in after if after[name] != before[name]}
    deliveries = {name[:12] for name in changed}
    assert all(sum(name.startswith(d) for name in changed) == len(Language) for d in deliveries)
    return deliveries


def id_of(office, period: str) -> str:
    [record] = office.workspace.ledger.submissions(office.id, period)
    return record.submission.id[:12]


def test_nothing_is_written_where_nothing_has_changed(delivered):
    before = stand(delivered)
    assert len(before) == 2 * len(Language)
    refresh_desk(delivered.workspace)
    refresh_desk(Workspace(delivered.workspace.settings))
    assert rewritten(delivered, before) == set()


def test_a_new_delivery_gets_its_pages_and_leaves_the_others_alone(delivered, rows):
    before = stand(delivered)
    delivered.deliver("2021", rows(201, 30, 2021))
    refresh_desk(delivered.workspace)
    after = stand(delivered)
    assert {name: after[name] for name in before} == before
    assert {name[:12] for name in set(after) - set(before)} == {id_of(delivered, "2021")}


def test_a_correction_changes_the_page_of_what_it_replaces(delivered, rows):
    before, replaced = stand(delivered), id_of(delivered, "2019")
    delivered.deliver("2019", rows(1, 31, 2018))
    refresh_desk(delivered.workspace)
    after = stand(delivered)
    assert {name[:12] for name in before if after[name] != before[name]} == {replaced}


def test_a_warning_that_is_explained_changes_the_page(delivered):
    workspace, before = delivered.workspace, stand(delivered)
    place = (delivered.id, "2019")
    warnings = list_warnings(workspace, *place)
    assert warnings, "the sample has a warning"
    asked = request_override(workspace, place, 1, figure_of(warnings[0]), "known and right", "officer")
    decide_override(workspace, asked, "another", Decision.APPROVE)
    refresh_desk(workspace)
    assert rewritten(delivered, before) == {id_of(delivered, "2019")}


def test_another_description_changes_the_pages_of_its_source(delivered):
    before = stand(delivered)
    text = (delivered.source / "source.yml").read_text("utf-8")
    delivered.describe(text.replace("Invented office", "Renamed office"))
    refresh_desk(delivered.workspace)
    assert rewritten(delivered, before) == {id_of(delivered, "2019"), id_of(delivered, "2020")}
    pages = delivered.workspace.store.zones.desk.glob("[0-9a-f]*.html")
    assert all("Renamed office" in page.read_text("utf-8") for page in pages)


def test_other_code_makes_all_pages_again(delivered, monkeypatch):
    before = stand(delivered)
    page = next(delivered.workspace.store.zones.desk.glob("[0-9a-f]*.html"))
    page.write_text("as an older version wrote it", "utf-8")
    monkeypatch.setattr(delivery_page, "hash_packages", lambda *_: "another version")
    refresh_desk(delivered.workspace)
    assert "as an older version" not in page.read_text("utf-8")
    assert set(stand(delivered)) == set(before)


@pytest.mark.parametrize("damage", ["", "{", "[1]", None])
def test_a_damaged_record_of_what_was_made_loses_nothing(delivered, damage):
    desk, names = delivered.workspace.store.zones.desk, stand(delivered)
    for name in names:
        (desk / name).write_text("not what it was", "utf-8")
    record = desk / "pages.json"
    record.unlink() if damage is None else record.write_text(damage, "utf-8")
    refresh_desk(delivered.workspace)
    assert all("not what it was" not in (desk / name).read_text("utf-8") for name in names)
    assert len(json.loads(record.read_text("utf-8"))) == 2


def test_a_page_that_is_gone_comes_back(delivered):
    desk, names = delivered.workspace.store.zones.desk, stand(delivered)
    gone = sorted(names)[3]
    (desk / gone).unlink()
    refresh_desk(delivered.workspace)
    assert (desk / gone).is_file()
