"""Heading: which rows of a grid are its header, whether it has one at all, and where the table ends."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from transforms.country import parse_code
from transforms.readers.layout import join_names
from transforms.suggestion.grid import Grid
from transforms.suggestion.header import CONTAINED, EXACT, STANDARD, begins_total, match_header
from transforms.wording import level_digits

SEARCHED = 30
COMPARED = 200
FILLED = 0.5
LABELS = 3
MOST_FOOTERS = 15
NUMBER = re.compile(r"^[\d\s.,:/+\-–°'%()٠-٩۰-۹๐-๙]+$")


@dataclass(frozen=True)
class Heading:
    """Header rows, the row of labels, and the names; `names` is empty where there is no header for sure.

    `last_row` is the last row of data where others follow it. `first_row` is its first one where a row of
    numbers or units stands between it and the header.
    """

    header_rows: tuple[int, ...]
    label_row: int | None
    names: tuple[str, ...]
    labels: tuple[str, ...]
    known: int
    last_row: int | None = None
    first_row: int | None = None

    @property
    def first_data_row(self) -> int:
        """The row below the last header row, or below what stands between."""
        return self.first_row or max(*self.header_rows, self.label_row or 0) + 1


def find_heading(grid: Grid) -> Heading:
    """The rows of a header, by known words, and by text standing above numbers and dates."""
    if grid.keyed:
        names = tuple(grid.rows[0])
        labels = [*grid.labels, *[""] * len(names)]
        known = count_known([label or name for name, label in zip(names, labels, strict=False)])
        return Heading((1,), None, names, grid.labels, known)
    numbers = [number for number in sorted(grid.rows) if any(grid.rows[number])][:SEARCHED]
    first = max(numbers, key=lambda number: _rate_header(grid, number))
    names = tuple(grid.rows[first])
    below = grid.rows.get(first + 1, [])
    label_row = first + 1 if _is_label_row(names, below, grid, first + 1) else None
    rows = (first,) if label_row else _extend_header(grid, first)
    joined = join_names([grid.rows.get(row, []) for row in rows])
    heading = Heading(rows, label_row, joined, tuple(below) if label_row else (), count_known(joined))
    if not _is_header(grid, heading):
        return Heading((first,), None, (), (), 0)
    heading = replace(heading, first_row=_find_first_row(grid, heading))
    return replace(heading, last_row=_find_end(grid, heading))


def _find_first_row(grid: Grid, heading: Heading) -> int | None:
    """The row below one that counts the columns, 1, 2, 3, as printed forms do."""
    number = heading.first_data_row
    cells = [cell for cell in grid.rows.get(number, []) if cell]
    counted = [str(place) for place in range(1, len(cells) + 1)]
    return number + 1 if len(cells) >= LABELS and [level_digits(cell) for cell in cells] == counted else None


def count_known(names: Sequence[str]) -> int:
    """Names that are words of the lexicon or of a standard, also misspelt ones.

    Words of exploitation and the like count not: they name columns of yes and no, but cells hold them too.
    """
    return sum(
        any(match.score > CONTAINED and "=" not in match.target for match in match_header(name))
        for name in names
        if name
    )


def _rate_header(grid: Grid, number: int) -> tuple[float, float, int]:
    """Known words first, then how many of the columns have a text of their own, then how high it stands.

    A word that stands again below it in its column is a cell, even if it is known.
    """
    row = grid.rows[number]
    cells = [cell for cell in row if cell]
    names = [
        cell for place, cell in enumerate(row) if cell and place not in _list_repeated(grid, number, row)
    ]
    distinct = len(set(cells)) / max(grid.width, 1)
    texts = sum(not NUMBER.match(cell) for cell in cells)
    fits = distinct >= FILLED and texts == len(cells)
    return (count_known(names) if len(cells) > 1 else 0, float(fits), -number)


def _is_label_row(names: Sequence[str], below: Sequence[str], grid: Grid, number: int) -> bool:
    """A row of visible words below machine names: of a standard, and no row of data."""
    machine = sum(
        any(m.language == STANDARD and m.score == EXACT for m in match_header(name)) for name in names
    )
    texts = [cell for cell in below if cell]
    if machine < LABELS or len(texts) < LABELS or any(NUMBER.match(cell) for cell in texts):
        return False
    return count_known(texts) >= LABELS and not _repeats(grid, number, below)


def _extend_header(grid: Grid, first: int) -> tuple[int, ...]:
    """A second header row above or below: where one has gaps that the other fills with text."""
    for upper, lower in ((first - 1, first), (first, first + 1)):
        above, under = grid.rows.get(upper, []), grid.rows.get(lower, [])
        filled = sum(map(bool, above))
        if filled < 2 or any(NUMBER.match(cell) for cell in [*above, *under] if cell):
            continue
        gaps = sum(not cell and bool(other) for cell, other in zip(_pad(above, under), under, strict=False))
        if gaps and filled + gaps >= FILLED * grid.width and not _repeats(grid, lower, under):
            return (upper, lower)
    return (first,)


def _pad(cells: Sequence[str], other: Sequence[str]) -> list[str]:
    return [*cells, *[""] * max(0, len(other) - len(cells))]


def _repeats(grid: Grid, number: int, cells: Sequence[str]) -> bool:
    """Whether a cell of the row stands again below it in its column: then the row is data."""
    return bool(_list_repeated(grid, number, cells))


def _list_repeated(grid: Grid, number: int, cells: Sequence[str]) -> set[int]:
    """The places of cells that stand again below the row in their column.

    A row that is the same throughout is the header of another page, and tells nothing.
    """
    later = [grid.rows[row] for row in sorted(grid.rows) if row > number and grid.rows[row] != cells]
    columns = ({row[place] for row in later[:COMPARED] if place < len(row)} for place in range(len(cells)))
    return {
        place
        for place, (cell, column) in enumerate(zip(cells, columns, strict=True))
        if cell and cell in column
    }


def _is_header(grid: Grid, heading: Heading) -> bool:
    """Whether it is no row of data: in doubt it is one, because its cells would be a person's."""
    names = [name for name in heading.names if name]
    like_cells = any(NUMBER.match(name) or parse_code(name) for name in names)
    if heading.known >= max(2, len(names) / (2 if like_cells else 4)):
        return True
    if like_cells:
        return False
    if _repeats(grid, max(heading.header_rows), grid.rows[max(heading.header_rows)]):
        return False
    return _stands_above_numbers(grid, heading)


def _stands_above_numbers(grid: Grid, heading: Heading) -> bool:
    later = [grid.rows[row] for row in sorted(grid.rows) if row >= heading.first_data_row][:COMPARED]
    named = [place for place, name in enumerate(heading.names) if name]
    columns = ([row[p] for row in later if p < len(row) and row[p]] for p in named)
    shares = [sum(bool(NUMBER.match(cell)) for cell in column) / len(column) for column in columns if column]
    return any(share > 0.8 for share in shares) and len(later) > 1


def _find_end(grid: Grid, heading: Heading) -> int | None:
    """The last row of data, where rows of totals or single notes follow it."""
    numbers = [number for number in sorted(grid.rows) if number >= heading.first_data_row]
    filled = [number for number in numbers if any(grid.rows[number])]
    if len(filled) < 3 or grid.width < 3:
        return None
    end = len(filled)
    while end > 1 and _is_footer(grid.rows[filled[end - 1]]):
        end -= 1
    if end == len(filled) or len(filled) - end > MOST_FOOTERS:
        return None
    return filled[end - 1]


def _is_footer(cells: Sequence[str]) -> bool:
    texts = [cell for cell in cells if cell]
    return (len(texts) == 1 and len(cells) > 2) or (bool(texts) and begins_total(texts[0]))
