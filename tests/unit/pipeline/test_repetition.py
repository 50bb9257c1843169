"""No person counts twice: the same cases under two periods never reach the pool, nor a release."""

import json

import pytest

from pipeline.draft import anonymize_pool
from pipeline.ingest import (
    check_submission,
    ingest_files,
    map_submission,
    pool_checked,
    receive_files,
    validate_submission,
)
from pipeline.repetition import COUNTED, RULE, CountedTwice
from pipeline.room import SubmissionRefused
from pipeline.settings import Settings
from pipeline.workspace import Workspace
from samples.submission import write_samples
from schemas.finding import FindingCode
from schemas.pool import PoolEntry
from schemas.submission import SubmissionState

NO_CASE = 1
"""Of the lines 60 to 99 of the invented file, and of 100 to 139, one each is no case."""

LARGE, KEYLESS = "zzz_palermo_invented_cases", "arg_rescate_linea145"


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    return write_samples(tmp_path_factory.mktemp("samples"))


@pytest.fixture
def lines(samples):
    return samples[LARGE][0].paths[0].read_text("utf-8").splitlines()


@pytest.fixture
def workspace(tmp_path):
    return Workspace(Settings(home=tmp_path / "home"))


@pytest.fixture
def deliver(workspace, tmp_path):
    def run(period, lines, ingest=ingest_files):
        path = tmp_path / f"{period}.jsonl"
        path.write_text("\n".join(lines), "utf-8")
        return ingest(workspace, LARGE, period, [path], "officer")

    return run


def check_only(workspace, source_id, period, paths, actor):
    """As the ingest DAG does it: pooling comes later, in a run of its own."""
    receipt = receive_files(workspace, source_id, period, paths, actor)
    mapped = map_submission(workspace, receipt.submission, actor)
    check_submission(workspace, validate_submission(workspace, mapped, actor), actor)
    return receipt


def test_the_same_file_for_another_period_is_refused(workspace, deliver, lines):
    deliver("2019", lines[:60])
    with pytest.raises(SubmissionRefused) as refusal:
        deliver("2018", lines[:60])
    [finding] = refusal.value.stopping
    assert (finding.code, finding.rule, finding.count) == (FindingCode.RULE_FAILED, RULE, 60)
    assert [entry.period for entry in workspace.ledger.pool_entries()] == ["2019"]
    [other] = workspace.ledger.submissions(LARGE, "2018")
    assert other.state is SubmissionState.FAILED


def test_one_case_that_another_period_has_already_is_left_out_and_named_by_its_row(workspace, deliver, lines):
    deliver("2019", lines[:60])
    receipt = deliver("2019-Q1", [*lines[100:140], lines[7]])
    record = workspace.ledger.submission(receipt.submission)
    report = workspace.store.read_document(record.report)
    [counted] = [f for f in report["findings"] if f["code"] == FindingCode.COUNTED_BEFORE.name]
    assert (counted["count"], counted["rows"]) == (1, [41])
    assert (record.account.read, record.account.accepted) == (41, 40 - NO_CASE)
    assert record.account.ignored[COUNTED] == 1


def test_a_file_without_case_keys_is_known_by_its_bytes(workspace, samples):
    [sample] = samples[KEYLESS]
    ingest_files(workspace, KEYLESS, "2020", sample.paths, "officer")
    with pytest.raises(SubmissionRefused, match="RULE_FAILED"):
        ingest_files(workspace, KEYLESS, "2021", sample.paths, "officer")


def test_a_corrected_file_of_the_same_period_is_no_repetition(workspace, deliver, lines):
    deliver("2019", lines[:60])
    deliver("2019", lines[:59])
    [entry] = workspace.ledger.pool_entries()
    assert entry.rows == 59


def test_two_deliveries_checked_before_either_is_pooled(workspace, deliver, lines):
    deliver("2018", lines[:60], check_only)
    deliver("2019", lines[:60], check_only)
    fine = deliver("2020", lines[100:160], check_only)
    with pytest.raises(SubmissionRefused, match="RULE_FAILED"):
        pool_checked(workspace, "airflow")
    assert [entry.period for entry in workspace.ledger.pool_entries()] == ["2018", "2020"]
    assert workspace.ledger.submission(fine.submission).state is SubmissionState.POOLED
    pool_checked(workspace, "airflow")


def test_a_pool_that_counts_somebody_twice_is_not_released(workspace, deliver, lines):
    """Whatever way it came about: the last gate is before the classes are counted."""
    receipt = deliver("2019", lines[:60])
    [entry] = workspace.ledger.pool_entries()
    twin = PoolEntry(LARGE, "2018", receipt.submission, entry.cases, entry.rows)
    workspace.ledger.replace_pool_entry(twin, "officer")
    with pytest.raises(CountedTwice, match="60 people"):
        anonymize_pool(workspace, "officer")


def test_neither_finding_nor_refusal_tells_a_key(workspace, deliver, lines):
    deliver("2019", lines[:60])
    with pytest.raises(SubmissionRefused) as refusal:
        deliver("2018", lines[1:60])
    receipt = deliver("2017", lines[:80])
    found = workspace.ledger.findings(receipt.submission)
    keys = [json.loads(line)["case_ref"] for line in lines[:80]]
    told = str(refusal.value) + repr(refusal.value.stopping) + repr(found)
    assert not any(key in told for key in keys)


def test_a_delivery_of_people_who_all_count_already_is_refused(workspace, deliver, lines):
    deliver("2019", lines[:60])
    with pytest.raises(SubmissionRefused, match="NOTHING_ACCEPTED"):
        deliver("2018", lines[1:60])


def test_a_file_that_grows_from_year_to_year_adds_only_what_is_new(workspace, deliver, lines):
    deliver("2018", lines[:60])
    deliver("2019", lines[:100])
    assert [(entry.period, entry.rows) for entry in workspace.ledger.pool_entries()] == [
        ("2018", 60),
        ("2019", 40 - NO_CASE),
    ]


def test_what_another_delivery_gives_up_is_taken_up_when_it_is_sent_again(workspace, deliver, lines):
    """The same bytes are not settled as long as somebody in them counts elsewhere."""
    deliver("2018", lines[:60])
    receipt = deliver("2019", lines[50:100])
    deliver("2018", lines[:55])
    again = deliver("2019", lines[50:100])
    assert (again.submission, again.settled) == (receipt.submission, False)
    assert [entry.rows for entry in workspace.ledger.pool_entries()] == [55, 45 - NO_CASE]


def test_two_deliveries_that_share_people_are_pooled_one_after_the_other(workspace, deliver, lines):
    first = deliver("2018", lines[:60], check_only)
    second = deliver("2019", lines[50:100], check_only)
    pool_checked(workspace, "airflow")
    states = {workspace.ledger.submission(r.submission).state for r in (first, second)}
    assert states == {SubmissionState.POOLED}
    assert [entry.rows for entry in workspace.ledger.pool_entries()] == [60, 40 - NO_CASE]
