"""Profile: what the cells of one column look like: how many, how many different, and in which notation."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from transforms.number import parse_whole
from transforms.wording import level_digits

DATE_LIKE = re.compile(r"^\d{1,4}\W{1,2}\d{1,2}\W{1,2}\d{1,4}")
EARLIEST, LATEST = 1900, 2100
SAMPLE = 500
"""Different cells that are tried against every form of a date."""


@dataclass(frozen=True)
class Profile:
    """Cells of one column with how often each stands there; blank cells are only counted."""

    counts: Counter[str] = field(repr=False)
    rows: int

    @property
    def filled(self) -> int:
        """Cells that are not blank."""
        return sum(self.counts.values())

    @property
    def different(self) -> int:
        """Different cells that are not blank."""
        return len(self.counts)

    def share(self, holds: Callable[[str], bool]) -> float:
        """Share of the filled cells of which something holds; 0 for an empty column."""
        return sum(n for cell, n in self.counts.items() if holds(cell)) / max(self.filled, 1)

    @cached_property
    def is_dates(self) -> bool:
        """Whether nearly all cells look like dates, in whatever order and calendar."""
        return self.share(lambda cell: bool(DATE_LIKE.match(level_digits(cell)))) > 0.9

    @cached_property
    def wholes(self) -> float:
        """Share of whole numbers."""
        return self.share(lambda cell: parse_whole(level_digits(cell)) is not None)

    def within(self, lowest: int, highest: int) -> float:
        """Share of whole numbers between two bounds, both included."""
        return self.share(lambda cell: _is_within(cell, lowest, highest))


def profile_columns(rows: Sequence[Sequence[str]], width: int) -> list[Profile]:
    """One profile a column of rows that may be shorter than the table."""
    columns: list[Counter[str]] = [Counter() for _ in range(width)]
    for cells in rows:
        for counts, cell in zip(columns, cells, strict=False):
            if cell:
                counts[cell] += 1
    return [Profile(counts, len(rows)) for counts in columns]


def _is_within(cell: str, lowest: int, highest: int) -> bool:
    number = parse_whole(level_digits(cell))
    return number is not None and lowest <= number <= highest
