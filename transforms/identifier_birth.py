"""Dates of birth among columns of dates: told by a word in their name, or by the ages that they give."""

import re
from collections.abc import Iterable

import pandas as pd

from transforms.wording import level_digits, level_words

NUMERIC = r"\d{1,2}(?P<a>[./\- ]) ?\d{1,2}(?P=a) ?(?P<last>\d{4}|\d{2})\.?"
REVERSED = r"(?P<first>\d{4})(?P<b>[./\- ]) ?\d{1,2}(?P=b) ?\d{1,2}\.?"
NAMED = (
    r"\d{1,2}[.,]?[ \-/][^\W\d_]{3,}[.,]?[ \-/](?P<named>\d{4})"
    r"|[^\W\d_]{3,} \d{1,2}[.,]? (?P<english>\d{4})"
)
BARE = r"(?P<bare>(?:19|20)\d{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
DATE = re.compile(rf"(?:{NUMERIC}|{REVERSED}|{NAMED}|{BARE})(?:[ T]\d{{1,2}}:\d{{2}}\S*)?")
DIGITS = re.compile(r"\d+")
YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")

SHARE = 0.5
"""Of the cells under such a name so many are dates: what a place of birth is called has none."""
FEWEST, MOST_ODD = 5, 0.2
"""So many dates, of which few lie nearer to the registration, or further from it, than a birth does."""
YOUNGEST, OLDEST = 5, 100
MOST_GATHERED = 500_000
"""Different cells of one column that are kept."""


class Dates:
    """The dates in one column, seen batch by batch."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self._cells: set[str] = set()
        self._years: dict[str, int] = {}
        self._ages = self._plausible = 0

    def look_at(self, cells: pd.Series, events: pd.Series) -> None:
        """See some cells, and beside each what its row says of the date of registration.

        Both are compared as they are written, so both are in one calendar. Of a column with very many
        different cells only the first say whether it holds dates.
        """
        different = [cell for cell in cells.unique() if cell and cell not in self._cells]
        self._cells.update(different[: max(0, MOST_GATHERED - len(self._cells))])
        found = {cell: year for cell in different if (year := _find_year(cell)) is not None}
        self._years |= found if len(self._years) < MOST_GATHERED else {}
        dated = cells.isin(list(self._years))
        pairs = zip(cells[dated].map(self._years), events[dated], strict=True)
        ages = [int(match[0]) - year for year, event in pairs if year and (match := _find_event(event))]
        self._ages += len(ages)
        self._plausible += sum(YOUNGEST <= age <= OLDEST for age in ages)

    def are_dates(self) -> bool:
        """Whether there are any, and few of the different cells are something else."""
        return bool(self._years) and len(self._years) >= SHARE * len(self._cells)

    def are_births(self) -> bool:
        """Whether the dates lie before the events as births do."""
        return self._plausible >= FEWEST and self._plausible >= (1 - MOST_ODD) * self._ages

    def among(self, cells: pd.Series) -> pd.Series:
        """True where a cell is one of the dates."""
        return cells.isin(list(self._years))


def is_called_birth(header: str, words: Iterable[str]) -> bool:
    """Whether one of the words stands in a name, as words of their own where its script parts words."""
    name = f" {level_words(DIGITS.sub(' ', header))} "
    return any((f" {word} " if word.isascii() else word) in name for word in words)


def _find_event(text: str) -> re.Match[str] | None:
    return YEAR.search(level_digits(text))


def _find_year(cell: str) -> int | None:
    """The year of a whole date; None where the cell is none."""
    match = DATE.fullmatch(level_digits(cell).strip())
    if match is None:
        return None
    year = next(year for name, year in match.groupdict().items() if year and name not in "ab")
    return int(year) if len(year) > 2 else 0
