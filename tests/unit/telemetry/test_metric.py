"""Metrics as a real collector receives them, and the dashboard, of which every query names one of them."""

import json
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from receiver import receive_posts

from pipeline.settings import CHECKOUT
from telemetry.metric import Measure, Metric, MetricsNotTaken, send_metrics

CUMULATIVE = 2
SUFFIX = {"s": "_seconds", "By": "_bytes", "1": "_ratio"}
MEASURES = [Measure(metric, 1 + number / 2) for number, metric in enumerate(Metric)]


def receive(measures):
    """What the collector gets: the resource, and by name kind and points."""
    with receive_posts() as posts:
        send_metrics(f"http://127.0.0.1:{posts.port}/", measures)
    assert posts.paths == ["/v1/metrics"]
    request = ExportMetricsServiceRequest.FromString(posts.bodies[0])
    [resource] = request.resource_metrics
    [scope] = resource.scope_metrics
    named = {attribute.key: attribute.value.string_value for attribute in resource.resource.attributes}
    return named, list(scope.metrics)


def name_for_prometheus(metric):
    """The name that Prometheus gives a metric it receives by OTLP."""
    name = re.sub(r"[^a-zA-Z0-9_]", "_", metric.name) + SUFFIX.get(metric.unit, "")
    return name + ("_total" if metric.WhichOneof("data") == "sum" else "")


def test_numbers_and_labels_arrive():
    given = [
        Measure(Metric.ROWS_HELD, 7, {"source": "srb_office_victims"}),
        Measure(Metric.ROWS_HELD, 0, {"source": "alb_office_victims"}),
        Measure(Metric.STEPS, 41, {"step": "map", "state": "done"}),
        Measure(Metric.RELEASE_KEPT, 0.875),
    ]
    named, metrics = receive(given)
    assert named == {"service.name": "palermo"}
    received = set()
    for metric in metrics:
        points = getattr(metric, metric.WhichOneof("data")).data_points
        for point in points:
            labels = tuple(sorted((a.key, a.value.string_value) for a in point.attributes))
            received.add((metric.name, point.as_int or point.as_double, labels))
    assert received == {
        ("palermo.rows.held", 7, (("source", "srb_office_victims"),)),
        ("palermo.rows.held", 0, (("source", "alb_office_victims"),)),
        ("palermo.steps", 41, (("state", "done"), ("step", "map"))),
        ("palermo.release.information.kept", 0.875, ()),
    }
    assert [
        (m.name, m.sum.is_monotonic, m.sum.aggregation_temporality) for m in metrics if m.HasField("sum")
    ] == [("palermo.steps", True, 2)]


@pytest.mark.parametrize("status", [400, 403])
def test_a_collector_that_refuses_is_told_of(status):
    with receive_posts() as posts:
        posts.status = status
        with pytest.raises(MetricsNotTaken):
            send_metrics(f"http://127.0.0.1:{posts.port}", MEASURES)


def test_every_query_of_the_dashboard_names_a_metric_that_is_sent():
    _, metrics = receive(MEASURES)
    assert {metric.name for metric in metrics} == {metric.label for metric in Metric}
    sent = {name_for_prometheus(metric) for metric in metrics} | set(list_of_airflow())
    dashboard = json.loads((CHECKOUT / "deploy" / "grafana" / "palermo.json").read_text())
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    asked = {name for query in queries for name in re.findall(r"\b(?:palermo|airflow)_\w+", query)}
    assert asked - sent == set()
    # and of ours none is sent that nobody sees
    assert {name for name in sent - asked if name.startswith("palermo")} == set()


def list_of_airflow():
    """Airflow's counters, from the registry that its own metrics are checked against."""
    # Airflow itself is not imported: it would be set up for the whole process.
    [folder] = find_spec("airflow").submodule_search_locations
    registry = Path(folder) / "_shared" / "observability" / "metrics" / "metrics_template.yaml"
    for metric in yaml.safe_load(registry.read_text("utf-8"))["metrics"]:
        if metric["type"] == "counter":
            yield f"airflow_{metric['name'].replace('.', '_')}_total"
