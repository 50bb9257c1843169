"""The reading room: the program of the process in which strangers' files are parsed.

It is started clean (`python -P -m pipeline.reading_room DESCRIPTOR`), imports the readers while it still
has its rights, and then forks a process for each submission, which confines itself before it sees a byte.
"""

import ctypes
import os
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

from pipeline.confinement import MIB, Caps, NotConfined, confine_process
from pipeline.frame import FrameBroken, dump_grid, dump_table, read_frame, read_piece, write_frame
from schemas.source import Source
from schemas.unreadable import Unreadable
from transforms.readers.content import FileUnreadable
from transforms.reading import is_read_in_batches, read_batches
from transforms.suggestion.survey import EncodingUndecided, survey_file

DIE_WITH_PARENT = 1


def serve(control: socket.socket) -> None:
    """Fork a reading process for each pair of pipes that comes, until nobody is there any more."""
    while True:
        message, pipes, _, _ = socket.recv_fds(control, 1, 2)
        if not message or len(pipes) != 2:
            return
        process = os.fork()
        if process == 0:
            control.close()
            _die_with_parent()
            read_once(*pipes)
        for pipe in pipes:
            os.close(pipe)
        _, status, usage = os.wait4(process, 0)
        control.send(f"{os.waitstatus_to_exitcode(status)} {usage.ru_maxrss}".encode())


def read_once(incoming: int, outgoing: int) -> NoReturn:
    """Confine the process, read one submission, answer, and end."""
    with os.fdopen(incoming, "rb", buffering=MIB) as source, os.fdopen(outgoing, "wb") as sink:
        try:
            answer = _answer(source, sink)
        except BrokenPipeError:
            os._exit(1)
        write_frame(sink, answer)
    os._exit(0)


def _answer(source: BinaryIO, sink: BinaryIO) -> dict[str, Any]:
    """Write a frame for each table; the last answer says how it ended."""
    frame = read_frame(source, 0)
    if frame is None:
        raise FrameBroken("no task")
    task = frame[0]
    caps = Caps(**task["caps"])
    try:
        if "survey" in task:
            _survey_file(source, sink, task["survey"], caps)
        else:
            _read_submission(source, sink, task, caps)
    except EncodingUndecided as error:
        return {"undecided": error.previews}
    except NotConfined as error:
        return {"unconfined": str(error)}
    except FileUnreadable as error:
        return {"reason": error.reason.name, "values": error.values, "table": error.table}
    except MemoryError:
        return {"memory": True}
    except Exception as error:  # a reader that a file breaks; what the error says may quote the file
        return {"broke": f"{type(error).__name__} at {_place(error)}"}
    return {"done": True, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}


def _read_submission(source: BinaryIO, sink: BinaryIO, task: dict[str, Any], caps: Caps) -> None:
    described = Source.model_validate(task["source"])
    confine_process(caps)
    for table in task["tables"]:
        pieces = _take_pieces(source)
        if not is_read_in_batches(described, table):
            pieces = _limit_size(pieces, caps)
        for raw in read_batches(described, table, pieces, caps.batch_mib * MIB):
            write_frame(sink, *dump_table(raw))


def _survey_file(source: BinaryIO, sink: BinaryIO, asked: dict[str, Any], caps: Caps) -> None:
    """A file of unknown form; of text only the beginning is taken, so that it may be of any size."""
    confine_process(caps)
    pieces = _limit_size(_take_pieces(source), caps)
    for grid in survey_file(pieces, **asked, beginning=caps.batch_mib * MIB):
        write_frame(sink, *dump_grid(grid))


def _take_pieces(source: BinaryIO) -> Iterator[bytes]:
    while piece := read_piece(source):
        yield piece


def _limit_size(pieces: Iterator[bytes], caps: Caps) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > caps.file_mib * MIB:
            raise FileUnreadable(Unreadable.TOO_LARGE, mib=caps.file_mib)
        yield piece


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}"


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
