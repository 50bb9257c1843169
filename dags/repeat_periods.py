"""Map past periods anew: every delivery in the pool that a changed description or schema would map otherwise.

Started by hand, after source.yml was corrected or Palermo was upgraded. Each period goes through the ingest
DAG of its source, one at a time, and takes its own place in the pool where it differs; where nothing has
changed, nothing is run. One period alone: start its ingest DAG by hand, with `again` to insist.

Triage notes
- Skipped: every period was mapped by the description and the schema in force.
- A period is left out: its files were erased, by retention or for a withdrawal. Its cases stay as they are
  until the agency sends the file again. A source whose description has a mistake is left out as well.
- An ingest run fails: the delivery does not pass under the new description; the pool keeps the old cases.
"""

from datetime import timedelta

from airflow.sdk import task

from cli.airflow_asset import arrived, list_sources, partition_key, read_source
from cli.airflow_declare import Owner, declare


@declare(
    "repeat_periods",
    "Map past periods anew",
    __doc__,
    schedule=None,
    tag="ingest",
    owner=Owner.OFFICER,
    limit=timedelta(minutes=30),
)
def repeat_periods():
    """Declare the DAG."""

    @task
    def find() -> list[str]:
        from pipeline.backfill import list_outdated
        from pipeline.workspace import open_workspace

        return [partition_key(*place) for place in list_outdated(open_workspace())]

    @task.branch
    def sort(keys: list[str]) -> list[str]:
        return sorted({f"announce_{read_source(key)}" for key in keys})

    keys = find()
    sorted_keys = sort(keys)
    for source_id in list_sources():

        @task(task_id=f"announce_{source_id}", outlets=[arrived(source_id)])
        def announce(mine: str, keys: list[str], outlet_events) -> None:
            outlet_events[arrived(mine)].add_partitions([key for key in keys if read_source(key) == mine])

        sorted_keys >> announce(source_id, keys)


repeat_periods()
