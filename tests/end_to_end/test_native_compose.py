"""What docker-compose.yml starts, as processes of this machine: a file in, attacks repelled, two people, a release.

The tests build on each other. They need the server's environment (`make server`), and PostgreSQL where
PALERMO_TEST_POSTGRES says, as .ci/run starts it.
"""

import os
import shutil
from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa
from native_stack import DATABASES, SERVER, NativeStack, Person, wait_until

from pipeline.settings import Settings
from pipeline.workspace import Workspace
from samples.submission import write_samples
from schemas.release import CandidateState
from storage.record import Action

SOURCE = "zzz_palermo_invented_cases"
PASSWORD = "invented-for-this-test"
POSTGRES = os.environ.get("PALERMO_TEST_POSTGRES")
RELEASE = "/api/v2/dags/release_extract/dagRuns"


@pytest.fixture(scope="module")
def stack(tmp_path_factory) -> Iterator[NativeStack]:
    """PostgreSQL's two databases, migrated, and the four processes, all well."""
    if not (SERVER / "bin" / "airflow").exists():
        pytest.skip("no server environment (make server): the services of docker-compose.yml are not tried")
    if not POSTGRES:
        pytest.skip("PALERMO_TEST_POSTGRES is not set: the services of docker-compose.yml are not tried")
    url = sa.make_url(POSTGRES)
    _check_names_are_free(url)
    stack = NativeStack(tmp_path_factory.mktemp("stack"), f"{url.host}:{url.port}")
    try:
        stack.prepare()
        stack.start()
        yield stack
    finally:
        stack.stop()


def _check_names_are_free(url: sa.URL) -> None:
    with psycopg.connect(
        url.set(drivername="postgresql").render_as_string(hide_password=False)
    ) as connection:
        known = connection.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(DATABASES)])
        assert not known.fetchall(), "this PostgreSQL has a role airflow or palermo: take an empty cluster"


@pytest.fixture(scope="module")
def officer(stack) -> Person:
    """The first user, made by the command of install-on-a-server.md."""
    stack.run(
        "airflow-init", "airflow", "users", "create", "--username", "officer", "--firstname", "An",
        "--lastname", "Officer", "--role", "Admin", "--email", "officer@example.org", "--password", PASSWORD,
    )  # fmt: skip
    return Person(stack, "officer", PASSWORD)


@pytest.fixture(scope="module")
def approvers(stack, officer) -> list[Person]:
    """Two people who may answer approval tasks, made by the officer."""
    names = ("first.approver", "second.approver")
    for name in names:
        made = officer.send(
            "POST", "/auth/fab/v1/users", username=name, first_name=name, last_name="Invented",
            email=f"{name}@example.org", roles=[{"name": "User"}], password=PASSWORD,
        )  # fmt: skip
        assert made.status_code == 200, made.text
    return [Person(stack, name, PASSWORD) for name in names]


@pytest.fixture(scope="module")
def workspace(stack) -> Workspace:
    """The ledger and the zones that the processes work on."""
    url = (stack.folder / "secrets" / "palermo_database_url").read_text()
    return Workspace(Settings(home=stack.palermo_home, database_url=url))


@pytest.fixture(scope="module")
def candidate(stack, officer, workspace, tmp_path_factory) -> str:
    """A file, handed in; what it became, waiting for approval."""
    sample = write_samples(tmp_path_factory.mktemp("samples"))[SOURCE][0]
    inbox = stack.palermo_home / "inbox" / SOURCE / sample.period
    inbox.mkdir(parents=True)
    for path in sample.paths:
        shutil.copy(path, inbox)
    started = officer.send(
        "POST", f"/api/v2/dags/ingest_{SOURCE}/dagRuns", logical_date=None, conf={"period": sample.period}
    )
    assert started.status_code == 200, started.text
    wait_until(lambda: _waiting(officer), "an approval task waits")
    [waiting] = workspace.ledger.candidates(CandidateState.AWAITING_APPROVAL)
    return waiting.id


def test_what_is_accepted_stands_in_the_ledger_on_postgresql(candidate, workspace):
    [record] = workspace.ledger.submissions()
    assert record.account is not None
    assert record.account.read == record.account.accepted + record.account.held
    [entry] = workspace.ledger.candidate(candidate).entries
    assert (entry.source_id, entry.rows) == (SOURCE, record.account.accepted)


def _waiting(person: Person) -> list[dict]:
    details = person.get("/api/v2/dags/~/dagRuns/~/hitlDetails", response_received="false")["hitl_details"]
    return [d["task_instance"] for d in details if d["task_instance"]["state"] == "awaiting_input"]


def test_debug(candidate, officer, approvers, stack):
    print(_waiting(officer))
    print(stack.memory_mib())
    print(officer.get(RELEASE))
