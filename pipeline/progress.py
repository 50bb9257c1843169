"""Progress: how far a long step has come, told to whoever listens: a stage and a number of rows, no cell."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum


class Stage(StrEnum):
    """What is being done with the rows."""

    READ = "reading"
    SCREEN = "screening"
    MAP = "mapping"
    VALIDATE = "validating"
    CHECK = "checking"


Listener = Callable[[Stage, int], None]

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Tell the listener how many rows each stage has done so far, while the block runs."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)


def tell(stage: Stage, rows: int) -> None:
    """Say how many rows a stage has done so far."""
    if listener := _listener.get():
        listener(stage, rows)
