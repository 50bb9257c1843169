"""The commands that erase: a case that is withdrawn, and files whose time is over."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.option import By, SourceId
from cli.outcome import exit_on_refusal, refresh_pages


@exit_on_refusal
def withdraw(
    source: SourceId,
    key: Annotated[
        Path,
        typer.Option(
            help="File with the key of each case to withdraw, one a line; - for standard input. "
            "A key is never written on the command line, which the system and its history show."
        ),
    ],
    by: By,
) -> None:
    """Withdraw cases by the key their source knows them by: no reason is asked, and they stay away.

    Example: palermo withdraw --source srb_czztlj_identified_victims --key /run/user/1000/key --by officer
    """
    from pipeline.withdrawal import KeyMissing, withdraw_case
    from pipeline.workspace import open_workspace

    workspace = open_workspace()
    keys = [line.strip() for line in _read_keys(key).splitlines() if line.strip()]
    if not keys:
        raise KeyMissing("the file holds no key: write one a line")
    try:
        for number, each in enumerate(keys, 1):
            done = withdraw_case(workspace, source, each, by)
            what = "withdrawn" if done.is_new else "was withdrawn before"
            typer.echo(
                f"case {number} of {len(keys)}: {what}; {done.erased.rewritten} stored files of cases "
                f"written anew, {done.erased.raw} files as handed in erased"
            )
            typer.echo(f"  releases that held it: {', '.join(done.releases) or 'none that is known'}")
    finally:
        refresh_pages(workspace)


@exit_on_refusal
def expire(
    by: By,
    clock_is_right: Annotated[
        bool,
        typer.Option(
            "--clock-is-right",
            help="The clock of the machine was looked at: go on though it went back, or far ahead.",
        ),
    ] = False,
) -> None:
    """Erase files as handed in whose time is over by the retention policy, and what is left of withdrawals.

    Example: palermo expire --by officer
    """
    from pipeline.retention import expire_raw
    from pipeline.withdrawal import apply_withdrawals
    from pipeline.workspace import open_workspace

    workspace = open_workspace()
    erased = apply_withdrawals(workspace, by)
    typer.echo(f"withdrawals: {erased.rewritten} files of cases written anew, {erased.raw} files erased")
    expired = expire_raw(workspace, by, clock_is_right=clock_is_right)
    typer.echo(f"retention: {expired} files erased")


def _read_keys(path: Path) -> str:
    from pipeline.withdrawal import KeyMissing

    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyMissing(f"the file of keys cannot be read ({type(error).__name__}): it is UTF-8") from None
