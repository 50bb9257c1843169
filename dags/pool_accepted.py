"""Pool: whatever any source delivered and passed its checks takes its place in the pool.

Started by the assets of the ingest DAGs. A corrected file replaces its source and period in one
transaction; the pool never holds half of one.

Triage notes
- Failed: the ledger could not be written. Nothing was pooled; run it again.
- Nothing to pool: fine, the submission was pooled by an earlier run or by the command line.
"""

from datetime import timedelta

from airflow.sdk import AssetAny, FixedKeyMapper, PartitionedAssetTimetable, dag, task

from cli.airflow_asset import POOL, cases, list_sources

# There is one pool: whichever partitions were checked, they lead to the same run.
WHOLE = "pool"


@dag(
    dag_id="pool_accepted",
    dag_display_name="Pool accepted cases",
    doc_md=__doc__,
    schedule=PartitionedAssetTimetable(
        assets=AssetAny(*(cases(source_id) for source_id in list_sources())),
        default_partition_mapper=FixedKeyMapper(WHOLE),
    ),
    catchup=False,
    max_active_runs=1,
    tags=["pool"],
    default_args={
        "owner": "data-officer",
        "retries": 2,
        "retry_delay": timedelta(seconds=30),
        "execution_timeout": timedelta(hours=1),
    },
)
def pool_accepted():
    """Declare the DAG."""

    @task(outlets=[POOL])
    def pool(outlet_events) -> str:
        from pipeline.ingest import pool_checked
        from pipeline.workspace import open_workspace

        pooled = pool_checked(open_workspace(), actor="airflow")
        outlet_events[POOL].add_partitions(WHOLE)
        return pooled

    @task
    def desk(pool_id: str) -> None:
        from pipeline.workspace import open_workspace
        from portal.desk import refresh_desk

        refresh_desk(open_workspace())

    desk(pool())


pool_accepted()
