"""Submissions, findings and the pool in the ledger, on both engines."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from schemas.finding import Finding, FindingCode
from schemas.pool import PoolEntry
from schemas.submission import RowAccount, Submission, SubmissionState
from storage.error import DetailRefused, UnknownRecord
from storage.ledger import Ledger
from storage.record import Action

MakeSubmission = Callable[..., Submission]
EntryOf = Callable[[Submission, int], PoolEntry]
ACCOUNT = RowAccount(read=10, accepted=7, held=1, ignored={"blank row": 2})


def actions(ledger: Ledger) -> list[str]:
    return [entry.action for entry in ledger.audit_entries()]


def test_a_submission_is_known_by_its_bytes(ledger: Ledger, submissions: MakeSubmission) -> None:
    received = submissions("a")
    assert ledger.register_submission(received, "officer@agency")
    assert not ledger.register_submission(received, "somebody")
    record = ledger.submission(received.id)
    assert record.submission == received
    assert record.state is SubmissionState.RECEIVED
    assert record.actor == "officer@agency"
    assert (record.account, record.cases, record.report) == (None, None, None)
    assert actions(ledger) == [Action.SUBMISSION_RECEIVED, Action.SUBMISSION_RECEIVED_AGAIN]


def test_an_unknown_submission_is_a_named_error(ledger: Ledger, submissions: MakeSubmission) -> None:
    unknown = submissions("a").id
    with pytest.raises(UnknownRecord):
        ledger.submission(unknown)
    with pytest.raises(UnknownRecord):
        ledger.set_submission(unknown, SubmissionState.MAPPED, "a")
    with pytest.raises(UnknownRecord):
        ledger.record_findings(unknown, [], "a")
    with pytest.raises(UnknownRecord):
        ledger.replace_pool_entry(PoolEntry("srb_office_victims", "2019", unknown, "0" * 64, 1), "a")
    assert actions(ledger) == []


def test_facts_are_added_and_not_lost(ledger: Ledger, submissions: MakeSubmission) -> None:
    received = submissions("a")
    ledger.register_submission(received, "a")
    ledger.set_submission(received.id, SubmissionState.VALIDATED, "a", account=ACCOUNT, cases="c" * 64)
    ledger.set_submission(received.id, SubmissionState.CHECKED, "a", report="d" * 64)
    record = ledger.submission(received.id)
    assert (record.state, record.account) == (SubmissionState.CHECKED, ACCOUNT)
    assert (record.cases, record.report) == ("c" * 64, "d" * 64)


def test_submissions_are_listed_by_source_and_period(ledger: Ledger, submissions: MakeSubmission) -> None:
    first, second = submissions("a"), submissions("b", "2020")
    for received in (first, second):
        ledger.register_submission(received, "a")
    assert [r.submission for r in ledger.submissions()] == [first, second]
    assert [r.submission for r in ledger.submissions("srb_office_victims", "2020")] == [second]
    assert ledger.submissions("mkd_office_victims") == ()


def test_findings_are_kept_as_counts_and_replaced(ledger: Ledger, submissions: MakeSubmission) -> None:
    received = submissions("a")
    ledger.register_submission(received, "a")
    ledger.record_findings(received.id, [Finding(FindingCode.KEY_MISSING, 9)], "a")
    findings = (
        Finding(FindingCode.WORD_UNKNOWN, 3, "cases", "column 5", "gender", rows=(2, 3, 9)),
        Finding(FindingCode.RULE_HELD, 1, rule="T1"),
        Finding(FindingCode.BOUND_BROKEN_LOW, 1, measured=0.25, expected=0.5),
    )
    ledger.record_findings(received.id, findings, "a")
    without_rows = Finding(FindingCode.WORD_UNKNOWN, 3, "cases", "column 5", "gender")
    assert ledger.findings(received.id) == (without_rows, *findings[1:])
    ledger.record_findings(received.id, [], "a")
    assert ledger.findings(received.id) == ()


def test_a_corrected_file_takes_the_place_of_the_first(
    ledger: Ledger, submissions: MakeSubmission, entry_of: EntryOf
) -> None:
    first, corrected = submissions("a"), submissions("b")
    for received in (first, corrected):
        ledger.register_submission(received, "a")
    assert ledger.replace_pool_entry(entry_of(first, 36), "a")
    assert ledger.replace_pool_entry(entry_of(corrected, 35), "a")
    assert ledger.pool_entries() == (entry_of(corrected, 35),)
    assert ledger.submission(first.id).state is SubmissionState.REPLACED
    assert ledger.submission(corrected.id).state is SubmissionState.POOLED


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the clock that the ledger reads."""

    def set_to(time: str) -> None:
        for module in ("audit", "intake", "ledger"):
            monkeypatch.setattr(f"storage.{module}.current_time", lambda: time)

    return set_to


def test_a_correction_counts_though_the_clock_was_set_back(
    ledger: Ledger, submissions: MakeSubmission, entry_of: EntryOf, set_clock: Callable[[str], None]
) -> None:
    first, corrected = submissions("a"), submissions("b")
    set_clock("2026-11-24T10:00:00.000000Z")
    ledger.register_submission(first, "a")
    ledger.replace_pool_entry(entry_of(first, 36), "a")
    set_clock("2026-11-24T09:00:00.000000Z")
    ledger.register_submission(corrected, "a")
    assert ledger.replace_pool_entry(entry_of(corrected, 35), "a")
    assert ledger.pool_entries() == (entry_of(corrected, 35),)
    assert [record.submission for record in ledger.submissions()] == [first, corrected]
    set_clock("2026-11-24T08:00:00.000000Z")
    ledger.restore_submission(first.id, "officer", "the later file was cut off")
    assert ledger.replace_pool_entry(entry_of(first, 36), "a")
    assert ledger.pool_entries() == (entry_of(first, 36),)
    assert not ledger.replace_pool_entry(entry_of(corrected, 35), "a")


def test_the_delivery_before_is_the_last_received_though_the_clock_was_set_back(
    ledger: Ledger, submissions: MakeSubmission, set_clock: Callable[[str], None]
) -> None:
    for hour, content in ((10, "a"), (9, "b")):
        set_clock(f"2026-11-24T{hour:02}:00:00.000000Z")
        ledger.register_submission(submissions(content), "a")
        ledger.set_submission(submissions(content).id, SubmissionState.CHECKED, "a", report="d" * 64)
    previous = ledger.previous_submission("srb_office_victims", "2020")
    assert previous is not None
    assert previous.submission == submissions("b")


def test_a_description_used_again_is_told_though_the_clock_was_set_back(
    ledger: Ledger, set_clock: Callable[[str], None]
) -> None:
    for hour, version, new in ((10, "a", True), (9, "b", True), (11, "b", False), (8, "a", True)):
        set_clock(f"2026-11-24T{hour:02}:00:00.000000Z")
        assert ledger.record_description("srb_office_victims", version * 64, "ana") is new


def test_submissions_are_listed_in_as_many_queries_however_many_there_are(
    ledger: Ledger, submissions: MakeSubmission
) -> None:
    told: list[str] = []
    sa.event.listen(ledger._engine, "after_cursor_execute", lambda *args: told.append(args[2]))

    def count_queries() -> int:
        before = len(told)
        ledger.submissions()
        return len(told) - before

    ledger.register_submission(submissions("0"), "a")
    of_one = count_queries()
    for number in range(1, 20):
        ledger.register_submission(submissions(str(number)), "a")
    assert count_queries() == of_one
    assert [r.submission for r in ledger.submissions()] == [submissions(str(n)) for n in range(20)]


def test_pooling_again_changes_nothing(
    ledger: Ledger, submissions: MakeSubmission, entry_of: EntryOf
) -> None:
    received = submissions("a")
    ledger.register_submission(received, "a")
    ledger.replace_pool_entry(entry_of(received, 36), "a")
    before = ledger.audit_entries()
    assert not ledger.replace_pool_entry(entry_of(received, 36), "a")
    assert ledger.audit_entries() == before


def test_a_file_that_was_corrected_meanwhile_does_not_come_back(
    ledger: Ledger, submissions: MakeSubmission, entry_of: EntryOf
) -> None:
    """The DAG that pools may come to the first file only after the corrected one was pooled by hand."""
    first, corrected = submissions("a"), submissions("b")
    for received in (first, corrected):
        ledger.register_submission(received, "a")
    ledger.set_submission(first.id, SubmissionState.CHECKED, "a")
    ledger.replace_pool_entry(entry_of(corrected, 35), "a")
    assert not ledger.replace_pool_entry(entry_of(first, 36), "a")
    assert ledger.pool_entries() == (entry_of(corrected, 35),)
    assert ledger.submission(first.id).state is SubmissionState.REPLACED
    assert ledger.submission(corrected.id).state is SubmissionState.POOLED


def test_what_is_pooled_already_is_not_left_as_only_checked(
    ledger: Ledger, submissions: MakeSubmission, entry_of: EntryOf
) -> None:
    """The same file mapped by two processes at once, or mapped again as it was before."""
    received = submissions("a")
    ledger.register_submission(received, "a")
    ledger.replace_pool_entry(entry_of(received, 36), "a")
    ledger.set_submission(received.id, SubmissionState.CHECKED, "b")
    assert not ledger.replace_pool_entry(entry_of(received, 36), "b")
    assert ledger.submission(received.id).state is SubmissionState.POOLED


def test_cases_mapped_anew_replace_those_of_the_same_submission(
    ledger: Ledger, submissions: MakeSubmission, entry_of: EntryOf
) -> None:
    received = submissions("a")
    ledger.register_submission(received, "a")
    ledger.replace_pool_entry(entry_of(received, 36), "a")
    assert ledger.replace_pool_entry(entry_of(received, 34), "a")
    assert ledger.pool_entries() == (entry_of(received, 34),)
    assert ledger.submission(received.id).state is SubmissionState.POOLED


def test_periods_stand_beside_each_other_in_the_pool(
    ledger: Ledger, submissions: MakeSubmission, entry_of: EntryOf
) -> None:
    later, earlier = submissions("a", "2020"), submissions("b", "2019")
    for received in (later, earlier):
        ledger.register_submission(received, "a")
        ledger.replace_pool_entry(entry_of(received, 1), "a")
    assert [entry.period for entry in ledger.pool_entries()] == ["2019", "2020"]


@pytest.mark.parametrize("pooled", [True, False])
def test_a_delivery_is_compared_with_the_last_one_that_passed_its_checks(
    ledger: Ledger, submissions: MakeSubmission, entry_of: EntryOf, pooled: bool
) -> None:
    """Where the DAGs run, pooling comes later than the check of the next period."""
    for period, passed in (("2017", True), ("2018", True), ("2019", False), ("2021", True)):
        received = submissions(period, period)
        ledger.register_submission(received, "a")
        state = SubmissionState.CHECKED if passed else SubmissionState.FAILED
        ledger.set_submission(received.id, state, "a", report=received.id)
        if passed and pooled:
            ledger.replace_pool_entry(entry_of(received, 1), "a")
    previous = ledger.previous_submission("srb_office_victims", "2020")
    assert previous is not None
    assert previous.submission.period == "2018"
    assert ledger.previous_submission("srb_office_victims", "2017") is None
    assert ledger.previous_submission("mkd_office_victims", "2020") is None


def test_a_corrected_delivery_is_compared_with_before_it_is_pooled(
    ledger: Ledger, submissions: MakeSubmission, entry_of: EntryOf
) -> None:
    first, corrected = submissions("a", "2018"), submissions("b", "2018")
    for received in (first, corrected):
        ledger.register_submission(received, "a")
        ledger.set_submission(received.id, SubmissionState.CHECKED, "a", report=received.id)
    ledger.replace_pool_entry(entry_of(first, 1), "a")
    previous = ledger.previous_submission("srb_office_victims", "2019")
    assert previous is not None
    assert previous.submission.id == corrected.id


def test_a_refused_audit_entry_takes_the_change_with_it(ledger: Ledger, submissions: MakeSubmission) -> None:
    with pytest.raises(DetailRefused):
        ledger.register_submission(submissions("a"), "a name with spaces")
    assert ledger.submissions() == ()


def test_a_failed_run_of_what_is_not_in_the_pool_is_a_failed_submission(
    ledger: Ledger, submissions: MakeSubmission
) -> None:
    received = submissions("a")
    ledger.register_submission(received, "a")
    state = ledger.fail_submission(received.id, "a", account=ACCOUNT, cases="c" * 64, report="d" * 64)
    record = ledger.submission(received.id)
    assert (state, record.state) == (SubmissionState.FAILED, SubmissionState.FAILED)
    assert (record.account, record.cases, record.report) == (ACCOUNT, "c" * 64, "d" * 64)
    assert record.failed_report is None


def test_a_failed_run_of_what_is_in_the_pool_changes_nothing_that_is_known_of_it(
    ledger: Ledger, submissions: MakeSubmission, entry_of: EntryOf
) -> None:
    received = submissions("a")
    ledger.register_submission(received, "a")
    ledger.set_submission(received.id, SubmissionState.CHECKED, "a", account=ACCOUNT, cases="c" * 64)
    ledger.replace_pool_entry(entry_of(received, 7), "a")
    worse = RowAccount(read=10, accepted=0, held=10, ignored={})
    state = ledger.fail_submission(received.id, "a", account=worse, cases="e" * 64, report="f" * 64)
    record = ledger.submission(received.id)
    assert (state, record.state) == (SubmissionState.KEPT, SubmissionState.KEPT)
    assert (record.account, record.cases, record.failed_report) == (ACCOUNT, "c" * 64, "f" * 64)


def test_whichever_was_put_back_last_counts(
    ledger: Ledger, submissions: MakeSubmission, entry_of: EntryOf
) -> None:
    first, second = submissions("a"), submissions("b")
    for received in (first, second):
        ledger.register_submission(received, "a")
        ledger.replace_pool_entry(entry_of(received, 1), "a")
    assert not ledger.replace_pool_entry(entry_of(first, 1), "a")
    ledger.restore_submission(first.id, "ana", "the second was cut off")
    assert ledger.replace_pool_entry(entry_of(first, 1), "a")
    assert not ledger.replace_pool_entry(entry_of(second, 1), "a")
    ledger.restore_submission(second.id, "ana", "it was whole after all")
    assert ledger.replace_pool_entry(entry_of(second, 1), "a")
    assert [kept.submission for kept in ledger.restorations()] == [first.id, second.id]
    assert "cut off" not in repr(ledger.audit_entries())
