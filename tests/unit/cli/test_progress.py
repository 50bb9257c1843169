"""A line on a terminal says how far long work has come; a pipe gets nothing."""

import os
import sys

import pytest

from cli.progress import show_progress, write_line
from pipeline.progress import Stage, tell


def test_only_files_of_many_rows_have_a_line():
    assert write_line(Stage.MAP, 9_999) == ""
    assert write_line(Stage.MAP, 10_000) == "mapping: 10,000 rows"


def test_a_terminal_is_told_how_far_it_is(monkeypatch):
    master, slave = os.openpty()
    with os.fdopen(slave, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setenv("TERM", "xterm")
        with show_progress():
            tell(Stage.VALIDATE, 65_536)
            tell(Stage.VALIDATE, 131_072)
        terminal.flush()
        shown = ""
        while "131,072" not in shown:
            shown += os.read(master, 1_000).decode()
    os.close(master)
    assert "validating: 131,072 rows" in shown


def test_a_pipe_gets_nothing(capsys: pytest.CaptureFixture[str]):
    with show_progress():
        tell(Stage.VALIDATE, 65_536)
    assert capsys.readouterr() == ("", "")


def test_nobody_listens_afterwards(monkeypatch, capsys):
    with show_progress():
        pass
    tell(Stage.CHECK, 65_536)
    assert capsys.readouterr() == ("", "")
