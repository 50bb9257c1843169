"""Table: one table of a file as it may be read, with every column placed or left open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from schemas.reader import Reader, SkippedRows
from schemas.source import Publisher, Schedule, Source, Terms
from transforms.heading import name_columns
from transforms.identifier import find_identifying_cells
from transforms.readers.content import Content
from transforms.suggestion.decision import decide_columns
from transforms.suggestion.ending import find_skipped
from transforms.suggestion.grid import Grid
from transforms.suggestion.heading import NUMBER, Heading, find_heading
from transforms.suggestion.person import Persons, find_persons, merge_columns
from transforms.suggestion.placement import PlacedColumn, SeenColumn
from transforms.suggestion.profile import profile_columns

LONGEST_NAME = 300
LEAST_KNOWN = 2
"""Names of a further sheet or archived file that must be known words for it to be used."""


@dataclass(frozen=True)
class SuggestedTable:
    """How a table is read, and its columns; `rows` counts its rows of data, `has_header` tells of names.

    `file` is the place of its file among those given, from 0; `known` how many names are known words.
    `is_cut` says that rows follow which were not looked at, `is_first` that its sheet needs no name.
    """

    reader: Reader
    columns: tuple[PlacedColumn, ...] = field(repr=False)
    rows: int
    has_header: bool
    known: int = 0
    persons: Persons | None = field(default=None, repr=False)
    file: int = 0
    is_cut: bool = False
    is_first: bool = False

    @property
    def used(self) -> int:
        """Columns that fill something of the case."""
        return sum(one.placement.is_used for one in self.columns)


def suggest_tables(
    grids: Iterable[Grid], *, languages: Sequence[str], country: str, file: int = 0
) -> list[SuggestedTable]:
    """What the tables of one file mean, the likeliest one first; those of unknown words are left out.

    `languages` are asked first, `country` is that of the publisher.
    """
    headed = sorted(
        ((grid, find_heading(grid)) for grid in grids),
        key=lambda pair: (-pair[1].known, -len(pair[0].rows)),
    )
    chosen = [pair for pair in headed if pair[1].known >= LEAST_KNOWN] or headed[:1]
    return [_suggest_table(grid, heading, languages, country, file) for grid, heading in chosen]


def _suggest_table(
    grid: Grid, heading: Heading, languages: Sequence[str], country: str, file: int
) -> SuggestedTable:
    rows = _list_data(grid, heading)
    reader = _describe_reader(grid, heading)
    columns = _see_columns(reader, heading, rows, country)
    persons = find_persons([column.name for column in columns if column.name])
    if persons:
        columns = merge_columns(columns, persons)
    placed = decide_columns(columns, languages, country)
    return SuggestedTable(
        reader,
        tuple(placed),
        len(rows),
        bool(heading.names),
        heading.known,
        persons,
        file,
        grid.is_cut,
        grid.is_first,
    )


def _describe_reader(grid: Grid, heading: Heading) -> Reader:
    if grid.keyed:
        return grid.reader
    rows = heading.header_rows
    skipped = find_skipped(grid, heading) if heading.names and not grid.is_cut else None
    changes = {
        "header_row": rows[0] if len(rows) == 1 else rows,
        "label_row": heading.label_row,
        "first_row": heading.first_row,
        "skip_rows": (skipped,) if isinstance(skipped, SkippedRows) else (),
        "last_row": skipped if isinstance(skipped, int) else None,
    }
    return grid.reader.model_copy(update=changes)


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
    labels = [*heading.labels, *[""] * len(names)]
    profiles = profile_columns(rows, len(names))
    return [
        SeenColumn(
            position,
            "" if _is_hidden(name, country) else name,
            profile,
            "" if _is_hidden(label, country) else label,
        )
        for position, (name, label, profile) in enumerate(zip(names, labels, profiles, strict=False), 1)
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


def _is_hidden(name: str, country: str) -> bool:
    """A name that may be a cell is never shown: numbers, and what identifies a person."""
    return (
        len(name) > LONGEST_NAME or bool(NUMBER.match(name)) or bool(find_identifying_cells([name], country))
    )
