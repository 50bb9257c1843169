"""Repaired rows that are sent alone join the delivery in which they waited, and are never lost (US-07)."""

import pytest

from pipeline.ingest import ingest_files
from pipeline.joining import NothingToJoin
from pipeline.query import query_pool
from pipeline.restoration import restore_submission
from schemas.finding import FindingCode
from schemas.submission import SubmissionState
from tests.unit.pipeline.conftest import DESCRIPTION, Office


def make_file(rows, bad=2):
    """36 rows, of which the last ones have a word that nobody knows."""
    spoiled = [(number, "femal?", *rest) for number, _, *rest in rows(1, 36)[36 - bad :]]
    return [*rows(1, 36)[: 36 - bad], *spoiled]


@pytest.fixture
def waiting(office: Office, rows) -> str:
    """The delivery of 36 rows, of which 2 wait."""
    submission = office.deliver("2019", make_file(rows))
    account = office.workspace.ledger.submission(submission).account
    assert (account.read, account.accepted, account.held) == (36, 34, 2)
    return submission


def count(office: Office) -> int:
    """Different cases that count."""
    frame = query_pool(office.workspace, "select count(distinct source_record_key) as n from cases", "ana")
    return int(frame["n"][0])


def states(office: Office) -> list[SubmissionState]:
    return [record.state for record in office.workspace.ledger.submissions()]


def test_repaired_rows_alone_are_known_by_their_keys(office, rows, waiting):
    joined = office.deliver("2019", rows(35, 2))
    record = office.workspace.ledger.submission(joined)
    assert record.joins == waiting
    assert (record.account.read, record.account.accepted) == (2, 2)
    assert states(office) == [SubmissionState.POOLED] * 2
    assert count(office) == 36
    assert FindingCode.DELIVERY_JOINED in [f.code for f in office.workspace.ledger.findings(joined)]
    report = office.workspace.store.read_document(record.report)
    assert report["quality"]["profile"]["rows"] == 36
    assert report["revision"] == {"added": 2, "changed": 0, "removed": 0, "same": 34}


def test_row_after_row_and_none_twice(office, rows, waiting):
    path = office.write(rows(34, 2))
    receipt = ingest_files(office.workspace, office.id, "2019", [path], "ana", join=True)
    account = office.workspace.ledger.submission(receipt.submission).account
    assert (account.accepted, sum(account.ignored.values())) == (1, 1)
    office.deliver("2019", rows(36, 1))
    assert count(office) == 36
    assert sorted(entry.rows for entry in office.workspace.ledger.pool_entries()) == [1, 1, 34]


def test_more_rows_than_wait_are_a_whole_delivery(office, rows, waiting):
    office.deliver("2019", rows(101, 3))
    assert office.pooled() == {"2019": 3}
    assert states(office) == [SubmissionState.REPLACED, SubmissionState.POOLED]


def test_what_is_meant_as_the_whole_replaces_and_can_be_joined_after_all(office, rows, waiting):
    path = office.write(rows(35, 2))
    ingest_files(office.workspace, office.id, "2019", [path], "ana", join=False)
    assert office.pooled() == {"2019": 2}
    restore_submission(office.workspace, waiting, "a part had replaced it", "ana")
    ingest_files(office.workspace, office.id, "2019", [path], "ana", join=True)
    assert count(office) == 36


def test_a_changed_description_loses_no_joined_row(office, rows, waiting):
    """The word that nobody knew is known now: the repaired rows still count once."""
    office.deliver("2019", rows(35, 2))
    office.describe(DESCRIPTION.replace("female: Woman", "female: Woman, 'femal?': Woman"))
    office.deliver("2019", make_file(rows))
    assert count(office) == 36
    assert sum(entry.rows for entry in office.workspace.ledger.pool_entries()) == 36
    assert states(office) == [SubmissionState.POOLED] * 2


def test_a_whole_corrected_file_replaces_both_and_neither_counts_without_the_other(office, rows, waiting):
    joined = office.deliver("2019", rows(35, 2))
    office.deliver("2019", rows(1, 36))
    assert office.pooled() == {"2019": 36}
    assert count(office) == 36
    assert states(office) == [SubmissionState.REPLACED, SubmissionState.REPLACED, SubmissionState.POOLED]
    with pytest.raises(NothingToJoin, match="does not count any more"):
        restore_submission(office.workspace, joined, "by mistake", "ana")
    restore_submission(office.workspace, waiting, "the new file was worse", "ana")
    assert office.pooled() == {"2019": 34}
    restore_submission(office.workspace, joined, "its rows too", "ana")
    assert count(office) == 36


def test_without_a_delivery_or_a_key_nothing_can_be_joined(office, rows, tmp_path):
    path = office.write(rows(35, 2))
    with pytest.raises(NothingToJoin, match="no delivery of this period"):
        ingest_files(office.workspace, office.id, "2019", [path], "ana", join=True)
    keyless = Office(
        tmp_path / "other",
        "xyz_other_cases",
        DESCRIPTION.replace("  number: {key: true}\n", "").replace(
            "ignored: {", "ignored: {number: of the office, "
        ),
    )
    keyless.deliver("2019", make_file(rows))
    path = keyless.write(rows(35, 2))
    with pytest.raises(NothingToJoin, match="without a key column"):
        ingest_files(keyless.workspace, keyless.id, "2019", [path], "ana", join=True)
    assert keyless.pooled() == {"2019": 34}
