"""The clock jumps by up to years between one turn and the next: the ledger keeps the order."""

import datetime as system
from collections.abc import Iterator
from pathlib import Path
from random import Random

import fault_office as office
import pytest
from fault_palermo import PERIOD, Maker

from publish.version import parse_version

DAY = 86_400
CLOCKS = ("storage.database", "pipeline.workspace", "pipeline.decision")
NEW = 22
"""Cases of a new period, enough that a release changes."""


class Jumping(system.datetime):
    """The machine's clock, so many seconds off."""

    off = 0.0

    @classmethod
    def now(cls, tz: system.tzinfo | None = None) -> system.datetime:
        return system.datetime.now(tz) + system.timedelta(seconds=cls.off)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Jumping]]:
    for module in CLOCKS:
        monkeypatch.setattr(f"{module}.datetime", Jumping)
    yield Jumping
    Jumping.off = 0.0


@pytest.mark.many
def test_the_last_correction_counts_and_versions_go_forward(
    trial, clock: type[Jumping], maker: Maker, tmp_path: Path
):
    """Six turns, each at another time: a correction and a new period come, and a release follows."""
    random = Random(f"clock {trial}")
    palermo = maker.make(tmp_path / "palermo", "sqlite", "release")
    periods = []
    for turn in range(1, 4):
        clock.off = random.choice((-1, 1)) * random.uniform(0, 5 * 365 * DAY)
        periods = [PERIOD, f"2019-{turn + 1:02}"]
        counts = (40 + turn, NEW)
        files = {p: office.write_file(p, n) for p, n in zip(periods, counts, strict=True)}
        office.hand_in(palermo.folder, files)
        office.ingest_turn(*palermo.turn, tuple(periods))
        rows = {entry.period: entry.rows for entry in palermo.open().ledger.pool_entries()}
        assert rows == {PERIOD: 40 + turn} | {f"2019-{n + 1:02}": NEW for n in range(1, turn + 1)}
        office.release_turn(*palermo.turn)
        office.assert_all_is_well(palermo.open())
    versions = [parse_version(release.version) for release in palermo.open().ledger.releases()]
    assert len(versions) == 3
    assert versions == sorted(set(versions))
