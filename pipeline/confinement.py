"""Confinement: what a process that parses a stranger's file gives up before it sees the first byte.

On Linux: caps of memory, time, file size and open files; no new privileges; a seccomp filter without
network, new processes, writing or signals; and Landlock where the kernel has it, so that nothing can be
read but the interpreter and Palermo's own code. Sources: man 2 setrlimit, man 2 seccomp, man 7 landlock.
"""

import ctypes
import os
import platform
import resource
import socket
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.syscall import ARCHITECTURES, Architecture

MIB = 2**20
OPEN_FILES = 64

SET_NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER_MODE = 38, 22, 2
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
ALLOW, KILL, FAIL = 0x7FFF0000, 0x80000000, 0x00050000
EPERM, ENOSYS = 1, 38
X32_CALLS = 0x40000000  # the second set of call numbers of x86-64; no number of another machine is as high
THREAD = 0x00010000
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

CREATE_RULESET, ADD_RULE, RESTRICT_SELF, ASK_VERSION, PATH_BENEATH = 444, 445, 446, 1, 1
READ_FILE, READ_FOLDER = 1 << 2, 1 << 3
ACCESS_OF_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1}
ACCESS_SINCE = (1 << 15) - 1

LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo", "/etc/localtime")


class NotConfined(Exception):
    """This system did not let the process give its rights up; nothing may be parsed in it."""


@dataclass(frozen=True)
class Caps:
    """The most that reading one submission may take. `silence` is the longest wait for an answer."""

    memory_mib: int
    cpu_seconds: int
    silence_seconds: int
    file_mib: int
    batch_mib: int


def confine_process(caps: Caps) -> None:
    """Give up rights for good. On a system other than Linux only the caps are set.

    Raises:
        NotConfined: on Linux, the filter could not be set.
    """
    limit_resources(caps)
    if sys.platform != "linux":
        return
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise NotConfined("the kernel refused to take privileges away")
    _hide_files(library, _list_readable())
    _filter_calls(library)
    _check_no_network()


def limit_resources(caps: Caps) -> None:
    """Cap the address space beyond what the process has now, its CPU seconds, files and core."""
    memory = _measure_address_space() + caps.memory_mib * MIB
    for kind, limit in (
        (resource.RLIMIT_CPU, caps.cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, memory),
    ):
        _, highest = resource.getrlimit(kind)
        limit = limit if highest == resource.RLIM_INFINITY else min(limit, highest)
        try:
            resource.setrlimit(kind, (limit, limit + 1 if kind == resource.RLIMIT_CPU else limit))
        except (ValueError, OSError):
            if sys.platform == "linux":
                raise NotConfined("the kernel refused a limit") from None


def _measure_address_space() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _list_readable() -> list[Path]:
    """The interpreter, its libraries, and the packages of Palermo; not the checkout, where `var/` may be."""
    code = Path(__file__).parents[1]
    own = [path.parent for path in code.glob("*/__init__.py")]
    installed = [Path(entry) for entry in sys.path if entry and Path(entry).resolve() != code]
    prefixes = [Path(prefix) / "lib" for prefix in {sys.prefix, sys.base_prefix}]
    return [path for path in (*own, *installed, *prefixes, *map(Path, LIBRARIES)) if path.exists()]


def _hide_files(library: ctypes.CDLL, readable: Iterable[Path]) -> None:
    """Leave nothing to open but these; a kernel before 5.13 has no Landlock, and the filter stands alone."""
    version = library.syscall(CREATE_RULESET, None, 0, ASK_VERSION)
    if version < 1:
        return
    access = struct.pack("Q", ACCESS_OF_VERSION.get(version, ACCESS_SINCE))
    rules = library.syscall(CREATE_RULESET, access, len(access), 0)
    if rules < 0:
        raise NotConfined("the kernel refused to hide files")
    for path in readable:
        entry = os.open(path, os.O_PATH | os.O_CLOEXEC)
        right = READ_FILE | READ_FOLDER if path.is_dir() else READ_FILE
        library.syscall(ADD_RULE, rules, PATH_BENEATH, struct.pack("=Qi", right, entry), 0)
        os.close(entry)
    if library.syscall(RESTRICT_SELF, rules, 0):
        raise NotConfined("the kernel refused to hide files")
    os.close(rules)


def _filter_calls(library: ctypes.CDLL) -> None:
    machine = ARCHITECTURES.get(platform.machine())
    if machine is None:
        raise NotConfined("Palermo has no list of system calls for this kind of machine")
    steps = _write_filter(machine)
    program = b"".join(struct.pack("=HBBI", *step) for step in steps)
    code = ctypes.create_string_buffer(program, len(program))
    pointer = struct.pack("@HP", len(steps), ctypes.addressof(code))
    if library.prctl(SET_SECCOMP, FILTER_MODE, pointer, 0, 0):
        raise NotConfined("the kernel refused the filter of system calls")


Instruction = tuple[int, int, int, int]


def _write_filter(machine: Architecture) -> list[Instruction]:
    """The filter: what is denied fails with EPERM; what the C library can do in another way, with ENOSYS."""
    refuse, absent = (RETURN, 0, 0, FAIL | EPERM), (RETURN, 0, 0, FAIL | ENOSYS)
    steps = [(LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, machine.audit_id), (RETURN, 0, 0, KILL)]
    steps += [(LOAD, 0, 0, NUMBER), (AT_LEAST, 0, 1, X32_CALLS), refuse]
    for number in machine.denied:
        steps += [(EQUAL, 0, 1, number), refuse]
    for number in machine.absent:
        steps += [(EQUAL, 0, 1, number), absent]
    for number, argument in machine.opening.items():
        steps += [(EQUAL, 0, 4, number), _load_argument(argument), (ANY_BIT, 0, 1, WRITING), refuse]
        steps += [(RETURN, 0, 0, ALLOW)]
    steps += [(EQUAL, 0, 4, machine.clone), _load_argument(0), (ANY_BIT, 1, 0, THREAD), refuse]
    steps += [(RETURN, 0, 0, ALLOW)]
    # a process may end itself, as the C library does when memory runs out, and no other
    steps += [(EQUAL, 0, 3, machine.tgkill), _load_argument(0), (EQUAL, 1, 0, os.getpid()), refuse]
    return [*steps, (RETURN, 0, 0, ALLOW)]


def _load_argument(position: int) -> Instruction:
    return (LOAD, 0, 0, FIRST_ARGUMENT + 8 * position)


def _check_no_network() -> None:
    try:
        socket.socket().close()
    except PermissionError:
        return
    raise NotConfined("the process can still open a socket")
