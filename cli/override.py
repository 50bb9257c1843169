"""The command `palermo override`: a warning is explained by one person and agreed to by another."""

from typing import Annotated

import typer

from cli.option import By, Period, SourceId
from cli.outcome import exit_on_refusal, refresh_pages

override = typer.Typer(
    help="Explain a warning that is right as it is. What fails a file or holds a row is never overridden.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@override.command("list")
@exit_on_refusal
def list_(source: SourceId, period: Period) -> None:
    """Number the warnings of a delivery, each with what was said to it.

    Example: palermo override list --source srb_czztlj_identified_victims --period 2019
    """
    from cli.view import show_warnings
    from pipeline.override import list_warnings
    from pipeline.workspace import open_workspace

    workspace = open_workspace()
    show_warnings(list_warnings(workspace, source, period), workspace.ledger.overrides(source, period))


@override.command()
@exit_on_refusal
def request(
    number: Annotated[int, typer.Argument(help="Number of the warning in palermo override list.")],
    source: SourceId,
    period: Period,
    count: Annotated[float, typer.Option(help="The figure that the list shows; more is not explained.")],
    reason: Annotated[str, typer.Option(help="Why it is right. Kept in the ledger; name no case.")],
    by: By,
) -> None:
    """Explain one warning. It counts once another person agrees, and fires again when its figure grows.

    Example: palermo override request 2 --source srb_czztlj_identified_victims --period 2019 --count 3
    --reason "the court counts marriages of minors separately" --by officer
    """
    from pipeline.override import request_override
    from pipeline.workspace import open_workspace

    asked = request_override(open_workspace(), (source, period), number, count, reason, by)
    typer.echo(f"Request {asked[:12]} waits for another person: palermo override approve {asked[:12]}")


@override.command()
@exit_on_refusal
def approve(
    request_id: Annotated[str, typer.Argument(metavar="REQUEST", help="Its id, or its first letters.")],
    by: By,
    reject: Annotated[bool, typer.Option("--reject", help="Decide against it.")] = False,
) -> None:
    """Agree to another person's explanation.

    Example: palermo override approve 3fa9c1 --by second.officer
    """
    from pipeline.override import decide_override
    from pipeline.workspace import open_workspace
    from schemas.release import Decision

    workspace = open_workspace()
    decision = Decision.REJECT if reject else Decision.APPROVE
    decided = decide_override(workspace, request_id, by, decision)
    refresh_pages(workspace)
    typer.echo(f"Request {decided[:12]}: {decision.value}.")
