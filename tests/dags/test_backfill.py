"""Past periods run again: the same hashes and no new revision; anew where a description has changed."""

import shutil

import pytest

from pipeline.ingest import ingest_files
from pipeline.settings import CHECKOUT, Settings
from pipeline.workspace import Workspace
from samples.submission import write_samples
from storage.record import Action

SOURCES = ("mkd_nrm_identified_victims", "srb_czztlj_identified_victims")

pytestmark = pytest.mark.airflow


@pytest.fixture(scope="module")
def pooled(tmp_path_factory):
    """A Palermo root with two periods of two sources in the pool."""
    root = tmp_path_factory.mktemp("past")
    samples = write_samples(root / "samples")
    workspace = Workspace(Settings(home=root / "home"))
    for source in SOURCES:
        for sample in sorted(samples[source], key=lambda each: each.period)[-2:]:
            ingest_files(workspace, source, sample.period, sample.paths, "officer")
    return root / "home"


@pytest.fixture
def workspace(home, pooled):
    shutil.copytree(pooled.parent, home.parent, dirs_exist_ok=True)
    return Workspace(Settings(home=home))


def state(workspace):
    """All that counts, by hash, and how often the pool has changed."""
    reports = {record.submission.id: record.report for record in workspace.ledger.submissions()}
    return workspace.ledger.pool_entries(), reports, len(workspace.ledger.entries_of(Action.POOL_CHANGED))


def announced():
    """Partitions of files that arrived, by source, as Airflow's database has them."""
    from airflow.models.asset import AssetEvent, AssetModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    keys = select(AssetEvent.partition_key).join(AssetModel, AssetModel.id == AssetEvent.asset_id)
    with create_session() as session:
        return set(session.scalars(keys.where(AssetModel.name.startswith("arrived_"))))


def test_every_source_and_period_run_again_gives_the_same_hashes(airflow, workspace):
    before = state(workspace)
    places = [(entry.source_id, entry.period) for entry in before[0]]
    assert len(places) == 2 * len(SOURCES)
    for source, period in places:
        airflow.run_dag(f"ingest_{source}", period=period, again=True)
    airflow.run_dag("pool_accepted")
    assert state(workspace) == before
    mapped = [run.subject for run in workspace.ledger.runs() if run.step == "map"]
    assert len(mapped) == 2 * len(places)


def test_a_backfill_starts_what_a_changed_description_maps_otherwise_and_nothing_else(
    airflow, workspace, monkeypatch, tmp_path
):
    known = announced()
    airflow.run_dag("repeat_periods")
    assert announced() == known
    sources = shutil.copytree(CHECKOUT / "sources", tmp_path / "sources")
    description = sources / SOURCES[1] / "source.yml"
    description.write_text(description.read_text("utf-8") + "# another version\n", "utf-8")
    monkeypatch.setenv("PALERMO_SOURCES", str(sources))
    airflow.run_dag("repeat_periods")
    periods = {e.period for e in workspace.ledger.pool_entries() if e.source_id == SOURCES[1]}
    assert announced() - known == {f"{SOURCES[1]}|{period}" for period in periods}
