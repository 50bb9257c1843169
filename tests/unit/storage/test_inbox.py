"""Claiming: whole or not at all, one at a time, and never what nobody described."""

import pytest

from storage.error import InvalidName
from storage.inbox import Inbox
from storage.zone import Zones

SOURCE, PERIOD = "xyz_office_cases", "2024"


@pytest.fixture
def zones(tmp_path):
    return Zones(tmp_path)


@pytest.fixture
def folder(zones):
    folder = zones.inbox / SOURCE / PERIOD
    folder.mkdir(parents=True)
    return folder


def test_claimed_files_are_the_ones_to_receive_and_open_ones_wait(zones, folder):
    (folder / "a.csv").write_text("a")
    (folder / "b.csv").write_text("b")
    inbox = Inbox(zones)
    claim = inbox.claim(SOURCE, PERIOD)
    assert claim is not None
    assert (claim.source_id, claim.period, claim.files) == (SOURCE, PERIOD, 2)
    (folder / "later.csv").write_text("later")
    assert [path.name for path in inbox.files(SOURCE, PERIOD)] == ["a.csv", "b.csv"]
    assert inbox.claim(SOURCE, PERIOD) is None
    assert list(inbox.arrivals()) == [(SOURCE, PERIOD)]


def test_the_hash_of_a_claim_is_of_bytes_and_not_of_names(zones, folder):
    inbox = Inbox(zones)
    hashes = []
    for names in (("one.csv", "two.csv"), ("maria.csv", "ana.csv")):
        for name, content in zip(names, ("1", "2"), strict=True):
            (folder / name).write_text(content)
        claim = inbox.claim(SOURCE, PERIOD)
        assert claim is not None
        hashes.append(claim.sha256)
        inbox.refuse(SOURCE, PERIOD)
    assert hashes[0] == hashes[1]
    assert len(hashes[0]) == 64


def test_refused_files_are_put_aside_and_not_offered_again(zones, folder):
    (folder / "a.csv").write_text("a")
    inbox = Inbox(zones)
    claim = inbox.claim(SOURCE, PERIOD)
    inbox.refuse(SOURCE, PERIOD)
    assert claim is not None
    assert (folder / "refused" / claim.sha256 / "a.csv").read_text() == "a"
    assert (inbox.files(SOURCE, PERIOD), inbox.claims(), inbox.arrivals()) == ((), (), {})


def test_a_claim_that_was_cut_off_is_undone(zones, folder):
    unfinished = folder / "claimed" / ".half"
    unfinished.mkdir(parents=True)
    (unfinished / "a.csv").write_text("a")
    (folder / "b.csv").write_text("b")
    inbox = Inbox(zones)
    assert inbox.claims() == ()
    inbox.mend()
    assert [path.name for path in inbox.files(SOURCE, PERIOD)] == ["a.csv", "b.csv"]
    assert not unfinished.exists()


def test_hidden_files_links_to_nothing_and_foreign_folders_are_not_offered(zones, folder):
    (folder / ".uploading").write_text("a")
    (folder / "link.csv").symlink_to(folder / "nowhere")
    for foreign in ("Not An Id/2024", f"{SOURCE}/last year"):
        (zones.inbox / foreign).mkdir(parents=True)
        (zones.inbox / foreign / "a.csv").write_text("a")
    assert Inbox(zones).arrivals() == {}
    with pytest.raises(InvalidName):
        Inbox(zones).claim(SOURCE, "../..")
