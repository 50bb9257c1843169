"""Pool: whatever any source delivered and passed its checks takes its place in the pool.

Started by the assets of the ingest DAGs. A corrected file replaces its source and period in one
transaction; the pool never holds half of one.

Triage notes
- Failed: the ledger could not be written. Nothing was pooled; run it again.
- Nothing to pool: fine, the submission was pooled by an earlier run or by the command line.
"""

from datetime import timedelta

from airflow.sdk import AssetAny, FixedKeyMapper, PartitionedAssetTimetable, task

from cli.airflow_asset import POOL, cases, list_sources
from cli.airflow_declare import HEAVY, Owner, declare

# There is one pool: whichever partitions were checked, they lead to the same run.
WHOLE_POOL = "pool"


@declare(
    "pool_accepted",
    "Pool accepted cases",
    __doc__,
    schedule=PartitionedAssetTimetable(
        assets=AssetAny(*(cases(source_id) for source_id in list_sources())),
        default_partition_mapper=FixedKeyMapper(WHOLE_POOL),
    ),
    tag="pool",
    owner=Owner.OFFICER,
    limit=timedelta(hours=1),
)
def pool_accepted():
    """Declare the DAG."""

    @task(outlets=[POOL], pool=HEAVY)
    def pool(outlet_events) -> str:
        from pipeline.ingest import pool_checked
        from pipeline.workspace import open_workspace

        pooled = pool_checked(open_workspace(), actor="airflow")
        outlet_events[POOL].add_partitions(WHOLE_POOL)
        return pooled

    @task
    def desk(pool_id: str) -> None:
        from pipeline.workspace import open_workspace
        from portal.desk import refresh_desk

        refresh_desk(open_workspace())

    desk(pool())


pool_accepted()
