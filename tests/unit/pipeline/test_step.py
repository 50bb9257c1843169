"""Nothing that breaks inside or around a step quotes a cell."""

import pytest

from pipeline.draft import anonymize_pool
from pipeline.settings import Settings
from pipeline.step import StepFailed, step
from pipeline.workspace import Workspace
from storage.ledger import Ledger

CELL = "Zdravka Kanarinac"


@pytest.fixture
def workspace(tmp_path):
    return Workspace(Settings(home=tmp_path))


def break_down(*_: object, **__: object) -> None:
    raise ValueError(CELL)


@step("fine")
def do_nothing(workspace: Workspace, subject: str, actor: str) -> str:
    return subject


@pytest.mark.parametrize("method", ["start_run", "end_run"])
def test_the_record_of_a_step(workspace, monkeypatch, method):
    monkeypatch.setattr(Ledger, method, break_down)
    with pytest.raises(StepFailed, match="ValueError") as failure:
        do_nothing(workspace, "a", "officer")
    assert CELL not in str(failure.value)
    assert failure.value.__suppress_context__


def test_what_comes_before_the_first_step_of_a_release(workspace, monkeypatch):
    monkeypatch.setattr(Ledger, "pool_entries", break_down)
    with pytest.raises(StepFailed) as failure:
        anonymize_pool(workspace, "officer")
    assert CELL not in str(failure.value)
