"""What every DAG must declare, and what its file must not import."""

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cli.airflow_home import POOLS
from pipeline.settings import CHECKOUT

SOURCES = sorted(path.parent.name for path in (CHECKOUT / "sources").glob("*/source.yml"))
IMPORTED = ("pandas", "pandera", "great_expectations", "duckdb", "pyarrow.parquet", "schemas", "transforms")


@pytest.fixture(scope="module")
def dags(airflow):
    return airflow.load_dags()


def test_every_source_has_its_ingest_dag(dags):
    assert {f"ingest_{source}" for source in SOURCES} <= set(dags)
    assert set(dags) - {f"ingest_{source}" for source in SOURCES} == {
        "call_release",
        "check_backup",
        "check_integrity",
        "erase_withdrawn",
        "expire_files",
        "notice_files",
        "notice_late",
        "pool_accepted",
        "release_extract",
        "repeat_periods",
        "watch_state",
    }


def test_every_task_tells_people_when_it_fails_for_good(dags):
    from cli.airflow_alert import TaskAlert

    for dag in dags.values():
        for task in dag.tasks:
            assert [type(each) for each in task.on_failure_callback] == [TaskAlert], task.task_id
            assert [type(each) for each in task.on_success_callback] == [TaskAlert], task.task_id


def test_every_dag_says_what_it_does_and_how_to_mend_it(dags):
    """The triage notes stand last, one a line; each DAG has one of our tags, and an owner we know."""
    from cli.airflow_declare import Owner

    for dag in dags.values():
        *said, last = dag.doc_md.strip().split("\n\n")
        head, *notes = last.splitlines()
        assert said, dag.dag_id
        assert head == "Triage notes", dag.dag_id
        assert notes, dag.dag_id
        assert all(note.startswith(("- ", "  ")) for note in notes), dag.dag_id
        assert dag.tags in ({"ingest"}, {"pool"}, {"release"}, {"maintenance"}), dag.dag_id
        assert {task.owner for task in dag.tasks} <= set(Owner), dag.dag_id


def test_no_dag_catches_up_or_overlaps_itself(dags):
    assert not any(dag.catchup for dag in dags.values())
    assert {dag.max_active_runs for dag in dags.values()} == {1}


def test_every_task_ends_in_time_and_is_tried_again_after_a_fault(dags):
    """But those at which people are waited for: they end when nobody answers."""
    for dag in dags.values():
        for task in dag.tasks:
            assert task.retries >= 1, task.task_id
            limit = task.response_timeout if task.task_id.startswith("approve") else task.execution_timeout
            assert limit is not None, task.task_id
            if not task.task_id.startswith("approve"):
                assert task.retry_exponential_backoff > 1, task.task_id
                assert task.max_retry_delay, task.task_id


def test_every_pool_is_made_at_the_start_and_large_enough(dags):
    """A task in a pool that is not there, or that needs more slots than there are, would wait for ever."""
    from airflow.models.pool import Pool

    slots = {pool.pool: pool.slots for pool in Pool.get_pools()}
    assert slots == {"default_pool": 128} | {name: pool["slots"] for name, pool in read_pools().items()}
    used = {(task.pool, task.pool_slots) for dag in dags.values() for task in dag.tasks}
    assert all(needed <= slots[name] for name, needed in used)


def test_what_takes_much_memory_is_in_its_pool(dags):
    heavy = {
        (dag.dag_id, task.task_id) for dag in dags.values() for task in dag.tasks if task.pool == "heavy"
    }
    for source in SOURCES:
        assert {(f"ingest_{source}", task) for task in ("map", "validate", "check")} <= heavy
    alone = {("release_extract", task) for task in ("anonymize", "assess", "publish")}
    alone |= {("erase_withdrawn", "erase")}
    assert alone <= heavy
    slots = read_pools()["heavy"]["slots"]
    assert all(dags[dag].get_task(task).pool_slots == slots for dag, task in alone)


def read_pools() -> dict[str, dict]:
    """The pools as the server and the embedded default are given them."""
    return json.loads(POOLS.read_text())


def test_what_the_calendar_starts(dags):
    assert {dag.dag_id: dag.schedule for dag in dags.values() if isinstance(dag.schedule, str)} == {
        "erase_withdrawn": "30 0 * * *",
        "expire_files": "0 1 * * *",
        "check_integrity": "0 2 * * *",
        "check_backup": "0 4 * * 0",
        "notice_late": "0 5 * * *",
        "watch_state": "*/10 * * * *",
        "call_release": "0 6 1 * *",
    }


def test_noticed_files_lead_to_the_ingest_dag_of_their_source(dags):
    for source in SOURCES:
        announced = dags["notice_files"].get_task(f"announce_{source}").outlets
        assert {asset.uri for asset in announced} == started_by(dags[f"ingest_{source}"])


def test_files_are_noticed_by_our_own_trigger(dags):
    [inbox] = dags["notice_files"].timetable.asset_condition.objects
    [watcher] = inbox.watchers
    path, arguments = watcher.trigger.serialize()
    assert path == "cli.airflow_inbox.InboxTrigger"
    assert arguments["poll_seconds"] > 0


def test_ingest_leads_to_pool_and_pool_to_release(dags):
    check = dags[f"ingest_{SOURCES[0]}"].get_task("check")
    assert [asset.uri for asset in check.outlets] == [f"palermo://restricted/cases/{SOURCES[0]}"]
    assert [asset.uri for asset in dags["pool_accepted"].get_task("pool").outlets] == [
        "palermo://restricted/pool"
    ]
    assert started_by(dags["pool_accepted"]) == {f"palermo://restricted/cases/{source}" for source in SOURCES}
    assert started_by(dags["release_extract"]) == {
        "palermo://restricted/pool",
        *(asset.uri for asset in dags["call_release"].get_task("call").outlets),
    }


def started_by(dag) -> set[str]:
    condition = dag.timetable.asset_condition
    return {asset.uri for asset in getattr(condition, "objects", [condition])}


def test_publish_waits_for_both_approvals(dags):
    release = dags["release_extract"]
    assert "approve_first" in release.get_task("approve_second").upstream_task_ids
    assert "approve_second" in release.get_task("publish").upstream_task_ids


def test_parsing_a_dag_file_imports_nothing_heavy(airflow):
    """One process parses every file, so that an import is seen with whichever file makes it first."""
    files = sorted(str(path) for path in (CHECKOUT / "dags").glob("*.py"))
    code = (
        "import runpy, sys\n"
        "import airflow.sdk, airflow.providers.standard.operators.hitl, yaml\n"
        f"for file in {files!r}:\n"
        "    before = set(sys.modules)\n"
        "    runpy.run_path(file)\n"
        f"    print('heavy', [name for name in {IMPORTED!r} if name in set(sys.modules) - before])\n"
    )
    parsed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=CHECKOUT
    )
    said = [line for line in parsed.stdout.splitlines() if line.startswith("heavy")]
    assert said == ["heavy []"] * len(files)


def test_a_mistake_in_one_source_takes_no_dag_away_and_is_not_quoted(tmp_path, airflow):
    """Airflow keeps the text of an import error in its database."""
    sources = shutil.copytree(CHECKOUT / "sources", tmp_path / "sources")
    description = sources / "srb_czztlj_identified_victims" / "source.yml"
    description.write_text(description.read_text("utf-8").replace("    Srbija: SRB", "    Kanarinac: : SRB"))
    code = f"import runpy\nprint(len(runpy.run_path({str(CHECKOUT / 'dags' / 'ingest_sources.py')!r})))"
    parsed = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=CHECKOUT,
        env={**os.environ, "PALERMO_SOURCES": str(sources)},
    )
    assert parsed.returncode == 0
    assert "Kanarinac" not in parsed.stdout + parsed.stderr


def test_the_folder_with_the_passwords_is_private(airflow):
    assert stat.S_IMODE(Path(os.environ["AIRFLOW_HOME"]).stat().st_mode) == 0o700


def test_no_dag_file_has_the_name_of_a_package():
    names = {path.stem for path in (CHECKOUT / "dags").glob("*.py")}
    assert not names & {path.parent.name for path in CHECKOUT.glob("*/__init__.py")}
