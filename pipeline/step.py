"""How a step runs: recorded in the ledger, logged without rows, and failing without quoting a cell."""

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING

from storage.detail import Detail, check_detail
from storage.error import beside

if TYPE_CHECKING:
    from pipeline.workspace import Workspace

LOGGER = logging.getLogger("palermo")
OWN_PACKAGES = (
    "schemas",
    "transforms",
    "anonymize",
    "storage",
    "telemetry",
    "publish",
    "pipeline",
    "portal",
    "cli",
)

Step = Callable[["Workspace", str, str], str]


class StepFailed(Exception):
    """A step broke on something nobody foresaw; says which step, error class and place, never a value."""


class Refusal(Exception):
    """Base of everything a step refuses on purpose; its message is safe to show."""


def log_facts(event: str, **facts: Detail) -> None:
    """Log ids, hashes and counts.

    Raises:
        DetailRefused: something that could hold a case value was passed.
    """
    LOGGER.info("%s %s", event, " ".join(f"{name}={value}" for name, value in check_detail(facts).items()))


def step(name: str) -> Callable[[Step], Step]:
    """Make a function of workspace, subject (an id or hash) and actor a recorded step."""

    def decorate(run: Step) -> Step:
        @wraps(run)
        def recorded(workspace: "Workspace", subject: str, actor: str) -> str:
            with safe_errors(name), _recorded(workspace, name, subject, actor), safe_errors(name):
                return run(workspace, subject, actor)

        return recorded

    return decorate


@contextmanager
def _recorded(workspace: "Workspace", name: str, subject: str, actor: str) -> Iterator[None]:
    # here, so that a command without a ledger does not load what a ledger needs
    from storage.record import RunState

    run = workspace.ledger.start_run(name, subject, actor)
    log_facts("start", step=name, subject=subject)
    try:
        yield
    except Exception as error:
        with beside(error):
            workspace.ledger.end_run(run, RunState.FAILED, actor)
        log_facts("failed", step=name, subject=subject)
        raise
    workspace.ledger.end_run(run, RunState.DONE, actor)
    log_facts("done", step=name, subject=subject)


@contextmanager
def safe_errors(name: str) -> Iterator[None]:
    """Let Palermo's own errors through; turn any other into StepFailed: libraries quote cells in messages."""
    try:
        yield
    except Exception as error:
        if is_own(error):
            raise
        raise StepFailed(f"step {name} broke: {type(error).__name__} at {_place(error)}") from None


def is_own(error: BaseException) -> bool:
    """Whether Palermo raised the error itself: its own classes never quote a cell."""
    return type(error).__module__.partition(".")[0] in OWN_PACKAGES


def _place(error: Exception) -> str:
    """File and line of our own code nearest to the error."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "site-packages" not in frame.filename] or list(frames)
    return f"{own[-1].filename.rpartition('/')[2]}:{own[-1].lineno}"
