"""Pool: whatever any source delivered and passed its checks takes its place in the pool.

Started by the assets of the ingest DAGs. A corrected file replaces its source and period in one
transaction; the pool never holds half of one.

Triage notes
- Failed: the ledger could not be written. Nothing was pooled; run it again.
- Nothing to pool: fine, the submission was pooled by an earlier run or by the command line.
"""

import os
from pathlib import Path

from airflow.sdk import Asset, AssetAny, dag, task

SOURCES = Path(os.environ.get("PALERMO_SOURCES", Path(__file__).parents[1] / "sources"))
CASES = [
    Asset(name=f"cases_{path.parent.name}", uri=f"palermo://restricted/cases/{path.parent.name}")
    for path in sorted(SOURCES.glob("*/source.yml"))
]


@dag(
    dag_id="pool_accepted",
    dag_display_name="Pool accepted cases",
    doc_md=__doc__,
    schedule=AssetAny(*CASES),
    catchup=False,
    max_active_runs=1,
    tags=["pool"],
    default_args={"owner": "data-officer", "retries": 1},
)
def pool_accepted():
    """Declare the DAG."""

    @task(outlets=[Asset(name="pool", uri="palermo://restricted/pool")])
    def pool() -> str:
        from pipeline.ingest import pool_checked
        from pipeline.workspace import open_workspace

        return pool_checked(open_workspace(), actor="airflow")

    @task
    def desk(pool_id: str) -> None:
        from pipeline.workspace import open_workspace
        from portal.desk import refresh_desk

        refresh_desk(open_workspace())

    desk(pool())


pool_accepted()
