"""The sandbox: strangers' files are parsed in a process without network and rights, under caps.

What comes back is text, checked again. A process that breaks or is killed leaves nothing behind but a
finding: it can write no file.
"""

import atexit
import fcntl
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import Any

from pipeline.confinement import MIB, Caps
from pipeline.frame import Frame, FrameBroken, load_grid, load_table, read_frame, write_frame, write_piece
from pipeline.progress import Stage, tell
from pipeline.step import Refusal
from schemas.source import Source
from schemas.unreadable import Unreadable
from transforms.mapped import RawTable
from transforms.readers.content import FileUnreadable
from transforms.reading import check_tables, join_batches
from transforms.suggestion.grid import Grid
from transforms.suggestion.survey import EncodingUndecided

LOGGER = logging.getLogger("palermo")
KEPT_VARIABLES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
PIECE = MIB

Content = bytes | Iterable[bytes]
"""A file as a whole, or in pieces none of which is empty."""


class SandboxUnavailable(Refusal):
    """No confined process could be started on this system, so nothing is parsed."""


def read_sandboxed(source: Source, contents: Mapping[str, Content], caps: Caps) -> dict[str, RawTable]:
    """Read the files of a submission, keyed by table, in a process of their own.

    Raises:
        FileForNoTable: a key is no table of the source.
        FileUnreadable: a file is not what the source description says it is, breaks its reader, or
            needs more memory or time than the caps allow.
        SandboxUnavailable: the process could not be confined.
    """
    batches: dict[str, list[RawTable]] = {table: [] for table in contents}
    rows = 0
    for batch in read_batches_sandboxed(source, contents, caps):
        batches[batch.name].append(batch)
        rows += len(batch.frame)
        tell(Stage.READ, rows)
    return {table: join_batches(several) for table, several in batches.items()}


def read_batches_sandboxed(source: Source, contents: Mapping[str, Content], caps: Caps) -> Iterator[RawTable]:
    """Read table after table in batches, each as soon as it is there; memory for two of them is needed.

    What the batches say is final only when the last has come.

    Raises:
        FileForNoTable, FileUnreadable, SandboxUnavailable: as read_sandboxed.
    """
    check_tables(source, contents)
    with _borrow_room() as room:
        yield from room.read(source, contents, caps)


def survey_sandboxed(
    content: Content, extension: str, languages: Sequence[str], encoding: str | None, caps: Caps
) -> list[Grid]:
    """Every table that a file of unknown form may hold, as text.

    Raises:
        FileUnreadable, SandboxUnavailable: as read_sandboxed.
        EncodingUndecided: several encodings fit alike, and none was given.
    """
    asked = {"extension": extension, "languages": list(languages), "encoding": encoding}
    with _borrow_room() as room:
        return [_load_grid(frame) for frame in room.ask({"survey": asked}, [content], caps)]


class _Room:
    """One clean process that has the readers loaded and forks a confined one for each submission."""

    def __init__(self) -> None:
        self.is_usable = True
        self._control, theirs = socket.socketpair()
        environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        path = os.pathsep.join(entry for entry in sys.path if entry)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
                [sys.executable, "-P", "-m", "pipeline.reading_room", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={**environment, **ONE_THREAD, "PYTHONPATH": path, "PYTHONUTF8": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def read(self, source: Source, contents: Mapping[str, Content], caps: Caps) -> Iterator[RawTable]:
        """The tables as they come."""
        task = {"source": source.model_dump(mode="json"), "tables": list(contents)}
        for frame in self.ask(task, contents.values(), caps):
            yield _load(source, frame)

    def ask(self, task: dict[str, Any], contents: Iterable[Content], caps: Caps) -> Iterator[Frame]:
        """The frames that the process answers with, as they come."""
        self.is_usable = False
        feeder, answers = self._start({**task, "caps": asdict(caps)}, contents)
        with os.fdopen(answers, "rb", buffering=0) as pipe:
            try:
                yield from self._answers(_Patient(pipe, caps.silence_seconds), caps)
            except FileUnreadable:
                feeder.check()
                raise
        feeder.join()
        feeder.check()

    def _start(self, task: dict[str, Any], contents: Iterable[Content]) -> tuple["_Feeder", int]:
        incoming, feeding = os.pipe()
        answers, outgoing = os.pipe()
        if sys.platform == "linux":
            fcntl.fcntl(answers, fcntl.F_SETPIPE_SZ, PIECE)
        try:
            socket.send_fds(self._control, [b"r"], [incoming, outgoing])
        except OSError:
            os.close(feeding)
            os.close(answers)
            raise SandboxUnavailable("the process that reads files could not be started") from None
        finally:
            os.close(incoming)
            os.close(outgoing)
        feeder = _Feeder(feeding, task, contents)
        feeder.start()
        return feeder, answers

    def _answers(self, pipe: "_Patient", caps: Caps) -> Iterator[Frame]:
        while frame := self._read_frame(pipe, caps):
            if "columns" not in frame[0]:
                self._await_end()
                _check_answer(frame[0], caps)
                return
            yield frame
        raise self._explain_end(caps)

    def _read_frame(self, pipe: "_Patient", caps: Caps) -> Frame | None:
        try:
            return read_frame(pipe, caps.memory_mib * MIB)
        except FrameBroken:
            return None

    def _await_end(self) -> int | None:
        """How the reading process ended: its exit code, or less than 0 for a signal."""
        status = self._control.recv(64).split()
        self.is_usable = bool(status)
        return int(status[0]) if status else None

    def _explain_end(self, caps: Caps) -> Exception:
        """Why a process ended without an answer."""
        ended = self._await_end()
        if ended is None:
            return SandboxUnavailable("the process that reads files could not be started, or was ended")
        if ended == -signal.SIGXCPU:
            return FileUnreadable(Unreadable.TOO_MUCH_WORK, seconds=caps.cpu_seconds)
        if ended == -signal.SIGKILL:
            return FileUnreadable(Unreadable.ENDED_OUTSIDE)
        return FileUnreadable(Unreadable.ENDED_EARLY, mib=caps.memory_mib)

    def end(self) -> None:
        """End the process and whatever it forked."""
        self._control.close()
        self._process.kill()
        self._process.wait()


class _Feeder(threading.Thread):
    """Writes the files into the pipe while the answers are read; what fails here is told by `check`."""

    def __init__(self, pipe: int, task: dict[str, Any], contents: Iterable[Content]) -> None:
        super().__init__(daemon=True)
        self._pipe, self._task, self._contents = pipe, task, contents
        self._error: BaseException | None = None

    def run(self) -> None:
        with os.fdopen(self._pipe, "wb", buffering=0) as pipe, suppress(BrokenPipeError):
            try:
                write_frame(pipe, self._task)
                for content in self._contents:
                    for piece in _cut(content):
                        write_piece(pipe.fileno(), piece)
                    write_piece(pipe.fileno(), b"")
            except BrokenPipeError:
                raise
            except BaseException as error:
                self._error = error

    def check(self) -> None:
        """Raise what the files' own side ran into."""
        if self._error:
            raise self._error


class _Patient:
    """A pipe that is read to the length asked for, each part of it awaited no longer than the limit."""

    def __init__(self, pipe: Any, seconds: int) -> None:
        self._pipe, self._seconds = pipe, seconds

    def read(self, length: int) -> bytes:
        """As many bytes as asked for, fewer at the end.

        Raises:
            FileUnreadable: nothing came for too long.
        """
        content = bytearray(length)
        view, filled = memoryview(content), 0
        while filled < length:
            if not select.select([self._pipe], [], [], self._seconds)[0]:
                raise FileUnreadable(Unreadable.TOO_SLOW, seconds=self._seconds)
            taken = self._pipe.readinto(view[filled:])
            if not taken:
                break
            filled += taken
        return bytes(view[:filled])


def _cut(content: Content) -> Iterator[bytes]:
    if isinstance(content, bytes):
        view = memoryview(content)
        yield from (bytes(view[start : start + PIECE]) for start in range(0, len(content), PIECE))
    else:
        yield from (piece for piece in content if piece)


def _load(source: Source, frame: Frame) -> RawTable:
    try:
        return load_table(source, frame)
    except FrameBroken:
        raise FileUnreadable(Unreadable.BREAKS_READER) from None


def _load_grid(frame: Frame) -> Grid:
    try:
        return load_grid(frame)
    except FrameBroken:
        raise FileUnreadable(Unreadable.BREAKS_READER) from None


def _check_answer(answer: Mapping[str, Any], caps: Caps) -> None:
    """Nothing where reading came to its end; else the reason, as an error."""
    match answer:
        case {"done": True}:
            return
        case {"reason": str(name), "values": dict(values), "table": str() | None as table}:
            if name in Unreadable.__members__:
                raise FileUnreadable(Unreadable[name], table, **values)
        case {"undecided": dict() as previews}:
            raise EncodingUndecided({str(name): tuple(map(str, words)) for name, words in previews.items()})
        case {"memory": True}:
            raise FileUnreadable(Unreadable.TOO_MUCH_MEMORY, mib=caps.memory_mib)
        case {"unconfined": str(reason)}:
            raise SandboxUnavailable(f"no file is read: {reason}")
        case {"broke": str(place)}:
            LOGGER.warning("a file broke its reader: %s", place)
    raise FileUnreadable(Unreadable.BREAKS_READER)


_idle: list[_Room] = []
_lock = threading.Lock()
# what a fork of this process inherits is the parent's
os.register_at_fork(after_in_child=_idle.clear)


@contextmanager
def _borrow_room() -> Iterator[_Room]:
    """A room that nobody uses; it is kept for the next who needs one, unless it may still be at work."""
    with _lock:
        room = _idle.pop() if _idle else _Room()
    try:
        yield room
    finally:
        if room.is_usable:
            with _lock:
                _idle.append(room)
        else:
            room.end()


def prepare_room() -> None:
    """Start a room that will soon be needed; it loads the readers meanwhile."""
    if sys.platform != "linux":
        LOGGER.warning("this system cannot keep the process that reads files from the network; Linux can")
    with _lock:
        if not _idle:
            _idle.append(_Room())


@atexit.register
def end_rooms() -> None:
    """End the rooms that nobody uses."""
    while _idle:
        _idle.pop().end()
