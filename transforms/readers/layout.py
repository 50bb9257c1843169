"""Layout: which rows of a file are its header, its labels and its data, and a header of several rows."""

from collections.abc import Iterable, Sequence

from schemas.reader import Reader
from schemas.unreadable import Unreadable
from transforms.readers.content import Content, FileUnreadable

JOINT = " / "
"""Stands between the names of a column whose header has several rows."""


def arrange_rows(numbered: Iterable[tuple[int, list[str]]], reader: Reader) -> Content:
    """Rows with their numbers as header, labels and data; those above and between them are no data.

    Raises:
        FileUnreadable: no name stands where the source description has the header.
    """
    heads: dict[int, list[str]] = {}
    rows: dict[int, list[str]] = {}
    for number, cells in numbered:
        if number >= reader.first_data_row:
            rows[number] = cells
        else:
            heads[number] = cells
    header = join_names([heads.get(number, []) for number in reader.header_rows])
    labels = tuple(heads.get(reader.label_row or 0, ()))
    if not any(header) and not any(labels):
        raise FileUnreadable(Unreadable.NO_COLUMN_NAMES, row=str(reader.header_rows[-1]))
    above = {number: cells for number, cells in heads.items() if number not in reader.header_rows}
    return Content(header, rows, labels, above=above)


def join_names(header: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The names of the columns, from the rows of a header from top to bottom.

    A blank cell above another name continues the one on its left, as merged cells do, unless the
    cell further above has changed or the one on the left has nothing below it.
    """
    if len(header) == 1:
        return tuple(header[0])
    width = max(len(row) for row in header)
    grid = [[" ".join(cell.split()) for cell in [*row, *[""] * width][:width]] for row in header]
    for position in range(1, width):
        _continue_names(grid, position)
    columns = ([row[position] for row in grid] for position in range(width))
    return tuple(JOINT.join(dict.fromkeys(name for name in names if name)) for names in columns)


def _continue_names(grid: list[list[str]], position: int) -> None:
    """Fill the blank upper cells of one column from the left, from the top down, while both are one group."""
    for level in range(len(grid) - 1):
        left, here = grid[level][position - 1], grid[level][position]
        below = [any(row[place] for row in grid[level + 1 :]) for place in (position - 1, position)]
        if not here and all(below):
            grid[level][position] = left
        elif here or any(below):
            return
