"""`palermo template` writes a form where there is none, and never over a filled one."""

import openpyxl
from typer.testing import CliRunner

from cli.main import app
from cli.outcome import REFUSED


def test_a_form_is_written_once(tmp_path):
    path = tmp_path / "form.xlsx"
    command = ["template", "--variant", "full", "--language", "mk", "--out", str(path)]
    written = CliRunner().invoke(app, command)
    assert written.exit_code == 0
    assert "template: full" in written.output
    before = path.read_bytes()
    assert openpyxl.load_workbook(path).sheetnames[:3] == ["instructions", "cover", "cases"]
    again = CliRunner().invoke(app, command)
    assert again.exit_code == REFUSED
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there_is_told(tmp_path):
    told = CliRunner().invoke(app, ["template", "--out", str(tmp_path / "none" / "form.xlsx")])
    assert told.exit_code == REFUSED
    assert "check --out" in told.output
