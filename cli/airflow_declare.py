"""What all of our DAGs declare alike: no catch-up, one run at a time, an owner, retries and a time limit."""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from typing import Any

from airflow.sdk import dag

from cli.airflow_alert import CALLBACKS

HEAVY = "heavy"
"""The pool of tasks that take much memory; `deploy/pools.json` says how many slots it has."""

WHOLE = 2
"""Slots of a task beside which no other heavy one runs."""


class Owner(StrEnum):
    """Whom a DAG that fails concerns."""

    OFFICER = "data-officer"
    PROTECTION = "data-protection-officer"
    ADMINISTRATOR = "administrator"


def declare(
    dag_id: str,
    title: str,
    doc: str,
    *,
    schedule: Any,
    tag: str,
    owner: Owner,
    limit: timedelta,
    **others: Any,
) -> Callable[..., Any]:
    """Airflow's `dag`, with what is alike filled in; each task ends after `limit`.

    A task that fails is tried again after about a minute, and once more after some: what passes by itself,
    such as a database that restarts, passes in that time. `final_refusals` ends the others at once.
    """
    return dag(
        dag_id=dag_id,
        dag_display_name=title,
        doc_md=doc,
        schedule=schedule,
        catchup=False,
        max_active_runs=1,
        tags=[tag],
        default_args={
            "owner": owner.value,
            **CALLBACKS,
            "retries": 2,
            "retry_delay": timedelta(seconds=30),
            "retry_exponential_backoff": 3,
            "max_retry_delay": timedelta(minutes=15),
            "execution_timeout": limit,
        },
        **others,
    )
