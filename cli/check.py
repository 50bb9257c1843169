"""The forms in which the report of a check reaches an agency: terminal, JSON, page and workbook."""

import json
from pathlib import Path

import typer

from cli.check_view import show_report
from pipeline.check import Checked
from pipeline.check_report import build_report, dump_report
from pipeline.step import Refusal
from portal.check_page import render_check_page
from portal.check_workbook import render_check_workbook
from schemas.text import Language


class NotWritten(Refusal):
    """A form of the report cannot be written where it should be."""


def write_reports(
    checked: Checked, language: Language, *, as_json: bool, html: Path | None, workbook: Path | None
) -> None:
    """Show the report, as JSON if wanted, and write the other forms of it.

    Raises:
        NotWritten: a folder is not there, or may not be written to.
    """
    report = build_report(checked, language)
    if html:
        _write(html, render_check_page(report).encode(), "--html")
    if workbook:
        _write(workbook, render_check_workbook(report, checked), "--workbook")
    if as_json:
        typer.echo(json.dumps(dump_report(report), ensure_ascii=False, indent=1))
    else:
        show_report(report)


def _write(path: Path, content: bytes, option: str) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise NotWritten(
            f"the file of {option} cannot be written ({type(error).__name__}): check its folder"
        ) from None
