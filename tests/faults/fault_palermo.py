"""Palermos for trials: made once on each engine, with something to do, and copied for each trial."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import fault_office as office
import psycopg
import pytest
import sqlalchemy as sa
from fault_process import Turn, finish

ENGINES = ("sqlite", "postgresql")
PERIOD = "2019-01"
BEFORE, CORRECTED = 40, 41
"""How many cases of the period are in the pool before a trial, and in the correction that then comes."""

WORK: dict[str, Callable[..., None]] = {"ingest": office.ingest_turn, "release": office.release_turn}


@dataclass(frozen=True)
class Palermo:
    """One Palermo of its own: the folder with zones and descriptions, and the URL of its ledger."""

    folder: Path
    url: str | None

    def open(self) -> office.Workspace:
        return office.open_palermo(self.folder, self.url)

    @property
    def turn(self) -> tuple[Path, str | None]:
        """What every turn is given."""
        return self.folder, self.url

    def begin(self, what: str) -> Turn:
        """Start a turn of the calendar: `ingest` or `release`."""
        given = ((PERIOD,),) if what == "ingest" else ()
        return Turn(WORK[what], self.folder, self.url, *given)

    def check(self, undisturbed: dict[str, object]) -> None:
        """All is well, and as it would be had nothing happened."""
        office.assert_all_is_well(self.open())
        assert office.describe_outcome(self.open()) == undisturbed


class Server:
    """A PostgreSQL server, in which each Palermo has a database, copied from another."""

    def __init__(self, url: str) -> None:
        self._url = sa.make_url(url)
        self._made: list[str] = []

    def make(self, like: str = "template1") -> str:
        name = f"palermo_fault_{uuid4().hex}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {like}")
        self._made.append(name)
        return name

    def url_of(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def drop_all(self) -> None:
        while self._made:
            self.run(f"DROP DATABASE IF EXISTS {self._made.pop()} WITH (FORCE)")

    def run(self, statement: str) -> None:
        url = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement)  # type: ignore[arg-type]


class Maker:
    """Makes Palermos on an engine, with a correction in the inbox or a release due."""

    def __init__(self, folder: Path, server: Server | None) -> None:
        self._folder, self._server = folder, server
        self._made: dict[tuple[str, str], tuple[Path, str | None]] = {}

    def make(self, folder: Path, engine: str, what: str) -> Palermo:
        """A Palermo in a folder, on which `what` is due; skips where there is no server for it."""
        if engine == "postgresql" and self._server is None:
            pytest.skip("no PostgreSQL at PALERMO_TEST_POSTGRES: the fault is tried on SQLite only")
        if (engine, what) not in self._made:
            self._made[engine, what] = self._fill(engine, what)
        template, name = self._made[engine, what]
        shutil.copytree(template, folder)
        return Palermo(folder, self._open_database(name))

    def _fill(self, engine: str, what: str) -> tuple[Path, str | None]:
        folder = self._folder / f"{engine}_{what}"
        name = self._server.make() if self._server and engine == "postgresql" else None
        office.make_office(folder)
        url = self._server.url_of(name) if self._server and name else None
        Palermo(folder, url).open().store  # noqa: B018 - makes the zones
        office.hand_in(folder, {PERIOD: office.write_file(PERIOD, BEFORE)})
        finish(office.ingest_turn, folder, url, (PERIOD,))
        if what == "ingest":
            office.hand_in(folder, {PERIOD: office.write_file(PERIOD, CORRECTED)})
        return folder, name

    def _open_database(self, name: str | None) -> str | None:
        if self._server is None or name is None:
            return None
        return self._server.url_of(self._server.make(like=name))


def find_server() -> Server | None:
    """The server of PALERMO_TEST_POSTGRES; None where there is none."""
    default = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
    server = Server(os.environ.get("PALERMO_TEST_POSTGRES", default))
    try:
        server.run("SELECT 1")
    except psycopg.OperationalError:
        return None
    return server
