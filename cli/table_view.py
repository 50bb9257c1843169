"""What `palermo anonymize` shows and writes of a table: its account, without a value."""

import json
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.table import dump_account
from schemas.table_account import CombinationAccount, TableAccount


def show_account(account: TableAccount) -> None:
    """The account on the terminal."""
    console, cells = Console(), account.cells
    facts = Table(box=box.SIMPLE, show_header=False)
    for name, value in (
        ("rows in", f"{account.cases:,}"),
        ("rows out", f"{account.published:,}"),
        ("suppressed", f"{account.suppressed:,} ({account.suppressed / account.cases:.2%})"),
        ("cells kept", f"{cells.kept:,} of {cells.total:,} ({cells.kept / cells.total:.1%})"),
        ("cells coarser", f"{cells.coarser:,}"),
        (
            "record suppression keeps",
            f"{cells.cases_by_record_suppression:,} rows, {cells.cells_by_record_suppression:,} cells",
        ),
        ("classes", f"{account.classes:,}"),
        ("smallest class", f"{account.smallest_class:,}"),
        ("loss, geometric", f"{account.loss_geometric:.10f}"),
        ("loss, arithmetic", f"{account.loss_arithmetic:.10f}"),
        ("entropy, bits", "–" if account.entropy is None else f"{account.entropy:.4f}"),
        ("prosecutor risk, highest", f"{account.prosecutor_highest:.4f}"),
        ("prosecutor risk, average", f"{account.prosecutor_average:.4f}"),
    ):
        facts.add_row(name, value)
    console.print(facts)
    columns = Table("column", "information kept", "rows by level", box=box.SIMPLE)
    for name, column in account.columns.items():
        levels = ", ".join(
            f"{'left out' if level < 0 else level}: {cases:,}"
            for level, cases in column.cases_by_level.items()
        )
        columns.add_row(escape(name), f"{column.information_kept:.1%}", levels)
    console.print(columns)
    if account.combinations:
        console.print(_list_combinations(account.combinations))


def _list_combinations(combinations: CombinationAccount) -> Table:
    """What protecting combinations cost, by item column."""
    title = (
        f"combinations of up to {combinations.m}: {combinations.blanked:,} of {combinations.known:,} items "
        f"blanked ({combinations.share_blanked:.2%})"
    )
    table = Table("item column", "known", "blanked", "", title=title, box=box.SIMPLE)
    for name, column in combinations.columns.items():
        note = "fewer empty cells than k: one could be guessed" if name in combinations.few_empty else ""
        table.add_row(escape(name), f"{column.known:,}", f"{column.blanked:,}", note)
    return table


def write_account(account: TableAccount, out: Path) -> Path:
    """The account as JSON, beside the result."""
    path = out.with_name(f"{out.stem}.account.json")
    path.write_text(json.dumps(dump_account(account), indent=2) + "\n", encoding="utf-8")
    return path
