"""Erase what is left of withdrawn cases: a withdrawal that was cut off, a file that came back from a backup.

`palermo withdraw` erases at once; this finishes every night what it could not, and finds nothing to do on
most nights. Files that hold a withdrawn case and that a run is reading wait for the next night.

Triage notes
- Failed: a withdrawn case may still be held, and waits for the next run. Mend what the message names (disk,
  ledger), then start this DAG by hand; the agreement with the agency sets the days in which it must be done.
- `cases.rewritten` and `raw.erased` on the audit trail say what was done.
"""

from datetime import timedelta

from airflow.sdk import task

from cli.airflow_declare import HEAVY, WHOLE, Owner, declare
from cli.airflow_task import final_refusals, name_actor


@declare(
    "erase_withdrawn",
    "Erase withdrawn cases",
    __doc__,
    schedule="30 0 * * *",
    tag="maintenance",
    owner=Owner.PROTECTION,
    limit=timedelta(hours=6),
)
def erase_withdrawn():
    """Declare the DAG."""

    @task(pool=HEAVY, pool_slots=WHOLE)
    def erase(dag_run) -> dict[str, int]:
        from pipeline.withdrawal import apply_withdrawals
        from pipeline.workspace import open_workspace

        with final_refusals():
            erased = apply_withdrawals(open_workspace(), name_actor(dag_run))
        return {"rewritten": erased.rewritten, "raw": erased.raw}

    @task
    def desk(erased: dict[str, int]) -> None:
        from pipeline.workspace import open_workspace
        from portal.desk import refresh_desk

        refresh_desk(open_workspace())

    desk(erase())


erase_withdrawn()
