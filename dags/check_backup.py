"""Check every week that the newest backup is finished, not old, and byte by byte what was copied.

It reads the folder that the setting `backup_folder` names and asks for no key; without that setting nothing
is checked and `verify` is skipped. That a backup can be put back shows only where it is: try
`palermo recover` on another machine once a year.

Triage notes
- `verify` skipped: PALERMO_BACKUP_FOLDER names no folder to the processes of Airflow.
- `verify` failed with BackupFaulty: the message names the backup. Where it is damaged, make one to another
  disk at once, name that folder, and start this DAG by hand; a file that backups share is damaged in each.
- It is old, cut off or not there: see why `palermo backup` did not end: its schedule, the disk, the mount.
- A backup that is cut off beside a sound one is counted in the entry `backup.checked` of the audit trail and
  is no failure: it may be under way, and the next backup removes it.
"""

from datetime import timedelta

from airflow.sdk import task

from cli.airflow_declare import Owner, declare
from cli.airflow_task import final_refusals, name_actor


@declare(
    "check_backup",
    "Check the newest backup",
    __doc__,
    schedule="0 4 * * 0",
    tag="maintenance",
    owner=Owner.ADMINISTRATOR,
    limit=timedelta(hours=6),
)
def check_backup():
    """Declare the DAG."""

    @task.short_circuit
    def find() -> bool:
        import logging

        from pipeline.workspace import open_workspace

        folder = open_workspace().settings.backup_folder
        if folder is None:
            logging.getLogger("palermo").warning("no backup is checked: the setting backup_folder is not set")
        return folder is not None

    @task
    def verify(dag_run) -> int:
        from pipeline.backup_check import check_newest_backup
        from pipeline.workspace import open_workspace

        workspace = open_workspace()
        with final_refusals():
            return check_newest_backup(workspace, workspace.settings.backup_folder, name_actor(dag_run)).files

    find() >> verify()


check_backup()
