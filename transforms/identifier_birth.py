"""Dates of birth among columns of dates: told by a word in their name, or by the ages that they give."""

import re
from collections.abc import Iterable

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


def find_dates(cells: Iterable[str]) -> dict[str, int]:
    """The year of each cell that is a whole date, 0 for two digits; none where few of the cells are dates."""
    filled = [cell for cell in cells if cell]
    dates = {cell: year for cell in filled if (year := _find_year(cell)) is not None}
    return dates if len(dates) >= SHARE * len(filled) else {}


def give_ages(years: Iterable[int], events: Iterable[str]) -> bool:
    """Whether dates, of which the years are given, lie before the events beside them as births do.

    Both are compared as they are written, so both are in one calendar.
    """
    pairs = ((year, YEAR.search(level_digits(event))) for year, event in zip(years, events, strict=True))
    ages = [int(match[0]) - year for year, match in pairs if year and match]
    plausible = sum(YOUNGEST <= age <= OLDEST for age in ages)
    return plausible >= FEWEST and plausible >= (1 - MOST_ODD) * len(ages)


def is_called_birth(header: str, words: Iterable[str]) -> bool:
    """Whether one of the words stands in a name, as words of their own where its script parts words."""
    name = f" {level_words(DIGITS.sub(' ', header))} "
    return any((f" {word} " if word.isascii() else word) in name for word in words)


def _find_year(cell: str) -> int | None:
    """The year of a whole date; None where the cell is none."""
    match = DATE.fullmatch(level_digits(cell).strip())
    if match is None:
        return None
    year = next(year for name, year in match.groupdict().items() if year and name not in "ab")
    return int(year) if len(year) > 2 else 0
