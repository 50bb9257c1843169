"""Clues: what a report needs of the tables of a delivery once they are gone.

Where the columns stand that the source description knows, and which of its words were perhaps meant.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from schemas.finding import Finding
from schemas.source import Source
from transforms.column import list_known_columns
from transforms.form import find_meant
from transforms.mapped import RawTable

MOST_KEPT = 20
"""Rows of a finding whose words are kept beside a submission: as many as a report shows."""


@dataclass(frozen=True)
class Clues:
    """`places`: by table and column where the column stands, counted from 1. `meant`: by column and row."""

    places: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    meant: Mapping[str, Mapping[int, str]] = field(default_factory=dict)


def find_clues(source: Source, tables: Mapping[str, RawTable], findings: Iterable[Finding]) -> Clues:
    """The clues to some findings; what columns are called that nobody described is nobody's business."""
    meant: dict[str, dict[int, str]] = {}
    _add_meant(meant, source, tables, findings)
    return Clues(_list_places(source, tables), meant)


class KeptClues:
    """The clues that are kept beside a submission, gathered from its batches in their order."""

    def __init__(self, source: Source) -> None:
        """Nothing gathered yet."""
        self._source = source
        self._places: dict[str, dict[str, int]] = {}
        self._meant: dict[str, dict[int, str]] = {}
        self._told: Counter[Finding] = Counter()

    def add(self, tables: Mapping[str, RawTable], findings: Iterable[Finding]) -> None:
        """Gather what the findings of one batch tell, until as many rows of a finding as are kept."""
        shown = []
        for finding in findings:
            kind = replace(finding, count=0, rows=())
            rows = finding.rows[: MOST_KEPT - self._told[kind]]
            self._told[kind] += len(rows)
            shown.append(replace(finding, rows=rows))
        self._places = self._places or _list_places(self._source, tables)
        _add_meant(self._meant, self._source, tables, shown)

    def dump(self) -> dict[str, Any]:
        """As they are kept."""
        return asdict(Clues(self._places, self._meant))


def load_clues(report: Mapping[str, Any]) -> Clues:
    """The clues of a submission; none for reports that were written before they were kept."""
    kept = report.get("clues") or {"places": {}, "meant": {}}
    meant = {column: {int(row): word for row, word in rows.items()} for column, rows in kept["meant"].items()}
    return Clues(kept["places"], meant)


def _add_meant(
    meant: dict[str, dict[int, str]],
    source: Source,
    tables: Mapping[str, RawTable],
    findings: Iterable[Finding],
) -> None:
    for finding in findings:
        if finding.column and (words := find_meant(source, tables, finding)):
            meant.setdefault(finding.column, {}).update(words)


def _list_places(source: Source, tables: Mapping[str, RawTable]) -> dict[str, dict[str, int]]:
    return {
        name: {
            column: place
            for place, column in enumerate(table.frame.columns, 1)
            if column in list_known_columns(source, name)
        }
        for name, table in tables.items()
    }
