"""What a survey finds on real deliveries, and that watching tells each cause once and fails nothing."""

from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from receiver import receive_mail, receive_posts

from pipeline.candidate import prepare_candidate
from pipeline.decision import approve_candidate
from pipeline.draft import anonymize_pool, assess_draft
from pipeline.override import decide_override, request_override
from pipeline.room import SubmissionRefused
from pipeline.settings import Settings
from pipeline.survey import find_alerts, survey
from pipeline.trail import confirm_trail
from pipeline.watch import note_task_done, note_task_failed, watch
from pipeline.workspace import Workspace
from schemas.alert import Alert, AlertKind
from schemas.release import Decision
from schemas.submission import SubmissionState
from storage.record import Action
from storage.summary import Delivery

LATE, OFFICE = AlertKind.DELIVERY_LATE, "xyz_office_cases"


def found(office, late=False, **settings):
    """What is the matter, without who did what."""
    looked = survey(office.workspace)
    alerts = find_alerts(looked, office.workspace.settings.model_copy(update=settings))
    told = [(each.kind, each.source_id, each.period, each.rule) for each in alerts]
    return told if late else [each for each in told if each[0] is not LATE]


def test_a_sound_delivery_is_nothing_to_tell_and_rows_that_wait_are(office, rows):
    """Three of twelve rows have an unknown word: a quarter waits."""
    office.deliver("2018", rows(40, 12, 2018))
    assert found(office) == []
    unknown = [(key, "feminine", *rest) for key, _, *rest in rows(1, 3)]
    office.deliver("2019", [*unknown, *rows(4, 9)])
    told = (AlertKind.ROWS_HELD, OFFICE, "2019", "held_share")
    assert found(office) == [told]
    assert found(office, alert_held_share=0.25) == []
    assert found(office, alert_held_share=0.24) == [told]
    description = (office.source / "source.yml").read_text()
    office.describe(description + "bounds: {max: {held_share: 0.25}}\n")
    assert found(office, alert_held_share=0.0) == []
    office.describe(description + "bounds: {max: {held_share: 0.2}}\n")
    assert found(office, alert_held_share=1.0) == [told]
    office.describe("title: : x")
    assert found(office) == [told, (AlertKind.SOURCE_INVALID, OFFICE, "", "")]


@pytest.fixture
def empty(office):
    return survey(office.workspace)


def judge(seen, state, age=timedelta(0), **facts):
    """What is told of one delivery of this age."""
    delivery = Delivery("0" * 64, OFFICE, "2019", state, (seen.at - age).isoformat(), **facts)
    alerts = find_alerts(replace(seen, deliveries=(delivery,)), Settings())
    return [(each.kind, each.rule) for each in alerts]


@pytest.mark.parametrize("state", list(SubmissionState))
def test_what_is_told_of_a_delivery_by_its_state(empty, state):
    """One that failed at once, one that was begun when a day has passed, one that counts never."""
    failed = state in (SubmissionState.FAILED, SubmissionState.KEPT)
    done = state in (SubmissionState.POOLED, SubmissionState.REPLACED)
    at_once = [(AlertKind.DELIVERY_FAILED, state.value)] if failed else []
    assert judge(empty, state) == judge(empty, state, timedelta(days=1)) == at_once
    later = at_once if failed or done else [(AlertKind.DELIVERY_STUCK, state.value)]
    assert judge(empty, state, timedelta(days=1, seconds=1)) == later


def test_what_is_late_is_told_by_source_and_period(office, rows):
    """A year is due on its last day, and late when thirty days of grace have passed."""
    office.deliver("2019", rows(1, 12))
    years = [
        period for kind, source, period, _ in found(office, late=True) if (kind, source) == (LATE, OFFICE)
    ]
    today = office.workspace.today()
    whole = today.year - 1 if (today - date(today.year - 1, 12, 31)).days > 30 else today.year - 2
    assert years == [str(year) for year in range(2020, whole + 1)]


def test_rows_that_wait_are_told_for_a_month(empty):
    facts = {"accepted": 89, "held": 11}
    told = [(AlertKind.ROWS_HELD, "held_share")]
    assert judge(empty, SubmissionState.POOLED, timedelta(days=30), **facts) == told
    assert judge(empty, SubmissionState.POOLED, timedelta(days=30, seconds=1), **facts) == []
    assert judge(empty, SubmissionState.POOLED, accepted=90, held=10) == []


@pytest.mark.parametrize(
    ("age", "told"),
    [(timedelta(days=35), []), (timedelta(days=35, seconds=1), [AlertKind.TRAIL_UNVERIFIED])],
)
def test_the_trail_is_to_be_verified_since_it_was_or_the_ledger_began(empty, age, told):
    for facts in (
        {"begun_at": empty.at - age},
        {"begun_at": empty.at - 2 * age, "trail_verified_at": empty.at - age},
    ):
        alerts = find_alerts(replace(empty, **facts), Settings())
        assert [each.kind for each in alerts] == told
    confirmed = replace(empty, begun_at=empty.at - age, trail_verified_at=empty.at)
    assert find_alerts(confirmed, Settings()) == ()


def test_a_backup_is_old_after_eight_days_where_one_was_ever_made(office, empty):
    for age, told in ((timedelta(days=8), []), (timedelta(days=8, seconds=1), [AlertKind.BACKUP_OLD])):
        alerts = find_alerts(replace(empty, backup_at=empty.at - age), Settings())
        assert [each.kind for each in alerts] == told
    office.workspace.ledger.audit("officer", Action.BACKUP_MADE, "backup")
    seen = survey(office.workspace)
    assert timedelta(0) <= seen.at - seen.backup_at < timedelta(minutes=5)


def test_a_nearly_full_disk(empty):
    for free, told in ((5 * 2**30, []), (5 * 2**30 - 1, [AlertKind.DISK_LOW])):
        alerts = find_alerts(replace(empty, free_bytes=free), Settings())
        assert [each.kind for each in alerts] == told


def test_a_trail_that_was_verified_is_known_to_be(office):
    assert survey(office.workspace).trail_verified_at is None
    office.workspace.ledger.start_run("map", "0" * 64, "officer")
    confirm_trail(office.workspace, "officer")
    seen = survey(office.workspace)
    assert seen.begun_at < seen.trail_verified_at <= seen.at


def test_drift_until_it_is_explained_by_two_people(office, rows):
    office.deliver("2019", rows(1, 12))
    office.deliver("2020", [("N-900", "female", "30", "2020", "Romania"), *rows(200, 11, 2020)])
    assert found(office) == [(AlertKind.DRIFT, OFFICE, "2020", "CODE_NEW")]
    place = (OFFICE, "2020")
    asked = request_override(office.workspace, place, 1, 1, "the office asks for it now", "officer")
    assert found(office) == [
        (AlertKind.DRIFT, OFFICE, "2020", "CODE_NEW"),
        (AlertKind.OVERRIDE_WAITS, OFFICE, "2020", "CODE_NEW"),
    ]
    decide_override(office.workspace, asked, "second", Decision.APPROVE)
    assert found(office) == []


def test_a_candidate_waits_for_the_people_who_have_not_decided(office, rows):
    office.deliver("2019", rows(1, 40))
    draft = assess_draft(office.workspace, anonymize_pool(office.workspace, "officer"), "officer")
    candidate = prepare_candidate(office.workspace, draft, "officer")
    assert found(office) == [(AlertKind.APPROVAL_WAITS, "", "", "0-of-2")]
    for person, after in (("one", [(AlertKind.APPROVAL_WAITS, "", "", "1-of-2")]), ("two", [])):
        approve_candidate(
            office.workspace, candidate, person=person, decision=Decision.APPROVE, reason="read"
        )
        assert found(office) == after


@pytest.fixture
def told(office, tmp_path):
    """The office with a mail server and a webhook, both real, and what they got."""
    with receive_mail() as mailbox, receive_posts() as posts:
        (tmp_path / "webhook").write_text(f"http://127.0.0.1:{posts.port}/hooks/secret\n")
        settings = Settings(
            home=office.workspace.settings.home,
            sources=office.workspace.settings.sources,
            alert_mail_server="127.0.0.1",
            alert_mail_port=mailbox.port,
            alert_mail_security="none",
            alert_mail_from="palermo@example.org",
            alert_mail_to="officer@example.org",
            alert_webhook_file=tmp_path / "webhook",
        )
        office.workspace = Workspace(settings)
        yield office, mailbox, posts


def subjects(mailbox):
    return [message_from_bytes(body, policy=default)["Subject"] for body in mailbox.bodies]


def fail(office, number=0):
    """A task that failed, for this one of several reasons; nothing but its success clears it."""
    met = Alert(AlertKind.RUN_FAILED, OFFICE, "2019", subject=f"ingest_x.task{number}", run="run.1")
    office.workspace.ledger.raise_alert(met)


FAILED = "Palermo: A task failed for good: xyz_office_cases 2019"


def test_people_are_told_once_by_every_channel_until_it_changes(told):
    office, mailbox, posts = told
    watch(office.workspace, "airflow")
    assert (mailbox.bodies, posts.bodies) == ([], [])
    fail(office)
    for _ in range(3):
        look = watch(office.workspace, "airflow")
    assert ([each.told for each in look.open], look.silent) == ([("mail", "webhook")], ())
    assert (subjects(mailbox), len(posts.bodies)) == ([FAILED], 1)
    fail(office, 1)
    watch(office.workspace, "airflow")
    assert subjects(mailbox) == [FAILED] * 2


def test_a_hundred_causes_are_one_letter(told):
    office, mailbox, posts = told
    for number in range(100):
        office.workspace.ledger.raise_alert(
            Alert(AlertKind.RUN_FAILED, OFFICE, "2019", subject=f"a.t{number}")
        )
    watch(office.workspace, "airflow")
    assert (subjects(mailbox), len(posts.bodies)) == (["Palermo: 100 alerts"], 1)


def test_a_channel_that_does_not_answer_stops_nothing_and_is_tried_again(told):
    office, mailbox, posts = told
    fail(office)
    mailbox.status, posts.status = 451, 503
    for _ in range(2):
        assert watch(office.workspace, "airflow").silent == ("mail", "webhook")
    unsent = [e for e in office.workspace.ledger.audit_entries() if e.action == "alerts.unsent"]
    assert [(e.subject, e.detail["error"]) for e in unsent] == [
        ("mail", "SMTPDataError"),
        ("webhook", "HTTPError"),
    ]
    mailbox.status = posts.status = 200
    look = watch(office.workspace, "airflow")
    assert (look.silent, [each.told for each in look.open]) == ((), [("mail", "webhook")])
    assert subjects(mailbox) == [FAILED]


def test_a_task_that_failed_is_told_once_until_it_goes_through(told):
    office, mailbox, _ = told
    failed = Alert(AlertKind.RUN_FAILED, OFFICE, "2019", "FileUnreadable", "ingest_x.receive", "run.1")
    for number in range(3):
        note_task_failed(office.workspace, Alert(*failed_of(failed), f"run.{number}"), "airflow")
    assert subjects(mailbox) == [FAILED]
    assert b"run.0" in mailbox.bodies[0]
    note_task_done(office.workspace, Alert(AlertKind.RUN_FAILED, OFFICE, "2019", subject="ingest_x.receive"))
    assert watch(office.workspace, "airflow").open == ()


def failed_of(alert):
    return (alert.kind, alert.source_id, alert.period, alert.rule, alert.subject)


def test_a_task_that_failed_on_a_failed_delivery_is_not_told_beside_it(told, rows):
    office, mailbox, _ = told
    with pytest.raises(SubmissionRefused):
        office.deliver("2019", [(key, "feminine", *rest) for key, _, *rest in rows(1, 12)])
    failed = Alert(AlertKind.RUN_FAILED, OFFICE, "2019", "SubmissionRefused", "ingest_x.check", "run.1")
    note_task_failed(office.workspace, failed, "airflow")
    assert AlertKind.RUN_FAILED not in {e.alert.kind for e in office.workspace.ledger.open_alerts()}
    assert len(mailbox.bodies) == 1
