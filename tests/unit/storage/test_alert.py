"""Alerts in the ledger, on both engines: one line a cause, told once, and every failure to tell on record."""

import pytest
import sqlalchemy as sa

from schemas.alert import Alert, AlertKind
from storage.error import DetailRefused
from storage.record import Action
from storage.tables import alert_sending

LATE = Alert(AlertKind.DELIVERY_LATE, "srb_office_victims", "2019")
FULL = Alert(AlertKind.DISK_LOW)
TASK = Alert(AlertKind.RUN_FAILED, "srb_office_victims", "2019", "StepFailed", "ingest.map", "run.1")
KINDS = tuple(AlertKind)


def told(ledger):
    return {each.alert: each.told for each in ledger.open_alerts()}


def actions(ledger):
    found = [e for e in ledger.audit_entries() if e.action.startswith("alerts.")]
    return [(e.action, e.subject, e.detail) for e in found]


def test_what_is_the_matter_is_what_was_found_last(ledger):
    ledger.settle_alerts([LATE, FULL], KINDS)
    assert [each.alert for each in ledger.open_alerts()] == [LATE, FULL]
    since = ledger.open_alerts()[0].raised_at
    ledger.settle_alerts([LATE], KINDS)
    assert [(each.alert, each.raised_at) for each in ledger.open_alerts()] == [(LATE, since)]
    ledger.settle_alerts([], KINDS)
    assert ledger.open_alerts() == ()


def test_kinds_that_were_not_looked_for_stay(ledger):
    ledger.raise_alert(TASK)
    ledger.settle_alerts([], [AlertKind.DISK_LOW])
    assert told(ledger) == {TASK: ()}
    ledger.clear_alerts(AlertKind.RUN_FAILED, "ingest.map", "srb_office_victims", "2020")
    assert told(ledger) == {TASK: ()}
    ledger.clear_alerts(AlertKind.RUN_FAILED, "ingest.map", "srb_office_victims", "2019")
    assert told(ledger) == {}


def test_the_same_cause_of_another_run_is_the_same(ledger):
    ledger.raise_alert(TASK)
    ledger.note_sending("mail", [TASK], "airflow", None)
    ledger.raise_alert(
        Alert(*[getattr(TASK, n) for n in ("kind", "source_id", "period", "rule", "subject")], "run.2")
    )
    assert told(ledger) == {TASK: ("mail",)}


def test_a_failure_to_tell_is_on_record_once_and_a_success_each_time(ledger):
    ledger.settle_alerts([LATE, FULL], KINDS)
    for _ in range(3):
        ledger.note_sending("mail", [LATE, FULL], "airflow", "ConnectionRefusedError")
    assert {each.untold for each in ledger.open_alerts()} == {("mail",)}
    with ledger._read() as connection:
        rows = connection.execute(sa.select(alert_sending)).all()
    assert {(row.attempts, row.error, row.sent_at) for row in rows} == {(3, "ConnectionRefusedError", None)}
    ledger.note_sending("mail", [LATE, FULL], "airflow", None)
    assert {(each.told, each.untold) for each in ledger.open_alerts()} == {(("mail",), ())}
    assert actions(ledger) == [
        (Action.ALERTS_UNSENT, "mail", {"alerts": 2, "error": "ConnectionRefusedError"}),
        (Action.ALERTS_SENT, "mail", {"alerts": 2}),
    ]


def test_what_comes_and_goes_is_told_once_a_day(ledger):
    ledger.settle_alerts([FULL], KINDS)
    ledger.note_sending("mail", [FULL], "airflow", None)
    for found in ([], [FULL]):
        ledger.settle_alerts(found, KINDS)
    assert told(ledger) == {FULL: ("mail",)}
    with ledger._write() as connection:
        connection.execute(sa.update(alert_sending).values(sent_at="2020-01-01T00:00:00.000000Z"))
    ledger.settle_alerts([FULL], KINDS)
    assert told(ledger) == {FULL: ("mail",)}
    for found in ([], [FULL]):
        ledger.settle_alerts(found, KINDS)
    assert told(ledger) == {FULL: ()}


@pytest.mark.parametrize("name", ["source_id", "period", "rule", "subject", "run"])
def test_an_alert_that_could_hold_a_value_is_refused(ledger, name):
    with pytest.raises(DetailRefused):
        ledger.raise_alert(Alert(AlertKind.RUN_FAILED, **{name: "Zdravka Kanarinac"}))
    assert ledger.open_alerts() == ()
