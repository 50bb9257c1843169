"""What a command shows of one delivery, used or refused, told as a check before sending tells it."""

from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from cli.check_view import show_groups, show_report
from pipeline.delivery_report import DeliveryReport, find_delivery_report
from pipeline.ingest import Receipt
from pipeline.room import SubmissionRefused
from pipeline.told import Teller, split_faults
from pipeline.workspace import Workspace
from portal.quality_page import name_report
from schemas.precision import Precision, sum_carried
from schemas.text import Language, text, write_figure, write_percent


def show_submission(
    workspace: Workspace, receipt: Receipt, language: Language, console: Console | None = None
) -> None:
    """Where the rows of one submission went, what was found, and where its page is."""
    console = console or Console()
    record = workspace.ledger.submission(receipt.submission)
    if receipt.settled:
        _print(console, text("report.settled", language))
    if report := find_delivery_report(workspace, record, language):
        show_report(report, console)
        _show_revision(report, console)
        _show_carried(report, console)
        page = workspace.store.zones.desk / name_report(receipt.submission)
        _print(console, text("report.page", language, path=page))


def show_refused(refusal: SubmissionRefused, language: Language) -> None:
    """What stopped a delivery, and whatever else was found, with the cells of the file."""
    faults, _ = split_faults(Teller(language, refusal.source, refusal.clues).tell(refusal.findings))
    show_groups(faults, language, Console(stderr=True))


def _show_revision(report: DeliveryReport, console: Console) -> None:
    if revision := report.revision:
        figures = {part: write_figure(figure, report.language) for part, figure in asdict(revision).items()}
        said = [f"{text(f'revision.{part}', report.language)} {figure}" for part, figure in figures.items()]
        _print(console, f"{text('revision.title', report.language)}: {', '.join(said)}")


def _show_carried(report: DeliveryReport, console: Console) -> None:
    """How much of what the file says stands in the cases, and how exactly."""
    language, carried = report.language, sum_carried(report.carried)
    parts = (*(precision.value for precision in Precision), "unplaced")
    shares = (
        f"{text(f'precision.{part}', language)} "
        f"{write_percent(getattr(carried, part) / max(1, carried.values), language)}"
        for part in parts
    )
    figures = {
        "cells": write_figure(carried.values, language),
        "columns": write_figure(len(report.carried), language),
    }
    caption = text("carried.caption", language, **figures)
    _print(console, f"{text('carried.title', language)}: {', '.join(shares)}. {caption}")


def _print(console: Console, words: str) -> None:
    console.print(Text(words), soft_wrap=True)
