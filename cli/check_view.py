"""What an agency sees on its terminal of a check: findings by rule, with cells but not their contents."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from pipeline.check_report import CheckReport
from pipeline.told import Entry, Group, Spot
from schemas.finding import Level
from schemas.text import Language, text, write_figure

COLORS = {Level.FAIL: "red", Level.HOLD: "yellow", Level.WARN: "yellow"}


def show_report(report: CheckReport, console: Console | None = None) -> None:
    """The whole report, the outcome first."""
    console = console or Console()
    language = report.language
    period = f", {report.period}" if report.period else ""
    _print(console, f"{report.title}{period}: {report.heading}", "bold")
    _print(console, report.lead)
    _print(console)
    _print(console, report.outcome_title, "bold")
    _print(console, report.outcome_text)
    for line in _list_rows(report):
        _print(console, line)
    for detail in report.details:
        _print(console, detail)
    show_groups(report.faults, language, console)
    for change in report.changes:
        field = f" {change.field}" if change.field else ""
        _print(console, f"  {change.name}{field}: {change.then} → {change.now} ({change.change})")
    _print(console)
    for note in report.notes:
        _print(console, note)


def show_groups(groups: Iterable[Group], language: Language, console: Console) -> None:
    """Findings by rule: what, what it does to the rows, why it matters, what to type, and where."""
    for number, group in enumerate(groups, 1):
        total = write_figure(group.count, language)
        _print(console)
        heading = f"{number}. {group.title} [{group.level_name}: {total}] ({group.id})"
        _print(console, heading, f"bold {COLORS.get(group.level, '')}".strip())
        _print(console, f"   {group.why} {group.advice} {group.effect}")
        for entry in group.entries:
            _print(console, f"   - {_describe_entry(entry)}")
            if entry.spots:
                _print(console, f"     {write_spots(entry, language)}")


def _describe_entry(entry: Entry) -> str:
    return " · ".join(part for part in (entry.where, entry.figures, entry.asked, entry.explained) if part)


def write_spots(entry: Entry, language: Language) -> str:
    """The cells, each with what was perhaps meant; how many of all they are, where they are not all."""
    shown = ", ".join(_write_spot(spot, language) for spot in entry.shown)
    if len(entry.shown) == entry.count:
        return shown
    figures = {"shown": len(entry.shown), "total": entry.count}
    cut = {name: write_figure(figure, language) for name, figure in figures.items()}
    return f"{shown} ({text('finding.cut', language, **cut)})"


def _write_spot(spot: Spot, language: Language) -> str:
    if not spot.nearest:
        return spot.words
    return f"{spot.words} ({text('finding.nearest', language, word=spot.nearest)})"


def _list_rows(report: CheckReport) -> Iterator[str]:
    account, language = report.account, report.language
    if account is None:
        return
    parts = ((text("rows.read", language), account.read), *report.parts.values())
    said = [f"{name} {write_figure(rows, language)}" for name, rows in parts]
    yield f"{said[0]} = {' + '.join(said[1:])}"
    if account.rows is not None:
        yield text("rows.persons", language, rows=write_figure(account.rows, language))


def _print(console: Console, words: str = "", style: str = "") -> None:
    """As it is: what stands in a source description is no markup, and no line is folded."""
    console.print(Text(words, style=style), soft_wrap=True)
