"""The assets that lead from one DAG to the next, and the keys of their partitions."""

import os
from pathlib import Path

from airflow.sdk import Asset

SOURCES = Path(os.environ.get("PALERMO_SOURCES", Path(__file__).parents[1] / "sources"))
POOL = Asset(name="pool", uri="palermo://restricted/pool")
RELEASE_DUE = Asset(name="release_due", uri="palermo://calendar/release")
RELEASES = Asset(name="releases", uri="palermo://public/releases")


def list_sources() -> list[str]:
    """The ids of all sources, sorted."""
    return sorted(path.parent.name for path in SOURCES.glob("*/source.yml"))


def arrived(source_id: str) -> Asset:
    """Files of a source arrived; a partition for each `source|period`."""
    return Asset(name=f"arrived_{source_id}", uri=f"palermo://inbox/{source_id}")


def cases(source_id: str) -> Asset:
    """Cases of a source passed their checks; a partition for each `source|period`."""
    return Asset(name=f"cases_{source_id}", uri=f"palermo://restricted/cases/{source_id}")


def partition_key(source_id: str, period: str) -> str:
    """The key of one source and period."""
    return f"{source_id}|{period}"


def read_source(key: str) -> str:
    """The source of a partition key."""
    return key.partition("|")[0]


def read_period(key: str) -> str:
    """The period of a partition key."""
    return key.partition("|")[2]
