"""One delivery through the real DAGs in this process, as `test_kill_airflow` starts it.

Usage: airflow_run_once.py HOME FILE. FILE goes into the inbox; without it the run finishes what is there.
"""

import shutil
import sys
from pathlib import Path

from cli.airflow_home import enter_airflow_home

SOURCE, PERIOD = "srb_czztlj_identified_victims", "2019"


def run(home: Path, file: Path | None) -> None:
    enter_airflow_home(home)
    from cli.airflow_run import run_dag

    if file:
        inbox = home / "inbox" / SOURCE / PERIOD
        inbox.mkdir(parents=True)
        shutil.copy(file, inbox)
    run_dag(f"ingest_{SOURCE}", period=PERIOD)
    run_dag("pool_accepted")


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
