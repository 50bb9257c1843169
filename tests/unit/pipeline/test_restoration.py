"""What may take the place of a pooled delivery, and how an officer takes it back."""

import pytest

from cli.delivery_view import show_submission
from pipeline.ingest import Receipt, ingest_files, map_submission, validate_submission
from pipeline.restoration import (
    NothingToRestore,
    ReasonMissing,
    SubmissionUnclear,
    find_submission,
    restore_submission,
)
from pipeline.room import SubmissionRefused
from portal.desk import refresh_desk
from schemas.finding import FindingCode
from schemas.submission import SubmissionState
from schemas.text import Language
from storage.record import Action


def spoil(rows, count):
    """The same rows, the first few with a word that no lookup knows, so that they wait."""
    return [(number, "?", *rest) for number, _, *rest in rows[:count]] + rows[count:]


def refusal_of(call, *args):
    with pytest.raises(SubmissionRefused) as caught:
        call(*args)
    return {finding.code: finding for finding in caught.value.findings}


def test_a_file_without_one_usable_row_never_counts(office, rows):
    found = refusal_of(office.deliver, "2019", spoil(rows(1, 12), 12))
    assert found[FindingCode.NOTHING_ACCEPTED].count == 12
    assert office.pooled() == {}


def test_nor_does_it_push_out_a_good_one(office, rows):
    office.deliver("2019", rows(1, 30))
    refusal_of(office.deliver, "2019", spoil(rows(1, 30), 30))
    assert office.pooled() == {"2019": 30}


@pytest.mark.parametrize(("held", "pooled"), [(8, 32), (9, 40)])
def test_a_fifth_of_the_rows_may_wait_and_no_more(office, rows, held, pooled):
    """8 of 40 are the limit itself; the ninth keeps the pooled delivery in its place."""
    office.deliver("2019", rows(1, 40))
    corrected = spoil(rows(1, 40), held)
    if pooled == 40:
        found = refusal_of(office.deliver, "2019", corrected)
        assert found[FindingCode.HELD_TOO_MANY].count == held
    else:
        office.deliver("2019", corrected)
    assert office.pooled() == {"2019": pooled}


def test_the_limit_of_the_source_comes_first(office, rows):
    text = (office.source / "source.yml").read_text("utf-8")
    office.describe(text + "bounds: {max: {held_share: 0.05}}\n")
    office.deliver("2019", rows(1, 40))
    assert FindingCode.HELD_TOO_MANY in refusal_of(office.deliver, "2019", spoil(rows(1, 40), 3))
    office.deliver("2019", spoil(rows(1, 40), 2))
    assert office.pooled() == {"2019": 38}


def test_a_first_delivery_may_wait_in_part_and_a_better_one_replaces_it(office, rows):
    office.deliver("2019", spoil(rows(1, 40), 30))
    office.deliver("2019", spoil(rows(1, 40), 20))
    assert office.pooled() == {"2019": 20}


def test_a_replaced_delivery_is_put_back_with_a_reason(office, rows):
    first = office.deliver("2019", rows(1, 30))
    second = office.deliver("2019", rows(1, 12))
    ledger = office.workspace.ledger
    assert ingest_files(
        office.workspace, "xyz_office_cases", "2019", [office.write(rows(1, 30))], "a"
    ).settled
    assert office.pooled() == {"2019": 12}
    restore_submission(office.workspace, first, " the second file was cut off ", "officer")
    assert office.pooled() == {"2019": 30}
    assert ledger.submission(first).state is SubmissionState.POOLED
    assert ledger.submission(second).state is SubmissionState.REPLACED
    [kept] = ledger.restorations()
    assert (kept.submission, kept.person, kept.reason) == (first, "officer", "the second file was cut off")
    [entry] = [e for e in ledger.audit_entries() if e.action == Action.SUBMISSION_RESTORED]
    assert (entry.subject, entry.actor, entry.detail) == (first, "officer", {})
    assert ledger.verify_audit() is None
    office.deliver("2019", rows(1, 31))
    assert office.pooled() == {"2019": 31}


def test_what_is_restored_must_pass_its_checks_again(office, rows):
    first = office.deliver("2019", rows(1, 30))
    office.deliver("2019", rows(1, 40))
    text = (office.source / "source.yml").read_text("utf-8")
    office.describe(text + "bounds: {min: {rows: 35}}\n")
    refusal_of(restore_submission, office.workspace, first, "try", "officer")
    assert office.pooled() == {"2019": 40}
    assert office.workspace.ledger.restorations() == ()


def test_what_is_not_restored(office, rows):
    first = office.deliver("2019", rows(1, 30))
    with pytest.raises(NothingToRestore):
        restore_submission(office.workspace, first, "again", "officer")
    office.deliver("2019", rows(1, 31))
    with pytest.raises(ReasonMissing):
        restore_submission(office.workspace, first, "  ", "officer")
    assert find_submission(office.workspace, first[:6].upper()) == first
    for letters in (first[:5], "zzzzzz"):
        with pytest.raises(SubmissionUnclear):
            find_submission(office.workspace, letters)


def test_a_pooled_delivery_whose_new_run_fails_is_kept_and_says_so(office, rows):
    """The description changes, the same file is taken in again, and does not pass any more."""
    submission = office.deliver("2019", rows(1, 30))
    ledger, before = office.workspace.ledger, office.workspace.ledger.submission(submission)
    text = (office.source / "source.yml").read_text("utf-8")
    office.describe(text.replace("female: Woman, ", ""))
    refusal_of(office.deliver, "2019", rows(1, 30))
    after = ledger.submission(submission)
    assert after.state is SubmissionState.KEPT
    assert (after.cases, after.account, after.report) == (before.cases, before.account, before.report)
    assert after.failed_report is not None
    assert office.pooled() == {"2019": 30}
    refresh_desk(office.workspace)
    desk = office.workspace.store.zones.desk
    assert "the last run failed" in (desk / "index.html").read_text("utf-8")
    assert "The cases of an earlier run still count" in (desk / f"{submission[:12]}.html").read_text("utf-8")
    office.describe(text)
    office.deliver("2019", rows(1, 30))
    again = ledger.submission(submission)
    assert (again.state, again.failed_report) == (SubmissionState.POOLED, None)


def test_a_new_run_that_is_cut_off_leaves_the_state_of_the_pool(office, rows):
    submission = office.deliver("2019", rows(1, 30))
    mapped = map_submission(office.workspace, submission, "officer")
    validate_submission(office.workspace, mapped, "officer")
    assert office.workspace.ledger.submission(submission).state is SubmissionState.POOLED


def test_a_corrected_file_says_what_it_changes(office, rows, capsys):
    """Of 30 cases one is left out, two are corrected, three are new."""
    office.deliver("2019", rows(1, 30))
    older = [(number, sex, "31", *rest) for number, sex, _, *rest in rows(1, 2)]
    submission = office.deliver("2019", [*older, *rows(3, 27), *rows(50, 3)])
    show_submission(office.workspace, Receipt(submission, settled=False), Language.ENGLISH)
    told = capsys.readouterr().out
    assert "Against the delivery that counted before: new 3, changed 2, gone 1, as they were 27" in told
    refresh_desk(office.workspace)
    page = (office.workspace.store.zones.desk / f"{submission[:12]}.html").read_text("utf-8")
    assert "<b>3</b> <small>new</small>" in page
    assert "<b>27</b> <small>as they were</small>" in page
