"""The demonstration: invented files of every source, through the real DAGs, to a published extract."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from cli.airflow_home import PEOPLE, enter_airflow_home
from pipeline.settings import load_settings
from pipeline.workspace import Workspace, open_workspace
from samples.submission import SampleFile, write_samples

REASON = "demonstration on invented files: the evidence of the disclosure check was read"


def run_demo() -> None:
    """Write samples, ingest each, pool, release with two approvals, and show what came out."""
    home = load_settings().home.resolve()
    enter_airflow_home(home)
    log = home / "airflow" / "demo.log"
    with quiet(log) as console:
        started = time.monotonic()
        workspace = open_workspace()
        samples = _write_samples(home, console)
        _prepare_airflow(console)
        _ingest(workspace, samples, console)
        _release(console)
        console.print(
            f"Done in {time.monotonic() - started:.0f} s. Logs: {log}\n", soft_wrap=True, highlight=False
        )
        _show(workspace, console)


@contextmanager
def quiet(log: Path) -> Iterator[Console]:
    """Send what Airflow and other libraries print to a file; the console given still reaches the terminal."""
    sys.stdout.flush()
    terminal, errors = os.dup(1), os.dup(2)
    with log.open("a") as file, os.fdopen(terminal, "w", closefd=False) as screen:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        try:
            yield Console(file=screen)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os.dup2(terminal, 1)
            os.dup2(errors, 2)


def _write_samples(home: Path, console: Console) -> list[SampleFile]:
    folder = home / "samples"
    samples = [sample for group in write_samples(folder).values() for sample in group]
    console.print(f"Wrote {len(samples)} invented submissions to {folder}", soft_wrap=True, highlight=False)
    return samples


def _prepare_airflow(console: Console) -> None:
    from cli.airflow_run import load_dags

    console.print(f"Airflow is ready, {len(load_dags())} DAGs", highlight=False)


def _ingest(workspace: Workspace, samples: list[SampleFile], console: Console) -> None:
    from cli.airflow_run import run_dag

    for number, sample in enumerate(samples, 1):
        started = time.monotonic()
        inbox = workspace.store.inbox / sample.source_id / sample.period
        inbox.mkdir(parents=True, exist_ok=True)
        for path in sample.paths:
            shutil.copy(path, inbox)
        run_dag(f"ingest_{sample.source_id}", period=sample.period)
        took = time.monotonic() - started
        console.print(
            f"  {number:2}/{len(samples)} ingest {sample.source_id} {sample.period}  {took:.1f} s",
            highlight=False,
        )
    run_dag("pool_accepted")
    console.print("  pooled", highlight=False)


def _release(console: Console) -> None:
    from cli.airflow_run import Answer, Approvers, run_dag

    approvers = Approvers(*(Answer(person, reason=REASON) for person in PEOPLE))
    approvers.start()
    try:
        run_dag("release_extract")
    finally:
        approvers.finished.set()
    console.print(f"  released: anonymized, judged, approved by {' and '.join(PEOPLE)}", highlight=False)


def _show(workspace: Workspace, console: Console) -> None:
    from cli.view import show_overview, show_release

    show_overview(workspace, console)
    last = workspace.ledger.releases()[-1]
    show_release(workspace, workspace.ledger.candidate(last.candidate), console)
    zones = workspace.store.zones
    console.print(f"Desk: {zones.desk / 'index.html'}", soft_wrap=True, highlight=False)
    console.print(f"Public catalogue: {zones.public / 'index.html'}", soft_wrap=True, highlight=False)
