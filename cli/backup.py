"""The commands of backup: make one, put one back, and export what must not come back with it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.option import By
from cli.outcome import exit_on_refusal, refresh_pages

if TYPE_CHECKING:
    from collections.abc import Mapping


@exit_on_refusal
def backup(
    to: Annotated[Path, typer.Option("--to", help="Folder of backups; each becomes a folder in it.")],
    keys_to: Annotated[Path, typer.Option("--keys-to", help="Folder of the keys' backups, kept apart.")],
    by: By,
) -> None:
    """Copy the ledger and the zones, sealed as they are, and the keys apart; only new files take room.

    Example: palermo backup --to /media/backup --keys-to /media/safe/palermo-keys --by officer
    """
    from pipeline.backup import make_backup
    from pipeline.workspace import open_workspace

    made = make_backup(open_workspace(), to, keys_to, by)
    typer.echo(f"{to / made.name}: {made.files:,} files, {made.copied:,} of them new")
    typer.echo(f"{keys_to / made.name}: keys; whoever has both has the cases")


@exit_on_refusal
def erasures(file: Annotated[Path, typer.Argument(help="The file to write; not there yet.")], by: By) -> None:
    """Write what was withdrawn, expired and shredded to a file to be kept apart, for `palermo recover`.

    Example: palermo erasures /media/safe/erasures-2026-11-24.json --by officer
    """
    from pipeline.backup import export_erasures
    from pipeline.workspace import open_workspace

    typer.echo(f"{export_erasures(open_workspace(), file, by):,} rows; no key of a case is among them")


@exit_on_refusal
def recover(
    source: Annotated[Path, typer.Option("--from", help="The folder of one backup.")],
    keys_from: Annotated[Path, typer.Option("--keys-from", help="The folder of the keys of that backup.")],
    by: By,
    erasures: Annotated[
        Path | None, typer.Option(help="The last file that `palermo erasures` wrote.")
    ] = None,
    no_erasures: Annotated[
        bool, typer.Option("--no-erasures", help="Nothing was withdrawn or shredded after the backup.")
    ] = False,
) -> None:
    """Put a backup back into an empty root and ledger, repeat later erasures, and verify everything.

    Example: palermo recover --from /media/backup/TIME --keys-from /media/safe/palermo-keys/TIME
    --erasures /media/safe/erasures.json --by officer
    """
    from pipeline.backup import BackupRefused, restore_backup
    from pipeline.settings import load_settings
    from pipeline.workspace import Workspace

    if (erasures is None) != no_erasures:
        raise BackupRefused("give the last --erasures, or say --no-erasures: else withdrawn cases come back")
    settings = load_settings()
    sound = restore_backup(settings, source, keys_from, _read_erasures(erasures), by)
    refresh_pages(Workspace(settings), published=True)
    typer.echo(f"restored and verified: {sound:,} artefacts and the audit trail are whole")


def _read_erasures(path: Path | None) -> "Mapping[str, Any] | None":
    import json

    from pipeline.backup import BackupRefused

    if path is None:
        return None
    try:
        read: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        raise BackupRefused("the file of erasures cannot be read: give one of palermo erasures") from None
    return read
