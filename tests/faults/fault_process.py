"""Processes of their own for trials: forked from one that has imported what a turn needs, and no more.

A process is the leader of a group of its own, so that a kill takes the processes it started with it.
"""

import multiprocessing
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

SERVER = multiprocessing.get_context("forkserver")
PATIENCE = 300


def warm_up() -> None:
    """Let processes be forked from one that has imported everything already."""
    SERVER.set_forkserver_preload(["fault_warm"])


class Turn:
    """One function that runs in a process of its own."""

    def __init__(self, work: Callable[..., None], *given: Any) -> None:
        """Start it."""
        self._answer, theirs = SERVER.Pipe(duplex=False)
        self._process = SERVER.Process(target=_run, args=(theirs, work, given))
        self._process.start()
        theirs.close()

    def wait(self, seconds: float) -> bool:
        """Whether it ends within so many seconds."""
        self._process.join(seconds)
        return self._process.exitcode is not None

    def kill(self) -> None:
        """Kill -9, and of what it started."""
        if self._process.pid is not None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except ProcessLookupError:
                self._process.kill()
        self._process.join(PATIENCE)

    def why(self) -> str | None:
        """What it failed with, to its end; None where it did all it had to do."""
        assert self.wait(PATIENCE), "a turn came to no end"
        if self._process.exitcode == 0:
            return None
        return str(self._answer.recv()) if self._answer.poll() else f"exit {self._process.exitcode}"


def finish(work: Callable[..., None], *given: Any) -> None:
    """Run a turn that must succeed."""
    why = Turn(work, *given).why()
    assert why is None, why


def _run(answer: Any, work: Callable[..., None], given: tuple[Any, ...]) -> None:
    os.setpgid(0, 0)
    try:
        work(*given)
    except Exception:
        answer.send(traceback.format_exc())
        sys.exit(1)
