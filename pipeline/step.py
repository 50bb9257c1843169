"""How a step runs: recorded in the ledger, logged without rows, and failing without quoting a cell."""

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
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
            with (
                safe_errors(name),
                _recorded(workspace, name, subject, actor) as run_id,
                _told(workspace, name, subject, run_id) as given,
                safe_errors(name),
            ):
                given.append(run(workspace, subject, actor))
            return given[0]

        return recorded

    return decorate


@contextmanager
def _recorded(workspace: "Workspace", name: str, subject: str, actor: str) -> Iterator[str]:
    # here, so that a command without a ledger does not load what a ledger needs
    from storage.record import RunState

    run = workspace.ledger.start_run(name, subject, actor)
    log_facts("start", step=name, subject=subject)
    try:
        yield run
    except Exception as error:
        with beside(error):
            workspace.ledger.end_run(run, RunState.FAILED, actor)
        log_facts("failed", step=name, subject=subject)
        raise
    workspace.ledger.end_run(run, RunState.DONE, actor)
    log_facts("done", step=name, subject=subject)


@contextmanager
def _told(workspace: "Workspace", name: str, subject: str, run: str) -> Iterator[list[str]]:
    """Tell what the step gave, to whoever keeps lineage; to nobody by default."""
    began, given = datetime.now(UTC), list[str]()
    try:
        yield given
    finally:
        if workspace.settings.lineage_url is not None:
            from pipeline.lineage import StepRun, try_to_tell

            result = given[0] if given else None
            told = StepRun(name, subject, run, began, result)
            try_to_tell(workspace, told, workspace.settings.lineage_url)


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
