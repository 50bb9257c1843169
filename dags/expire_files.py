"""Erase files as agencies handed them in when their time is over, with evidence on the audit trail.

How long each class is kept stands in the retention policy, which is addressed to the data-protection
officer. What was mapped from a file stays in the pool.

Triage notes
- Failed with InvalidDescription or PolicyUnreadable: the retention policy has a mistake, and nothing was
  erased. The message names the line; mend it, then start this DAG by hand.
- Failed with ClockDoubtful: the clock of the machine went back, or far ahead, or this DAG did not run for a
  month. Nothing was erased. Set the clock; if it is right, `palermo expire --clock-is-right`.
- A file that should be gone is there: another delivery whose time is not over has the same file.
- A delivery cannot be mapped anew after this: the agency has to send it again.
"""

from datetime import timedelta

from airflow.sdk import task

from cli.airflow_declare import Owner, declare
from cli.airflow_task import final_refusals, name_actor


@declare(
    "expire_files",
    "Erase files whose time is over",
    __doc__,
    schedule="0 1 * * *",
    tag="maintenance",
    owner=Owner.PROTECTION,
    limit=timedelta(hours=2),
)
def expire_files():
    """Declare the DAG."""

    @task
    def expire(dag_run) -> int:
        from pipeline.retention import expire_raw
        from pipeline.workspace import open_workspace

        with final_refusals():
            return expire_raw(open_workspace(), name_actor(dag_run))

    expire()


expire_files()
