"""A run killed between the public files and the ledger: nothing new is judged as if they were not there."""

import pytest

from pipeline.candidate import prepare_candidate
from pipeline.decision import approve_candidate, publish_candidate
from pipeline.draft import anonymize_pool, assess_draft
from pipeline.ingest import ingest_files
from pipeline.released import ReleaseUnrecorded
from pipeline.settings import Settings
from pipeline.workspace import Workspace
from samples.submission import write_samples
from schemas.release import Decision
from storage.ledger import Ledger

LARGE = "zzz_palermo_invented_cases"


def prepare(workspace: Workspace) -> str:
    assessed = assess_draft(workspace, anonymize_pool(workspace, "officer"), "officer")
    return prepare_candidate(workspace, assessed, "officer")


def die(*_: object) -> None:
    raise KeyboardInterrupt


def test_what_is_public_but_not_recorded_comes_first(tmp_path, monkeypatch):
    workspace = Workspace(Settings(home=tmp_path / "home"))
    first, second = write_samples(tmp_path / "samples")[LARGE][:2]
    ingest_files(workspace, LARGE, first.period, first.paths, "officer")
    candidate = prepare(workspace)
    for person in ("one", "two"):
        approve_candidate(workspace, candidate, person=person, decision=Decision.APPROVE, reason="read")
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "record_release", die)
        with pytest.raises(KeyboardInterrupt):
            publish_candidate(workspace, candidate, "officer")
    [version] = workspace.store.release_versions()
    assert workspace.ledger.releases() == ()
    assert prepare(workspace) == candidate, "an unchanged pool goes on where it was cut off"

    ingest_files(workspace, LARGE, second.period, second.paths, "officer")
    with pytest.raises(ReleaseUnrecorded, match=version):
        prepare(workspace)
    assert publish_candidate(workspace, candidate, "officer") == version
    assert prepare(workspace) != candidate
