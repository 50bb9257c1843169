"""What a command shows on the terminal: tables a data officer reads, with counts and no case value."""

from collections.abc import Iterable
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from pipeline.ingest import Receipt
from pipeline.verify import Verification
from pipeline.workspace import Workspace
from schemas.extract import Account
from schemas.release import CandidateState
from storage.record import Candidate, SubmissionRecord

SHORT = 12


def show_submission(workspace: Workspace, receipt: Receipt, console: Console | None = None) -> None:
    """Where the rows of one submission went, and what was found."""
    console = console or Console()
    record = workspace.ledger.submission(receipt.submission)
    if receipt.settled:
        console.print("The same files were received before; nothing has changed.")
    console.print(_submission_table([record]))
    for finding in workspace.ledger.findings(receipt.submission):
        place = " ".join(
            part for part in (finding.table, finding.column, finding.field, finding.rule) if part
        )
        console.print(
            f"{finding.code.level.value:7}{finding.count:>7}  {finding.code.title}: {place}", highlight=False
        )
    console.print(
        f"Page: {workspace.store.zones.desk / f'{receipt.submission[:SHORT]}.html'}", soft_wrap=True
    )


def show_candidate(workspace: Workspace, candidate_id: str, console: Console | None = None) -> None:
    """A candidate, what it would cost, and what happens next."""
    console = console or Console()
    candidate = workspace.ledger.candidate(candidate_id)
    console.print(_account_table([candidate]))
    console.print(f"Candidate {candidate_id[:SHORT]} waits for {workspace.policy.approvals} people.")
    console.print(f'Next: palermo approve {candidate_id[:SHORT]} --by NAME --reason "…"', highlight=False)


def show_decision(workspace: Workspace, candidate_id: str) -> None:
    """Where a candidate stands after a decision."""
    candidate = workspace.ledger.candidate(candidate_id)
    decided = workspace.ledger.approvals(candidate_id)
    console = Console()
    console.print(f"Candidate {candidate_id[:SHORT]}: {candidate.state.value}, {len(decided)} decided.")
    if candidate.state is CandidateState.RELEASED:
        show_release(workspace, candidate, console)


def show_status(workspace: Workspace) -> None:
    """The whole of this Palermo on one screen."""
    console = Console()
    console.print(_submission_table(workspace.ledger.submissions()))
    pool = workspace.ledger.pool_entries()
    console.print(f"Pool: {sum(entry.rows for entry in pool)} cases of {len(pool)} source-periods.")
    console.print(_account_table(workspace.ledger.candidates()))
    waiting = workspace.ledger.candidates(CandidateState.AWAITING_APPROVAL)
    for candidate in waiting:
        decided = len(workspace.ledger.approvals(candidate.id))
        console.print(
            f"Waiting: {candidate.id[:SHORT]}, {decided} of {workspace.policy.approvals} approvals."
        )
    broken = workspace.ledger.verify_audit()
    console.print("Audit trail: whole." if broken is None else f"Audit trail: broken at entry {broken}.")


def show_release(workspace: Workspace, candidate: Candidate, console: Console) -> None:
    """Where a release lies, and how to open it."""
    folder = workspace.store.zones.release_folder(candidate.version)
    parquet = next(folder.glob("*.parquet"))
    console.print(f"Release {candidate.version}: {folder}", soft_wrap=True, highlight=False)
    console.print("Open it, one line each:", highlight=False)
    console.print(
        f"""  python -c "import pandas; print(pandas.read_parquet('{parquet}'))\"""",
        soft_wrap=True,
        highlight=False,
    )
    console.print(
        f"""  python -c "import duckdb; print(duckdb.sql(\\"FROM '{parquet}'\\"))\"""",
        soft_wrap=True,
        highlight=False,
    )


def show_verification(verification: Verification) -> None:
    """What verifying a release found."""
    console = Console()
    for line in verification.lines:
        console.print(line, highlight=False)


def show_frame(frame: pd.DataFrame) -> None:
    """The answer to an officer's query."""
    table = Table(*map(str, frame.columns))
    for row in frame.astype(object).where(frame.notna(), "").itertuples(index=False):
        table.add_row(*map(str, row))
    Console().print(table)


def show_overview(workspace: Workspace, console: Console) -> None:
    """The table with which a run ends: per source and period the rows, per release the account."""
    console.print(_submission_table(workspace.ledger.submissions()))
    console.print(_account_table(workspace.ledger.candidates(CandidateState.RELEASED)))


def _submission_table(records: Iterable[SubmissionRecord]) -> Table:
    table = Table("source", "period", "state", title="Submissions")
    for column in ("read", "accepted", "held", "ignored"):
        table.add_column(column, justify="right")
    for record in records:
        received, account = record.submission, record.account
        counts = (
            (account.read, account.accepted, account.held, sum(account.ignored.values())) if account else ()
        )
        table.add_row(received.source_id, received.period, record.state.value, *(f"{n:,}" for n in counts))
    return table


def _account_table(candidates: Iterable[Candidate]) -> Table:
    table = Table("version", "state", title="Releases and candidates")
    columns = (
        "rows in",
        "published",
        "generalized",
        "suppressed",
        "classes",
        "smallest class",
        "information kept",
    )
    for column in columns:
        table.add_column(column, justify="right")
    for candidate in candidates:
        table.add_row(candidate.version, candidate.state.value, *_account_cells(candidate.account))
    return table


def _account_cells(account: Account) -> list[str]:
    counts: list[Any] = [account.cases, account.published, account.generalized, account.suppressed]
    counts += [account.classes, account.smallest_class]
    kept = sum(account.information_kept.values()) / len(account.information_kept)
    return [*(f"{count:,}" for count in counts), f"{kept:.0%}"]
