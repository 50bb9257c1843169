"""Lineage and metrics of real deliveries and a release: what is told, and that nothing is by default."""

import json
import socket
from pathlib import Path

import pytest
from receiver import receive_posts

from pipeline.candidate import prepare_candidate
from pipeline.decision import approve_candidate, publish_candidate
from pipeline.draft import anonymize_pool, assess_draft
from pipeline.measure import list_measures
from pipeline.room import SubmissionRefused
from pipeline.settings import Settings
from pipeline.survey import survey
from pipeline.watch import watch
from pipeline.workspace import Workspace
from schemas.case import case_fields
from schemas.pool import pool_id
from schemas.release import Decision
from telemetry.metric import Metric

OFFICE = "xyz_office_cases"


def give(office, **settings):
    """The same office with further settings."""
    now = office.workspace.settings
    office.workspace = Workspace(Settings(home=now.home, sources=now.sources, **settings))


def publish(workspace):
    draft = assess_draft(workspace, anonymize_pool(workspace, "officer"), "officer")
    candidate = prepare_candidate(workspace, draft, "officer")
    for person in ("one", "two"):
        approve_candidate(workspace, candidate, person=person, decision=Decision.APPROVE, reason="read")
    return candidate, publish_candidate(workspace, candidate, "officer")


@pytest.fixture
def told(office, rows, tmp_path):
    """The events of a delivery of which three rows wait, and of a release, as a file has them."""
    file = tmp_path / "lineage.jsonl"
    give(office, lineage_url=f"file://{file}")
    unknown = [(key, "feminine", *rest) for key, _, *rest in rows(1, 3)]
    office.deliver("2019", [*unknown, *rows(4, 40)])
    return office, publish(office.workspace), [json.loads(line) for line in file.read_text().splitlines()]


def test_ingest_pool_and_release_are_told_with_their_datasets(told):
    office, (candidate, version), events = told
    assert [(e["eventType"], e["job"]["name"]) for e in events if e["eventType"] == "COMPLETE"] == [
        ("COMPLETE", name)
        for name in (
            "map",
            "validate",
            f"ingest.{OFFICE}",
            "pool",
            "anonymize",
            "assess",
            "prepare",
            "release",
        )
    ]
    done = {e["job"]["name"]: e for e in events if e["eventType"] == "COMPLETE"}
    begun = {e["run"]["runId"] for e in events if e["eventType"] == "START"}
    assert {e["run"]["runId"] for e in done.values()} == begun
    [entry] = office.workspace.ledger.pool_entries()

    [raw], [cases] = done[f"ingest.{OFFICE}"]["inputs"], done[f"ingest.{OFFICE}"]["outputs"]
    assert (raw["name"], version_of(raw)) == (f"raw/{OFFICE}/2019", entry.submission)
    assert raw["inputFacets"]["dataQualityMetrics"]["rowCount"] == 43
    asked = {
        (a["assertion"], a["success"]) for a in raw["inputFacets"]["dataQualityAssertions"]["assertions"]
    }
    assert ("WORD_UNKNOWN", False) in asked
    assert (cases["name"], version_of(cases)) == (f"cases/{OFFICE}/2019", entry.cases)
    assert cases["outputFacets"]["outputStatistics"]["rowCount"] == 40
    assert [field["name"] for field in cases["facets"]["schema"]["fields"]] == list(case_fields())

    [read], [pool] = done["pool"]["inputs"], done["pool"]["outputs"]
    assert version_of(read) == entry.cases
    assert (pool["name"], version_of(pool)) == ("pool", pool_id((entry,)))

    [source], [release] = done["release"]["inputs"], done["release"]["outputs"]
    assert version_of(source) == version_of(pool)
    assert all(a["success"] for a in source["inputFacets"]["dataQualityAssertions"]["assertions"])
    assert (release["name"], version_of(release)) == (f"releases/{version}", candidate)
    published = office.workspace.ledger.candidate(candidate).account.published
    assert release["outputFacets"]["outputStatistics"]["rowCount"] == published
    names = [field["name"] for field in release["facets"]["schema"]["fields"]]
    assert names == list(office.workspace.policy.published_columns)


def version_of(dataset):
    return dataset["facets"]["version"]["datasetVersion"]


def test_the_same_is_measured(told):
    office, (candidate, _), _ = told
    seen = survey(office.workspace)
    measured = {
        (each.metric, *each.labels.values()): each.number
        for each in list_measures(office.workspace, seen, office.workspace.ledger.open_alerts())
    }
    account = office.workspace.ledger.candidate(candidate).account
    assert measured[Metric.ROWS_ACCEPTED, OFFICE] == 40
    assert measured[Metric.ROWS_HELD, OFFICE] == 3
    assert measured[Metric.DELIVERIES, OFFICE, "pooled"] == 1
    assert measured[Metric.STEPS, "map", "done"] == measured[Metric.STEPS, "publish", "done"] == 1
    assert measured[Metric.STEP_DURATION, "map"] > 0
    assert (measured[Metric.RELEASES,], measured[Metric.RELEASE_ROWS,]) == (1, account.published)
    assert measured[Metric.RELEASE_SUPPRESSED,] == account.suppressed
    kept = account.information_kept
    assert measured[Metric.RELEASE_KEPT,] == pytest.approx(sum(kept.values()) / len(kept))
    assert not any(key[0] in (Metric.BACKUP_AGE, Metric.TRAIL_AGE) for key in measured)


def test_a_step_that_fails_is_told_without_a_reason(office, rows):
    with receive_posts() as posts:
        give(office, lineage_url=f"http://127.0.0.1:{posts.port}")
        with pytest.raises(SubmissionRefused):
            office.deliver("2019", [(key, "feminine", *rest) for key, _, *rest in rows(1, 12)])
    assert set(posts.paths) == {"/api/v1/lineage"}
    failed = [event for event in map(json.loads, posts.bodies) if event["eventType"] == "FAIL"]
    assert [(e["job"]["name"], e["run"]["facets"], e["inputs"], e["outputs"]) for e in failed] == [
        ("check", {}, [], [])
    ]


@pytest.mark.parametrize("status", [None, 500])
def test_what_is_told_to_nobody_stops_nothing(office, rows, tmp_path, status):
    """Nobody listens, or the server breaks."""
    with receive_posts() as posts:
        posts.status = status or 200
        port = posts.port if status else 1
        give(office, lineage_url=f"http://127.0.0.1:{port}", metrics_url=f"http://127.0.0.1:{port}")
        office.deliver("2019", rows(1, 12))
        assert office.pooled() == {"2019": 12}
        assert watch(office.workspace, "officer").silent == ("metrics",)


def test_nothing_is_told_by_default(office, rows, monkeypatch):
    """Without an address nobody connects anywhere, and no file is written outside the zones."""
    before = set(Path.cwd().iterdir())

    def refuse(*_):
        raise AssertionError("something connects")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    office.deliver("2019", rows(1, 12))
    assert watch(office.workspace, "officer").silent == ()
    assert set(Path.cwd().iterdir()) == before
