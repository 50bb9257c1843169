"""The reference pages of `docs/reference`, each rendered from the one place where its facts are."""

from enum import EnumType
from pathlib import Path

import click
import typer
from pydantic.fields import FieldInfo

from pipeline.settings import CHECKOUT, SETTINGS_FILE, Settings, name_variable
from publish.transition import render_candidate_states
from schemas.reference import (
    render_field_reference,
    render_finding_catalogue,
    render_page,
    render_table,
)
from schemas.reference_source import render_source_reference

KINDS = {"int": "number", "float": "number", "str": "text", "Path": "path", "bool": "true or false"}
WIDTH = {"terminal_width": 100, "max_content_width": 100}


def render_pages(app: typer.Typer) -> dict[str, str]:
    """Every generated page by file name; `app` is the command line."""
    return {
        "fields.md": render_field_reference(),
        "findings.md": render_finding_catalogue(),
        "source.md": render_source_reference(),
        "candidate_states.md": render_candidate_states(),
        "settings.md": render_settings(),
        "commands.md": render_commands(app),
    }


def write_reference(folder: Path, app: typer.Typer) -> list[Path]:
    """Write every generated page into a folder; where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {folder / name: page for name, page in render_pages(app).items()}
    for path, page in pages.items():
        path.write_text(page, encoding="utf-8")
    return list(pages)


def render_settings() -> str:
    """Markdown of every setting, from the model that reads them."""
    rows = (
        (f"`{name_variable(name)}`", f"`{name}`", _name_kind(field), _show_default(field), field.description)
        for name, field in Settings.model_fields.items()
    )
    return render_page(
        "# Settings",
        "Each is an environment variable, or a line `name: value` of the YAML file that the variable "
        f"`{SETTINGS_FILE}` names; the variable wins. `palermo settings` shows and tries them. "
        "An unknown name, a value of another kind, or a file or database that cannot be used ends every "
        "command with code 1, the name and what to do.",
        render_table(("variable", "line of the file", "kind", "default", "meaning"), rows),
    )


def _name_kind(field: FieldInfo) -> str:
    """The type, and the limits of a number."""
    name = str(field.annotation).replace("pathlib.", "").replace(" | None", "").removeprefix("<class '")
    choices = field.annotation
    if isinstance(choices, EnumType):
        return ", ".join(f"`{choice.value}`" for choice in choices)
    kind = KINDS[name.removesuffix("'>")]
    limits = [f" of at least {limit.ge}" for limit in field.metadata if hasattr(limit, "ge")]
    return kind + "".join(limits)


def _show_default(field: FieldInfo) -> str:
    """The default; a path of the checkout without the checkout."""
    if field.default is None:
        return ""
    return f"`{str(field.default).removeprefix(f'{CHECKOUT}/')}`"


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
