"""Reading in a process of its own: the same answer as without, and a clear finding where it ends early."""

import os
import signal
import time
from dataclasses import replace
from itertools import chain, repeat
from pathlib import Path

import pandas as pd
import pytest

from pipeline import sandbox
from pipeline.settings import CHECKOUT, Settings
from samples.submission import SUBMISSIONS, make_example
from schemas.description import parse_source
from schemas.finding import FindingCode
from tests.hostile.conftest import CANARY, CAPS, describe
from transforms.readers.content import FileUnreadable
from transforms.reading import name_tables, read_tables
from transforms.suggestion.survey import EncodingUndecided

ROWS = "key,note\n" + "".join(f"{number},word {number}\n" for number in range(200_000))


@pytest.mark.parametrize("source_id", SUBMISSIONS)
def test_the_sandbox_reads_what_the_readers_read(source_id):
    source = parse_source(source_id, (CHECKOUT / "sources" / source_id / "source.yml").read_text("utf-8"))
    _, files = make_example(source_id)
    contents = {table: content for name, content in files.items() for table in name_tables(source, name)}
    inside = sandbox.read_sandboxed(source, contents, Settings().caps)
    outside = read_tables(source, contents)
    assert list(inside) == list(outside)
    for name, table in outside.items():
        pd.testing.assert_frame_equal(inside[name].frame, table.frame)
        pd.testing.assert_frame_equal(inside[name].unused, table.unused)
        assert inside[name].findings == table.findings
        assert inside[name].ignored == table.ignored


def test_what_readers_refuse_is_refused_in_the_same_words(refuse):
    refused = refuse(b"  \n")
    assert (refused.why, refused.table) == ("The file is empty.", "cases")
    assert refused.finding.code is FindingCode.FILE_UNREADABLE


def test_a_file_that_needs_too_much_memory(refuse, read):
    """Batches are small enough for the usual cap; one that is not is refused."""
    assert (
        "64 MiB of memory" in refuse(ROWS.encode() * 16, caps=replace(CAPS, memory_mib=64, batch_mib=64)).why
    )
    assert len(read(ROWS.encode()).frame) == 200_000


def test_a_file_that_takes_too_much_processor_time(refuse):
    endless = chain([b"key,note\n"], repeat(b"1,\xc5\xbe\n,\n" * 2**16))
    assert "1 seconds of processor time" in refuse(endless, caps=replace(CAPS, cpu_seconds=1)).why


def test_a_reader_that_falls_silent_is_ended(refuse):
    def trickle():
        yield b"key,note\n1,a\n"
        time.sleep(3)

    assert "more than 1 seconds" in refuse(trickle(), caps=replace(CAPS, silence_seconds=1)).why


def test_a_file_larger_than_the_cap_is_refused_before_it_is_whole(refuse):
    sent = []

    def endless():
        while True:
            sent.append(1)
            yield b"x" * 2**20

    assert "larger than 3 MiB" in refuse(endless(), caps=replace(CAPS, file_mib=3), format="xlsx").why
    assert len(sent) < 10


def test_a_reading_process_that_is_killed_leaves_a_finding(refuse, read):
    def killing():
        yield b"key,note\n"
        while not (readers := [task for task in Path("/proc").glob("[0-9]*") if _is_child_of_room(task)]):
            time.sleep(0.01)
        for task in readers:
            os.kill(int(task.name), signal.SIGKILL)
        yield b"1,a\n"

    assert "ended from outside" in refuse(killing()).why
    assert len(read(b"key,note\n1,a\n").frame) == 1


def _is_child_of_room(task: Path) -> bool:
    """A grandchild of this process: the room's fork."""
    try:
        parent = int((task / "stat").read_text().rpartition(")")[2].split()[1])
        grandparent = int(Path(f"/proc/{parent}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return False
    return grandparent == os.getpid()


def test_what_the_files_own_side_runs_into_is_told(read):
    def vanishing():
        yield b"key,note\n"
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        read(vanishing())


def test_a_room_is_kept_for_the_next_file(read):
    read(b"key,note\n1,a\n")
    before = [room._process.pid for room in sandbox._idle]
    with pytest.raises(FileUnreadable):
        read(b"")
    read(b"key,note\n1,a\n")
    assert [room._process.pid for room in sandbox._idle] == before


def test_secrets_of_the_environment_do_not_reach_the_room(monkeypatch):
    monkeypatch.setenv("PALERMO_DATABASE_URL", "postgresql://officer:secret@host/ledger")
    room = sandbox._Room()
    try:
        assert b"secret" not in Path(f"/proc/{room._process.pid}/environ").read_bytes()
    finally:
        room.end()


def test_two_tables_come_back_by_name():
    source = describe()
    two = source.model_copy(update={"tables": {**source.tables, "second": source.tables["cases"]}})
    tables = sandbox.read_sandboxed(two, {"cases": b"key\n1\n", "second": b"key\n1\n2\n"}, CAPS)
    assert {name: len(table.frame) for name, table in tables.items()} == {"cases": 1, "second": 2}


def test_two_gigabytes_in_one_line_are_refused_at_once(refuse):
    sent = []

    def one_line():
        for _ in range(2048):
            sent.append(1)
            yield b"a" * 2**20

    assert "Row 1 is longer than 4 MiB" in refuse(one_line()).why
    assert len(sent) < 40


def test_a_quote_that_swallows_two_gigabytes_is_refused_at_once(refuse):
    sent = []

    def one_cell():
        yield b'key,note\n1,"'
        for _ in range(2048):
            sent.append(1)
            yield b"a line of a cell that does not end\n" * 2**15

    assert "After row 1 a quotation mark does not close" in refuse(one_cell()).why
    assert len(sent) < 40


def test_a_table_comes_in_batches_with_one_numbering():
    text = "key,note\n" + "".join(f"{number},{'word ' * 20}\n" for number in range(30_000))
    caps = replace(CAPS, batch_mib=1)
    batches = list(sandbox.read_batches_sandboxed(describe(), {"cases": text.encode()}, caps))
    assert len(batches) > 2
    rows = [row for batch in batches for row in batch.frame.index]
    assert rows == list(range(2, 30_002))


def test_a_reader_of_batches_may_stop_early(read):
    text = "key,note\n" + "".join(f"{number},{'word ' * 20}\n" for number in range(60_000))
    batches = sandbox.read_batches_sandboxed(describe(), {"cases": text.encode()}, replace(CAPS, batch_mib=1))
    next(batches)
    batches.close()
    assert len(read(b"key,note\n1,a\n").frame) == 1


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (b"PK\x03\x04" + CANARY.encode(), ".xlsx"),
        (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", ".xml"),
        (b"\xd0\xcf\x11\xe0" + CANARY.encode(), ".xls"),
        (b"$FL2" + CANARY.encode(), ".sav"),
        (b"%PDF-1.7 " + CANARY.encode(), ".csv"),
        (b"", ".csv"),
    ],
)
def test_a_file_of_unknown_form_is_surveyed_in_the_confined_process(content, extension):
    with pytest.raises(FileUnreadable) as refused:
        sandbox.survey_sandboxed(content, extension, (), None, CAPS)
    assert CANARY not in str(refused.value)
    assert refused.value.remedy


def test_a_survey_gives_the_cells_of_the_file():
    [grid] = sandbox.survey_sandboxed("pol;uzrast\nž;17\nm\n".encode(), ".csv", ("sr-Latn",), None, CAPS)
    assert grid.rows == {1: ["pol", "uzrast"], 2: ["ž", "17"], 3: ["m", ""]}
    assert (grid.reader.delimiter, grid.keyed, grid.is_cut) == (";", False, False)


def test_encodings_that_fit_alike_are_told_through_the_sandbox():
    with pytest.raises(EncodingUndecided) as undecided:
        sandbox.survey_sandboxed(b"pol;na\xe8\xe6iv;starost\nx;y;1\n", ".csv", (), None, CAPS)
    assert "načćiv" in undecided.value.previews["windows-1250"]
