"""Nothing that breaks inside or around a step quotes a cell."""

import pytest

from cli.outcome import write_error
from pipeline.draft import anonymize_pool
from pipeline.settings import Settings
from pipeline.step import Refusal, StepFailed, step
from pipeline.workspace import Workspace
from storage.error import LedgerUnavailable
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


@step("refuse")
def refuse(workspace: Workspace, subject: str, actor: str) -> str:
    raise Refusal("why the step failed")


@step("break")
def break_inside(workspace: Workspace, subject: str, actor: str) -> str:
    raise KeyError(CELL)


@pytest.mark.parametrize(
    ("run", "kind", "why"), [(refuse, Refusal, "why the step"), (break_inside, StepFailed, "KeyError")]
)
@pytest.mark.parametrize(
    ("breaks", "told"),
    [(LedgerUnavailable("the ledger is away"), "the ledger is away"), (ValueError(CELL), "ValueError")],
)
def test_why_a_step_failed_is_not_hidden_by_a_ledger_that_fails_then(
    workspace, monkeypatch, run, kind, why, breaks, told
):
    def fail(*_: object, **__: object) -> None:
        raise breaks

    monkeypatch.setattr(Ledger, "end_run", fail)
    with pytest.raises(kind, match=why) as failure:
        run(workspace, "a", "officer")
    assert failure.value.__notes__ == [f"that could not be put on record: {told}"]
    assert told in write_error(failure.value)
    assert CELL not in write_error(failure.value)


def test_a_step_that_failed_for_want_of_the_ledger_says_so_once(workspace, monkeypatch):
    @step("away")
    def lose_ledger(workspace: Workspace, subject: str, actor: str) -> str:
        raise LedgerUnavailable("the ledger is away")

    def fail(*_: object, **__: object) -> None:
        raise LedgerUnavailable("the ledger is away")

    monkeypatch.setattr(Ledger, "end_run", fail)
    with pytest.raises(LedgerUnavailable) as failure:
        lose_ledger(workspace, "a", "officer")
    assert write_error(failure.value) == "the ledger is away"


def test_what_comes_before_the_first_step_of_a_release(workspace, monkeypatch):
    monkeypatch.setattr(Ledger, "pool_entries", break_down)
    with pytest.raises(StepFailed) as failure:
        anonymize_pool(workspace, "officer")
    assert CELL not in str(failure.value)
