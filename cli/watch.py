"""The command `palermo watch`: look at everything once, and tell people what is new."""

import typer

from cli.option import By
from cli.outcome import exit_on_refusal


@exit_on_refusal
def watch(by: By) -> None:
    """Look at everything once: note what is the matter, and tell people by mail and webhook what is new.

    The DAG watch_state does it every ten minutes. A cause is told once; what cannot be told is on record,
    and tried again at the next look.

    Example: palermo watch
    """
    from cli.watch_view import describe_alert
    from pipeline.watch import watch as look
    from pipeline.workspace import open_workspace

    found = look(open_workspace(), by)
    for each in found.open:
        typer.echo(describe_alert(each))
    if not found.open:
        typer.echo("nothing is the matter")
    for channel in found.silent:
        typer.secho(f"{channel} did not take what was sent; it is tried again", fg="yellow", err=True)
