"""`palermo override` and `palermo restore` at the terminal."""

import re

import pytest
from typer.testing import CliRunner

from cli.main import app
from samples.submission import write_samples

SOURCE = "mkd_nrm_identified_victims"


@pytest.fixture
def palermo(tmp_path, monkeypatch):
    monkeypatch.setenv("PALERMO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    runner = CliRunner()
    [first, *_] = write_samples(tmp_path / "samples")[SOURCE]
    done = runner.invoke(app, ["ingest", *map(str, first.paths), "--source", SOURCE, "--period", "2031"])
    assert done.exit_code == 0, done.output
    return lambda *args: runner.invoke(app, [str(arg) for arg in args])


def test_a_warning_is_explained_and_agreed_to(palermo):
    place = ("--source", SOURCE, "--period", "2031")
    listed = palermo("override", "list", *place)
    assert listed.exit_code == 0, listed.output
    number, count = re.search(r"(\d+)  warn +(\d+) +The case is unusual: rule T7", listed.output).groups()
    asked = palermo(
        "override", "request", number, *place, "--count", count, "--reason", "invented", "--by", "ana"
    )
    request_id = re.search(r"Request (\w+)", asked.output)[1]
    own = palermo("override", "approve", request_id, "--by", "ana")
    assert (own.exit_code, "ask another person" in own.output) == (1, True)
    agreed = palermo("override", "approve", request_id, "--by", "borko")
    assert (agreed.exit_code, "approve" in agreed.output) == (0, True)
    again = palermo("override", "list", *place)
    assert f"{request_id} up to {count}, ana: invented (approve by borko)" in again.output


def test_only_what_was_replaced_is_restored(palermo, tmp_path):
    desk = (tmp_path / "home/restricted/desk").glob("*.html")
    [submission] = {page.stem.partition("-")[0] for page in desk if page.stem != "index"}
    done = palermo("restore", submission, "--reason", "try", "--by", "ana")
    assert (done.exit_code, "count already" in done.output) == (1, True)


def test_the_new_value_of_a_correction_is_asked_for(palermo):
    """Serbia's file has a key; the value is typed at a prompt and stands in no command line."""
    done = palermo("correct", "2", "no_such", "--source", SOURCE, "--period", "2031", "--reason", "try")
    assert done.exit_code == 1
    assert "The cell becomes" in done.output
