"""The database goes away at a random moment of ingestion or release, and comes back: a named error at most.

PALERMO_TEST_OUTAGE says for how many seconds it is away; the default is one.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from fault_cluster import Cluster, find_programs
from fault_palermo import Maker, Server

OUTAGE = float(os.environ.get("PALERMO_TEST_OUTAGE", "1"))


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    programs = find_programs()
    if programs is None:
        pytest.skip("no PostgreSQL is installed: no database can be stopped")
    cluster = Cluster(programs)
    cluster.start()
    yield cluster
    cluster.stop()
    cluster.remove()


@pytest.fixture(scope="module")
def server_maker(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Maker:
    return Maker(tmp_path_factory.mktemp("cluster"), Server(cluster.url))


@pytest.mark.many
def test_the_turn_after_ends_as_if_nothing_had_happened(
    trial, what, undisturbed, cluster: Cluster, server_maker: Maker, tmp_path: Path
):
    palermo = server_maker.make(tmp_path / "palermo", "postgresql", what)
    turn = palermo.begin(what)
    turn.wait(Random(f"{what} {trial}").uniform(0.0, undisturbed.seconds))
    cluster.stop()
    time.sleep(OUTAGE)
    cluster.start()
    why = turn.why()
    assert why is None or "LedgerUnavailable" in why
    assert palermo.begin(what).why() is None
    palermo.check(undisturbed.outcome)
