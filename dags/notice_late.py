"""Notice every morning which source has not delivered which period, by the calendar in its description.

A deadline alert of Airflow belongs to a run, and a file that does not come starts none; so the calendar is
asked. What has become late is put on the audit trail once, and told by `watch_state`; all that is late
stands on the desk until its file is in the pool, and a release without it says so.

Triage notes
- A source is told although it delivered: was its file refused? The desk has the reason.
- A source has come to its end, or delivers less often: change `schedule` in its source.yml.
- A source is never told: it has not delivered yet and has no `first` period, or a mistake in source.yml.
"""

from datetime import timedelta

from airflow.sdk import task

from cli.airflow_declare import Owner, declare
from cli.airflow_task import final_refusals, name_actor


@declare(
    "notice_late",
    "Notice late deliveries",
    __doc__,
    schedule="0 5 * * *",
    tag="maintenance",
    owner=Owner.OFFICER,
    limit=timedelta(minutes=30),
)
def notice_late():
    """Declare the DAG."""

    @task
    def note(dag_run) -> list[str]:
        from cli.airflow_asset import partition_key
        from pipeline.lateness import note_late
        from pipeline.workspace import open_workspace
        from portal.desk import refresh_desk

        workspace = open_workspace()
        with final_refusals():
            new = note_late(workspace, name_actor(dag_run))
        refresh_desk(workspace)
        return [partition_key(late.source_id, late.period) for late in new]

    note()


notice_late()
