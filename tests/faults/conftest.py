"""What trials of faults share: how many there are, a Palermo for each, and what it comes to undisturbed."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

import fault_office as office
import pytest
from fault_palermo import BEFORE, CORRECTED, PERIOD, WORK, Maker, find_server
from fault_process import warm_up

TRIALS = os.environ.get("PALERMO_TEST_FAULTS")
UNASKED = pytest.mark.skipif(
    TRIALS is None, reason="PALERMO_TEST_FAULTS says how many trials, and is not set"
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test with a `trial` is repeated as often as PALERMO_TEST_FAULTS says.

    Where that is not set, it is tried once; not at all where it is marked as `many`.
    """
    if "trial" in metafunc.fixturenames:
        many = any(metafunc.definition.iter_markers("many"))
        marks = [UNASKED] if many else []
        metafunc.parametrize("trial", [pytest.param(n, marks=marks) for n in range(int(TRIALS or 1))])


@pytest.fixture(scope="session", autouse=True)
def warm() -> None:
    warm_up()


@pytest.fixture(scope="session")
def maker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maker]:
    server = find_server()
    yield Maker(tmp_path_factory.mktemp("templates"), server)
    if server is not None:
        server.drop_all()


@pytest.fixture(scope="session", params=WORK)
def what(request: pytest.FixtureRequest) -> str:
    """Which turn is disturbed."""
    return str(request.param)


@dataclass(frozen=True)
class Undisturbed:
    """What a turn comes to where nothing disturbs it, and how long it takes in seconds."""

    outcome: dict[str, object]
    seconds: float


@pytest.fixture(scope="session")
def undisturbed(what: str, maker: Maker, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    palermo = maker.make(tmp_path_factory.mktemp(what) / "palermo", "sqlite", what)
    started = time.monotonic()
    why = palermo.begin(what).why()
    seconds = time.monotonic() - started
    assert why is None
    office.assert_all_is_well(palermo.open())
    outcome = office.describe_outcome(palermo.open())
    assert outcome["rows"] == {PERIOD: CORRECTED if what == "ingest" else BEFORE}
    assert len(outcome["releases"]) == (what == "release")  # type: ignore[arg-type]
    return Undisturbed(outcome, seconds)
