"""What docker-compose.yml starts, as processes here: a file in, attacks repelled, two people, a release.

The tests build on each other. They need the server's environment (`make server`), and PostgreSQL where
PALERMO_TEST_POSTGRES says, as .ci/run starts it.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from urllib.parse import quote

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
    """A file, put into the inbox and noticed there; what it became, waiting for approval."""
    sample = write_samples(tmp_path_factory.mktemp("samples"))[SOURCE][0]
    inbox = stack.palermo_home / "inbox" / SOURCE / sample.period
    inbox.mkdir(parents=True)
    for path in sample.paths:
        shutil.copy(path, inbox)
    wait_until(lambda: _waiting(officer), "an approval task waits")
    ingested = _last_run(officer, f"ingest_{SOURCE}")
    assert ingested["partition_key"] == f"{SOURCE}|{sample.period}"
    [waiting] = workspace.ledger.candidates(CandidateState.AWAITING_APPROVAL)
    return waiting.id


def test_what_is_accepted_stands_in_the_ledger_on_postgresql(candidate, workspace):
    [record] = workspace.ledger.submissions()
    assert record.account is not None
    account = record.account
    assert account.read == account.accepted + account.held + sum(account.ignored.values())
    [entry] = workspace.ledger.candidate(candidate).entries
    assert (entry.source_id, entry.rows) == (SOURCE, record.account.accepted)


def _waiting(person: Person) -> list[dict]:
    details = person.get("/api/v2/dags/~/dagRuns/~/hitlDetails", response_received="false")["hitl_details"]
    return [d["task_instance"] for d in details if d["task_instance"]["state"] == "awaiting_input"]


def _last_run(person: Person, dag: str = "release_extract") -> dict:
    return person.get(f"/api/v2/dags/{dag}/dagRuns", order_by="-id", limit="1")["dag_runs"][0]


def _wait_for_end(person: Person, run: str, dag: str = "release_extract") -> str:
    def end() -> str | None:
        state = person.get(f"/api/v2/dags/{dag}/dagRuns/{quote(run, safe='')}")["state"]
        return state if state in ("success", "failed") else None

    return str(wait_until(end, f"{dag} has ended"))


def _refusals(workspace: Workspace, action: Action) -> list[tuple[str, str, str]]:
    entries = [entry for entry in workspace.ledger.audit_entries() if entry.action == action]
    return [(entry.actor, entry.subject, str(entry.detail["reason"])) for entry in entries]


def _answer(person: Person, task: dict, choice: str, reason: str) -> None:
    time.sleep(3)  # an answer in the second in which a task parks can get lost (Airflow 3.3)
    path = f"{RELEASE}/{quote(task['dag_run_id'], safe='')}/taskInstances/{task['task_id']}/-1/hitlDetails"
    answer = person.send("PATCH", path, chosen_options=[choice], params_input={"reason": reason})
    assert answer.status_code == 200, answer.text


def _wait_for_question(person: Person, task_id: str) -> dict:
    return wait_until(
        lambda: next((task for task in _waiting(person) if task["task_id"] == task_id), None),
        f"{task_id} waits",
    )


def test_an_administrator_who_forges_and_marks_success_publishes_nothing(
    stack, officer, workspace, candidate
):
    run = _last_run(officer)["dag_run_id"]
    tasks = f"{RELEASE}/{quote(run, safe='')}/taskInstances"
    for task in ("approve_first", "approve_second"):
        forged = officer.send("POST", f"{tasks}/{task}/xcomEntries", key="return_value", value=["Approve"])
        assert forged.status_code == 201, forged.text
    for task in ("approve_first", "approve_second"):
        marked = officer.send("PATCH", f"{tasks}/{task}", new_state="success")
        assert marked.status_code == 200, marked.text
    assert _wait_for_end(officer, run) == "failed"
    assert list((stack.palermo_home / "public" / "releases").iterdir()) == []
    assert _refusals(workspace, Action.RELEASE_REFUSED) == [("airflow", candidate, "InvalidTransition")]


def test_a_direct_call_of_publish_publishes_nothing(stack, workspace, candidate):
    with pytest.raises(subprocess.CalledProcessError) as refused:
        stack.run("airflow-init", "palermo", "publish", candidate, "--by", "officer")
    assert refused.value.returncode == 1
    assert list((stack.palermo_home / "public" / "releases").iterdir()) == []
    assert _refusals(workspace, Action.RELEASE_REFUSED)[1:] == [("officer", candidate, "InvalidTransition")]


def test_two_people_publish_and_one_person_twice_does_not(stack, officer, approvers, workspace, candidate):
    first, second = approvers
    started = officer.send("POST", RELEASE, logical_date=None)
    assert started.status_code == 200, started.text
    _answer(first, _wait_for_question(first, "approve_first"), "Approve", "evidence read")
    _answer(first, _wait_for_question(first, "approve_second"), "Approve", "once more")
    wait_until(lambda: _refusals(workspace, Action.DECISION_REFUSED), "the second answer is refused")
    assert _refusals(workspace, Action.DECISION_REFUSED) == [(first.name, candidate, "AlreadyDecided")]
    assert list((stack.palermo_home / "public" / "releases").iterdir()) == []
    _answer(second, _wait_for_question(second, "approve_second"), "Approve", "small classes looked at")
    assert _wait_for_end(officer, started.json()["dag_run_id"]) == "success"
    [release] = workspace.ledger.releases()
    assert release.candidate == candidate
    assert [a.person for a in workspace.ledger.approvals(candidate)] == [first.name, second.name]
    assert workspace.ledger.verify_audit() is None
    catalogue = json.loads((stack.palermo_home / "public" / "index.json").read_text())
    assert release.version in json.dumps(catalogue)
