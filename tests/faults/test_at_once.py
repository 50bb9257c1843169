"""Two schedulers: two processes at one source and period, or at one release, at the same moment."""

from pathlib import Path
from random import Random

import fault_office as office
import pytest
from fault_palermo import ENGINES, Maker
from fault_process import Turn, finish


@pytest.mark.many
def test_they_end_as_if_there_were_one(trial, what, undisturbed, maker: Maker, tmp_path: Path):
    """One of two that take the same files from the inbox may find them gone; nothing is lost or twice."""
    palermo = maker.make(tmp_path / "palermo", ENGINES[trial % 2], what)
    first = palermo.begin(what)
    first.wait(Random(f"{what} {trial}").uniform(0.0, undisturbed.seconds / 4))
    second = palermo.begin(what)
    reasons = [first.why(), second.why()]
    assert None in reasons, reasons
    assert not any("StepFailed" in why for why in reasons if why), reasons
    assert palermo.begin(what).why() is None
    palermo.check(undisturbed.outcome)


def test_both_of_two_that_publish_one_candidate_succeed(trial, maker: Maker, tmp_path: Path):
    engine = ENGINES[trial % 2]
    palermo = maker.make(tmp_path / "palermo", engine, "release")
    finish(office.approve_turn, palermo.folder, palermo.url)
    turns = [Turn(office.publish_turn, palermo.folder, palermo.url) for _ in range(3)]
    assert [turn.why() for turn in turns] == [None, None, None]
    office.assert_all_is_well(palermo.open())
    assert len(palermo.open().ledger.releases()) == 1
