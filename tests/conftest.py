"""What every test shares: a deterministic Hypothesis profile, the real files, and a ledger on each engine."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pandas as pd
import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings

from schemas.case import case_fields
from schemas.field import Kind

settings.register_profile(
    "ci", derandomize=True, deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

ROOT = Path(__file__).parents[1]
POSTGRES = os.environ.get("PALERMO_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
REAL_DATA = Path(os.environ.get("PALERMO_REAL_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real public files beside the checkout; tests that need it skip where it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip("real files are not here: mapping of CTDC, Argentine and HTCDS files is not tried")
    return REAL_DATA


ENGINES = ("sqlite", "postgresql")


@pytest.fixture(params=ENGINES)
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own, empty; dropped afterwards."""
    with _make_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture(scope="module", params=ENGINES)
def module_ledger_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A database that the tests of one module share."""
    with _make_database(request.param, tmp_path_factory.mktemp("ledger")) as url:
        yield url


@contextmanager
def _make_database(engine: str, folder: Path) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'ledger.sqlite'}"
        return
    name = f"palermo_test_{uuid4().hex}"
    _administer(f"CREATE DATABASE {name}")
    yield sa.make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    _administer(f"DROP DATABASE {name} WITH (FORCE)")


def _administer(statement: str) -> None:
    url = sa.make_url(POSTGRES).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL at PALERMO_TEST_POSTGRES: the ledger is tried on SQLite only")
    with connection:
        connection.execute(statement)  # type: ignore[arg-type]


MakeCases = Callable[[Sequence[dict[str, Any]]], pd.DataFrame]
CASE_DTYPES = {Kind.FLAG: "Int8", Kind.INTEGER: "Int16", Kind.YEAR: "Int16", Kind.BOOLEAN: "boolean"}
MANDATORY_VALUES = {
    "source_id": "xyz_office_cases",
    "data_source_type": "Hotline",
    "consent_publication": True,
    "year_of_registration": 2019,
    "trafficking_status": "PossibleVictimOfTrafficking",
    "schema_version": "0.1.0",
    "source_version": "0" * 64,
    "period": "2019",
}


@pytest.fixture(scope="session")
def make_cases() -> MakeCases:
    """Makes a frame of cases, typed as mapping types it, from the fields that matter to a test.

    Mandatory fields are filled in; rows are numbered from 2, as under a header.
    """
    nothing = pd.DataFrame(
        {name: pd.array([], dtype=_dtype(name, field.kind)) for name, field in case_fields().items()}
    )

    def make(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
        filled = [{**MANDATORY_VALUES, "source_record_key": f"key {n}", **row} for n, row in enumerate(rows)]
        index = range(2, len(rows) + 2)
        given = {
            name: pd.Series([row.get(name) for row in filled], index, nothing[name].dtype)
            for name in dict.fromkeys(name for row in filled for name in row)
        }
        return nothing.reindex(index).assign(**given)

    return make


def _dtype(name: str, kind: Kind) -> str:
    return "Int8" if name == "number_of_children" else CASE_DTYPES.get(kind, "str")
