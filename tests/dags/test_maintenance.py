"""Maintenance: each DAG really run, on a Palermo in which it finds what it is for."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.backup import make_backup
from pipeline.ingest import ingest_files
from pipeline.settings import Settings
from pipeline.withdrawal import withdraw_case
from pipeline.workspace import Workspace
from samples.submission import write_samples
from schemas.alert import AlertKind
from storage.record import Action

SOURCE, PERIOD = "srb_czztlj_identified_victims", "2019"
RETENTION = "id: t\ntitle: T\ndays: {counts: 10, replaced: 10, refused: 10, unfinished: 10}\n"

pytestmark = pytest.mark.airflow


@pytest.fixture(scope="module")
def pooled(tmp_path_factory):
    """A Palermo root with one delivery in the pool, and the delivery."""
    root = tmp_path_factory.mktemp("maintained")
    [sample] = [each for each in write_samples(root / "samples")[SOURCE] if each.period == PERIOD]
    ingest_files(Workspace(Settings(home=root / "home")), SOURCE, PERIOD, sample.paths, "officer")
    return root / "home", sample.paths[0]


@pytest.fixture
def workspace(home, pooled):
    shutil.copytree(pooled[0].parent, home.parent, dirs_exist_ok=True)
    return Workspace(Settings(home=home))


def details(workspace, action):
    return [(entry.actor, entry.subject, entry.detail) for entry in workspace.ledger.entries_of(action)]


def raw_files(workspace):
    return [path for path in workspace.store.zones.raw.glob("*/*") if path.is_file()]


def test_what_comes_back_from_a_backup_after_a_withdrawal_is_erased(airflow, workspace, pooled):
    [file] = raw_files(workspace)
    backup = file.read_bytes()
    key = pooled[1].read_text("windows-1250").splitlines()[1].partition(";")[0]
    assert withdraw_case(workspace, SOURCE, key, "officer").erased.raw == 1
    file.write_bytes(backup)
    before = len(workspace.ledger.entries_of(Action.RAW_ERASED))
    airflow.run_dag("erase_withdrawn")
    assert raw_files(workspace) == []
    [(actor, _, _)] = details(workspace, Action.RAW_ERASED)[before:]
    assert actor == "airflow"


def test_files_whose_time_is_over_are_erased_and_others_stay(airflow, workspace, monkeypatch, tmp_path):
    (tmp_path / "retention.yml").write_text(RETENTION)
    monkeypatch.setenv("PALERMO_RETENTION", str(tmp_path / "retention.yml"))
    for age, left in ((10, 1), (11, 0)):
        received = datetime.now(UTC) - timedelta(days=age)
        with closing(sqlite3.connect(workspace.settings.home / "ledger.sqlite")) as connection, connection:
            connection.execute("UPDATE submission SET received_at = ?", [received.isoformat()])
        airflow.run_dag("expire_files")
        assert len(raw_files(workspace)) == left
    [(actor, _, detail)] = details(workspace, Action.RAW_ERASED)
    assert (actor, detail["kind"], detail["days"]) == ("airflow", "counts", 10)


def test_a_retention_policy_with_a_mistake_erases_nothing(airflow, workspace, monkeypatch, tmp_path):
    (tmp_path / "retention.yml").write_text("id: t\n")
    monkeypatch.setenv("PALERMO_RETENTION", str(tmp_path / "retention.yml"))
    with pytest.raises(airflow.DagRunFailed, match="expire_files: expire"):
        airflow.run_dag("expire_files")
    assert len(raw_files(workspace)) == 1


def test_a_sound_store_passes_and_a_changed_byte_is_found(airflow, workspace):
    airflow.run_dag("check_integrity")
    [(actor, _, detail)] = details(workspace, Action.INTEGRITY_CHECKED)
    assert (actor, detail["damaged"], detail["missing"]) == ("airflow", 0, 0)
    [file] = raw_files(workspace)
    file.chmod(0o600)
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    with pytest.raises(airflow.DagRunFailed, match="check_integrity: store"):
        airflow.run_dag("check_integrity")
    assert details(workspace, Action.INTEGRITY_CHECKED)[-1][2]["damaged"] == 1


def test_the_newest_backup_is_verified_where_a_folder_is_named(airflow, workspace, monkeypatch, tmp_path):
    """None named, none made, one cut off, a sound one, and a byte of it changed."""
    airflow.run_dag("check_backup")
    assert last_states("check_backup") == {"find": "success", "verify": "skipped"}
    assert details(workspace, Action.BACKUP_CHECKED) == []
    shelf = tmp_path / "backup"
    monkeypatch.setenv("PALERMO_BACKUP_FOLDER", str(shelf))
    shelf.mkdir()
    expect_no_backup(airflow, workspace, "none")
    (shelf / ".partial-20260101T000000000000Z").mkdir()
    expect_no_backup(airflow, workspace, "unfinished")
    made = make_backup(workspace, shelf, tmp_path / "safe", "officer")
    airflow.run_dag("check_backup")
    [*_, (actor, subject, detail)] = details(workspace, Action.BACKUP_CHECKED)
    assert (actor, subject) == ("airflow", made.name)
    assert detail == {"state": "sound", "files": made.files, "damaged": 0, "unfinished": 0}
    assert AlertKind.RUN_FAILED not in {each.alert.kind for each in workspace.ledger.open_alerts()}
    [file] = [path for path in (shelf / made.name / "restricted" / "raw").rglob("*") if path.is_file()]
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    expect_no_backup(airflow, workspace, "damaged")


def last_states(dag_id):
    """How each task of the only run of a DAG ended."""
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        found = session.execute(
            select(TaskInstance.task_id, TaskInstance.state).where(TaskInstance.dag_id == dag_id)
        )
        return {task: str(state) for task, state in found}


def expect_no_backup(airflow, workspace, state):
    """The task fails, the trail says what was found, and people are told."""
    with pytest.raises(airflow.DagRunFailed, match="check_backup: verify"):
        airflow.run_dag("check_backup")
    assert details(workspace, Action.BACKUP_CHECKED)[-1][2]["state"] == state
    told = [(each.alert.kind, each.alert.rule, each.alert.subject) for each in workspace.ledger.open_alerts()]
    assert (AlertKind.RUN_FAILED, "BackupFaulty", "check_backup.verify") in told


def test_an_edited_audit_trail_is_found_before_the_store_is_read(airflow, workspace):
    with closing(sqlite3.connect(workspace.settings.home / "ledger.sqlite")) as connection, connection:
        for (trigger,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("UPDATE audit_entry SET actor = 'somebody' WHERE seq = 2")
    with pytest.raises(airflow.DagRunFailed, match="check_integrity: store, trail"):
        airflow.run_dag("check_integrity")
    assert workspace.ledger.entries_of(Action.INTEGRITY_CHECKED) == ()


def test_late_periods_are_told_once_and_stand_on_the_desk(airflow, workspace):
    """The source sends every year, 60 days after its end at the latest; the last file was of 2019."""
    today = datetime.now(UTC).date()
    late = [str(year) for year in range(2020, today.year) if date(year, 12, 31) + timedelta(days=60) < today]
    for _ in range(2):
        airflow.run_dag("notice_late")
    told = details(workspace, Action.LATE)
    assert [(actor, subject, detail["period"]) for actor, subject, detail in told] == [
        ("airflow", SOURCE, period) for period in late
    ]
    desk = (workspace.settings.home / "restricted" / "desk" / "index.html").read_text()
    assert "Late deliveries" in desk


def test_the_calendar_calls_for_a_release(airflow, workspace):
    from airflow.models.asset import AssetEvent, AssetModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    airflow.run_dag("call_release")
    with create_session() as session:
        called = select(AssetEvent.partition_key).join(AssetModel, AssetModel.id == AssetEvent.asset_id)
        keys = session.scalars(called.where(AssetModel.name == "release_due")).all()
    assert keys == [f"{datetime.now(UTC):%Y-%m}"]
