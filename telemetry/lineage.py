"""Lineage: what a step read and made, as OpenLineage events. Names, hashes, counts and outcomes of checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import (
    data_quality_assertions_dataset,
    data_quality_metrics_input_dataset,
    dataset_version_dataset,
    output_statistics_output_dataset,
    schema_dataset,
)
from openlineage.client.transport.file import FileConfig, FileTransport
from openlineage.client.transport.http import HttpConfig, HttpTransport

NAMESPACE = "palermo"
PRODUCER = "urn:palermo"
PATIENCE_SECONDS = 5.0


class Ended(StrEnum):
    """How a step ended."""

    DONE = "COMPLETE"
    FAILED = "FAIL"


@dataclass(frozen=True)
class Column:
    """A column of a dataset, by the name that our own schema gives it."""

    name: str
    kind: str


@dataclass(frozen=True)
class Check:
    """Something that was asked of a dataset, of one column of it where one is named, and the answer."""

    name: str
    met: bool
    column: str | None = None


@dataclass(frozen=True)
class Dataset:
    """What a step read or made; `version` is the hash of its content."""

    name: str
    version: str
    rows: int | None = None
    columns: Sequence[Column] = ()
    checks: Sequence[Check] = ()


@dataclass(frozen=True)
class StepTold:
    """One run of one step."""

    job: str
    run: UUID
    began: datetime
    finished: datetime
    ended: Ended
    read: Sequence[Dataset] = ()
    made: Sequence[Dataset] = ()


def send_lineage(address: str, told: StepTold) -> None:
    """Send beginning and end of a run to a server, or add them to a file, a line each.

    Raises:
        Exception: whatever the library raises where the server or the file does not take it.
    """
    transport = _open(address)
    common: dict[str, Any] = {
        "producer": PRODUCER,
        "run": Run(runId=str(told.run)),
        "job": Job(namespace=NAMESPACE, name=told.job),
    }
    transport.emit(RunEvent(eventTime=told.began.isoformat(), eventType=RunState.START, **common))
    transport.emit(
        RunEvent(
            eventTime=told.finished.isoformat(),
            eventType=RunState[told.ended.value],
            inputs=[_write_input(each) for each in told.read],
            outputs=[_write_output(each) for each in told.made],
            **common,
        )
    )
    transport.close()


def _open(address: str) -> FileTransport | HttpTransport:
    parts = urlsplit(address)
    if parts.scheme == "file":
        return FileTransport(FileConfig(parts.path, append=True))
    return HttpTransport(HttpConfig(address, timeout=PATIENCE_SECONDS, retry={"total": 0}))


def _write_input(each: Dataset) -> InputDataset:
    facets: dict[str, Any] = {}
    if each.rows is not None:
        facets["dataQualityMetrics"] = data_quality_metrics_input_dataset.DataQualityMetricsInputDatasetFacet(
            columnMetrics={}, rowCount=each.rows, producer=PRODUCER
        )
    if each.checks:
        asked = [
            data_quality_assertions_dataset.Assertion(
                assertion=check.name, success=check.met, column=check.column
            )
            for check in each.checks
        ]
        facets["dataQualityAssertions"] = data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet(
            assertions=asked, producer=PRODUCER
        )
    return InputDataset(namespace=NAMESPACE, name=each.name, facets=_write_facets(each), inputFacets=facets)


def _write_output(each: Dataset) -> OutputDataset:
    facets: dict[str, Any] = {}
    if each.rows is not None:
        facets["outputStatistics"] = output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(
            rowCount=each.rows, producer=PRODUCER
        )
    return OutputDataset(namespace=NAMESPACE, name=each.name, facets=_write_facets(each), outputFacets=facets)


def _write_facets(each: Dataset) -> dict[str, Any]:
    version = dataset_version_dataset.DatasetVersionDatasetFacet(
        datasetVersion=each.version, producer=PRODUCER
    )
    facets: dict[str, Any] = {"version": version}
    if each.columns:
        fields = [
            schema_dataset.SchemaDatasetFacetFields(name=column.name, type=column.kind)
            for column in each.columns
        ]
        facets["schema"] = schema_dataset.SchemaDatasetFacet(fields=fields, producer=PRODUCER)
    return facets
