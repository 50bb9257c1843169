"""The ten lines of the status, exactly; from a quiet office, a troubled one, and ten thousand submissions."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from pipeline.lateness import Late
from pipeline.settings import Settings
from pipeline.status import describe_status, needs_a_hand
from pipeline.survey import Survey, Waiting, survey
from pipeline.workspace import Workspace
from schemas.alert import Alert, AlertKind
from schemas.finding import Finding, FindingCode
from schemas.override import Override
from schemas.release import Release
from schemas.submission import SubmissionState
from storage.alert import OpenAlert
from storage.record import Candidate
from storage.summary import Delivery
from storage.tables import audit_entry, pool_entry, submission

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
A, B = "alb_office_victims", "bih_office_victims"
GIB = 2**30


def delivery(source, period, state, accepted=0, held=0, at=NOON, number=0):
    return Delivery(f"{number:064x}", source, period, state, at.isoformat(), accepted, held)


@pytest.fixture
def quiet():
    """Two sources that delivered a year each; nothing waits."""
    return Survey(
        at=NOON,
        sources={A: None, B: None} | dict.fromkeys((A, B), source()),
        deliveries=(
            delivery(A, "2025", SubmissionState.POOLED, 1200),
            delivery(B, "2025", SubmissionState.POOLED, 36, at=NOON - timedelta(hours=1)),
        ),
        pooled_rows=1236,
        pooled_places=2,
        late=(),
        drifted=(),
        waiting=(),
        approvals=2,
        overrides=(),
        releases=(Release("2026.10.1", "c", "p", "q", 1100, "2026-10-30T09:00:00.000000Z"),),
        begun_at=NOON - timedelta(days=400),
        trail_verified_at=NOON - timedelta(hours=10),
        backup_at=NOON - timedelta(days=1),
        free_bytes=40 * GIB,
        whole_bytes=100 * GIB,
    )


def source():
    """What the status asks of a description."""
    return Workspace(Settings()).describe("srb_czztlj_identified_victims").source


def lines(seen, known=()):
    return [str(line) for line in describe_status(seen, known, Settings())]


def test_a_quiet_office(quiet):
    assert lines(quiet) == [
        "ok    sources      2 described, 2 in time",
        "ok    deliveries   1,236 cases of 2 source-periods count; last 2026-11-24 11:00, "
        "bih_office_victims 2025, pooled",
        "ok    held rows    none",
        "ok    drift        none",
        "ok    decisions    none",
        "ok    releases     1, last 2026.10.1 on 2026-10-30, 1,100 rows",
        "ok    audit trail  verified today",
        "ok    backup       made yesterday",
        "ok    disk         40.0 of 100.0 GiB free",
        "ok    failures     none",
    ]
    assert not needs_a_hand(describe_status(quiet, (), Settings()))


def test_a_troubled_office(quiet, candidate):
    asked = Override("e" * 32, A, "2025", Finding(FindingCode.CODE_NEW, 1), 1, "ana", "known")
    drifted = delivery(A, "2025", SubmissionState.POOLED, 1000, 200)
    late = tuple(Late(B, str(year), date(year, 12, 31)) for year in (2021, 2022, 2023, 2024))
    seen = replace(
        quiet,
        sources={**quiet.sources, "mkd_office_victims": None},
        deliveries=(
            delivery(B, "2024", SubmissionState.FAILED, number=2),
            delivery(B, "2023", SubmissionState.MAPPED, at=NOON - timedelta(days=2), number=3),
            drifted,
        ),
        late=late,
        drifted=((drifted, FindingCode.CODE_NEW), (drifted, FindingCode.COLUMN_NEW)),
        waiting=(Waiting(candidate, 1),),
        overrides=(asked,),
        releases=(),
        trail_verified_at=None,
        backup_at=NOON - timedelta(days=9),
        free_bytes=4 * GIB,
    )
    task = Alert(AlertKind.RUN_FAILED, A, "2025", "StepFailed", "ingest_x.map")
    assert lines(seen, [OpenAlert(task, "", ("mail",), ("webhook",))]) == [
        "LOOK  sources      3 described, 1 in time; late: bih_office_victims 2021, bih_office_victims 2022, "
        "bih_office_victims 2023 and 1 more; with a mistake: mkd_office_victims",
        "LOOK  deliveries   1,236 cases of 2 source-periods count; last 2026-11-24 12:00, "
        "alb_office_victims 2025, pooled; not used: bih_office_victims 2024; "
        "unfinished: bih_office_victims 2023",
        "LOOK  held rows    200 of 1 deliveries wait for the agencies; above the limit: "
        "alb_office_victims 2025",
        "LOOK  drift        to explain: alb_office_victims 2025",
        "wait  decisions    candidate cccccccccccc waits for 1 of 2 people other than officer; "
        "override eeeeeeeeeeee waits for somebody other than ana",
        "ok    releases     none",
        "LOOK  audit trail  not verified yet",
        "LOOK  backup       made 9 days ago",
        "LOOK  disk         4.0 of 100.0 GiB free",
        "LOOK  failures     tasks: ingest_x.map alb_office_victims 2025; alerts could not be told by webhook",
    ]


def test_what_only_waits_needs_no_hand(quiet, candidate):
    seen = replace(quiet, waiting=(Waiting(candidate, 0),), backup_at=None)
    said = describe_status(seen, (), Settings())
    assert [str(line) for line in said][4] == (
        "wait  decisions    candidate cccccccccccc waits for 2 of 2 people other than officer"
    )
    assert str(said[7]) == "wait  backup       none on record"
    assert not needs_a_hand(said)


@pytest.fixture
def candidate():
    """What the status asks of one: id and preparer."""
    return Candidate("c" * 64, "2026.11.1", "p", "q", "officer", (), account=None, verdict=None)


def test_ten_thousand_submissions(ledger_url, tmp_path):
    """Five sources of a hundred periods, each delivered twenty times; the last counts, some rows wait."""
    workspace = Workspace(Settings(home=tmp_path / "home", database_url=ledger_url))
    with workspace.ledger._write() as connection:
        rows = [make_row(number) for number in range(10_000)]
        connection.execute(sa.insert(submission), rows)
        connection.execute(sa.insert(audit_entry), [make_entry(number) for number in range(1, 50_001)])
        pooled = [
            {
                "source_id": row["source_id"],
                "period": row["period"],
                "submission_id": row["id"],
                "cases": "0" * 64,
                "rows": row["rows_accepted"],
            }
            for row in rows
            if row["state"] == "pooled"
        ]
        connection.execute(sa.insert(pool_entry), pooled)
    seen = survey(workspace)
    assert (len(seen.deliveries), seen.pooled_places, seen.pooled_rows) == (500, 500, 450_000)
    said = lines(seen)
    assert len(said) == 10
    assert said[1] == (
        "ok    deliveries   450,000 cases of 500 source-periods count; last 2026-01-01 00:00, "
        "srb_office4_victims 2099, pooled"
    )
    assert said[2] == "ok    held rows    50,000 of 500 deliveries wait for the agencies"


def make_row(number):
    """The number-th submission: 900 rows accepted and 100 held, of which the last of its place counts."""
    place = number % 500
    return {
        "id": f"{number:064x}",
        "source_id": f"srb_office{place // 100}_victims",
        "period": str(2000 + place % 100),
        "state": "pooled" if number >= 9_500 else "replaced",
        "received_at": "2026-01-01T00:00:00.000000Z",
        "actor": "officer",
        "rows_read": 1000,
        "rows_accepted": 900,
        "rows_held": 100,
        "rows_ignored": {},
        "cases": "0" * 64,
        "report": "0" * 64,
        "seq": number + 1,
    }


def make_entry(number):
    return {
        "seq": number,
        "at": "2026-01-01T00:00:00.000000Z",
        "actor": "officer",
        "action": "run.ended",
        "subject": "0" * 64,
        "detail": "{}",
        "previous": f"{number - 1:064x}",
        "hash": f"{number:064x}",
    }
