"""How a command ends: exit codes, and messages that say where, why and what to do."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

import typer

from schemas.problem import InvalidDescription

if TYPE_CHECKING:
    from pipeline.workspace import Workspace

P = ParamSpec("P")

REFUSED = 1
BROKEN = 3


class Ended(Exception):
    """A command has said all it has to say and ends with a code."""

    def __init__(self, code: int) -> None:
        """Keep the code."""
        self.code = code
        super().__init__(f"exit code {code}")


def exit_on_refusal(command: Callable[P, None]) -> Callable[P, None]:
    """Show what Palermo refuses, and its findings; let nothing that could quote a cell reach the terminal."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        from pipeline.step import StepFailed, safe_errors

        try:
            with safe_errors(command.__name__):
                command(*args, **kwargs)
        except typer.Exit:
            raise
        except Ended as ended:
            raise typer.Exit(ended.code) from None
        except StepFailed as error:
            typer.secho(f"palermo broke: {write_error(error)}", fg="red", err=True)
            raise typer.Exit(BROKEN) from None
        except Exception as error:
            _show_refusal(error, kwargs.get("language"))
            raise typer.Exit(REFUSED) from None

    return run


def refresh_pages(workspace: "Workspace", *, published: bool = False) -> None:
    """Write the desk anew, and the public site; what was done is done even where a page cannot be written."""
    from pipeline.step import safe_errors
    from portal.desk import refresh_desk
    from portal.site import refresh_site

    for refresh in (refresh_site, refresh_desk) if published else (refresh_desk,):
        try:
            with safe_errors("pages"):
                refresh(workspace)
        except Exception as error:
            why = f"{error.what} has mistakes" if isinstance(error, InvalidDescription) else error
            typer.secho(f"pages could not be written: {why}", fg="yellow", err=True)


def write_error(error: Exception) -> str:
    """Why something was refused, and what failed beside it; of several mistakes one line each."""
    if isinstance(error, InvalidDescription) and len(error.problems) > 1:
        return "\n  ".join((f"{error.what} has {len(error.problems)} mistakes", *error.problems))
    return "\n  ".join((str(error), *getattr(error, "__notes__", ())))


def _show_refusal(error: Exception, language: object) -> None:
    """Why; of a delivery and its files in the language that was asked for, as a check tells it."""
    from cli.delivery_view import show_refused
    from pipeline.room import SubmissionRefused
    from pipeline.trouble import Trouble, tell_trouble
    from schemas.text import Language, text

    language = language if isinstance(language, Language) else Language.ENGLISH
    if isinstance(error, SubmissionRefused):
        codes = ", ".join(sorted({finding.code.name for finding in error.stopping}))
        why = text("refused.delivery", language, codes=codes)
    else:
        why = tell_trouble(error, language) if isinstance(error, Trouble) else write_error(error)
    typer.secho(text("refused", language, why=why), fg="red", err=True)
    if isinstance(error, SubmissionRefused):
        show_refused(error, language)
