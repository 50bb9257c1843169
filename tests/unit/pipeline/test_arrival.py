"""Which files are complete: those that two looks found the same."""

import pytest

from pipeline.arrival import REMIND_SECONDS, Arrivals
from storage.inbox import Inbox
from storage.zone import Zones

SOURCE, PERIOD = "xyz_office_cases", "2024-06"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "inbox" / SOURCE / PERIOD
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def inbox(tmp_path):
    return Inbox(Zones(tmp_path))


def test_a_file_that_grows_is_left_alone_until_it_stops(folder, inbox):
    arrivals = Arrivals(inbox, [SOURCE])
    (folder / "slow.csv").write_text("first ")
    assert arrivals.look(0) == []
    (folder / "slow.csv").write_text("first second")
    assert arrivals.look(5) == []
    [claim] = arrivals.look(10)
    assert (claim.source_id, claim.period, claim.files) == (SOURCE, PERIOD, 1)
    assert [path.read_text() for path in inbox.files(SOURCE, PERIOD)] == ["first second"]


def test_a_second_table_that_comes_late_is_claimed_with_the_first(folder, inbox):
    arrivals = Arrivals(inbox, [SOURCE])
    (folder / "cases.csv").write_text("a")
    arrivals.look(0)
    (folder / "persons.csv").write_text("b")
    assert arrivals.look(5) == []
    [claim] = arrivals.look(10)
    assert claim.files == 2


def test_a_claim_is_told_once_and_again_only_after_a_while(folder, inbox):
    arrivals = Arrivals(inbox, [SOURCE])
    (folder / "cases.csv").write_text("a")
    arrivals.look(0)
    told = arrivals.look(5)
    assert len(told) == 1
    assert arrivals.look(5 + REMIND_SECONDS - 1) == []
    assert arrivals.look(5 + REMIND_SECONDS) == told


def test_a_claim_that_a_killed_watcher_left_is_told_at_once(folder, inbox):
    (folder / "cases.csv").write_text("a")
    claim = inbox.claim(SOURCE, PERIOD)
    assert Arrivals(inbox, [SOURCE]).look(0) == [claim]


def test_a_thousand_files_of_as_many_places_are_all_claimed(tmp_path, inbox):
    letters, years = "abcdefghij", range(1900, 2000)
    places = [(f"xy{letter}_office_cases", str(year)) for letter in letters for year in years]
    for source, period in places:
        folder = tmp_path / "inbox" / source / period
        folder.mkdir(parents=True)
        (folder / "cases.csv").write_text(source)
    arrivals = Arrivals(inbox, {source for source, _ in places})
    arrivals.look(0)
    assert {(claim.source_id, claim.period) for claim in arrivals.look(5)} == set(places)


def test_files_of_a_source_that_nobody_described_stay_where_they_are(folder, inbox):
    arrivals = Arrivals(inbox, ["abc_other_cases"])
    (folder / "cases.csv").write_text("a")
    assert [arrivals.look(seconds) for seconds in (0, 5, 10)] == [[], [], []]
    assert (folder / "cases.csv").exists()
