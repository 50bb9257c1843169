"""Watch: every ten minutes look at everything once, and tell people what is new.

Sources that are late, deliveries that were not used or differ, rows that wait, candidates and explanations
that wait for people, disk, audit trail. A cause is told once; `palermo watch` lists what is the matter now.

Triage notes
- Nobody is told anything: `palermo settings` says whether a mail server or a webhook is named, and
  `palermo watch` which of them did not answer. It is tried again at the next look.
- Failed: the ledger could not be read or written. The next look finds the same again; nothing is lost.
"""

from datetime import timedelta

from airflow.sdk import task

from cli.airflow_declare import Owner, declare
from cli.airflow_task import name_actor


@declare(
    "watch_state",
    "Watch how things stand",
    __doc__,
    schedule="*/10 * * * *",
    tag="maintenance",
    owner=Owner.ADMINISTRATOR,
    limit=timedelta(minutes=5),
)
def watch_state():
    """Declare the DAG."""

    @task
    def look(dag_run) -> int:
        from pipeline.watch import watch
        from pipeline.workspace import open_workspace

        return len(watch(open_workspace(), name_actor(dag_run)).open)

    look()


watch_state()
