"""The report of a check before sending: one value from which terminal, JSON, page and workbook are made."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipeline.check import Checked
from pipeline.comparison import Change, list_changes
from pipeline.told import Entry, Group, Teller, list_places, split_faults
from schemas.finding import Level
from schemas.submission import RowAccount
from schemas.text import Language, text, write_figure


class Outcome(StrEnum):
    """The first thing a reader wants to know; also the id of its texts."""

    NONE = "none"
    PART = "part"
    CHECK = "check"
    ALL = "all"


@dataclass(frozen=True)
class CheckReport:
    """What was found, in one language; `notes` say what was not looked at, `details` why a file is unread."""

    language: Language
    source_id: str
    title: str
    period: str | None
    outcome: Outcome
    account: RowAccount | None
    faults: tuple[Group, ...]
    information: tuple[Group, ...]
    changes: tuple[Change, ...]
    notes: tuple[str, ...]
    details: tuple[str, ...]
    is_sound: bool

    @property
    def outcome_title(self) -> str:
        """Used or not, in a few words."""
        return text(f"outcome.{self.outcome.value}.title", self.language)

    @property
    def outcome_text(self) -> str:
        """The same in a sentence."""
        return say_outcome(self.outcome, self.account, self.language)


def build_report(checked: Checked, language: Language) -> CheckReport:
    """Tell what was found in one language."""
    teller = Teller(
        language, checked.source, list_places(checked.source, checked.tables.values()), checked.meant
    )
    faults, information = split_faults(teller.tell(checked.findings))
    quality = checked.quality
    return CheckReport(
        language,
        checked.source.id,
        checked.source.title,
        checked.period,
        choose_outcome({finding.code.level for finding in checked.findings}, checked.account),
        checked.account,
        faults,
        information,
        tuple(list_changes(quality.profile, quality.previous, language)) if quality else (),
        tuple(_list_notes(checked, language)),
        checked.details,
        checked.is_sound,
    )


def choose_outcome(levels: Iterable[Level], account: RowAccount | None) -> Outcome:
    """What happens to a delivery with findings of these levels."""
    found = set(levels)
    if Level.FAIL in found or account is None or not account.accepted:
        return Outcome.NONE
    if Level.HOLD in found or account.held:
        return Outcome.PART
    return Outcome.CHECK if Level.WARN in found else Outcome.ALL


def say_outcome(outcome: Outcome, account: RowAccount | None, language: Language) -> str:
    """What happens to a delivery, in a sentence."""
    if account is None or outcome is Outcome.NONE:
        return text("outcome.none.text", language)
    figures = {"used": account.accepted, "read": account.read}
    figures |= {"held": account.held} if outcome is Outcome.PART else {}
    written = {name: write_figure(figure, language) for name, figure in figures.items()}
    return text(f"outcome.{outcome.value}.text", language, **written)


def dump_report(report: CheckReport) -> dict[str, Any]:
    """The report as JSON: ids, levels, figures and places are the same in every language, texts are not."""
    account = report.account
    return {
        "source": report.source_id,
        "period": report.period,
        "language": report.language.value,
        "outcome": report.outcome.value,
        "would_be_used": report.is_sound,
        "rows": account
        and {
            "read": account.read,
            "used": account.accepted,
            "waiting": account.held,
            "left_out": account.ignored,
        },
        "text": {"title": report.outcome_title, "sentence": report.outcome_text},
        "findings": [_dump_group(group) for group in report.faults],
        "information": [_dump_group(group) for group in report.information],
        "notes": list(report.notes),
        "details": list(report.details),
    }


def _dump_group(group: Group) -> dict[str, Any]:
    return {
        "id": group.id,
        "level": group.level.value,
        "count": group.count,
        "text": {
            "title": group.title,
            "effect": group.effect,
            "why": group.why,
            "advice": group.advice,
        },
        "places": [_dump_entry(entry) for entry in group.entries],
    }


def _dump_entry(entry: Entry) -> dict[str, Any]:
    return {
        "table": entry.table,
        "columns": [{"name": column.name, "letter": column.letter} for column in entry.columns],
        "count": entry.count,
        "rows": [
            {"row": spot.row, "cells": list(spot.cells), "nearest": spot.nearest} for spot in entry.spots
        ],
        "text": {"where": entry.where, "asked": entry.asked, "figures": entry.figures},
    }


def _list_notes(checked: Checked, language: Language) -> list[str]:
    notes = []
    if checked.account is None:
        notes.append(text("report.stopped", language))
    elif checked.period is None:
        notes.append(text("report.period.missing", language))
    if checked.account is not None and not checked.is_compared:
        notes.append(text("report.history.missing", language))
    return notes
