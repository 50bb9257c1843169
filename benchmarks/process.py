"""Run one command as a process of its own, and say what it took."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass

PALERMO = (sys.executable, "-c", "from cli.main import app; app()")


@dataclass(frozen=True)
class Used:
    """What a process used: CPU seconds of user and system, wall seconds, and MiB at most."""

    seconds: float
    wall: float
    peak: float


def run(command: Sequence[str]) -> tuple[Used, str]:
    """Run one process to its end; what it used, and what it said.

    Raises:
        SystemExit: it failed; its last words are printed.
    """
    started = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(running.pid, 0)
        wall = time.perf_counter() - started
        said.seek(0)
        words = said.read().decode()
    if status:
        raise SystemExit(words[-2000:])
    return Used(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024), words
