"""The report on some files: one value from which terminal, JSON, page and workbook are made.

What is told of a check before sending; `delivery_report` adds what is known of a delivery only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipeline.check import Checked
from pipeline.comparison import Change, list_changes
from pipeline.told import Entry, Group, Teller, split_faults
from pipeline.trouble import name_trouble, tell_trouble
from schemas.finding import Level
from schemas.submission import RowAccount
from schemas.text import Language, text, write_figure


class Outcome(StrEnum):
    """The first thing a reader wants to know; also the id of its texts."""

    NONE = "none"
    PART = "part"
    CHECK = "check"
    ALL = "all"
    KEPT = "kept"
    REPLACED = "replaced"


UNUSED = (Outcome.NONE, Outcome.KEPT, Outcome.REPLACED)
"""Outcomes whose sentence has no figures: nothing of what was just read counts."""


@dataclass(frozen=True)
class CheckReport:
    """What was found, in one language; `notes` say what was not looked at.

    `trouble` is the name of what kept a file from becoming a table, `details` say it.
    """

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
    trouble: str | None
    is_sound: bool

    @property
    def heading(self) -> str:
        """What kind of report it is."""
        return text("report.check", self.language)

    @property
    def lead(self) -> str:
        """What the report says, in a sentence."""
        return text("report.check.lead", self.language)

    @property
    def outcome_title(self) -> str:
        """Used or not, in a few words."""
        return text(f"outcome.{self.outcome.value}.title", self.language)

    @property
    def outcome_text(self) -> str:
        """The same in a sentence."""
        return say_outcome(self.outcome, self.account, self.language)

    @property
    def parts(self) -> dict[str, tuple[str, int]]:
        """Name and number of accepted, held and ignored rows; accepted ones that nobody uses are sound."""
        if self.account is None:
            return {}
        accepted = "sound" if self.outcome in UNUSED else "accepted"
        return {
            "accepted": (text(f"rows.{accepted}", self.language), self.account.accepted),
            "held": (text("rows.held", self.language), self.account.held),
            "ignored": (text("rows.ignored", self.language), sum(self.account.ignored.values())),
        }


def build_report(checked: Checked, language: Language) -> CheckReport:
    """Tell what was found in one language."""
    teller = Teller(language, checked.source, checked.clues)
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
        (tell_trouble(checked.trouble, language),) if checked.trouble else (),
        name_trouble(checked.trouble) if checked.trouble else None,
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
    if account is None or outcome in UNUSED:
        return text(f"outcome.{outcome.value}.text", language)
    figures = {"used": account.accepted, "read": account.read}
    figures |= {"held": account.held} if outcome is Outcome.PART else {}
    written = {name: write_figure(figure, language) for name, figure in figures.items()}
    what = "text" if account.rows is None else "persons"
    return text(f"outcome.{outcome.value}.{what}", language, **written)


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
        "trouble": report.trouble,
        "text": {
            "title": report.outcome_title,
            "sentence": report.outcome_text,
            "details": list(report.details),
        },
        "findings": [_dump_group(group) for group in report.faults],
        "information": [_dump_group(group) for group in report.information],
        "notes": list(report.notes),
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
