"""A name planted in files that are held, refused and broken is nowhere in Airflow's database and output.

Nor in the alerts that people get of it, by a real mail server and a real webhook.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from canary import CANARY, NAMED, plant, read_whole, search
from receiver import Received, receive_mail, receive_posts

from pipeline.settings import Settings
from pipeline.workspace import Workspace
from samples.submission import SampleFile, write_samples
from schemas.submission import SubmissionState

TEXT, WORKBOOK = "srb_czztlj_identified_victims", "mkd_nrm_identified_victims"


@pytest.fixture
def told(tmp_path_factory, monkeypatch) -> Iterator[tuple[Received, Received]]:
    """A mail server and a webhook that the settings name."""
    with receive_mail() as mailbox, receive_posts() as posts:
        file = tmp_path_factory.mktemp("secrets") / "webhook"
        file.write_text(f"http://127.0.0.1:{posts.port}/\n")
        mail = {"SERVER": "127.0.0.1", "PORT": mailbox.port, "SECURITY": "none"}
        mail |= {"FROM": "palermo@example.org", "TO": "officer@example.org"}
        for name, value in mail.items():
            monkeypatch.setenv(f"PALERMO_ALERT_MAIL_{name}", str(value))
        monkeypatch.setenv("PALERMO_ALERT_WEBHOOK_FILE", str(file))
        yield mailbox, posts


@pytest.fixture
def workspace(home):
    return Workspace(Settings(home=home))


def plant_sample(workspace: Workspace, sample: SampleFile) -> bytes:
    [path], [table] = sample.paths, workspace.describe(sample.source_id).source.tables.values()
    return plant(path.read_bytes(), table.reader)


def run_ingest(airflow, workspace: Workspace, source: str, period: str, name: str, content: bytes) -> str:
    """The state in which a run ends that takes the file in."""
    folder = workspace.store.inbox / source / period
    folder.mkdir(parents=True)
    (folder / name).write_bytes(content)
    dag = airflow.load_dags()[f"ingest_{source}"]
    return str(dag.test(run_conf={"period": period}, logical_date=datetime.now(UTC)).state)


@pytest.fixture
def runs(airflow, workspace, told, tmp_path_factory, capfd) -> tuple[dict[str, str], str]:
    """How each run ended, and all that was written to the terminal, where such runs have their log."""
    samples = write_samples(tmp_path_factory.mktemp("samples"))
    text, workbook = (plant_sample(workspace, samples[source][0]) for source in (TEXT, WORKBOOK))
    [good] = samples[TEXT][0].paths
    undescribed = [line + ";" + CANARY for line in good.read_text("windows-1250").splitlines()]
    files = {
        "held": (TEXT, "2001", f"{CANARY}.csv", text),
        "refused": (TEXT, "2002", f"{CANARY}.csv", "\n".join(undescribed).encode("windows-1250")),
        "unreadable": (TEXT, "2003", f"{CANARY}.csv", f'"{CANARY}'.encode("utf-16")),
        "too few": (WORKBOOK, "2001", f"{CANARY}.xlsx", workbook),
        "broken": (WORKBOOK, "2002", f"{CANARY}.xlsx", workbook[:-900] + CANARY.encode()),
        "misnamed": (WORKBOOK, "2003", f"{CANARY}.pdf", CANARY.encode()),
    }
    ended = {name: run_ingest(airflow, workspace, *file) for name, file in files.items()}
    airflow.run_dag("pool_accepted")
    return ended, "".join(capfd.readouterr())


@pytest.mark.airflow
def test_the_canary_is_nowhere_in_airflow_and_in_no_alert(runs, told, workspace):
    ended, said = runs
    assert ended == {name: "success" if name == "held" else "failed" for name in ended}
    states = {(r.submission.source_id, r.state, r.account.held) for r in workspace.ledger.submissions()}
    assert states == {(TEXT, SubmissionState.POOLED, 7), (WORKBOOK, SubmissionState.FAILED, 5)}
    assert "SubmissionRefused" in said
    assert "FileUnreadable" in said
    assert not NAMED.search(said.encode())
    root = Path(os.environ["AIRFLOW_HOME"])
    [entry] = workspace.ledger.pool_entries()
    assert entry.submission.encode() in read_whole(root / "airflow.db")
    assert list(search(root, NAMED, apart_from=())) == []
    outside = search(workspace.settings.home, NAMED, apart_from=("raw", "inbox"))
    assert list(outside) == []
    mailbox, posts = told
    alerts = [alert for body in posts.bodies for alert in json.loads(body)["alerts"]]
    found = {(a["kind"], a["source"], a["period"], a["rule"], a["subject"].partition(".")[2]) for a in alerts}
    assert found == {
        ("RUN_FAILED", TEXT, "2002", "SubmissionRefused", "receive"),
        ("RUN_FAILED", TEXT, "2003", "FileUnreadable", "receive"),
        ("RUN_FAILED", WORKBOOK, "2002", "FileUnreadable", "receive"),
        ("RUN_FAILED", WORKBOOK, "2003", "FileUnreadable", "receive"),
        ("ROWS_HELD", TEXT, "2001", "held_share", ""),
        ("DELIVERY_FAILED", WORKBOOK, "2001", "failed", ""),
        ("ROWS_HELD", WORKBOOK, "2001", "held_share", ""),
    }
    assert len(mailbox.bodies) == len(posts.bodies)
    assert not NAMED.search(b"".join([*mailbox.bodies, *posts.bodies]))
