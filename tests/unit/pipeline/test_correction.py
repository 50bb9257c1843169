"""A correction from its draft to the day on which the source has repaired the cell."""

import pytest

from pipeline.correction import NotReceived, draft_correction
from pipeline.restoration import ReasonMissing
from pipeline.room import SubmissionRefused
from schemas.finding import FindingCode
from schemas.submission import SubmissionState
from storage.record import Action

PLACE = ("xyz_office_cases", "2019")
RARE = "Romania"


def put(office, entry):
    (office.source / "corrections.yml").write_text(f"corrections:\n{entry}", "utf-8")


@pytest.fixture
def wrong(office, rows):
    """Thirty cases, the last of which has the wrong age and a citizenship that no other has."""
    cases = [*rows(1, 29), ("N-30", "male", "7", "2019", RARE)]
    office.deliver("2019", cases)
    return cases


def ages(office):
    [entry] = office.workspace.ledger.pool_entries()
    cases, _ = office.workspace.store.read_cases(entry.cases)
    return cases["age_at_registration"].tolist()


def test_a_drafted_correction_is_applied_recorded_and_outlived(office, wrong):
    entry = draft_correction(office.workspace, PLACE, 31, "age", "17", "by telephone", "ana")
    put(office, entry)
    submission = office.deliver("2019", wrong)
    assert ages(office) == [30] * 29 + [17]
    report = office.workspace.store.read_document(office.workspace.ledger.submission(submission).report)
    [told] = [f for f in report["findings"] if f["code"] == "CORRECTION_APPLIED"]
    assert (told["rule"], told["column"], told["count"], told["rows"]) == ("c1", "age", 1, [31])
    repaired = [*wrong[:-1], ("N-30", "male", "17", "2019", RARE)]
    with pytest.raises(SubmissionRefused) as refusal:
        office.deliver("2019", repaired)
    assert [f.code for f in refusal.value.stopping] == [FindingCode.CORRECTION_STALE]
    assert ages(office) == [30] * 29 + [17]
    (office.source / "corrections.yml").unlink()
    office.deliver("2019", repaired)
    assert ages(office) == [30] * 29 + [17]


def test_the_draft_tells_no_value_of_the_case(office, wrong):
    entry = draft_correction(office.workspace, PLACE, 31, "from", "Albania", "by telephone", "ana")
    for value in ("N-30", RARE, "Albania", "ROU", "ALB"):
        assert value not in entry
    [audited] = [e for e in office.workspace.ledger.audit_entries() if e.action == Action.CORRECTION_DRAFTED]
    assert (audited.actor, audited.detail) == ("ana", {})


def test_a_correction_maps_the_same_bytes_anew(office, wrong):
    submission = office.workspace.ledger.submissions()[0].submission.id
    put(office, draft_correction(office.workspace, PLACE, 31, "age", "17", "by telephone", "ana"))
    assert office.deliver("2019", wrong) == submission
    assert office.workspace.ledger.submission(submission).state is SubmissionState.POOLED


def test_a_stale_correction_leaves_the_pool_as_it_is(office, wrong):
    put(office, draft_correction(office.workspace, PLACE, 31, "age", "17", "by telephone", "ana"))
    with pytest.raises(SubmissionRefused, match="CORRECTION_STALE"):
        office.deliver("2019", wrong[:-1])
    assert office.pooled() == {"2019": 30}


def test_what_is_not_drafted(office, wrong):
    with pytest.raises(ReasonMissing):
        draft_correction(office.workspace, PLACE, 31, "age", "17", " ", "ana")
    with pytest.raises(NotReceived):
        draft_correction(office.workspace, (PLACE[0], "2018"), 31, "age", "17", "by telephone", "ana")
