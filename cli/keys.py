"""The commands `palermo keys`: what is sealed under which key; rotate, seal what lies open, destroy."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.option import By, SourceId
from cli.outcome import REFUSED, Ended, exit_on_refusal, refresh_pages

if TYPE_CHECKING:
    from pipeline.keys import Shredding

keys = typer.Typer(
    help="Show, rotate and destroy the keys under which files are sealed.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@keys.command()
@exit_on_refusal
def show() -> None:
    """Show how many files are sealed under the keys of each source; no key is shown.

    Example: palermo keys show
    """
    from pipeline.keys import show_keys
    from pipeline.workspace import open_workspace

    shown, lying_open = show_keys(open_workspace())
    for each in shown:
        typer.echo(f"{each.owner}: {each.files:,} files, {each.keys} keys")
    typer.echo(f"not sealed, from before files were: {lying_open:,} files")
    if lying_open:
        typer.echo("seal them by palermo keys seal")


@keys.command()
@exit_on_refusal
def make(file: Annotated[Path, typer.Argument(help="The file to make; not there yet.")]) -> None:
    """Make a key file, where Palermo is not to make its own: for a secret of containers.

    Example: palermo keys make /media/safe/palermo.key
    """
    from storage.envelope import make_key_file

    make_key_file(file)
    typer.echo("made; keep a copy apart from the data: without it nothing can be read")


@keys.command()
@exit_on_refusal
def rotate(
    by: By,
    reseal: Annotated[
        bool,
        typer.Option("--reseal", help="Seal what is kept under the new keys, too."),
    ] = False,
    keep_file: Annotated[
        bool, typer.Option("--keep-file", help="Leave the key file as it is: its first line is new already.")
    ] = False,
) -> None:
    """Make a new key in the key file, wrap all keys by it, and seal new files under new keys.

    Example: palermo keys rotate --by officer
    """
    from pipeline.keys import rotate_keys
    from pipeline.workspace import open_workspace

    done = rotate_keys(open_workspace(), by, keep_file=keep_file, reseal_files=reseal)
    typer.echo(
        f"{done.wrapped} keys wrapped anew, {done.sealed:,} files sealed anew, "
        f"{done.removed} keys of before removed"
    )
    typer.echo("copy the key file to where you keep it apart, and make a backup of the keys")


@keys.command()
@exit_on_refusal
def seal(by: By) -> None:
    """Seal what lies open from before files were sealed; needed once after an upgrade.

    Example: palermo keys seal --by officer
    """
    from pipeline.keys import seal_open_files
    from pipeline.workspace import open_workspace

    typer.echo(f"{seal_open_files(open_workspace(), by):,} files sealed")


@keys.command()
@exit_on_refusal
def shred(
    source: SourceId,
    by: By,
    confirm: Annotated[
        str | None, typer.Option(help="The id of the source once more; asked for where it is not given.")
    ] = None,
) -> None:
    """Destroy the keys of a source: nothing it ever handed in can be read again. Lists first what that is.

    Example: palermo keys shred --source srb_czztlj_identified_victims --by officer
    """
    from pipeline.keys import preview_shredding, shred_source
    from pipeline.workspace import open_workspace

    workspace = open_workspace()
    _show_shredding(preview_shredding(workspace, source))
    if (confirm or typer.prompt("Type the id of the source to destroy its keys")) != source:
        typer.echo("nothing was changed: what was typed is not the id of the source")
        raise Ended(REFUSED)
    try:
        done = shred_source(workspace, source, by)
    finally:
        refresh_pages(workspace)
    typer.echo(f"{len(done.keys)} keys destroyed, {done.files:,} files erased; it is on the audit trail")
    typer.echo("a copy of the keys from before opens them still: destroy it, then palermo keys rotate")


def _show_shredding(shredding: "Shredding") -> None:
    typer.echo(f"Destroying the keys of {shredding.source_id} makes unreadable, for ever:")
    made = shredding.files - len(shredding.raw)
    typer.echo(f"  {len(shredding.raw):,} files as handed in, {made:,} made from them")
    counted = ", ".join(shredding.periods) or "none"
    typer.echo(f"  its cases in the pool: {shredding.rows:,}, of the periods {counted}")
    typer.echo("It does not reach:")
    typer.echo(f"  releases that are public: {', '.join(shredding.releases) or 'none'}")
    typer.echo(f"  {shredding.shared:,} files that another source handed in too, or of no rows")
    typer.echo("  candidates and what tells which case a published row is, which are of several sources")
