"""Ending: how a description says that totals and notes below a table are no data."""

from schemas.reader import SkippedRows
from transforms.suggestion.grid import Grid
from transforms.suggestion.header import begins_total
from transforms.suggestion.heading import Heading

REASON = "totals and notes below the table"


def find_skipped(grid: Grid, heading: Heading) -> SkippedRows | int | None:
    """A rule by the word that begins the first row below the data, or the number of the last row of data.

    Only words that begin totals and notes everywhere are repeated; any other may tell of a person.
    """
    if heading.last_row is None:
        return None
    below = next(
        number for number in sorted(grid.rows) if number > heading.last_row and any(grid.rows[number])
    )
    place, text = next((place, cell) for place, cell in enumerate(grid.rows[below]) if cell)
    word = _find_word(text)
    if word is None:
        return heading.last_row
    column = heading.names[place] if place < len(heading.names) and word == text else ""
    return SkippedRows(words=(word,), column=column or None, reason=REASON, and_below=True)


def _find_word(text: str) -> str | None:
    """The cell where it is such a word, or its first word with `*` behind it, as in `Source: police`."""
    if begins_total(text):
        return text
    first = text.split()[0].rstrip(":.,;")
    return f"{first}*" if begins_total(first) else None
