"""What an officer sees of a drafted source description: columns, why, and what is left to do."""

from collections.abc import Mapping

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.suggest import Suggestion
from schemas.unfilled import TODO
from transforms.suggestion.lookup import name_lookup
from transforms.suggestion.placement import Place, PlacedColumn
from transforms.suggestion.scalar import quote
from transforms.suggestion.table import SuggestedTable

LONGEST = 40


def show_suggestion(suggestion: Suggestion, *, console: Console | None = None) -> None:
    """A table for each table of cases, and what only a person can decide."""
    console = console or Console()
    tied = suggestion.draft.tied
    tables = [tied.cases, *(other.table for other in tied.others)]
    for number, table in enumerate(tables, 1):
        console.print(_columns_table(table, number, len(tables)))
    marks = suggestion.draft.text.count(f": {TODO}")
    console.print(f"To do: {marks} places in the draft say TODO.", highlight=False)
    if tied.left_out:
        console.print(f"{tied.left_out} more sheets or files were looked at and left out.", highlight=False)
    for name, lookup in suggestion.draft.lookups.items():
        rare = sum(lookup.rare.values())
        if lookup.to_place or rare:
            console.print(
                f"  lookup {name}: {len(lookup.to_place)} words to place, {rare} more that occur in fewer "
                f"than {suggestion.least} rows: look at the file itself",
                highlight=False,
            )


def show_previews(previews: Mapping[str, tuple[str, ...]], *, console: Console | None = None) -> None:
    """The same header words under each encoding, side by side."""
    table = Table(title="Which words are right?", title_justify="left", box=box.SIMPLE)
    table.add_column("--encoding")
    table.add_column("words of the header")
    for name, words in previews.items():
        table.add_row(name, "  ".join(map(_show, words)))
    (console or Console()).print(table)


def _columns_table(table: SuggestedTable, number: int, of: int) -> Table:
    layout = table.reader
    rows = ", ".join(map(str, layout.header_rows)) if table.has_header else "none"
    header = f", header row {rows}" if layout.format.has_letters else ""
    title = f"Table {number} of {of}: {layout.format.value}{header}, {table.rows:,} rows"
    shown = Table(title=title, title_justify="left", box=box.SIMPLE, padding=(0, 1, 0, 0))
    for column in ("column", "becomes", "sure"):
        shown.add_column(column, overflow="fold")
    shown.add_column("why", overflow="fold", ratio=1)
    for one in table.columns:
        name = _show(one.column.name) if one.column.name else f"column {one.column.position}"
        sure = f"{one.placement.confidence:.0%}" if one.placement.place is not Place.UNDECIDED else ""
        shown.add_row(name, _describe(one), sure, _show(one.placement.reason, 160))
    return shown


def _describe(one: PlacedColumn) -> str:
    placement = one.placement
    if placement.place is Place.FIELD:
        return placement.target
    if placement.place in (Place.FLAGS, Place.CONCATENATED):
        return f"{placement.place.value}: {name_lookup(one)}"
    return "?" if placement.place is Place.UNDECIDED else placement.place.value


def _show(text: str, longest: int = LONGEST) -> str:
    """Text of a file for a terminal: signs that steer it are written as codes."""
    shown = quote(text)[1:-1].replace('\\"', '"')
    return escape(shown if len(shown) <= longest else f"{shown[: longest - 1]}…")
