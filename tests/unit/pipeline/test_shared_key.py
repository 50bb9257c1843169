"""The same person at the police and at an organisation that helps: one in the pool, one in the extract."""

import random

import pyarrow.parquet as pq
import pytest

from cli.view import show_everything
from pipeline.candidate import prepare_candidate
from pipeline.decision import approve_candidate, publish_candidate
from pipeline.draft import anonymize_pool, assess_draft
from pipeline.repetition import COUNTED, CountedTwice
from portal.desk import refresh_desk
from portal.site import refresh_site
from schemas.finding import FindingCode
from schemas.pool import PoolEntry
from schemas.release import Decision
from tests.unit.pipeline.conftest import DESCRIPTION, HEADER, Office

SHARED = DESCRIPTION + "shared_key: {column: referral, scheme: SRB-NRM}\n"
COLUMNS = (*HEADER, "referral")


@pytest.fixture
def police(tmp_path):
    return Office(tmp_path, "srb_police_victims", SHARED)


@pytest.fixture
def helpers(tmp_path, police):
    return Office(tmp_path, "srb_helpers_victims", SHARED)


def refer(rows, code="NRM-2019/{}"):
    """The same rows with the referral number that belongs to their number."""
    return [(*row, code.format(row[0].removeprefix("N-"))) for row in rows]


def findings_of(office, submission):
    return {finding.code: finding.count for finding in office.workspace.ledger.findings(submission)}


def rows_of(office):
    return {e.source_id: e.rows for e in office.workspace.ledger.pool_entries()}


def test_a_person_counts_where_the_first_delivery_has_her(police, helpers, rows):
    police.deliver("2019", refer(rows(1, 40)), COLUMNS)
    submission = helpers.deliver("2019", refer(rows(31, 30), "nrm 2019 {}"), COLUMNS)
    assert rows_of(helpers) == {"srb_police_victims": 40, "srb_helpers_victims": 20}
    assert findings_of(helpers, submission)[FindingCode.COUNTED_BEFORE] == 10
    account = helpers.workspace.ledger.submission(submission).account
    assert account.ignored[COUNTED] == 10


def test_how_far_it_goes_is_told_in_numbers(police, helpers, rows, capsys):
    cases = [*refer(rows(1, 20)), *refer(rows(50, 5), "")]
    submission = police.deliver("2019", cases, COLUMNS)
    assert findings_of(police, submission)[FindingCode.SHARED_KEY_MISSING] == 5
    show_everything(police.workspace)
    assert "20 of them have a code that agencies share" in capsys.readouterr().out


def test_without_a_code_nobody_is_taken_for_somebody_else(police, helpers, rows):
    police.deliver("2019", refer(rows(1, 20), ""), COLUMNS)
    helpers.deliver("2019", refer(rows(1, 20), " - "), COLUMNS)
    assert rows_of(police) == {"srb_police_victims": 20, "srb_helpers_victims": 20}


def test_codes_of_another_scheme_are_other_codes(police, tmp_path, rows):
    other = Office(tmp_path, "mkd_helpers_victims", SHARED.replace("SRB-NRM", "MKD-NRM"))
    police.deliver("2019", refer(rows(1, 20)), COLUMNS)
    other.deliver("2019", refer(rows(1, 20), "nrm 2019 {}"), COLUMNS)
    assert rows_of(police) == {"srb_police_victims": 20, "mkd_helpers_victims": 20}


def test_the_same_person_in_two_years_of_one_source(police, rows):
    """A new case number, the same referral number: the second registration is left out."""
    police.deliver("2019", refer(rows(1, 20)), COLUMNS)
    again = [("N-900", *rows(1, 1, 2020)[0][1:], "NRM-2019/7"), *refer(rows(100, 19, 2020))]
    submission = police.deliver("2020", again, COLUMNS)
    assert findings_of(police, submission)[FindingCode.COUNTED_BEFORE] == 1
    assert police.pooled() == {"2019": 20, "2020": 19}


def test_one_code_in_two_rows_of_a_file_holds_both(police, rows):
    twice = [*refer(rows(1, 20)), (*rows(30, 1)[0], "nrm2019/1"), (*rows(31, 1)[0], "NRM 2019 2")]
    submission = police.deliver("2019", twice, COLUMNS)
    assert findings_of(police, submission)[FindingCode.SHARED_KEY_REPEATED] == 2
    assert police.pooled() == {"2019": 20}


def test_a_pool_that_counts_somebody_twice_is_not_released(police, helpers, rows):
    police.deliver("2019", refer(rows(1, 20)), COLUMNS)
    submission = helpers.deliver("2019", refer(rows(40, 20)), COLUMNS)
    [entry] = [e for e in police.workspace.ledger.pool_entries() if e.source_id == "srb_police_victims"]
    twin = PoolEntry("srb_helpers_victims", "2018", submission, entry.cases, entry.rows)
    police.workspace.ledger.replace_pool_entry(twin, "officer")
    with pytest.raises(CountedTwice):
        anonymize_pool(police.workspace, "officer")


def release(workspace):
    drafted = assess_draft(workspace, anonymize_pool(workspace, "officer"), "officer")
    candidate = prepare_candidate(workspace, drafted, "officer")
    for person in ("one", "two"):
        approve_candidate(workspace, candidate, person=person, decision=Decision.APPROVE, reason="read")
    publish_candidate(workspace, candidate, "officer")
    refresh_desk(workspace)
    refresh_site(workspace)


def test_the_extract_holds_her_once_and_no_hash_leaves(police, helpers, rows):
    police.deliver("2019", refer(rows(1, 40)), COLUMNS)
    helpers.deliver("2019", refer(rows(31, 30)), COLUMNS)
    workspace = police.workspace
    hashes = set()
    for entry in workspace.ledger.pool_entries():
        cases, _ = workspace.store.read_cases(entry.cases)
        hashes |= {*cases["shared_person_key"], *cases["source_record_key"]}
    assert len(hashes) == 2 * 60
    release(workspace)
    [extract] = workspace.store.zones.public.rglob("*.parquet")
    table = pq.read_table(extract)
    assert len(table) == 60
    assert not {"shared_person_key", "source_record_key"} & set(table.column_names)
    seen = [str(table.to_pydict())]
    places = [workspace.store.zones.public, workspace.store.zones.desk]
    seen += [
        p.read_bytes().decode("utf-8", "replace") for place in places for p in place.rglob("*") if p.is_file()
    ]
    everything = "\n".join(seen)
    for known in random.Random(1).sample(sorted(hashes), 40):
        assert known[:12] not in everything
    assert "NRM-2019" not in everything
