"""Batches: some rows of a submission at a time, and what was found in them put together as of the whole.

Where every row can be judged without the others, memory does not grow with the file. What concerns several
rows, such as keys that cases share, is asked of the stored cases later.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from schemas.finding import ABOUT_TABLE, Finding, join_findings
from schemas.precision import COUNTS, Carried
from schemas.source import Source
from transforms.mapped import Mapped, RawTable, Validated
from transforms.reading import join_batches
from transforms.validation import MOST_ROWS

ROWS = 2**16
"""Most rows of a batch that is mapped."""


def is_taken_in_batches(source: Source) -> bool:
    """Whether a row can be mapped without other rows: linked tables and perpetrators are tied to cases."""
    return len(source.tables) == 1 and source.perpetrators is None


def list_batches(source: Source, read: Iterable[RawTable], rows: int = ROWS) -> Iterator[dict[str, RawTable]]:
    """The tables of a submission, of at most `rows` rows at a time where the source allows it.

    `read` is what reading gives, table after table, each in one or more batches.
    """
    if is_taken_in_batches(source):
        yield from ({part.name: part} for part in _repeat_about_table(_cut_all(read, rows)))
        return
    by_table: dict[str, list[RawTable]] = {}
    for table in read:
        by_table.setdefault(table.name, []).append(table)
    yield {name: join_batches(several) for name, several in by_table.items()}


def _cut_all(read: Iterable[RawTable], rows: int) -> Iterator[RawTable]:
    return (part for table in read for part in cut_table(table, rows))


def cut_table(table: RawTable, rows: int) -> Iterator[RawTable]:
    """A table in parts of at most `rows` rows; what is no row of data goes with the first part."""
    if len(table.frame) <= rows:
        yield table
        return
    starts = range(0, len(table.frame), rows)
    firsts = [0, *(int(table.frame.index[start]) for start in starts[1:])]
    for place, start in enumerate(starts):
        end = firsts[place + 1] if place + 1 < len(firsts) else None
        findings = tuple(_take_rows(table.findings, firsts[place], end, is_first=place == 0))
        part = replace(table, frame=table.frame.iloc[start : start + rows], findings=findings)
        yield part if place == 0 else replace(part, ignored={}, unused=pd.DataFrame())


def _take_rows(
    findings: Iterable[Finding], first: int, end: int | None, *, is_first: bool
) -> Iterator[Finding]:
    """Findings with their rows from `first` to before `end`; what names no row stands in the first part."""
    for finding in findings:
        rows = tuple(row for row in finding.rows if row >= first and (end is None or row < end))
        if rows:
            yield replace(finding, rows=rows, count=len(rows))
        elif is_first and not finding.rows:
            yield finding


def _repeat_about_table(parts: Iterable[RawTable]) -> Iterator[RawTable]:
    """Each part with what was said of the table as a whole, which stands in the first."""
    about: tuple[Finding, ...] | None = None
    for part in parts:
        if about is None:
            about = tuple(finding for finding in part.findings if finding.code in ABOUT_TABLE)
            yield part
        else:
            yield replace(part, findings=(*about, *part.findings))


@dataclass(frozen=True)
class MappedTotal:
    """What was found in the batches mapped so far; the fields are those of `Mapped`."""

    findings: tuple[Finding, ...] = ()
    read: int = 0
    ignored: Mapping[str, int] = field(default_factory=dict)
    rows: int | None = None
    carried: tuple[Carried, ...] = ()

    def add(self, mapped: Mapped) -> "MappedTotal":
        """The same with one batch more."""
        return MappedTotal(
            findings=join_findings([*self.findings, *mapped.findings]),
            read=self.read + mapped.read,
            ignored=sum_counts(self.ignored, mapped.ignored),
            rows=None if mapped.rows is None else (self.rows or 0) + mapped.rows,
            carried=_join_carried([*self.carried, *mapped.carried]),
        )


@dataclass(frozen=True)
class ValidatedTotal:
    """What became of the batches validated so far; the cases themselves went elsewhere."""

    findings: tuple[Finding, ...] = ()
    accepted: int = 0
    held: int = 0
    perpetrators: tuple[pd.DataFrame, ...] = ()

    def add(self, validated: Validated) -> "ValidatedTotal":
        """The same with one batch more."""
        return ValidatedTotal(
            findings=join_findings([*self.findings, *validated.findings], MOST_ROWS),
            accepted=self.accepted + validated.account.accepted,
            held=self.held + validated.account.held,
            perpetrators=(*self.perpetrators, validated.perpetrators),
        )


def sum_counts(left: Mapping[str, int], right: Mapping[str, int]) -> dict[str, int]:
    """Counts by reason, put together."""
    return dict(Counter(left) + Counter(right))


def _join_carried(several: Iterable[Carried]) -> tuple[Carried, ...]:
    """The record of loss of each column, over all batches."""
    joined: dict[tuple[str, str | None], Carried] = {}
    for carried in several:
        place = (carried.column, carried.field)
        before = joined.get(place, Carried(*place))
        counts = {name: getattr(before, name) + getattr(carried, name) for name in COUNTS}
        joined[place] = Carried(*place, **counts)
    return tuple(joined.values())
