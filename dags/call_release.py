"""Call for a release on the first of every month, so that cases that waited go out although no file came.

It changes nothing by itself: `release_extract` is started, and skips where nothing has changed since the
last release. Whoever releases on changes only, or by hand, pauses this DAG.

Triage notes
- It ran and no release came: see `release_extract`, whose `anonymize` skips an unchanged pool, and whose
  approvals wait for people.
"""

from datetime import timedelta

from airflow.sdk import task

from cli.airflow_asset import RELEASE_DUE
from cli.airflow_declare import Owner, declare


@declare(
    "call_release",
    "Call for the monthly release",
    __doc__,
    schedule="0 6 1 * *",
    tag="release",
    owner=Owner.OFFICER,
    limit=timedelta(minutes=5),
)
def call_release():
    """Declare the DAG."""

    @task(outlets=[RELEASE_DUE])
    def call(dag_run, outlet_events) -> None:
        outlet_events[RELEASE_DUE].add_partitions(f"{dag_run.run_after:%Y-%m}")

    call()


call_release()
