"""How a command ends: exit codes, and messages that say where, why and what to do."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import typer

P = ParamSpec("P")

REFUSED = 1
BROKEN = 3


def exit_on_refusal(command: Callable[P, None]) -> Callable[P, None]:
    """Show what Palermo refuses as one line; let nothing that could quote a cell reach the terminal."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        from pipeline.step import StepFailed, safe_errors

        try:
            with safe_errors(command.__name__):
                command(*args, **kwargs)
        except StepFailed as error:
            typer.secho(f"palermo broke: {error}", fg="red", err=True)
            raise typer.Exit(BROKEN) from None
        except Exception as error:
            typer.secho(f"refused: {error}", fg="red", err=True)
            _show_findings(error)
            raise typer.Exit(REFUSED) from None

    return run


def _show_findings(error: Exception) -> None:
    for finding in getattr(error, "findings", ()):
        place = ", ".join(str(part) for part in (finding.table, finding.column, finding.rule) if part)
        typer.echo(f"  {finding.code.name} ({finding.count}) {place}: {finding.code.title}.", err=True)
        typer.echo(f"    {finding.code.advice}", err=True)
