"""kill -9 of the process that runs Airflow's tasks, within a task, then the DAGs again: nothing is lost."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.settings import CHECKOUT, Settings
from pipeline.workspace import Workspace
from samples.submission import write_samples
from schemas.submission import SubmissionState
from tests.end_to_end.airflow_run_once import PERIOD, SOURCE

SCRIPT = Path(__file__).with_name("airflow_run_once.py")


def start(*arguments: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, SCRIPT, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=CHECKOUT,
    )


def kill_at(run: subprocess.Popen, step: str) -> None:
    """Kill the run as soon as it says that it begins a step."""
    said: list[str] = []
    for line in run.stdout:
        said.append(line)
        if f"start step={step} " in line:
            run.kill()
            break
    run.communicate()
    assert run.returncode == -9, "".join(said)[-2000:]


@pytest.mark.airflow
def test_airflow_is_killed_within_a_task_and_run_again(tmp_path):
    home = tmp_path / "home"
    [sample] = [each for each in write_samples(tmp_path / "samples")[SOURCE] if each.period == PERIOD]
    kill_at(start(home, *sample.paths), "validate")
    workspace = Workspace(Settings(home=home))
    [record] = workspace.ledger.submissions()
    assert record.state is not SubmissionState.POOLED
    assert workspace.ledger.pool_entries() == ()
    again = start(home)
    said, _ = again.communicate()
    assert again.returncode == 0, said[-2000:]
    [record] = workspace.ledger.submissions()
    assert record.state is SubmissionState.POOLED
    [entry] = workspace.ledger.pool_entries()
    cases, _ = workspace.store.read_cases(entry.cases)
    assert len(cases) == entry.rows == record.account.accepted > 0
    assert list((home / "staging").iterdir()) == []
    assert list((home / "inbox" / SOURCE).rglob("*.*")) == []
