"""Backfill: run again, a past period gives what it gave; it changes where its description has changed."""

import shutil

import pytest

from pipeline import ingest
from pipeline.backfill import list_outdated, recall_pooled
from pipeline.retention import FilesErased
from storage.case_file import erase_file
from storage.record import Action


def run_again(office, period, again=True):
    receipt = recall_pooled(office.workspace, office.id, period, again=again)
    if receipt is None or receipt.settled:
        return
    mapped = ingest.map_submission(office.workspace, receipt.submission, "officer")
    validated = ingest.validate_submission(office.workspace, mapped, "officer")
    ingest.check_submission(office.workspace, validated, "officer")
    ingest.pool_submission(office.workspace, receipt.submission, "officer")


def state(office):
    """Everything that counts: pool with hashes of cases, reports, and how often the pool has changed."""
    ledger = office.workspace.ledger
    reports = [record.report for record in ledger.submissions()]
    return ledger.pool_entries(), reports, len(ledger.entries_of(Action.POOL_CHANGED))


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Where the first test keeps its Palermo for the others."""
    return tmp_path_factory.mktemp("kept") / "office"


@pytest.fixture
def delivered(office, rows, kept):
    """Two years in their order, the second one corrected."""
    if kept.exists():
        shutil.copytree(kept, office.folder, dirs_exist_ok=True)
        return office
    office.deliver("2018", rows(1, 12, 2018))
    office.deliver("2019", rows(20, 12))
    office.deliver("2019", rows(20, 14))
    shutil.copytree(office.folder, kept)
    return office


def test_past_periods_run_again_change_nothing(delivered):
    before = state(delivered)
    for period in ("2018", "2019", "2019"):
        run_again(delivered, period)
    assert state(delivered) == before


def test_what_is_mapped_as_now_is_not_run_at_all(delivered):
    assert list_outdated(delivered.workspace) == ()
    runs = len(delivered.workspace.ledger.runs())
    run_again(delivered, "2019", again=False)
    assert len(delivered.workspace.ledger.runs()) == runs


def test_a_changed_description_maps_the_past_anew(delivered):
    text = (delivered.source / "source.yml").read_text("utf-8")
    delivered.describe(text.replace("Serbia: SRB", "Serbia: BIH"))
    assert list_outdated(delivered.workspace) == ((delivered.id, "2018"), (delivered.id, "2019"))
    before = [entry.cases for entry in delivered.workspace.ledger.pool_entries()]
    run_again(delivered, "2018", again=False)
    after = [entry.cases for entry in delivered.workspace.ledger.pool_entries()]
    assert (after[0] != before[0], after[1] == before[1]) == (True, True)
    assert list_outdated(delivered.workspace) == ((delivered.id, "2019"),)


def test_another_schema_maps_the_past_anew(delivered, monkeypatch):
    monkeypatch.setattr(ingest, "SCHEMA_VERSION", "9.9.9")
    assert list_outdated(delivered.workspace) == ((delivered.id, "2018"), (delivered.id, "2019"))


def test_what_was_erased_is_left_out_and_told_where_it_is_asked_for(delivered):
    text = (delivered.source / "source.yml").read_text("utf-8")
    delivered.describe(text.replace("Serbia: SRB", "Serbia: BIH"))
    workspace = delivered.workspace
    [record, *_] = workspace.ledger.submissions(delivered.id, "2018")
    [file] = record.submission.files
    erase_file(workspace.store.zones.raw_file(file.sha256))
    workspace.ledger.record_raw_erasure([file.sha256], ingest.ErasureReason.WITHDRAWN, "officer")
    assert list_outdated(workspace) == ((delivered.id, "2019"),)
    before = state(delivered)
    with pytest.raises(FilesErased):
        run_again(delivered, "2018")
    assert state(delivered) == before


def test_a_run_that_failed_is_not_tried_again_until_something_changes(delivered):
    text = (delivered.source / "source.yml").read_text("utf-8")
    delivered.describe(text + "bounds: {min: {rows: 13}}\n")
    assert len(list_outdated(delivered.workspace)) == 2
    with pytest.raises(ingest.SubmissionRefused):
        run_again(delivered, "2018")
    assert list_outdated(delivered.workspace) == ((delivered.id, "2019"),)
    delivered.describe(text)
    assert list_outdated(delivered.workspace) == ((delivered.id, "2018"),)


def test_nothing_is_recalled_where_nothing_is_in_the_pool(office):
    assert recall_pooled(office.workspace, office.id, "2018", again=True) is None
