"""The commands `palermo audit`: verify the trail, and export it to be kept off the machine."""

from pathlib import Path
from typing import Annotated

import typer

from cli.option import By
from cli.outcome import exit_on_refusal

audit = typer.Typer(help="Verify and export the audit trail.", no_args_is_help=True, rich_markup_mode=None)


@audit.command()
@exit_on_refusal
def verify(
    by: By,
    against: Annotated[
        Path | None, typer.Option(help="An export that was kept elsewhere: finds a cut or rewritten trail.")
    ] = None,
    head: Annotated[
        str | None, typer.Option(help="The last line that an export printed, if only that was kept.")
    ] = None,
) -> None:
    """Look for an entry that was edited, deleted or moved; with an export also for a tail that was cut off.

    Example: palermo audit verify --against /media/safe/trail-2026-11.jsonl
    """
    from pipeline.trail import confirm_trail
    from pipeline.workspace import open_workspace

    entries = confirm_trail(open_workspace(), by, against, head)
    typer.echo(f"audit trail: whole, {entries:,} entries")
    if against is None and head is None:
        typer.echo("a tail that was cut off shows only against an export: see --against")


@audit.command()
@exit_on_refusal
def export(
    file: Annotated[Path, typer.Argument(help="The file to write, one entry a line; not there yet.")], by: By
) -> None:
    """Write the whole trail to a file to be kept off this machine, and print its head.

    Example: palermo audit export /media/safe/trail-2026-11.jsonl --by officer
    """
    from pipeline.trail import export_trail
    from pipeline.workspace import open_workspace

    typer.echo(export_trail(open_workspace(), file, by))
