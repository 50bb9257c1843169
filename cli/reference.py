"""The reference pages of `docs/reference`, each rendered from the one place where its facts are."""

from pathlib import Path

import click
import typer

from publish.transition import render_candidate_states
from schemas.reference import render_field_reference, render_finding_catalogue
from schemas.reference_source import render_source_reference

WIDTH = {"terminal_width": 100, "max_content_width": 100}


def render_pages(app: typer.Typer) -> dict[str, str]:
    """Every generated page by file name; `app` is the command line."""
    return {
        "fields.md": render_field_reference(),
        "findings.md": render_finding_catalogue(),
        "source.md": render_source_reference(),
        "candidate_states.md": render_candidate_states(),
        "commands.md": render_commands(app),
    }


def write_reference(folder: Path, app: typer.Typer) -> list[Path]:
    """Write every generated page into a folder; where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {folder / name: page for name, page in render_pages(app).items()}
    for path, page in pages.items():
        path.write_text(page, encoding="utf-8")
    return list(pages)


def render_commands(app: typer.Typer) -> str:
    """The help of every command, as the terminal shows it."""
    palermo = typer.main.get_command(app)
    root = click.Context(palermo, info_name="palermo", **WIDTH)
    parts = ["# Commands", "", "Generated from the command line itself: `make docs`.", "", *_help(root)]
    return "\n".join([*parts, *_help_of_members(root)]) + "\n"


def _help_of_members(parent: click.Context) -> list[str]:
    """The commands of a group, and of the groups in it."""
    parts, group = [], parent.command
    for name in group.list_commands(parent) if isinstance(group, typer.core.TyperGroup) else ():
        context = click.Context(group.get_command(parent, name), info_name=name, parent=parent, **WIDTH)
        parts += ["", f"## {context.command_path}", "", *_help(context), *_help_of_members(context)]
    return parts


def _help(context: click.Context) -> list[str]:
    return ["```text", *(line.rstrip() for line in context.command.get_help(context).splitlines()), "```"]
