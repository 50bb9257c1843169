"""Approval: Airflow shows it, the ledger decides. Nothing but two people's decisions opens the door."""

import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.candidate import prepare_candidate
from pipeline.decision import approve_candidate, publish_candidate
from pipeline.draft import anonymize_pool, assess_draft
from pipeline.ingest import ingest_files
from pipeline.settings import Settings
from pipeline.workspace import Workspace
from publish.permission import AlreadyDecided, DecisionRefused, PreparerMayNotApprove
from publish.release import ReleaseRefused
from publish.transition import InvalidTransition
from samples.submission import write_samples
from schemas.release import CandidateState, Decision
from storage.error import ArtefactCorrupt, DetailRefused, InvalidName, UnknownRecord
from storage.record import Action

SOURCE = "zzz_palermo_invented_cases"


@pytest.fixture(scope="session")
def pooled(tmp_path_factory):
    """A Palermo root with a pool of one larger submission."""
    root = tmp_path_factory.mktemp("pooled")
    sample = write_samples(root / "samples")[SOURCE][0]
    ingest_files(
        Workspace(Settings(home=root / "home")), sample.source_id, sample.period, sample.paths, "officer"
    )
    return root / "home"


@pytest.fixture
def workspace(home, pooled):
    shutil.copytree(pooled.parent, home.parent, dirs_exist_ok=True)
    return Workspace(Settings(home=home))


def published(workspace):
    return [path.name for path in workspace.store.zones.releases.glob("*")]


def prepare(workspace):
    draft = assess_draft(workspace, anonymize_pool(workspace, "officer"), "officer")
    return prepare_candidate(workspace, draft, "officer")


def refused(workspace, action):
    """Who tried what in vain, and why, as the audit trail has it."""
    entries = [entry for entry in workspace.ledger.audit_entries() if entry.action == action]
    return [(entry.actor, entry.subject, entry.detail["reason"]) for entry in entries]


def approve(workspace, candidate, person):
    approve_candidate(workspace, candidate, person=person, decision=Decision.APPROVE, reason="read")


def test_a_direct_call_of_publish_publishes_nothing_and_is_on_record(workspace):
    candidate = prepare(workspace)
    approve(workspace, candidate, "one")
    with pytest.raises(InvalidTransition):
        publish_candidate(workspace, candidate, "somebody")
    assert published(workspace) == []
    assert refused(workspace, Action.RELEASE_REFUSED) == [("somebody", candidate, "InvalidTransition")]


def test_a_candidate_that_was_edited_after_its_approvals_is_not_published(workspace):
    candidate = prepare(workspace)
    for person in ("one", "two"):
        approve(workspace, candidate, person)
    [extract] = workspace.store.candidate_path(candidate).glob("*.parquet")
    extract.chmod(0o600)
    extract.write_bytes(extract.read_bytes()[:-1] + b"x")
    with pytest.raises(ArtefactCorrupt):
        publish_candidate(workspace, candidate, "airflow")
    assert published(workspace) == []
    assert refused(workspace, Action.RELEASE_REFUSED) == [("airflow", candidate, "ArtefactCorrupt")]


@pytest.mark.parametrize(
    ("forged", "reason"), [("f" * 64, UnknownRecord), ("../../inbox", InvalidName), (None, InvalidName)]
)
def test_a_forged_id_is_neither_approved_nor_published(workspace, forged, reason):
    prepare(workspace)
    with pytest.raises(reason):
        publish_candidate(workspace, forged, "airflow")
    with pytest.raises(reason):
        approve(workspace, str(forged), "one")
    assert published(workspace) == []
    assert refused(workspace, Action.RELEASE_REFUSED) == [("airflow", "unknown", reason.__name__)]
    assert refused(workspace, Action.DECISION_REFUSED) == [("one", "unknown", reason.__name__)]


def test_approvals_of_one_candidate_do_not_open_the_door_for_another(workspace):
    """The ledger's rows are moved by hand from the approved candidate to one that nobody saw."""
    candidate = prepare(workspace)
    for person in ("one", "two"):
        approve(workspace, candidate, person)
    other = workspace.store.candidate_path(candidate).with_name("a" * 64)
    shutil.copytree(workspace.store.candidate_path(candidate), other)
    record = workspace.ledger.candidate(candidate)
    workspace.ledger.record_candidate(replace(record, id=other.name, version="2099.01.1"))
    workspace.ledger.set_candidate_state(
        other.name, CandidateState.APPROVED, "intruder", before=CandidateState.APPROVED
    )
    with pytest.raises((ReleaseRefused, ArtefactCorrupt)) as refusal:
        publish_candidate(workspace, other.name, "airflow")
    assert published(workspace) == []
    assert refused(workspace, Action.RELEASE_REFUSED) == [("airflow", other.name, refusal.type.__name__)]


def test_the_preparer_and_the_same_person_twice_are_on_record(workspace):
    candidate = prepare(workspace)
    with pytest.raises(PreparerMayNotApprove):
        approve(workspace, candidate, "officer")
    approve(workspace, candidate, "one")
    with pytest.raises(AlreadyDecided):
        approve(workspace, candidate, "one")
    assert refused(workspace, Action.DECISION_REFUSED) == [
        ("officer", candidate, "PreparerMayNotApprove"),
        ("one", candidate, "AlreadyDecided"),
    ]


def test_every_decision_that_does_not_count_is_on_record(workspace):
    """No reason, no person, a name that the trail does not take, and a candidate that was rejected."""
    candidate = prepare(workspace)
    for person, reason in (("one", " "), ("", "read"), ("some body", "read")):
        with pytest.raises((DecisionRefused, DetailRefused)):
            approve_candidate(workspace, candidate, person=person, decision=Decision.APPROVE, reason=reason)
    with pytest.raises(DetailRefused):
        publish_candidate(workspace, candidate, "some body")
    assert workspace.ledger.approvals(candidate) == ()
    approve_candidate(workspace, candidate, person="one", decision=Decision.REJECT, reason="too coarse")
    with pytest.raises(InvalidTransition):
        approve(workspace, candidate, "two")
    assert refused(workspace, Action.DECISION_REFUSED) == [
        ("one", candidate, "ReasonMissing"),
        ("unknown", candidate, "PersonMissing"),
        ("unknown", candidate, "DetailRefused"),
        ("two", candidate, "InvalidTransition"),
    ]
    assert refused(workspace, Action.RELEASE_REFUSED) == [("unknown", candidate, "DetailRefused")]
    assert published(workspace) == []


def run_release(airflow, *answers):
    approvers = airflow.Approvers(*answers)
    approvers.start()
    try:
        airflow.run_dag("release_extract")
    finally:
        approvers.finished.set()


@pytest.mark.airflow
def test_two_people_publish(airflow, workspace):
    run_release(airflow, airflow.Answer("approver_one"), airflow.Answer("approver_two"))
    [release] = workspace.ledger.releases()
    assert published(workspace) == [release.version]
    people = [approval.person for approval in workspace.ledger.approvals(release.candidate)]
    assert people == ["approver_one", "approver_two"]


@pytest.mark.airflow
def test_one_rejection_publishes_nothing(airflow, workspace):
    run_release(airflow, airflow.Answer("approver_one"), airflow.Answer("approver_two", "Reject"))
    assert published(workspace) == []
    assert workspace.ledger.candidates(CandidateState.REJECTED)


@pytest.mark.airflow
def test_the_same_person_twice_and_a_decision_without_a_reason_do_not_count(airflow, workspace):
    one, two = airflow.Answer("approver_one"), airflow.Answer("approver_two", reason=" ")
    run_release(airflow, one, one, two, airflow.Answer("approver_two", "Reject"))
    [candidate] = workspace.ledger.candidates(CandidateState.REJECTED)
    decided = [(a.person, a.decision) for a in workspace.ledger.approvals(candidate.id)]
    assert decided == [("approver_one", Decision.APPROVE), ("approver_two", Decision.REJECT)]
    assert published(workspace) == []


@pytest.mark.airflow
def test_decisions_given_on_the_command_line_are_not_asked_for_again(airflow, workspace):
    candidate = prepare(workspace)
    for person in ("one", "two"):
        approve_candidate(workspace, candidate, person=person, decision=Decision.APPROVE, reason="read")
    airflow.run_dag("release_extract")
    assert [release.candidate for release in workspace.ledger.releases()] == [candidate]


@pytest.mark.airflow
def test_marking_the_approvals_as_successful_publishes_nothing(airflow, workspace):
    dag = airflow.load_dags()["release_extract"]
    run = dag.test(logical_date=datetime.now(UTC), mark_success_pattern=re.compile("approve_.*"))
    states = {task.task_id: task.state for task in run.get_task_instances()}
    assert (states["approve_first"], states["approve_second"]) == ("success", "success")
    assert states["publish"] == "failed"
    assert published(workspace) == []
    [waiting] = workspace.ledger.candidates(CandidateState.AWAITING_APPROVAL)
    assert refused(workspace, Action.RELEASE_REFUSED) == [("airflow", waiting.id, "InvalidTransition")]


@pytest.mark.airflow
def test_an_unchanged_pool_is_not_released_again(airflow, workspace):
    candidate = prepare(workspace)
    for person in ("one", "two"):
        approve_candidate(workspace, candidate, person=person, decision=Decision.APPROVE, reason="read")
    publish_candidate(workspace, candidate, "officer")
    airflow.run_dag("release_extract")
    assert len(workspace.ledger.releases()) == 1
