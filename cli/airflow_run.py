"""Runs Palermo's own DAGs in this process, without a scheduler, and answers their approval tasks.

Call `enter_airflow_home` first: Airflow reads its environment when it is imported.
"""

import json
import threading
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

from cli.airflow_home import POOLS
from pipeline.settings import CHECKOUT


class DagRunFailed(Exception):
    """A DAG run did not succeed; names the DAG and its failed tasks."""


@cache
def load_dags() -> dict[str, Any]:
    """Airflow's database, migrated and with its pools, and every DAG of the checkout by id.

    Raises:
        DagRunFailed: a DAG file cannot be imported.
    """
    from airflow.dag_processing.dagbag import DagBag
    from airflow.models.pool import Pool
    from airflow.utils.db import initdb

    initdb()
    for name, pool in json.loads(POOLS.read_text()).items():
        Pool.create_or_update_pool(name, **pool)
    bag = DagBag(str(CHECKOUT / "dags"))
    if bag.import_errors:
        raise DagRunFailed(f"cannot import {', '.join(sorted(bag.import_errors))}")
    return dict(bag.dags)


def run_dag(dag_id: str, **conf: str | bool) -> None:
    """Run one DAG to its end.

    Raises:
        DagRunFailed: a task failed.
    """
    run = load_dags()[dag_id].test(run_conf=conf)
    failed = sorted(
        ti.task_id for ti in run.get_task_instances() if ti.state in ("failed", "upstream_failed")
    )
    if run.state != "success":
        raise DagRunFailed(f"{dag_id}: {', '.join(failed)}")


@dataclass(frozen=True)
class Answer:
    """What one person answers to an approval task."""

    person: str
    choice: str = "Approve"
    reason: str = "evidence of the disclosure check read"


class Approvers(threading.Thread):
    """People who answer the approval tasks through Airflow's REST API, one task each, in order."""

    def __init__(self, *answers: Answer) -> None:
        """Say who answers what."""
        super().__init__(daemon=True)
        self.answers = list(answers)
        self.finished = threading.Event()

    def run(self) -> None:
        """Answer whatever waits until told to finish."""
        from airflow.api_fastapi.app import create_app
        from starlette.testclient import TestClient

        client = TestClient(create_app(apps="core"))
        while self.answers and not self.finished.wait(0.5):
            for detail in _find_waiting(client, self.answers[0].person):
                _send(client, detail["task_instance"], self.answers.pop(0))


def _find_waiting(client: Any, person: str) -> list[dict[str, Any]]:
    """The first approval task that waits, if there is one."""
    answer = client.get(
        "/api/v2/dags/~/dagRuns/~/hitlDetails",
        params={"response_received": "false"},
        headers=_sign_in(person),
    )
    details = answer.json().get("hitl_details", [])
    return [d for d in details if d["task_instance"]["state"] == "awaiting_input"][:1]


def _send(client: Any, task: dict[str, Any], answer: Answer) -> None:
    time.sleep(1)  # an answer in the second in which a task parks can get lost (Airflow 3.3)
    client.patch(
        f"/api/v2/dags/{task['dag_id']}/dagRuns/{task['dag_run_id']}/taskInstances/"
        f"{task['task_id']}/{task['map_index']}/hitlDetails",
        json={"chosen_options": [answer.choice], "params_input": {"reason": answer.reason}},
        headers=_sign_in(answer.person),
    ).raise_for_status()


def _sign_in(person: str) -> dict[str, str]:
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    token = get_auth_manager().generate_jwt(SimpleAuthManagerUser(username=person, role="user"))
    return {"Authorization": f"Bearer {token}"}
