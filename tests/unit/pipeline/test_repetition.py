"""No person counts twice: the same cases under two periods never reach the pool, nor a release."""

import json

import pytest

from pipeline.draft import anonymize_pool
from pipeline.ingest import (
    SubmissionRefused,
    check_submission,
    ingest_files,
    map_submission,
    pool_checked,
    receive_files,
    validate_submission,
)
from pipeline.repetition import RULE, CountedTwice
from pipeline.settings import Settings
from pipeline.workspace import Workspace
from samples.submission import write_samples
from schemas.finding import FindingCode
from schemas.pool import PoolEntry
from schemas.submission import SubmissionState

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
    [finding] = refusal.value.findings
    assert (finding.code, finding.rule, finding.count) == (FindingCode.RULE_FAILED, RULE, 60)
    assert [entry.period for entry in workspace.ledger.pool_entries()] == ["2019"]
    [other] = workspace.ledger.submissions(LARGE, "2018")
    assert other.state is SubmissionState.FAILED


def test_one_case_that_another_period_has_already_is_named_by_its_row(workspace, deliver, lines):
    deliver("2019", lines[:60])
    with pytest.raises(SubmissionRefused) as refusal:
        deliver("2019-Q1", [*lines[100:140], lines[7]])
    [finding] = refusal.value.findings
    assert (finding.count, finding.rows) == (1, (41,))


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
    with pytest.raises(CountedTwice, match="60 case keys"):
        anonymize_pool(workspace, "officer")


def test_the_refusal_tells_no_key(workspace, deliver, lines):
    deliver("2019", lines[:60])
    with pytest.raises(SubmissionRefused) as refusal:
        deliver("2018", lines[:61])
    keys = [json.loads(line)["case_ref"] for line in lines[:60]]
    assert not any(key in str(refusal.value) + repr(refusal.value.findings) for key in keys)
