"""An invented office and its Palermo: what one turn of the calendar does, and how one tells that all is well.

Turns run in processes of their own, forked from a clean one that has imported everything (`fault_process`).
"""

import json
from collections import Counter
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from pipeline.arrival import watch_inbox
from pipeline.candidate import prepare_candidate
from pipeline.decision import approve_candidate, publish_candidate
from pipeline.draft import NothingChanged, anonymize_pool, assess_draft
from pipeline.ingest import (
    NothingInInbox,
    check_submission,
    map_submission,
    pool_checked,
    receive_inbox,
    validate_submission,
)
from pipeline.integrity import check_integrity
from pipeline.settings import Settings
from pipeline.workspace import Workspace
from portal.desk import refresh_desk
from portal.site import refresh_site
from schemas.release import Decision
from schemas.submission import SubmissionState
from storage.record import Action

SOURCE = "xyz_hotline_calls"
DESCRIPTION = """\
title: Invented hotline
publisher: {name: Hotline, country: SRB}
terms: {licence: none, agreement: none}
schedule: {every: month}
reader: {format: delimited, delimiter: ",", encoding: utf-8}
columns:
  call: {key: true}
  sex: {field: gender, lookup: sex}
  years: {field: age_at_registration}
  registered: {field: year_of_registration}
constants:
  data_source_type: Hotline
  consent_publication: true
  trafficking_status: PossibleVictimOfTrafficking
  citizenship: SRB
  is_forced_labour: 1
lookups:
  sex: {f: Woman, m: Man}
"""
APPROVERS = ("one", "two")


def write_file(period: str, count: int, sex: str = "f") -> str:
    """A file of a period: so many calls, all alike but for their numbers."""
    year = period[:4]
    rows = [f"{period}/{number},{sex},{25 + number % 3},{year}" for number in range(count)]
    return "\n".join(["call,sex,years,registered", *rows]) + "\n"


def make_office(folder: Path) -> Path:
    """The folder of source descriptions."""
    described = folder / "sources" / SOURCE
    described.mkdir(parents=True)
    (described / "source.yml").write_text(DESCRIPTION, "utf-8")
    return described.parent


def open_palermo(folder: Path, url: str | None) -> Workspace:
    """The Palermo in a folder; its ledger is there too, or at a URL."""
    return Workspace(Settings(home=folder / "home", sources=folder / "sources", database_url=url))


def hand_in(folder: Path, files: dict[str, str]) -> None:
    """Put a file of each period into the inbox, as a sender who renames what is complete."""
    for period, content in files.items():
        place = folder / "home" / "inbox" / SOURCE / period
        place.mkdir(parents=True, exist_ok=True)
        (place / ".calls.part").write_text(content, "utf-8")
        (place / ".calls.part").rename(place / "calls.csv")


def ingest_turn(folder: Path, url: str | None, periods: tuple[str, ...]) -> None:
    """What the DAGs do with what lies in the inbox, or was left half-way by a run that was cut off."""
    workspace = open_palermo(folder, url)
    arrivals = watch_inbox(workspace)
    arrivals.look(0.0)
    arrivals.look(5.0)
    for period in periods:
        with suppress(NothingInInbox):
            receipt = receive_inbox(workspace, SOURCE, period, "airflow")
            if not receipt.settled:
                mapped = map_submission(workspace, receipt.submission, "airflow")
                check_submission(workspace, validate_submission(workspace, mapped, "airflow"), "airflow")
    pool_checked(workspace, "airflow")
    refresh_desk(workspace)


def release_turn(folder: Path, url: str | None) -> None:
    """A release from the pool to the public, with what two people decide; goes on where one was cut off."""
    workspace = open_palermo(folder, url)
    with suppress(NothingChanged):
        publish_candidate(workspace, approve(workspace), "officer")
    refresh_site(workspace)
    refresh_desk(workspace)


def approve(workspace: Workspace) -> str:
    """Prepare a candidate and let two people approve it; its id."""
    assessed = assess_draft(workspace, anonymize_pool(workspace, "officer"), "officer")
    candidate = prepare_candidate(workspace, assessed, "officer")
    decided = {approval.person for approval in workspace.ledger.approvals(candidate)}
    for person in (each for each in APPROVERS if each not in decided):
        approve_candidate(workspace, candidate, person=person, decision=Decision.APPROVE, reason="read")
    return candidate


def approve_turn(folder: Path, url: str | None) -> None:
    """As far as the approvals."""
    approve(open_palermo(folder, url))


def publish_turn(folder: Path, url: str | None) -> None:
    """Publish the candidate that two people approved."""
    workspace = open_palermo(folder, url)
    [candidate] = workspace.ledger.candidates()
    publish_candidate(workspace, candidate.id, "officer")
    refresh_site(workspace)
    refresh_desk(workspace)


def describe_outcome(workspace: Workspace) -> dict[str, object]:
    """What counts and what is public, whichever way it came there."""
    releases = {}
    for release in workspace.ledger.releases():
        [extract] = (workspace.store.zones.releases / release.version).glob("*.parquet")
        releases[release.version] = sha256(extract.read_bytes()).hexdigest()
    rows = {entry.period: entry.rows for entry in workspace.ledger.pool_entries()}
    return {"rows": rows, "releases": releases}


def assert_all_is_well(workspace: Workspace) -> None:
    """Nothing half-written, nothing lost, nothing half-published, nothing published twice.

    `check_integrity` reads every artefact again, compares them with the ledger and verifies the trail.
    """
    home, store, ledger = workspace.settings.home, workspace.store, workspace.ledger
    store.sweep()
    assert list(store.zones.staging.iterdir()) == [], "nothing is left in staging"
    assert check_integrity(workspace, "judge") > 0
    for path in home.rglob("*.html"):
        assert path.read_text("utf-8").rstrip().endswith("</html>"), "pages are whole"
    records = ledger.submissions()
    settled = {SubmissionState.POOLED, SubmissionState.REPLACED}
    assert {record.state for record in records} <= settled, "every delivery went all the way"
    pooled = [r.submission.id for r in records if r.state is SubmissionState.POOLED]
    assert sorted(pooled) == sorted(entry.submission for entry in ledger.pool_entries())
    assert not any(path.is_file() for path in store.inbox.rglob("*")), "the inbox is empty"
    assert_published_once(workspace)


def assert_published_once(workspace: Workspace) -> None:
    """The public zone is what the ledger says, each release whole, told once, and in the catalogue."""
    store, ledger = workspace.store, workspace.ledger
    releases = ledger.releases()
    assert sorted(store.release_versions()) == sorted(release.version for release in releases)
    for release in releases:
        store.check_release(release.version)
        assert store.release_id(release.version) == release.candidate
    told = Counter(e.subject for e in ledger.audit_entries() if e.action == Action.RELEASE_PUBLISHED.value)
    assert told == Counter(release.version for release in releases)
    if releases:
        catalogue = json.loads((store.zones.public / "index.json").read_text("utf-8"))
        listed = [entry["version"] for entry in catalogue["releases"]]
        assert listed == [release.version for release in reversed(releases)]
