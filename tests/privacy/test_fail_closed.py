"""With the anonymizer switched off, sabotaged or raising, nothing is published."""

import pandas as pd
import pytest

import pipeline.draft
from pipeline.candidate import CandidateRefused, prepare_candidate
from pipeline.draft import anonymize_pool, assess_draft
from pipeline.ingest import ingest_files
from pipeline.settings import Settings
from pipeline.step import StepFailed
from pipeline.workspace import Workspace
from samples.submission import write_samples
from schemas.extract import COUNT, ORIGINAL_PREFIX, SUPPRESSED, ClassTable, Recoding
from schemas.release import CandidateState

SOURCE = "zzz_palermo_invented_cases"
COUNTED = "year_of_registration"


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    return write_samples(tmp_path_factory.mktemp("samples"))


@pytest.fixture
def workspace(tmp_path, samples):
    workspace = Workspace(Settings(home=tmp_path))
    sample = samples[SOURCE][0]
    ingest_files(workspace, sample.source_id, sample.period, sample.paths, "officer")
    return workspace


def release(workspace):
    return prepare_candidate(
        workspace, assess_draft(workspace, anonymize_pool(workspace, "officer"), "officer"), "officer"
    )


def assert_nothing_published(workspace):
    assert list(workspace.store.zones.releases.glob("*")) == []
    assert workspace.ledger.releases() == ()
    assert workspace.ledger.candidates(CandidateState.AWAITING_APPROVAL) == ()


def publish_as_it_is(classes: ClassTable) -> Recoding:
    """A recoding that changes nothing."""
    frame = classes.frame[list(classes.columns)]
    originals = frame.add_prefix(ORIGINAL_PREFIX)
    return Recoding(classes.columns, pd.concat([originals, frame], axis=1).assign(**{SUPPRESSED: False}))


def test_switched_off(workspace, monkeypatch):
    real = pipeline.draft.anonymize_cases

    def switched_off(classes, policy):
        return publish_as_it_is(classes), real(classes, policy)[1]

    monkeypatch.setattr(pipeline.draft, "anonymize_cases", switched_off)
    with pytest.raises(CandidateRefused, match="class size"):
        release(workspace)
    assert_nothing_published(workspace)
    assert len(workspace.ledger.candidates(CandidateState.REFUSED)) == 1


def test_sabotaged_by_one_class_of_ten(workspace, monkeypatch):
    real = pipeline.draft.apply_recoding

    def sabotaged(paths, recoding, columns):
        """Move one row of a class of eleven into the largest class: ten are left."""
        frame = real(paths, recoding, columns)
        keys = list(workspace.policy.quasi_identifier_columns)
        sizes = frame.groupby(keys, dropna=False)[COUNTED].transform("size")
        frame.loc[sizes.eq(11).idxmax(), keys] = frame.loc[sizes.idxmax(), keys]
        return frame

    monkeypatch.setattr(pipeline.draft, "apply_recoding", sabotaged)
    with pytest.raises(CandidateRefused, match="class size"):
        release(workspace)
    assert_nothing_published(workspace)


def test_raising(workspace, monkeypatch):
    def raising(classes, policy):
        raise RuntimeError(f"first class is {classes.frame.iloc[0].to_dict()}")

    monkeypatch.setattr(pipeline.draft, "anonymize_cases", raising)
    with pytest.raises(StepFailed, match="step anonymize broke: RuntimeError") as failure:
        release(workspace)
    assert "first class" not in str(failure.value)
    assert_nothing_published(workspace)


def test_a_class_table_that_lies_about_its_counts(workspace, monkeypatch):
    real = pipeline.draft.count_classes

    def lying(paths, columns):
        classes = real(paths, columns)
        return ClassTable(
            classes.columns, classes.frame.assign(**{COUNT: classes.frame[COUNT].clip(lower=11)})
        )

    monkeypatch.setattr(pipeline.draft, "count_classes", lying)
    with pytest.raises(Exception, match=r"class size|rows"):
        release(workspace)
    assert_nothing_published(workspace)
