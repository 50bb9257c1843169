"""Runs, the audit trail as it stands in the database, and what may never enter it; on both engines."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from schemas.finding import FindingCode
from schemas.missing import MissingReason
from schemas.submission import SubmissionState
from schemas.verdict import Outcome
from storage.audit import Fault, FaultKind
from storage.detail import check_detail
from storage.error import DetailRefused, UnknownRecord
from storage.ledger import Ledger
from storage.record import Action, RunState

SUBJECT = "0123456789abcdef" * 4
UTC_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def test_a_run_is_kept_from_begin_to_end(ledger: Ledger) -> None:
    run = ledger.start_run("map", SUBJECT, "airflow")
    (begun,) = ledger.runs(SUBJECT)
    assert (begun.id, begun.step, begun.state, begun.ended_at) == (run, "map", RunState.RUNNING, None)
    ledger.end_run(run, RunState.DONE, "airflow", {"rows": 36, "share": 0.5, "state": SubmissionState.MAPPED})
    (ended,) = ledger.runs()
    assert ended.state is RunState.DONE
    assert ended.counts == {"rows": 36, "share": 0.5, "state": "mapped"}
    assert ended.ended_at is not None
    assert UTC_TIME.fullmatch(ended.started_at)
    assert ended.started_at < ended.ended_at
    assert ledger.runs("another") == ()


def test_runs_that_cannot_be(ledger: Ledger) -> None:
    with pytest.raises(UnknownRecord):
        ledger.end_run("0" * 32, RunState.DONE, "airflow")
    with pytest.raises(DetailRefused):
        ledger.start_run("map", "Ana Petrović", "airflow")
    run = ledger.start_run("map", SUBJECT, "airflow")
    with pytest.raises(DetailRefused):
        ledger.end_run(run, RunState.DONE, "airflow", {"rows": "thirty six rows"})
    assert ledger.runs()[0].state is RunState.RUNNING


def test_what_may_stand_in_the_audit_trail(ledger: Ledger) -> None:
    ledger.audit(
        "ana@ministry",
        Action.CASES_QUERIED,
        "srb_office_victims|2019-Q2",
        rows=36,
        share=0.25,
        whole=True,
        nothing=None,
        pool=SUBJECT,
        outcome=Outcome.FAIL,
        reason=MissingReason.NOT_COLLECTED,
        finding=FindingCode.KEY_MISSING,
        version="2026.01.1",
    )
    (entry,) = ledger.audit_entries()
    assert (entry.seq, entry.actor, entry.action) == (1, "ana@ministry", "cases.queried")
    assert UTC_TIME.fullmatch(entry.at)
    assert entry.detail == {
        "rows": 36,
        "share": 0.25,
        "whole": True,
        "nothing": None,
        "pool": SUBJECT,
        "outcome": 2,
        "reason": "not_collected",
        "finding": "KEY_MISSING",
        "version": "2026.01.1",
    }
    assert ledger.verify_audit() is None


REFUSED = {
    "frame": pd.DataFrame({"gender": ["Woman"]}),
    "series": pd.Series(["Woman"]),
    "sentence": "The girl from Vranje.",
    "name": "Ana Petrović",
    "letters": "Đorđe",
    "email address in words": "ana at example.org",
    "list": [1, 2],
    "dictionary": {"a": 1},
    "bytes": b"abc",
    "numpy number": np.int64(3),
    "infinite": float("inf"),
    "no number": float("nan"),
    "long": "a" * 129,
    "blank": "",
    "line": "abc\n",
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_may_not_stand_in_the_audit_trail(what: str) -> None:
    refused: Any = REFUSED[what]
    with pytest.raises(DetailRefused) as caught:
        check_detail({"rows": refused})
    assert "rows" in str(caught.value)
    for word in ("Woman", "Vranje", "Ana", "Đorđe"):
        assert word not in str(caught.value)


def test_what_is_refused_leaves_no_entry(ledger: Ledger) -> None:
    with pytest.raises(DetailRefused):
        ledger.audit("ana", Action.CASES_QUERIED, SUBJECT, rows="The girl from Vranje.")
    assert ledger.audit_entries() == ()


def test_neither_actor_nor_subject_is_free_text(ledger: Ledger) -> None:
    with pytest.raises(DetailRefused, match="actor"):
        ledger.audit("Ana Petrović", Action.CASES_QUERIED, SUBJECT)
    with pytest.raises(DetailRefused, match="subject"):
        ledger.audit("ana", Action.CASES_QUERIED, "SELECT * FROM cases")
    with pytest.raises(DetailRefused, match="name of a detail"):
        ledger.audit("ana", Action.CASES_QUERIED, SUBJECT, **{"Ana Petrović": 1})


def unlock_trail(connection: sa.Connection) -> None:
    """What somebody does who owns the database: take the refusal away."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DROP TRIGGER audit_entry_no_update")
        connection.exec_driver_sql("DROP TRIGGER audit_entry_no_delete")
    else:
        connection.exec_driver_sql("DROP TRIGGER audit_entry_append_only ON audit_entry")


TAMPERING = {
    "an edit": ("UPDATE audit_entry SET actor = 'eve' WHERE seq = 3", 3),
    "an edited detail": ("""UPDATE audit_entry SET detail = '{"n":9}' WHERE seq = 2""", 2),
    "a detail that is no JSON": ("UPDATE audit_entry SET detail = 'x' WHERE seq = 4", 4),
    "a deletion": ("DELETE FROM audit_entry WHERE seq = 2", 2),
    "a deleted beginning": ("DELETE FROM audit_entry WHERE seq = 1", 1),
    "a moved entry": ("UPDATE audit_entry SET seq = 9 WHERE seq = 3", 3),
    "a forged hash": ("UPDATE audit_entry SET hash = previous WHERE seq = 5", 5),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_in_the_database_is_located(ledger: Ledger, ledger_url: str, what: str) -> None:
    for number in range(5):
        ledger.audit("ana", Action.CASES_QUERIED, SUBJECT, n=number)
    assert ledger.verify_audit() is None
    statement, broken = TAMPERING[what]
    engine = sa.create_engine(ledger_url)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert ledger.verify_audit() is None
    with engine.begin() as connection:
        unlock_trail(connection)
        connection.exec_driver_sql(statement)
    engine.dispose()
    assert ledger.verify_audit() == broken


def test_the_trail_cannot_be_emptied_at_once(ledger: Ledger, ledger_url: str) -> None:
    ledger.audit("ana", Action.CASES_QUERIED, SUBJECT)
    engine = sa.create_engine(ledger_url)
    statement = "TRUNCATE audit_entry" if engine.dialect.name == "postgresql" else "DELETE FROM audit_entry"
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
    assert ledger.count_entries() == 1


@pytest.mark.parametrize("left", [0, 3, 4])
def test_a_cut_tail_is_located_by_any_hash_that_was_kept(ledger: Ledger, ledger_url: str, left: int) -> None:
    for number in range(5):
        ledger.audit("ana", Action.CASES_QUERIED, SUBJECT, n=number)
    kept = {row["seq"]: row["hash"] for row in ledger.audit_rows()}
    assert ledger.check_trail(kept) is None
    cut_tail(ledger_url, left)
    assert ledger.verify_audit() is None
    assert ledger.check_trail({5: kept[5]}) == Fault(left + 1, FaultKind.CUT)
    assert ledger.check_trail({left: kept[left]} if left else {}) is None


def cut_tail(ledger_url: str, left: int) -> None:
    engine = sa.create_engine(ledger_url)
    with engine.begin() as connection:
        unlock_trail(connection)
        connection.execute(sa.text("DELETE FROM audit_entry WHERE seq > :left"), {"left": left})
    engine.dispose()


def test_a_trail_that_was_made_anew_differs_from_what_was_kept_where_it_was_changed(
    ledger: Ledger, ledger_url: str
) -> None:
    for number in range(5):
        ledger.audit("ana", Action.CASES_QUERIED, SUBJECT, n=number)
    kept = {row["seq"]: row["hash"] for row in ledger.audit_rows()}
    cut_tail(ledger_url, 2)
    for number in (7, 3, 4):  # the third entry says something else; those after it are hashed over it
        ledger.audit("ana", Action.CASES_QUERIED, SUBJECT, n=number)
    assert ledger.verify_audit() is None
    assert ledger.check_trail(kept) == Fault(3, FaultKind.REWRITTEN)
    assert ledger.check_trail({2: kept[2]}) is None


def test_a_changed_description_is_on_the_trail_once(ledger: Ledger) -> None:
    first, second = "a" * 64, "b" * 64
    told = [ledger.record_description("srb_office_victims", v, "ana") for v in (first, first, second, first)]
    assert told == [True, False, True, True]
    assert not ledger.record_description("srb_office_victims", first, "ben")
    assert ledger.record_description("mkd_office_victims", first, "ben")
    entries = [(e.subject, e.actor, e.detail) for e in ledger.audit_entries()]
    assert entries == [
        ("srb_office_victims", "ana", {"version": first, "before": None}),
        ("srb_office_victims", "ana", {"version": second, "before": first}),
        ("srb_office_victims", "ana", {"version": first, "before": second}),
        ("mkd_office_victims", "ben", {"version": first, "before": None}),
    ]
