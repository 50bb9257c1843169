"""One ingest DAG a source: receive, map, validate, check.

Declares only: every task calls a step of `pipeline`. What passes between tasks is an id or a hash.
A run has the partition `source|period` where `notice_files` or `repeat_periods` started it; by hand it
takes the period from the form. Files are taken from `inbox/<source>/<period>/` of the Palermo root, so that
no file name, which may hold a person's name, gets into Airflow's database. Where none lies there, what is in
the pool is mapped anew from the files it was handed in with, if its description or the schema has changed.
One run of a source goes on at a time.

Triage notes
- `receive` failed with SubmissionRefused: the desk page and `palermo status` name the findings.
  Columns that identify people were filled: nothing was stored, the file still lies in the inbox,
  under `refused/` where it was noticed there.
- `receive` skipped: the same files are pooled already, mapped as they would be now, or another run has them.
- `map` failed with FilesErased: retention or a withdrawal erased them; ask the agency to send them again.
- `validate` or `check` failed: the submission broke a rule or a bound; the pool still holds the
  last good one. Explain the delivery, then correct the file or the source description.
- StepFailed: a defect of Palermo. The message names step, error class and line, never a value.
- A task that is run again changes nothing that did not change.
"""

from datetime import timedelta
from pathlib import Path

import yaml
from airflow.sdk import Param, PartitionedAssetTimetable, get_parsing_context, task

from cli.airflow_asset import SOURCES, arrived, cases, partition_key, read_period
from cli.airflow_declare import HEAVY, Owner, declare
from cli.airflow_task import final_refusals, name_actor

# As in schemas.period: schemas are not imported where a DAG is parsed.
PERIOD = r"^[1-9]\d{3}(-(0[1-9]|1[0-2])|-Q[1-4]|-[1-9]\d{3})?$"


def build_ingest(source_id: str, title: str):
    """Declare the DAG of one source."""

    @declare(
        f"ingest_{source_id}",
        f"Ingest: {title}",
        __doc__,
        schedule=PartitionedAssetTimetable(assets=arrived(source_id)),
        tag="ingest",
        owner=Owner.OFFICER,
        limit=timedelta(hours=6),
        params={
            "period": Param("2019", type="string", pattern=PERIOD, title="Reporting period"),
            "again": Param(False, type="boolean", title="Map anew what is in the pool, changed or not"),
        },
    )
    def ingest():
        @task.short_circuit
        def receive(params: dict, dag_run) -> str | None:
            from pipeline.backfill import recall_pooled
            from pipeline.ingest import NothingInInbox, receive_inbox
            from pipeline.workspace import open_workspace

            noticed = dag_run.partition_key
            period = read_period(noticed) if noticed else params["period"]
            workspace = open_workspace()
            with final_refusals():
                try:
                    receipt = receive_inbox(workspace, source_id, period, name_actor(dag_run))
                except NothingInInbox:
                    receipt = recall_pooled(workspace, source_id, period, again=params["again"])
                    if receipt is None and not noticed:
                        raise
            return None if receipt is None or receipt.settled else receipt.submission

        @task(task_id="map", pool=HEAVY)
        def map_(submission: str, dag_run) -> str:
            from pipeline.ingest import map_submission
            from pipeline.workspace import open_workspace

            with final_refusals():
                return map_submission(open_workspace(), submission, name_actor(dag_run))

        @task(pool=HEAVY)
        def validate(mapped: str, dag_run) -> str:
            from pipeline.ingest import validate_submission
            from pipeline.workspace import open_workspace

            with final_refusals():
                return validate_submission(open_workspace(), mapped, name_actor(dag_run))

        @task(outlets=[cases(source_id)], pool=HEAVY)
        def check(validated: str, params: dict, dag_run, outlet_events) -> str:
            from pipeline.ingest import check_submission
            from pipeline.workspace import open_workspace

            with final_refusals():
                checked = check_submission(open_workspace(), validated, name_actor(dag_run))
            key = dag_run.partition_key or partition_key(source_id, params["period"])
            outlet_events[cases(source_id)].add_partitions(key)
            return checked

        check(validate(map_(receive())))

    return ingest()


def read_title(description: Path) -> str:
    """The title of a source; its id where the description has a mistake, which `receive` then explains."""
    try:
        return str(yaml.safe_load(description.read_text("utf-8"))["title"])
    # Airflow keeps the text of whatever is raised here, and YAML's errors quote the line.
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError):
        return description.parent.name


wanted = get_parsing_context().dag_id
for description in sorted(SOURCES.glob("*/source.yml")):
    name = description.parent.name
    if wanted in (None, f"ingest_{name}"):
        globals()[f"ingest_{name}"] = build_ingest(name, read_title(description))
