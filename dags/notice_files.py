"""Notice: files that have stopped changing in `inbox/<source>/<period>/` start their ingest DAG.

A trigger looks every few seconds, and claims files whose names, sizes and times were the same at two
looks by renaming them into `claimed/`. A source and period has one claim at a time; what arrives
meanwhile waits in the inbox. What passes on is source, period and a hash, never a file name.

Triage notes
- Files lie in the inbox and nothing happens: is the triggerer well (health page), is the folder named
  `<source>/<period>` with a source that `palermo status --all` lists and a period such as 2024 or 2024-06?
- Files lie in `claimed/`: their ingest run failed or was lost; they are told again after ten minutes.
- Files lie in `refused/`: the desk says why. Correct them and put them into the inbox again.
"""

from datetime import timedelta

from airflow.sdk import Asset, AssetWatcher, task

from cli.airflow_asset import arrived, list_sources, partition_key
from cli.airflow_declare import Owner, declare
from cli.airflow_inbox import InboxTrigger

INBOX = Asset(
    name="inbox",
    uri="palermo://inbox",
    watchers=[AssetWatcher(name="complete_files", trigger=InboxTrigger())],
)


def read_claims(triggering_asset_events) -> list[tuple[str, str]]:
    """Source and period of every claim that started a run."""
    payloads = [event.extra["payload"] for event in triggering_asset_events[INBOX]]
    return sorted({(payload["source_id"], payload["period"]) for payload in payloads})


@declare(
    "notice_files",
    "Notice files in the inbox",
    __doc__,
    schedule=[INBOX],
    tag="ingest",
    owner=Owner.OFFICER,
    limit=timedelta(minutes=5),
)
def notice_files():
    """Declare the DAG."""

    @task.branch
    def sort(triggering_asset_events) -> list[str]:
        return sorted({f"announce_{source}" for source, _ in read_claims(triggering_asset_events)})

    sorted_claims = sort()
    for source_id in list_sources():

        @task(task_id=f"announce_{source_id}", outlets=[arrived(source_id)])
        def announce(mine: str, triggering_asset_events, outlet_events) -> None:
            keys = [
                partition_key(source, period)
                for source, period in read_claims(triggering_asset_events)
                if source == mine
            ]
            outlet_events[arrived(mine)].add_partitions(keys)

        sorted_claims >> announce(source_id)


notice_files()
