"""Check every night that the audit trail is whole, and that every artefact is there, byte by byte.

Triage notes
- `trail` failed with TrailFaulty: somebody edited the ledger, or an old backup was put back. Keep the ledger
  as it is, compare it with the last export (`palermo audit verify --against`), and tell the data-protection
  officer before anything is published.
- `store` failed with IntegrityBroken: the message names the artefacts by id. A damaged disk or a hand that
  deleted: restore them from the backup, then start this DAG by hand.
- A file that was erased by retention or by a withdrawal is not missed.
"""

from datetime import timedelta

from airflow.sdk import task

from cli.airflow_declare import Owner, declare
from cli.airflow_task import final_refusals, name_actor


@declare(
    "check_integrity",
    "Check store and audit trail",
    __doc__,
    schedule="0 2 * * *",
    tag="maintenance",
    owner=Owner.ADMINISTRATOR,
    limit=timedelta(hours=6),
)
def check_integrity():
    """Declare the DAG."""

    @task
    def trail() -> int:
        from pipeline.trail import verify_trail
        from pipeline.workspace import open_workspace

        with final_refusals():
            return verify_trail(open_workspace())

    @task
    def store(dag_run) -> int:
        from pipeline.integrity import check_integrity
        from pipeline.workspace import open_workspace

        with final_refusals():
            return check_integrity(open_workspace(), name_actor(dag_run))

    trail() >> store()


check_integrity()
