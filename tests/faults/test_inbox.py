"""Files that come slowly, half, or many at once: what has stopped changing is taken, and all of it."""

import os
from pathlib import Path
from random import Random

import fault_office as office
import pytest
from fault_palermo import PERIOD, Maker

from pipeline.arrival import watch_inbox

FILES = os.environ.get("PALERMO_TEST_FILES")
"""How many files lie in the inbox at once."""


def test_a_slow_file_is_taken_once_it_is_whole(trial, tmp_path: Path):
    """It is written in pieces, between two looks at least one; which ones is chosen at random."""
    random = Random(f"slow {trial}")
    office.make_office(tmp_path)
    workspace = office.open_palermo(tmp_path, None)
    content = office.write_file(PERIOD, 500).encode()
    cuts = sorted(random.sample(range(1, len(content)), 20))
    place = workspace.store.inbox / office.SOURCE / PERIOD
    place.mkdir(parents=True, exist_ok=True)
    arrivals, now = watch_inbox(workspace), 0.0
    with (place / "calls.csv").open("wb", buffering=0) as file:
        for begin, end in zip([0, *cuts], [*cuts, len(content)], strict=True):
            file.write(content[begin:end])
            if random.random() < 0.7:
                now += 5
                assert arrivals.look(now) == []
    claims = [arrivals.look(now + 5 * more) for more in (1, 2)]
    assert sum(map(len, claims)) == 1
    [path] = workspace.store.inbox_files(office.SOURCE, PERIOD)
    assert path.read_bytes() == content


@pytest.mark.many
def test_a_copy_that_stalls_is_taken_whole_in_the_end(trial, maker: Maker, tmp_path: Path):
    """It stalls at the end of a row for longer than anybody waits, is taken half, and goes on."""
    palermo = maker.make(tmp_path / "palermo", "sqlite", "release")
    rows = office.write_file(PERIOD, 60).splitlines(keepends=True)
    stall = Random(f"stall {trial}").randrange(35, 60)
    place = palermo.folder / "home" / "inbox" / office.SOURCE / PERIOD
    place.mkdir(parents=True, exist_ok=True)
    with (place / "calls.csv").open("w") as file:
        file.write("".join(rows[:stall]))
        file.flush()
        arrivals = watch_inbox(palermo.open())
        arrivals.look(0.0)
        assert len(arrivals.look(5.0)) == 1
        file.write("".join(rows[stall:]))
    office.ingest_turn(*palermo.turn, (PERIOD,))
    office.ingest_turn(*palermo.turn, (PERIOD,))
    assert {entry.rows for entry in palermo.open().ledger.pool_entries()} == {60}


@pytest.mark.skipif(FILES is None, reason="PALERMO_TEST_FILES says how many files, and is not set")
def test_many_files_at_once_are_all_taken(maker: Maker, tmp_path: Path):
    palermo = maker.make(tmp_path / "palermo", "sqlite", "release")
    periods = [f"{1900 + number // 12}-{number % 12 + 1:02}" for number in range(int(FILES or 1))]
    content = office.write_file(PERIOD, 12)
    office.hand_in(palermo.folder, {period: content.replace(PERIOD, period) for period in periods})
    office.ingest_turn(*palermo.turn, tuple(periods))
    rows = {entry.period: entry.rows for entry in palermo.open().ledger.pool_entries()}
    assert rows == dict.fromkeys(periods, 12) | {PERIOD: 40}
    office.assert_all_is_well(palermo.open())
