"""A name planted in every text column of every sample is found nowhere but in the raw zone."""

import io
import logging
import sqlite3
import zlib

import pandas as pd
import pytest
from canary import CANARY, NAMED, look_for, plant, read_stored, scan, search
from receiver import receive_posts

from pipeline.candidate import prepare_candidate
from pipeline.decision import approve_candidate, publish_candidate
from pipeline.draft import anonymize_pool, assess_draft
from pipeline.ingest import ingest_files
from pipeline.room import SubmissionRefused
from pipeline.settings import Settings
from pipeline.watch import watch
from pipeline.workspace import Workspace
from portal.desk import refresh_desk
from portal.site import refresh_site
from samples.submission import write_samples
from schemas.release import Decision
from storage.content import StoredFile


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> tuple[Workspace, str]:
    """Every sample with canaries ingested where it is not refused, and the pool released."""
    root = tmp_path_factory.mktemp("canary")
    lineage = f"file://{root / 'home' / 'lineage.jsonl'}"
    workspace = Workspace(Settings(home=root / "home", lineage_url=lineage))
    spoken: list[str] = []
    handler = logging.StreamHandler(log := io.StringIO())
    logging.getLogger().addHandler(handler)
    logging.getLogger("palermo").setLevel(logging.DEBUG)
    for samples in write_samples(root / "samples").values():
        sample = samples[0]
        source = workspace.describe(sample.source_id).source
        paths = []
        for path in sample.paths:
            table = next(t for t in source.tables.values() if path.match(t.file))
            target = root / "planted" / sample.source_id / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(plant(path.read_bytes(), table.reader))
            paths.append(target)
        for given in (paths, sample.paths):
            try:
                ingest_files(workspace, sample.source_id, sample.period, given, "officer")
            except SubmissionRefused as refusal:
                spoken += [str(refusal), repr(refusal.findings)]
    logging.getLogger().removeHandler(handler)
    release(workspace)
    with receive_posts() as posts:
        settings = workspace.settings.model_copy(update={"metrics_url": f"http://127.0.0.1:{posts.port}"})
        watch(Workspace(settings), "officer")
    (root / "home" / "metrics").write_bytes(posts.bodies[0])
    return workspace, "\n".join([*spoken, log.getvalue()])


def release(workspace: Workspace) -> None:
    candidate = prepare_candidate(
        workspace, assess_draft(workspace, anonymize_pool(workspace, "officer"), "officer"), "officer"
    )
    for person in ("one", "two"):
        approve_candidate(
            workspace, candidate, person=person, decision=Decision.APPROVE, reason="evidence read"
        )
    publish_candidate(workspace, candidate, "officer")
    refresh_desk(workspace)
    refresh_site(workspace)


def test_the_search_finds_a_canary_where_there_is_one(tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "file").write_text(CANARY)
    (tmp_path / "hash").write_text("9937332f")
    assert list(search(tmp_path, look_for([CANARY], [37332]))) == []
    (tmp_path / "log").write_text(f"could not parse {CANARY}")
    pd.DataFrame({"n": [CANARY] * 9}).to_parquet(tmp_path / "a.parquet", compression="zstd")
    pd.DataFrame({"d": pd.to_datetime(["2002-03-17"])}).to_parquet(tmp_path / "d.parquet")
    (tmp_path / "number").write_text("day 37332.")
    with sqlite3.connect(tmp_path / "b.db") as connection:
        connection.execute("CREATE TABLE t (c BLOB)")
        connection.execute("INSERT INTO t VALUES (?)", [zlib.compress(CANARY.encode())])
    found = search(tmp_path, look_for([CANARY, "2002-03-17"], [37332]))
    assert [path.name for path in found] == ["a.parquet", "b.db", "d.parquet", "log", "number"]


def test_planted_submissions_were_stored_and_used(planted):
    workspace, _ = planted
    zones = workspace.store.zones
    raw = b"".join(read_stored(path) for path in zones.raw.rglob("*") if path.is_file())
    assert CANARY.encode() in raw
    assert any(record.account and record.account.held for record in workspace.ledger.submissions())


def test_lineage_and_metrics_were_sent_and_so_are_searched(planted):
    workspace, _ = planted
    home = workspace.settings.home
    assert "releases/" in (home / "lineage.jsonl").read_text()
    assert b"palermo.rows.held" in (home / "metrics").read_bytes()


def test_the_canary_is_found_nowhere_outside_the_raw_zone(planted):
    workspace, _ = planted
    assert list(search(workspace.settings.home, NAMED)) == []


def test_on_the_disk_the_canary_is_found_nowhere(planted):
    """Not in the raw zone either, nor in the folder of keys beside the home."""
    workspace, _ = planted
    home = workspace.settings.home
    assert list(scan(home, NAMED)) == []
    assert list(scan(home.with_name("home-keys"), NAMED)) == []


def test_every_case_value_on_the_disk_is_sealed(planted):
    """Whatever lies in the restricted zones is sealed, but the pages of the desk and the wrapped keys."""
    workspace, _ = planted
    zones = workspace.store.zones
    files = {path for path in zones.restricted.rglob("*") if path.is_file() and path.stat().st_size}
    plain = {path for path in files if not path.read_bytes().startswith(b"palermo\x00sealed\x001")}
    assert len(files - plain) > 50
    assert {path.relative_to(zones.restricted).parts[0] for path in plain} == {"desk", "keys"}
    owners = {
        StoredFile(path, workspace.store.keys).owner() for path in zones.raw.rglob("*") if path.is_file()
    }
    assert owners == {record.submission.source_id for record in workspace.ledger.submissions()}


def test_the_canary_is_in_no_message_and_no_log_line(planted):
    _, spoken = planted
    assert "Kanarin" not in spoken
