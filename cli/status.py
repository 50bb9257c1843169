"""The command `palermo status`: ten lines on a terminal, and an exit code for a program."""

from typing import Annotated

import typer

from cli.outcome import REFUSED, Ended, exit_on_refusal


@exit_on_refusal
def status(
    everything: Annotated[
        bool, typer.Option("--all", help="List every submission, source, candidate and release after it.")
    ] = False,
) -> None:
    """Say in ten lines what is well (ok), what waits for whom (wait), and what needs a hand (LOOK).

    Ends with 0 if nothing needs a hand, else with 1; what waits for a decision needs none.

    Example: palermo status
    """
    from pipeline.status import describe_status, needs_a_hand
    from pipeline.survey import survey
    from pipeline.workspace import open_workspace

    workspace = open_workspace()
    lines = describe_status(survey(workspace), workspace.ledger.open_alerts(), workspace.settings)
    for line in lines:
        typer.echo(line)
    if everything:
        from cli.view import show_everything

        show_everything(workspace)
    if needs_a_hand(lines):
        raise Ended(REFUSED)
