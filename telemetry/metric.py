"""Metrics: how things stand, as numbers for OpenTelemetry, by source id, step, state or kind only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader, MetricExportResult
from opentelemetry.sdk.resources import Resource

SERVICE = "palermo"
PATIENCE_SECONDS = 5


class MetricsNotTaken(Exception):
    """The collector did not take the metrics."""


class Metric(Enum):
    """Every metric there is: (name, unit, whether it only grows, what it says)."""

    ROWS_ACCEPTED = ("palermo.rows.accepted", "{row}", False, "rows that count, by source")
    ROWS_HELD = ("palermo.rows.held", "{row}", False, "rows of last deliveries that wait, by source")
    DELIVERIES = ("palermo.deliveries", "{delivery}", False, "last deliveries, by source and state")
    DELIVERIES_LATE = ("palermo.deliveries.late", "{delivery}", False, "late deliveries, by source")
    ALERTS = ("palermo.alerts", "{alert}", False, "what is the matter, by kind")
    STEPS = ("palermo.steps", "{run}", True, "runs of a step, by step and state")
    STEP_DURATION = ("palermo.step.duration", "s", True, "time that ended runs of a step took, by step")
    RELEASES = ("palermo.releases", "{release}", False, "releases")
    RELEASE_ROWS = ("palermo.release.rows", "{row}", False, "rows of the last release")
    RELEASE_SUPPRESSED = ("palermo.release.suppressed", "{row}", False, "cases left out of the last release")
    RELEASE_KEPT = ("palermo.release.information.kept", "1", False, "mean share of information kept in it")
    DISK_FREE = ("palermo.disk.free", "By", False, "free space of the zones")
    TRAIL_AGE = ("palermo.trail.age", "s", False, "time since the audit trail was verified")
    BACKUP_AGE = ("palermo.backup.age", "s", False, "time since the last backup on record")

    @property
    def label(self) -> str:
        """Its name."""
        return self.value[0]


@dataclass(frozen=True)
class Measure:
    """One number of one metric."""

    metric: Metric
    number: float
    labels: Mapping[str, str] = field(default_factory=dict)


def send_metrics(url: str, measures: Sequence[Measure]) -> None:
    """Send one reading of all metrics to a collector, by OTLP over HTTP.

    What only grows is counted by the ledger, not by this process: the numbers go on where another process
    left them.

    Raises:
        MetricsNotTaken: the collector did not answer, or refused.
    """
    reader = InMemoryMetricReader()
    # A resource of our own: the one that the library makes tells the machine what the machine is called.
    provider = MeterProvider([reader], resource=Resource({"service.name": SERVICE}), shutdown_on_exit=False)
    _observe(provider, measures)
    exporter = OTLPMetricExporter(f"{url.rstrip('/')}/v1/metrics", timeout=PATIENCE_SECONDS)
    read = reader.get_metrics_data()
    try:
        if read is not None and exporter.export(read) is not MetricExportResult.SUCCESS:
            raise MetricsNotTaken("the collector did not take the metrics")
    finally:
        exporter.shutdown()
        provider.shutdown()


def _observe(provider: MeterProvider, measures: Iterable[Measure]) -> None:
    by_metric: dict[Metric, list[Observation]] = defaultdict(list)
    for measure in measures:
        by_metric[measure.metric].append(Observation(measure.number, dict(measure.labels)))
    meter = provider.get_meter(SERVICE)
    for metric, observed in by_metric.items():
        name, unit, only_grows, meaning = metric.value
        make = meter.create_observable_counter if only_grows else meter.create_observable_gauge

        def give(_: CallbackOptions, observed: list[Observation] = observed) -> Iterable[Observation]:
            return observed

        make(name, callbacks=[give], unit=unit, description=meaning)
