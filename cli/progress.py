"""Progress on the terminal: one line, written anew while rows are worked on; none where output is piped."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from pipeline.progress import Stage, listening

FEWEST_ROWS = 10_000
"""Below so many rows a step takes less time than a line needs to be read."""


@contextmanager
def show_progress() -> Iterator[None]:
    """Show on a terminal, on standard error, which step is at which row while the block runs."""
    if not sys.stderr.isatty():
        yield
        return
    console = Console(stderr=True)
    with console.status("") as status, listening(lambda stage, rows: status.update(write_line(stage, rows))):
        yield


def write_line(stage: Stage, rows: int) -> str:
    """What is done and how far it has come; nothing for a file of few rows."""
    return f"{stage.value}: {rows:,} rows" if rows >= FEWEST_ROWS else ""
