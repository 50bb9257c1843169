"""Releases one after another through the whole pipeline: what waits, for how long, and who leaves at once."""

import pyarrow.parquet as pq
import pytest
from canary import read_whole

from pipeline.candidate import CaseWithdrawn, prepare_candidate
from pipeline.decision import approve_candidate, publish_candidate
from pipeline.draft import NothingChanged, anonymize_pool, assess_draft
from pipeline.withdrawal import withdraw_case
from schemas.extract import Waiting
from schemas.release import CandidateState, Decision
from transforms.key import list_pseudonyms


def draft(workspace):
    return assess_draft(workspace, anonymize_pool(workspace, "officer"), "officer")


def release(workspace):
    candidate = prepare_candidate(workspace, draft(workspace), "officer")
    for person in ("first", "second"):
        approve_candidate(workspace, candidate, person=person, decision=Decision.APPROVE, reason="read")
    publish_candidate(workspace, candidate, "officer")
    return workspace.ledger.candidate(candidate)


def count_rows(workspace):
    """Rows of each year in the last release."""
    version = workspace.ledger.releases()[-1].version
    [path] = workspace.store.zones.release_folder(version).glob("*.parquet")
    years = pq.read_table(path)["year_of_registration"].to_pylist()
    return {year: years.count(year) for year in sorted(set(years))}


def hash_key(office, key):
    """The key of a case as it is kept in the restricted zone."""
    source = office.workspace.describe(office.id).source
    [pseudonym] = list_pseudonyms(source, key, office.workspace.store.source_key(office.id))
    return pseudonym


def find_pseudonym(office, key):
    """The Parquet files of the whole home in which the keyed hash of a key stands."""
    pseudonym = hash_key(office, key)
    paths = office.workspace.store.zones.home.rglob("*.parquet")
    return [path.parent.name for path in paths if pseudonym.encode() in read_whole(path)]


@pytest.fixture
def corrected(office, rows):
    """300 cases released; a corrected delivery has the first three no more."""
    office.deliver("2019", rows(1, 300))
    release(office.workspace)
    office.deliver("2019", rows(4, 297))
    return office


def test_dropped_cases_wait_from_release_to_release_and_hold_nobody_back(corrected, rows):
    with pytest.raises(NothingChanged, match="waits"):
        draft(corrected.workspace)
    for year in (2020, 2021):
        corrected.deliver(str(year), rows(year * 100, 30, year))
        candidate = release(corrected.workspace)
        assert candidate.account.waiting == Waiting(new=0, corrections=0, dropped=3, held_back=0)
    assert count_rows(corrected.workspace) == {2019: 300, 2020: 30, 2021: 30}


def test_a_case_that_waits_to_go_is_erased_and_leaves_at_once_when_it_is_withdrawn(corrected, rows):
    """Nobody else is in the pool or out of it; beside one case ten more rows of its year must go."""
    corrected.deliver("2020", rows(3000, 30, 2020))
    waited = release(corrected.workspace)
    assert "cases" in find_pseudonym(corrected, "N-1")
    done = withdraw_case(corrected.workspace, corrected.id, "N-1", "officer")
    assert len(done.releases) == 2
    assert find_pseudonym(corrected, "N-1") == []
    assert corrected.workspace.ledger.candidate(waited.id).state is CandidateState.RELEASED
    left = release(corrected.workspace)
    assert left.account.waiting.dropped == 2
    assert left.account.waiting.held_back == 10
    assert count_rows(corrected.workspace) == {2019: 289, 2020: 30}


def test_withdrawn_and_replaced_in_one_interval_it_leaves_with_the_next_release(corrected, rows):
    withdraw_case(corrected.workspace, corrected.id, "N-9", "officer")
    corrected.deliver("2019", [row for row in rows(4, 297) if row[0] != "N-9"])
    corrected.deliver("2020", rows(3000, 30, 2020))
    candidate = release(corrected.workspace)
    assert (candidate.account.waiting.dropped, candidate.account.waiting.held_back) == (3, 10)
    assert count_rows(corrected.workspace) == {2019: 289, 2020: 30}
    assert find_pseudonym(corrected, "N-9") == []


def test_neither_draft_nor_candidate_survives_the_withdrawal_of_a_case_that_only_waits_to_go(corrected, rows):
    corrected.deliver("2020", rows(3000, 30, 2020))
    assessed = draft(corrected.workspace)
    candidate = prepare_candidate(corrected.workspace, assessed, "officer")
    withdraw_case(corrected.workspace, corrected.id, "N-1", "officer")
    assert corrected.workspace.ledger.candidate(candidate).state is CandidateState.SUPERSEDED
    with pytest.raises(CaseWithdrawn, match="anew"):
        prepare_candidate(corrected.workspace, assessed, "officer")
