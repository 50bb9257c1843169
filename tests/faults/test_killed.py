"""kill -9 at a random moment of ingestion or release, then the next turn: as if nothing had happened."""

from pathlib import Path
from random import Random

from fault_palermo import ENGINES, Maker


def test_the_next_turn_ends_as_if_nothing_had_happened(
    trial, what, undisturbed, maker: Maker, tmp_path: Path
):
    palermo = maker.make(tmp_path / "palermo", ENGINES[trial % 2], what)
    turn = palermo.begin(what)
    turn.wait(Random(f"{what} {trial}").uniform(0.0, undisturbed.seconds))
    turn.kill()
    assert palermo.begin(what).why() is None
    palermo.check(undisturbed.outcome)
