"""Retention: a file goes on the day after its last, by class and source, with evidence; cases stay."""

import shutil
from datetime import date, datetime, timedelta

import pytest
import yaml

from pipeline.ingest import map_submission, receive_files
from pipeline.integrity import check_integrity
from pipeline.retention import ClockDoubtful, FilesErased, expire_raw
from pipeline.settings import CHECKOUT, Settings
from pipeline.workspace import Workspace
from schemas.description import parse_retention
from schemas.problem import InvalidDescription
from schemas.retention import RetentionClass
from schemas.submission import SubmissionState

POLICY = "id: test\ntitle: Test\ndays: {counts: 100, replaced: 10, refused: 5, unfinished: 3}\n"
POLICY += "longest_pause: 36500\n"
WARY = POLICY.replace("36500", "31")


class OnDay(Workspace):
    """A workspace on another day: `days` after the first delivery was received."""

    def __init__(self, settings, days):
        super().__init__(settings)
        object.__setattr__(self, "days", days)

    def today(self) -> date:
        first = self.ledger.submissions()[0].received_at
        return datetime.fromisoformat(first).date() + timedelta(days=self.days)


@pytest.fixture
def after(office):
    """Makes the workspace of some days after the first delivery, under a policy."""

    def make(days, policy=POLICY):
        file = office.folder / "retention.yml"
        file.write_text(policy)
        settings = office.workspace.settings
        return OnDay(Settings(home=settings.home, sources=settings.sources, retention=file), days)

    return make


def list_raw(office):
    return [path for path in office.workspace.store.zones.raw.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("days", "erased"), [(99, 0), (100, 0), (101, 1)])
def test_a_file_whose_cases_count_goes_after_its_days(office, rows, after, days, erased):
    office.deliver("2019", rows(1, 12))
    assert expire_raw(after(days), "maintenance") == erased
    assert len(list_raw(office)) == 1 - erased
    assert office.pooled() == {"2019": 12}


def test_classes_have_their_own_days(office, rows, after):
    office.deliver("2019", rows(1, 12))
    office.deliver("2019", rows(1, 13))
    assert expire_raw(after(10), "maintenance") == 0
    assert expire_raw(after(11), "maintenance") == 1
    states = [record.state for record in office.workspace.ledger.submissions()]
    assert states == [SubmissionState.REPLACED, SubmissionState.POOLED]
    [kept] = list_raw(office)
    assert kept.name == office.workspace.ledger.submissions()[1].submission.files[0].sha256


def test_a_source_may_have_its_own_days(office, rows, after):
    office.deliver("2019", rows(1, 12))
    policy = f"{POLICY}sources: {{{office.id}: {{counts: 1}}, another_office_cases: {{counts: 0}}}}\n"
    assert expire_raw(after(1, policy), "maintenance") == 0
    assert expire_raw(after(2, policy), "maintenance") == 1


def test_the_evidence_names_file_class_and_policy(office, rows, after):
    submission = office.deliver("2019", rows(1, 12))
    [file] = office.workspace.ledger.submission(submission).submission.files
    workspace = after(101)
    expire_raw(workspace, "maintenance")
    assert expire_raw(workspace, "maintenance") == 0
    [entry] = [e for e in office.workspace.ledger.audit_entries() if e.action == "raw.erased"]
    assert (entry.subject, entry.actor) == (file.sha256, "maintenance")
    assert entry.detail == {
        "reason": "expired",
        "submission": submission,
        "kind": "counts",
        "days": 100,
        "policy": workspace.retention.sha256,
    }
    assert check_integrity(office.workspace, "maintenance") >= 2


def test_a_file_that_another_delivery_needs_stays(office, rows, after):
    office.deliver("2019", rows(1, 12))
    first = office.workspace.ledger.submissions()[0]
    path = office.write(rows(1, 12))

    receive_files(
        office.workspace, office.id, "2020", [path], "officer"
    )  # the same file under another period
    assert len(office.workspace.ledger.submissions()) == 2
    policy = POLICY.replace("unfinished: 3", "unfinished: 900")
    assert expire_raw(after(101, policy), "maintenance") == 0
    assert office.workspace.store.zones.raw_file(first.submission.files[0].sha256).is_file()


def test_a_file_that_a_backup_puts_back_is_erased_again(office, rows, after, tmp_path):
    office.deliver("2019", rows(1, 12))
    raw = office.workspace.store.zones.raw
    shutil.copytree(raw, tmp_path / "backup")
    assert expire_raw(after(101), "maintenance") == 1
    shutil.copytree(tmp_path / "backup", raw, dirs_exist_ok=True)
    assert len(list_raw(office)) == 1
    assert expire_raw(after(102), "restore") == 1
    assert list_raw(office) == []
    erased = [e.actor for e in office.workspace.ledger.audit_entries() if e.action == "raw.erased"]
    assert erased == ["maintenance", "restore"]


@pytest.mark.parametrize("days", [3_650, 142])
def test_a_clock_that_is_far_ahead_erases_nothing_until_a_person_says_it_is_right(office, rows, after, days):
    """From day 110 on retention was applied; 31 days later is the last that follows it."""
    office.deliver("2019", rows(1, 12))
    office.deliver("2020", rows(101, 12))
    assert expire_raw(after(30, WARY), "maintenance") == 0
    assert expire_raw(after(61, WARY), "maintenance") == 0
    assert expire_raw(after(92, WARY), "maintenance") == 0
    for _ in range(2):
        with pytest.raises(ClockDoubtful, match="clock-is-right"):
            expire_raw(after(days, WARY), "maintenance")
    assert len(list_raw(office)) == 2
    assert expire_raw(after(days, WARY), "officer", clock_is_right=True) == 2
    assert list_raw(office) == []


def test_what_is_over_goes_without_a_person_where_retention_is_applied_regularly(office, rows, after):
    office.deliver("2019", rows(1, 12))
    for day in (31, 62, 93):
        assert expire_raw(after(day, WARY), "maintenance") == 0
    assert expire_raw(after(124, WARY), "maintenance") == 1


def test_a_clock_that_has_gone_back_is_told(office, rows, after):
    """A replaced file is due on both days, by another policy than the one applied before."""
    office.deliver("2019", rows(1, 12))
    office.deliver("2019", rows(1, 13))
    patient = WARY.replace("replaced: 10", "replaced: 900")
    assert expire_raw(after(20, patient), "maintenance") == 0
    with pytest.raises(ClockDoubtful):
        expire_raw(after(19, WARY), "maintenance")
    assert len(list_raw(office)) == 2
    assert expire_raw(after(20, WARY), "maintenance") == 1


def test_a_delivery_that_came_while_the_clock_stood_years_back_is_not_over_at_once(
    office, rows, after, monkeypatch
):
    office.deliver("2019", rows(1, 12))
    assert expire_raw(after(20, WARY), "maintenance") == 0
    monkeypatch.setattr("storage.intake.current_time", lambda: "1970-01-01T00:00:00.000000Z")
    office.deliver("2020", rows(101, 12))
    assert expire_raw(after(21, WARY), "maintenance") == 0
    for day in (50, 80, 110):
        assert len(list_raw(office)) == 2
        expire_raw(after(day, WARY), "maintenance")
    assert len(list_raw(office)) == 1, "the first delivery is over, the second counts from day 20"
    assert expire_raw(after(121, WARY), "maintenance") == 1


def test_what_a_run_erased_that_was_killed_then_gets_its_evidence(office, rows, after):
    office.deliver("2019", rows(1, 12))
    [file] = list_raw(office)
    file.unlink()
    assert expire_raw(after(101), "maintenance") == 1
    assert expire_raw(after(102), "maintenance") == 0
    [entry] = [e for e in office.workspace.ledger.audit_entries() if e.action == "raw.erased"]
    assert entry.subject == file.name
    assert check_integrity(office.workspace, "maintenance") >= 2


def test_what_was_erased_cannot_be_mapped_anew_and_says_so(office, rows, after):
    submission = office.deliver("2019", rows(1, 12))
    expire_raw(after(101), "maintenance")
    with pytest.raises(FilesErased, match="send them again"):
        map_submission(office.workspace, submission, "officer")
    assert office.pooled() == {"2019": 12}
    office.deliver("2019", rows(1, 12))
    assert office.pooled() == {"2019": 12}


def test_the_policy_that_is_given_names_every_class():
    policy = parse_retention((CHECKOUT / "pipeline" / "policies" / "retention.yml").read_text())
    assert set(policy.days) == set(RetentionClass)


@pytest.mark.parametrize(
    "change",
    [{"days": {"counts": 1}}, {"days": {"counts": -1}}, {"unknown": 1}, {"sources": {"a": {"ever": 1}}}],
)
def test_a_policy_with_a_mistake_is_refused(change):
    with pytest.raises(InvalidDescription):
        parse_retention(yaml.safe_dump(yaml.safe_load(POLICY) | change))
