"""Approval: Airflow shows it, the ledger decides. Nothing but two people's decisions opens the door."""

import re
import shutil
from datetime import UTC, datetime

import pytest

from pipeline.candidate import prepare_candidate
from pipeline.decision import approve_candidate, publish_candidate
from pipeline.draft import anonymize_pool, assess_draft
from pipeline.ingest import ingest_files
from pipeline.settings import Settings
from pipeline.workspace import Workspace
from samples.submission import write_samples
from schemas.release import CandidateState, Decision

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
    shutil.copytree(pooled, home, dirs_exist_ok=True)
    return Workspace(Settings(home=home))


def published(workspace):
    return [path.name for path in workspace.store.zones.releases.glob("*")]


def prepare(workspace):
    draft = assess_draft(workspace, anonymize_pool(workspace, "officer"), "officer")
    return prepare_candidate(workspace, draft, "officer")


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
    assert workspace.ledger.candidates(CandidateState.AWAITING_APPROVAL)


@pytest.mark.airflow
def test_an_unchanged_pool_is_not_released_again(airflow, workspace):
    candidate = prepare(workspace)
    for person in ("one", "two"):
        approve_candidate(workspace, candidate, person=person, decision=Decision.APPROVE, reason="read")
    publish_candidate(workspace, candidate, "officer")
    airflow.run_dag("release_extract")
    assert len(workspace.ledger.releases()) == 1
