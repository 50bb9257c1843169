"""What a confined process cannot do any more, tried from within one."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from textwrap import dedent

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux confines a process")

PROBE = """
import json, mmap, os, socket, subprocess, sys, threading
from pathlib import Path
from pipeline.confinement import Caps, confine_process

confine_process(Caps(memory_mib=256, cpu_seconds=30, silence_seconds=30, file_mib=1, batch_mib=1))

def attempt(act):
    try:
        act()
    except (OSError, MemoryError, RuntimeError) as error:
        return type(error).__name__
    return "done"

outside, port = Path(sys.argv[1]), int(sys.argv[2])
acts = {
    "socket": lambda: socket.socket(),
    "connect": lambda: socket.create_connection(("127.0.0.1", port), timeout=2),
    "resolve": lambda: socket.getaddrinfo("localhost", port),
    "pair": lambda: socket.socketpair(),
    "fork": lambda: os.fork(),
    "run": lambda: subprocess.run([sys.executable, "-c", "0"]),
    "kill": lambda: os.kill(os.getppid(), 0),
    "write": lambda: (outside / "kept").write_text("changed"),
    "create": lambda: (outside / "new").touch(),
    "remove": lambda: (outside / "kept").unlink(),
    "rename": lambda: (outside / "kept").rename(outside / "moved"),
    "folder": lambda: (outside / "folder").mkdir(),
    "link": lambda: (outside / "alias").symlink_to("kept"),
    "mode": lambda: (outside / "kept").chmod(0o777),
    "memory": lambda: bytearray(300 * 2**20),
    "map": lambda: mmap.mmap(-1, 300 * 2**20),
    "little memory": lambda: bytearray(100 * 2**20),
    "thread": lambda: threading.Thread(target=int).start(),
    "own code": lambda: Path(json.__file__).read_text(),
    "read": lambda: (outside / "kept").read_text(),
    "list": lambda: list(outside.iterdir()),
}
print(json.dumps({name: attempt(act) for name, act in acts.items()}))
"""


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[int, list[object]]]:
    """A port of this machine, and who came."""
    visits: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_count_visits, args=(server, visits), daemon=True).start()
        yield server.getsockname()[1], visits


def _count_visits(server: socket.socket, visits: list[object]) -> None:
    while True:
        try:
            visits.append(server.accept()[1])
        except OSError:
            return


@pytest.fixture(scope="module")
def attempts(tmp_path_factory, listener) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("outside")
    (folder / "kept").write_text("as it was")
    run = subprocess.run(
        [sys.executable, "-c", dedent(PROBE), str(folder), str(listener[0])], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"kept": "as it was"}
    return json.loads(run.stdout)


@pytest.mark.parametrize("act", ["socket", "connect", "pair", "fork", "run", "kill", "remove", "rename"])
def test_what_a_confined_process_is_refused(attempts, act):
    assert attempts[act] == "PermissionError"


@pytest.mark.parametrize("act", ["write", "create", "folder", "link", "mode"])
def test_it_writes_nothing(attempts, act):
    assert attempts[act] == "PermissionError"


def test_it_asks_no_name_server(attempts, listener):
    assert attempts["resolve"] in ("gaierror", "PermissionError")
    assert listener[1] == []


def test_it_gets_no_more_memory_than_its_cap(attempts):
    assert attempts["memory"] == "MemoryError"
    assert attempts["map"] in ("OSError", "MemoryError")
    assert attempts["little memory"] == "done"


def test_it_reads_its_own_code_and_no_other_file(attempts):
    assert attempts["own code"] == "done"
    if attempts["read"] == "done":
        pytest.skip("this kernel has no Landlock: a confined process can read other files")
    assert attempts["read"] == attempts["list"] == "PermissionError"


def test_threads_of_libraries_still_start(attempts):
    assert attempts["thread"] == "done"


def test_no_list_of_calls_for_a_machine_means_no_reading(monkeypatch):
    from pipeline import confinement

    monkeypatch.setattr(confinement.platform, "machine", lambda: "pdp11")
    with pytest.raises(confinement.NotConfined, match="system calls"):
        confinement._filter_calls(None)
