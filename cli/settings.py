"""The command `palermo settings`: what is in force, where it comes from, and whether it works."""

import os
from typing import TYPE_CHECKING

import typer

from cli.outcome import exit_on_refusal, refresh_pages

if TYPE_CHECKING:
    from pipeline.settings import Settings


@exit_on_refusal
def settings() -> None:
    """Show the settings in force and where each comes from; open the zones and the ledger to try them.

    Desk and catalogue get their first pages, so that neither is empty before the first delivery.

    Example: palermo settings
    """
    from pipeline.settings import load_settings
    from pipeline.workspace import Workspace

    in_force = load_settings()
    _show_values(in_force)
    workspace = Workspace(in_force)
    _ = workspace.store, workspace.policy
    typer.echo("zones and policy: can be used")
    typer.echo(f"ledger: answers, revision {workspace.ledger.revision()}")
    pages = (workspace.store.zones.desk / "index.html", workspace.store.zones.public / "index.html")
    if not all(page.exists() for page in pages):
        refresh_pages(workspace, published=True)


def _show_values(in_force: "Settings") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("setting", "value", "from", box=None)
    for name, field in type(in_force).model_fields.items():
        value = getattr(in_force, name)
        is_secret = isinstance(field.json_schema_extra, dict) and bool(field.json_schema_extra.get("secret"))
        shown = "" if value is None else "(hidden)" if is_secret else str(value)
        table.add_row(name, shown, _find_origin(name, in_force))
    Console(soft_wrap=True).print(table)


def _find_origin(name: str, in_force: "Settings") -> str:
    from pipeline.settings import name_variable

    if name_variable(name) in os.environ:
        return name_variable(name)
    return "file" if name in in_force.model_fields_set else ""
