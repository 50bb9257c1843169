"""Table: one file of a submission as it may be read, with every column placed or left open."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.reader import Format, Reader
from schemas.source import Publisher, Schedule, Source, Terms
from transforms.heading import name_columns
from transforms.identifier import find_identifying_cells
from transforms.readers.content import Content
from transforms.suggestion.decision import decide_columns
from transforms.suggestion.encoding import Encodings, rank_encodings
from transforms.suggestion.grid import Grid, guess_format, read_grids
from transforms.suggestion.heading import NUMBER, Heading, find_heading
from transforms.suggestion.placement import PlacedColumn, SeenColumn
from transforms.suggestion.profile import profile_columns

LONGEST_NAME = 300
PREVIEWED, PREVIEWED_WORDS = 5, 6


class EncodingUndecided(Exception):
    """Several code pages fit alike; `previews` has the first row's words under each, side by side."""

    def __init__(self, previews: dict[str, tuple[str, ...]]) -> None:
        """Keep the words; a header's words are no cells."""
        self.previews = previews
        super().__init__("several encodings fit alike: choose the one whose words are right, with --encoding")


@dataclass(frozen=True)
class SuggestedTable:
    """How a file is read, and its columns; `rows` counts its rows of data, `has_header` whether it has names.

    `total_row` says that words of totals begin the row after the last row of data.
    """

    reader: Reader
    columns: tuple[PlacedColumn, ...] = field(repr=False)
    rows: int
    has_header: bool
    total_row: bool = False


def suggest_table(
    content: bytes, extension: str, *, languages: Sequence[str], country: str, encoding: str | None
) -> SuggestedTable:
    """Find out how a file is laid out and what its columns mean; of several sheets the one of cases.

    Raises:
        FileUnreadable: the file is empty, or of no format that is read.
        EncodingUndecided: several encodings fit alike, and none was given.
    """
    found = guess_format(content, extension)
    if encoding is None:
        encoding = "utf-8-sig" if found is Format.XLSX else _choose_encoding(content, languages)
    grids = [(grid, find_heading(grid)) for grid in read_grids(content, found, encoding)]
    grid, heading = max(grids, key=lambda pair: (pair[1].known, len(pair[0].rows)))
    reader = _describe_reader(grid, heading, several=len(grids) > 1)
    rows = _list_data(grid, heading)
    columns = _see_columns(reader, heading, rows, country)
    placed = decide_columns(columns, languages, country)
    return SuggestedTable(reader, tuple(placed), len(rows), bool(heading.names), heading.total_row)


def _choose_encoding(content: bytes, languages: Sequence[str]) -> str:
    ranked = rank_encodings(content, languages)
    if ranked.tied:
        raise EncodingUndecided(_preview(content, ranked))
    return ranked.names[0] if ranked.names else "utf-8-sig"  # the reader says where it does not fit


def _preview(content: bytes, ranked: Encodings) -> dict[str, tuple[str, ...]]:
    """The header's words beyond ASCII under each encoding; of a file without a header no word is shown."""
    shown: dict[str, tuple[str, ...]] = {}
    for name in ranked.names[:PREVIEWED]:
        [grid] = read_grids(content, Format.DELIMITED, name)
        words = (word for word in find_heading(grid).names if not word.isascii())
        shown[name] = tuple(words)[:PREVIEWED_WORDS]
    return shown


def _describe_reader(grid: Grid, heading: Heading, *, several: bool) -> Reader:
    rows = heading.header_rows
    changes = {
        "header_row": rows[0] if len(rows) == 1 else rows,
        "label_row": heading.label_row,
        "sheet": grid.reader.sheet if several else None,
        "last_row": None if heading.total_row else heading.last_row,
    }
    return grid.reader if grid.keyed else grid.reader.model_copy(update=changes)


def _list_data(grid: Grid, heading: Heading) -> list[list[str]]:
    if grid.keyed:
        return [cells for number, cells in grid.rows.items() if number]
    first = heading.first_data_row if heading.names else heading.header_rows[0]
    last = heading.last_row or max(grid.rows)
    return [cells for number, cells in sorted(grid.rows.items()) if first <= number <= last and any(cells)]


def _see_columns(
    reader: Reader, heading: Heading, rows: Sequence[Sequence[str]], country: str
) -> list[SeenColumn]:
    width = max([len(heading.names), *(len(cells) for cells in rows)], default=0)
    names = _name(reader, heading) if heading.names else []
    names = [*names, *[""] * width][: max(width, len(names))]
    profiles = profile_columns(rows, len(names))
    return [
        SeenColumn(position, "" if _is_hidden(name, position, country) else name, profile)
        for position, (name, profile) in enumerate(zip(names, profiles, strict=True), 1)
    ]


def _name(reader: Reader, heading: Heading) -> list[str]:
    """The names as reading would give them: labels where names are blank, repeated names numbered."""
    stub = Source(
        id="zzz_draft_file",
        title="",
        publisher=Publisher(name="", country="ZZZ"),
        terms=Terms(licence="", agreement=""),
        schedule=Schedule(every="once"),
        reader=Reader(**reader.model_dump()),
        columns={},
    )
    names, _ = name_columns(stub, stub.cases, Content(heading.names, {}, heading.labels))
    return names


def _is_hidden(name: str, position: int, country: str) -> bool:
    """A name that may be a cell is never shown: numbers, and what identifies a person."""
    unnamed = name == f"column {position}" or len(name) > LONGEST_NAME
    return unnamed or bool(NUMBER.match(name)) or bool(find_identifying_cells([name], country))
