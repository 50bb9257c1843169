"""US-13: a case withdrawn by its key is gone from every zone but the public one, and does not come back."""

import hmac
import shutil

import pytest
from canary import read_whole

from pipeline.candidate import prepare_candidate
from pipeline.check import check_files
from pipeline.decision import approve_candidate, publish_candidate
from pipeline.draft import anonymize_pool, assess_draft
from pipeline.ingest import ingest_files, map_submission
from pipeline.integrity import check_integrity
from pipeline.restoration import restore_submission
from pipeline.retention import FilesErased
from pipeline.withdrawal import Erased, KeyMissing, apply_withdrawals, withdraw_case
from schemas.release import CandidateState, Decision
from schemas.submission import SubmissionState
from transforms.key import KeyUnknown
from transforms.withdrawal import WITHDRAWN

KEY = "N-5"
NOTHING = Erased(0, 0)


def pseudonym(office, key=KEY):
    """HMAC-SHA-256 of the key under the source's secret, as RFC 2104 has it."""
    return hmac.new(office.workspace.store.source_key(office.id), key.encode(), "sha256").hexdigest()


def find_everywhere(office, word):
    """The names of the files under the root in which a word stands, be it sealed or in a Parquet file."""
    files = [path for path in office.workspace.store.zones.home.rglob("*") if path.is_file()]
    return [path.name for path in files if word.encode() in read_whole(path)]


@pytest.fixture
def delivered(office, rows):
    """An office with 14 cases in the pool, the fifth of which is withdrawn in the tests."""
    office.deliver("2019", rows(1, 14))
    return office


def test_the_case_is_found_before_and_nowhere_after(delivered):
    hashed = pseudonym(delivered)
    assert find_everywhere(delivered, KEY)
    assert find_everywhere(delivered, hashed)
    done = withdraw_case(delivered.workspace, delivered.id, KEY, "officer")
    assert (done.is_new, done.releases, done.erased.raw) == (True, (), 1)
    assert done.erased.rewritten >= 1
    assert find_everywhere(delivered, KEY) == []
    assert find_everywhere(delivered, hashed) == []


def test_the_others_stay_and_the_rows_add_up(delivered):
    withdraw_case(delivered.workspace, delivered.id, KEY, "officer")
    ledger, store = delivered.workspace.ledger, delivered.workspace.store
    [entry] = ledger.pool_entries()
    cases, reasons = store.read_cases(entry.cases)
    assert (entry.rows, len(cases), len(reasons)) == (13, 13, 13)
    expected = {pseudonym(delivered, f"N-{number}") for number in range(1, 15) if number != 5}
    assert set(cases["source_record_key"]) == expected
    record = ledger.submission(entry.submission)
    assert record.cases == entry.cases
    assert (record.account.read, record.account.accepted, record.account.held) == (14, 13, 0)
    assert record.account.ignored == {WITHDRAWN: 1}
    report = store.read_document(record.report)
    assert (report["cases"], report["account"]["accepted"]) == (entry.cases, 13)
    assert check_integrity(delivered.workspace, "officer") >= 3


def test_a_second_time_changes_nothing(delivered):
    withdraw_case(delivered.workspace, delivered.id, KEY, "officer")
    before = delivered.workspace.ledger.pool_entries()
    again = withdraw_case(delivered.workspace, delivered.id, f" {KEY}\n", "officer")
    assert (again.is_new, again.erased) == (False, NOTHING)
    assert delivered.workspace.ledger.pool_entries() == before
    assert len(delivered.workspace.ledger.withdrawals()) == 1


def test_the_same_file_sent_again_does_not_bring_it_back_nor_stay(delivered, rows):
    withdraw_case(delivered.workspace, delivered.id, KEY, "officer")
    delivered.deliver("2019", rows(1, 14))
    assert delivered.pooled() == {"2019": 13}
    assert apply_withdrawals(delivered.workspace, "officer") == Erased(0, 1)
    assert find_everywhere(delivered, KEY) == []


def test_a_corrected_file_with_it_is_taken_in_without_it(delivered, rows):
    withdraw_case(delivered.workspace, delivered.id, KEY, "officer")
    submission = delivered.deliver("2019", [*rows(1, 14), ("N-99", "male", "30", "2019", "Serbia")])
    assert delivered.pooled() == {"2019": 14}
    account = delivered.workspace.ledger.submission(submission).account
    assert (account.read, account.accepted, account.ignored) == (15, 14, {WITHDRAWN: 1})
    assert find_everywhere(delivered, pseudonym(delivered)) == []
    assert apply_withdrawals(delivered.workspace, "officer") == Erased(0, 1)
    assert find_everywhere(delivered, KEY) == []


def test_a_case_that_was_never_seen_does_not_come_in(office, rows):
    done = withdraw_case(office.workspace, office.id, KEY, "officer")
    assert (done.is_new, done.erased) == (True, NOTHING)
    office.deliver("2019", rows(1, 14))
    assert office.pooled() == {"2019": 13}


def test_a_case_that_waits_as_held_goes_too(office, rows):
    office.deliver("2019", [*rows(1, 13), ("N-50", "unheard of", "30", "2019", "Serbia")])
    assert office.pooled() == {"2019": 13}
    withdraw_case(office.workspace, office.id, "N-50", "officer")
    assert find_everywhere(office, pseudonym(office, "N-50")) == []
    assert find_everywhere(office, "N-50") == []
    assert office.pooled() == {"2019": 13}


def test_an_older_delivery_that_was_replaced_loses_it_too(delivered, rows):
    delivered.deliver("2019", rows(1, 13))  # the file that counts now has the case as well
    withdraw_case(delivered.workspace, delivered.id, KEY, "officer")
    assert delivered.pooled() == {"2019": 12}
    assert find_everywhere(delivered, KEY) == []
    [older] = [r for r in delivered.workspace.ledger.submissions() if r.state is SubmissionState.REPLACED]
    assert len(delivered.workspace.store.read_cases(older.cases)[0]) == 13
    with pytest.raises(FilesErased, match="send them again"):
        restore_submission(delivered.workspace, older.submission.id, "tried", "officer")


def test_another_source_keeps_a_case_of_the_same_number(office, rows, tmp_path):
    other = type(office)(tmp_path, "abc_office_cases")
    office.deliver("2019", rows(1, 14))
    other.deliver("2019", [(k, "male", *rest) for k, _, *rest in rows(1, 14)])
    withdraw_case(office.workspace, office.id, KEY, "officer")
    entries = {entry.source_id: entry.rows for entry in office.workspace.ledger.pool_entries()}
    assert entries == {office.id: 13, other.id: 14}


def test_a_root_put_back_from_a_backup_loses_it_when_the_marks_are_applied(delivered, tmp_path):
    zones, backup = delivered.workspace.store.zones, tmp_path / "backup"
    shutil.copytree(zones.restricted, backup)
    withdraw_case(delivered.workspace, delivered.id, KEY, "officer")
    shutil.copytree(backup, zones.restricted, dirs_exist_ok=True)
    assert find_everywhere(delivered, KEY)
    apply_withdrawals(delivered.workspace, "restore")
    assert find_everywhere(delivered, KEY) == []
    assert find_everywhere(delivered, pseudonym(delivered)) == []
    assert delivered.pooled() == {"2019": 13}


def test_a_raw_file_put_back_alone_is_erased_again_with_evidence(delivered, tmp_path):
    zones, backup = delivered.workspace.store.zones, tmp_path / "backup"
    shutil.copytree(zones.raw, backup)
    withdraw_case(delivered.workspace, delivered.id, KEY, "officer")
    shutil.copytree(backup, zones.raw, dirs_exist_ok=True)
    assert apply_withdrawals(delivered.workspace, "restore") == Erased(0, 1)
    assert find_everywhere(delivered, KEY) == []
    erased = [e.actor for e in delivered.workspace.ledger.audit_entries() if e.action == "raw.erased"]
    assert erased == ["officer", "restore"]
    assert apply_withdrawals(delivered.workspace, "restore") == NOTHING


def test_a_description_that_changed_cannot_map_what_was_erased(delivered):
    withdraw_case(delivered.workspace, delivered.id, KEY, "officer")
    [record] = delivered.workspace.ledger.submissions()
    with pytest.raises(FilesErased):
        map_submission(delivered.workspace, record.submission.id, "officer")
    assert delivered.pooled() == {"2019": 13}


def release(workspace):
    assessed = assess_draft(workspace, anonymize_pool(workspace, "officer"), "officer")
    return prepare_candidate(workspace, assessed, "officer")


def publish(workspace, candidate):
    for person in ("first", "second"):
        approve_candidate(workspace, candidate, person=person, decision=Decision.APPROVE, reason="read")
    return publish_candidate(workspace, candidate, "officer")


def test_releases_that_held_it_are_listed_even_after_another_withdrawal(office, rows):
    office.deliver("2019", rows(1, 40))
    version = publish(office.workspace, release(office.workspace))
    first = withdraw_case(office.workspace, office.id, KEY, "officer")
    second = withdraw_case(office.workspace, office.id, "N-6", "officer")
    never = withdraw_case(office.workspace, office.id, "N-99", "officer")
    assert (first.releases, second.releases, never.releases) == ((version,), (version,), ())
    listed = [w.releases for w in office.workspace.ledger.withdrawals()]
    assert listed == [(version,), (version,), ()]


def test_a_candidate_that_holds_it_is_not_released(office, rows):
    office.deliver("2019", rows(1, 40))
    candidate = release(office.workspace)
    withdraw_case(office.workspace, office.id, KEY, "officer")
    assert office.workspace.ledger.candidate(candidate).state is CandidateState.SUPERSEDED
    newer = office.workspace.ledger.candidate(release(office.workspace))
    assert [entry.rows for entry in newer.entries] == [39]
    assert newer.account.cases == 39


def test_a_check_before_sending_counts_it_as_ingestion_would(delivered, rows):
    withdraw_case(delivered.workspace, delivered.id, KEY, "officer")
    path = delivered.write(rows(1, 14))
    checked = check_files(delivered.workspace, delivered.id, [path], "2019")
    assert checked.account.ignored == {WITHDRAWN: 1}


def test_neither_trail_nor_ledger_nor_log_has_the_key(delivered, caplog):
    caplog.set_level("DEBUG")
    hashed = pseudonym(delivered)
    withdraw_case(delivered.workspace, delivered.id, KEY, "officer")
    trail = delivered.workspace.ledger.audit_entries()
    assert [e.action for e in trail if e.action == "case.withdrawn"] == ["case.withdrawn"]
    assert [e.detail for e in trail if e.action == "raw.erased"] == [{"reason": "withdrawn"}]
    for text in (str(trail), caplog.text, str(delivered.workspace.ledger.withdrawals())):
        assert KEY not in text
        assert hashed not in text
    [[mark]] = delivered.workspace.ledger.tombstones().values()
    assert mark not in (hashed, KEY)


def test_a_run_cut_off_before_the_old_is_erased_is_finished(delivered, monkeypatch):
    def cut_off(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.withdrawal.erase_file", cut_off)
    with pytest.raises(KeyboardInterrupt):
        withdraw_case(delivered.workspace, delivered.id, KEY, "officer")
    monkeypatch.undo()
    apply_withdrawals(delivered.workspace, "officer")
    assert find_everywhere(delivered, KEY) == []
    assert find_everywhere(delivered, pseudonym(delivered)) == []
    assert delivered.pooled() == {"2019": 13}


def test_what_cannot_be_withdrawn_is_told(office):
    with pytest.raises(KeyMissing):
        withdraw_case(office.workspace, office.id, " \n", "officer")
    office.describe((office.source / "source.yml").read_text().replace("  number: {key: true}\n", ""))
    with pytest.raises(KeyUnknown):
        withdraw_case(office.workspace, office.id, KEY, "officer")


def test_every_person_of_a_row_that_shares_the_key_goes(tmp_path, office):
    description = (
        (office.source / "source.yml")
        .read_text()
        .replace("columns:\n", "persons: {groups: 2, columns: {sex: 'sex_{n}', age: 'age_{n}'}}\ncolumns:\n")
    )
    pair = type(office)(tmp_path, "pqr_office_cases", description)
    header = ("number", "sex_1", "age_1", "sex_2", "age_2", "year", "from")
    several = [(f"N-{n}", "female", "30", "male", "31", "2019", "Serbia") for n in range(1, 8)]
    path = pair.write(several, header)
    ingest_files(pair.workspace, pair.id, "2019", [path], "officer")
    assert pair.pooled() == {"2019": 14}
    withdraw_case(pair.workspace, pair.id, KEY, "officer")
    assert pair.pooled() == {"2019": 12}
