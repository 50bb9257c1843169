"""The pool goes back to what a superseded candidate was made of: the release comes to people again."""

import pytest

from pipeline.candidate import CaseWithdrawn, ContentRejected, PoolChanged, prepare_candidate
from pipeline.decision import approve_candidate, publish_candidate
from pipeline.draft import anonymize_pool, assess_draft
from pipeline.keys import shred_source
from pipeline.restoration import restore_submission
from pipeline.withdrawal import withdraw_case
from publish.transition import InvalidTransition
from schemas.release import CandidateState, Decision
from storage.error import StorageError

WAITING, SUPERSEDED = CandidateState.AWAITING_APPROVAL, CandidateState.SUPERSEDED


def draft(office):
    return assess_draft(office.workspace, anonymize_pool(office.workspace, "officer"), "officer")


def prepare(office, assessed=None):
    return prepare_candidate(office.workspace, assessed or draft(office), "officer")


def decide(office, candidate, *people, decision=Decision.APPROVE):
    for person in people:
        approve_candidate(office.workspace, candidate, person=person, decision=decision, reason="read")


def states(office):
    return {candidate.id: candidate.state for candidate in office.workspace.ledger.candidates()}


class Change:
    """A delivery with a candidate, and its correction with another; either can be put in force again."""

    def __init__(self, office, rows):
        self.office, self.first = office, office.deliver("2019", rows(1, 30))
        self.assessed = draft(office)
        self.before = prepare(office, self.assessed)
        self.rows = rows

    def correct(self):
        self.second = self.office.deliver("2019", self.rows(1, 40))
        self.corrected = draft(self.office)
        return prepare(self.office, self.corrected)

    def restore(self, submission):
        """Put a delivery in force again; gives the draft of it, which is the one of before."""
        restore_submission(self.office.workspace, submission, "the other was wrong", "officer")
        return self.assessed if submission == self.first else self.corrected


@pytest.fixture
def change(office, rows):
    return Change(office, rows)


def test_it_comes_to_people_again_and_nobody_has_approved_it(office, change):
    decide(office, change.before, "first", "second")
    assert states(office)[change.before] is CandidateState.APPROVED
    between = change.correct()
    assessed = change.restore(change.first)
    assert draft(office) == assessed
    again = prepare(office, assessed)
    assert states(office) == {change.before: SUPERSEDED, between: SUPERSEDED, again: WAITING}
    assert prepare(office, assessed) == again
    ledger, store = office.workspace.ledger, office.workspace.store
    manifests = [store.read_manifest(each) for each in (change.before, again)]
    assert manifests[1].follows == change.before
    assert manifests[0] == manifests[1].model_copy(update={"follows": None})
    told = [e.detail.get("follows") for e in ledger.audit_entries() if e.action == "candidate.prepared"]
    assert told == [None, None, change.before]
    for candidate, people in ((change.before, ()), (again, ()), (again, ("first",))):
        decide(office, candidate, *people)
        with pytest.raises(InvalidTransition):
            publish_candidate(office.workspace, candidate, "officer")
    decide(office, again, "second")
    publish_candidate(office.workspace, again, "officer")
    [release] = ledger.releases()
    assert (release.candidate, release.rows) == (again, 30)
    assert ledger.verify_audit() is None


def test_it_comes_back_as_often_as_the_pool_does_until_it_is_rejected(office, change):
    between = change.correct()
    second = prepare(office, change.restore(change.first))
    other = prepare(office, change.restore(change.second))
    third = prepare(office, change.restore(change.first))
    follows = [office.workspace.store.read_manifest(each).follows for each in (second, other, third)]
    assert follows == [change.before, between, second]
    assert [each for each, state in states(office).items() if state is WAITING] == [third]
    decide(office, third, "first", decision=Decision.REJECT)
    before = states(office)
    with pytest.raises(ContentRejected, match=f"{third[:12]}.*read the reason"):
        prepare(office, change.assessed)
    assert states(office) == before


def test_what_was_rejected_at_first_says_why_nothing_comes(office, change):
    decide(office, change.before, "first", decision=Decision.REJECT)
    with pytest.raises(ContentRejected, match=f"{change.before[:12]}.*read the reason"):
        prepare(office, change.assessed)
    assert states(office) == {change.before: CandidateState.REJECTED}


def test_a_draft_of_an_earlier_pool_does_not_push_out_what_waits(office, change):
    between = change.correct()
    with pytest.raises(PoolChanged, match="anew"):
        prepare(office, change.assessed)
    assert states(office) == {change.before: SUPERSEDED, between: WAITING}


def test_it_does_not_come_back_with_a_case_that_was_withdrawn(office, change):
    withdraw_case(office.workspace, office.id, "N-1", "officer")
    assert states(office) == {change.before: SUPERSEDED}
    with pytest.raises(CaseWithdrawn):
        prepare(office, change.assessed)
    newer = prepare(office)
    assert states(office) == {change.before: SUPERSEDED, newer: WAITING}
    assert office.workspace.ledger.candidate(newer).account.cases == 29
    assert office.workspace.store.read_manifest(newer).follows is None


def test_nor_with_cases_of_a_source_whose_key_was_shredded(office, change):
    shred_source(office.workspace, office.id, "officer")
    with pytest.raises(StorageError):
        prepare(office, change.assessed)
    assert states(office) == {change.before: SUPERSEDED}
