"""Keys: rotation loses nothing, what lies open is sealed, a shredded source is gone and counts no more."""

import shutil

import pytest
from canary import read_stored
from typer.testing import CliRunner

from cli.main import app
from pipeline.candidate import prepare_candidate
from pipeline.draft import anonymize_pool, assess_draft
from pipeline.integrity import check_integrity
from pipeline.keys import (
    NothingToShred,
    preview_shredding,
    rotate_keys,
    seal_open_files,
    show_keys,
    shred_source,
)
from pipeline.settings import Settings
from pipeline.workspace import Workspace
from schemas.release import CandidateState
from schemas.submission import SubmissionState
from storage.error import KeyUnavailable
from storage.sealing import list_artefacts
from storage.zone import plain_secret
from tests.unit.pipeline.conftest import DESCRIPTION, OFFICE, Office, make_rows

OTHER = "xyz_other_cases"


@pytest.fixture(scope="module")
def delivered(tmp_path_factory):
    """A folder with two sources in one Palermo: of each 12 cases, of the first another 13."""
    folder = tmp_path_factory.mktemp("delivered")
    office, other = Office(folder), Office(folder, OTHER, DESCRIPTION.replace("Invented", "Other"))
    office.deliver("2019", make_rows(1, 12))
    office.deliver("2020", make_rows(101, 13, 2020))
    other.deliver("2019", make_rows(201, 12))
    return folder


@pytest.fixture
def both(delivered, tmp_path):
    shutil.copytree(delivered, tmp_path, dirs_exist_ok=True)
    offices = []
    for source_id in (OFFICE, OTHER):
        office = Office.__new__(Office)
        office.id, office.folder, office.source = source_id, tmp_path, tmp_path / "sources" / source_id
        office.workspace = Workspace(Settings(home=tmp_path / "home", sources=tmp_path / "sources"))
        offices.append(office)
    return tuple(offices)


def again(workspace):
    """A process that starts now and remembers no key."""
    return Workspace(workspace.settings)


def key_file(workspace):
    return workspace.settings.home.with_name("home-keys") / "palermo.key"


def test_a_rotation_changes_every_key_and_loses_nothing(both):
    workspace = both[0].workspace
    before = {a.path.name: read_stored(a.path) for a in list_artefacts(workspace.store)}
    old = {key.owner: key.id for key in workspace.store.keys.list_keys()}
    old_file, secret = key_file(workspace).read_text(), workspace.store.source_key(both[0].id)
    done = rotate_keys(workspace, "officer", reseal_files=True)
    # two sources and no common key yet: four data keys, two secrets
    assert (done.wrapped, done.sealed, done.removed) == (6, len(before), 0)
    assert not set(key_file(workspace).read_text().split()) & set(old_file.split()) - {"palermo-key-1"}
    fresh = again(workspace)
    assert {a.path.name: read_stored(a.path) for a in list_artefacts(fresh.store)} == before
    assert {a.key_id for a in list_artefacts(fresh.store)} & set(old.values()) == set()
    assert fresh.store.source_key(both[0].id) == secret
    assert rotate_keys(fresh, "officer", reseal_files=True).removed == 2
    assert check_integrity(again(workspace), "officer") > 0
    assert again(workspace).ledger.audit_entries()[-2].action == "keys.rotated"


def test_a_rotation_that_was_cut_off_is_finished_by_another(both, monkeypatch):
    workspace = both[0].workspace
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.keys.wrap_secrets", lambda *_: 1 / 0)
        with pytest.raises(Exception, match="step rotate broke"):
            rotate_keys(workspace, "officer")
    assert len(key_file(workspace).read_text().splitlines()) == 2
    assert check_integrity(again(workspace), "officer") > 0
    before = {a.path: a.path.read_bytes() for a in list_artefacts(workspace.store)}
    assert rotate_keys(again(workspace), "officer").sealed == 0
    assert {path: path.read_bytes() for path in before} == before
    assert len(key_file(workspace).read_text().splitlines()) == 1
    assert check_integrity(again(workspace), "officer") > 0


def test_a_key_file_made_by_hand_is_rotated_to(both):
    workspace, runner = both[0].workspace, CliRunner()
    new = both[0].folder / "new.key"
    assert runner.invoke(app, ["keys", "make", str(new)]).exit_code == 0
    assert runner.invoke(app, ["keys", "make", str(new)]).exit_code == 1
    key_file(workspace).write_text(new.read_text() + key_file(workspace).read_text())
    rotate_keys(workspace, "officer", keep_file=True)
    key_file(workspace).write_text(new.read_text())
    assert check_integrity(again(workspace), "officer") > 0


def test_what_lies_open_from_before_is_read_and_then_sealed(both):
    office, other = both
    workspace = office.workspace
    contents = {a.path: read_stored(a.path) for a in list_artefacts(workspace.store)}
    for path, content in contents.items():
        path.write_bytes(content)
    secret_file = workspace.store.zones.key_file(office.id)
    plain_secret(secret_file).write_bytes(workspace.store.source_key(office.id))
    secret_file.unlink()
    keys = workspace.store.zones.data_keys
    for path in keys.glob("*/*"):
        path.unlink()
    fresh = again(workspace)
    assert check_integrity(fresh, "officer") > 0
    assert show_keys(fresh) == ([], len(contents))
    assert seal_open_files(fresh, "officer") == len(contents)
    assert {a.path: read_stored(a.path) for a in list_artefacts(fresh.store)} == contents
    shown, lying_open = show_keys(fresh)
    assert ([each.owner for each in shown], lying_open) == ([office.id, OTHER], 0)
    assert sum(each.files for each in shown) == len(contents)
    assert not plain_secret(secret_file).exists()
    assert check_integrity(again(workspace), "officer") > 0
    assert other.pooled() == {"2019": 12, "2020": 13}


def test_a_shredded_source_is_gone_with_evidence_and_the_other_stays(both):
    office, _ = both
    workspace = office.workspace
    entries = workspace.ledger.audit_entries()
    told = preview_shredding(workspace, office.id)
    assert (told.periods, told.rows, len(told.raw), told.releases) == (("2019", "2020"), 25, 2, ())
    assert workspace.ledger.audit_entries() == entries
    copies = {a.path: a.path.read_bytes() for a in list_artefacts(workspace.store)}
    records = [r for r in workspace.ledger.submissions() if r.submission.source_id == office.id]
    [wrapped] = (workspace.store.zones.data_keys / office.id).iterdir()
    done = shred_source(workspace, office.id, "officer")
    assert not wrapped.exists()
    fresh = again(workspace)
    assert {entry.source_id for entry in fresh.ledger.pool_entries()} == {OTHER}
    states = {r.submission.source_id: r.state for r in fresh.ledger.submissions()}
    assert states == {office.id: SubmissionState.FAILED, OTHER: SubmissionState.POOLED}
    assert check_integrity(fresh, "officer") > 0
    # their empty tables of perpetrators are alike
    assert done.shared == 1
    actions = [(e.action, e.subject) for e in fresh.ledger.audit_entries()]
    assert ("key.shredded", office.id) in actions
    assert {subject for action, subject in actions if action == "raw.erased"} == set(done.raw)
    # a copy of the files that somebody kept is of no use
    for path, content in copies.items():
        path.write_bytes(content)
    with pytest.raises(KeyUnavailable):
        b"".join(fresh.store.raw_pieces(records[0].submission.files[0].sha256))
    with pytest.raises(NothingToShred):
        shred_source(fresh, office.id, "officer")


def test_a_run_that_is_cut_off_is_finished_and_the_source_can_deliver_again(both, monkeypatch, rows):
    office, _ = both
    workspace = office.workspace
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.keys.erase_file", lambda _: 1 / 0)
        with pytest.raises(Exception, match="step shred broke"):
            shred_source(workspace, both[0].id, "officer")
    shred_source(again(workspace), office.id, "officer")
    assert [each.owner for each in show_keys(again(workspace))[0]] == [OTHER]
    office.workspace = again(workspace)
    office.deliver("2019", rows(1, 12))
    pool = office.workspace.ledger.pool_entries()
    assert {(entry.source_id, entry.rows) for entry in pool} == {(office.id, 12), (OTHER, 12)}
    assert check_integrity(again(workspace), "officer") > 0


def test_a_candidate_that_holds_the_source_is_not_released_any_more(office, rows):
    office.deliver("2019", rows(1, 40))
    workspace = office.workspace
    candidate = prepare_candidate(
        workspace, assess_draft(workspace, anonymize_pool(workspace, "officer"), "officer"), "officer"
    )
    shred_source(workspace, office.id, "officer")
    assert workspace.ledger.candidate(candidate).state is CandidateState.SUPERSEDED


def test_the_command_asks_before_it_destroys(both, monkeypatch):
    office, _ = both
    monkeypatch.setenv("PALERMO_HOME", str(office.workspace.settings.home))
    monkeypatch.setenv("PALERMO_SOURCES", str(office.workspace.settings.sources))
    runner, command = CliRunner(), ["keys", "shred", "--source", office.id, "--by", "officer"]
    refused = runner.invoke(app, command, input="yes\n")
    assert refused.exit_code == 1
    assert "its cases in the pool: 25, of the periods 2019, 2020" in refused.output
    assert office.pooled() == {"2019": 12, "2020": 13} | {}
    shown = runner.invoke(app, ["keys", "show"])
    assert "not sealed, from before files were: 0 files" in shown.output
    done = runner.invoke(app, command, input=f"{office.id}\n")
    assert done.exit_code == 0
    assert "1 keys destroyed" in done.output
    assert {entry.source_id for entry in office.workspace.ledger.pool_entries()} == {OTHER}
