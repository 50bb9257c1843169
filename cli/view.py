"""What a command shows on the terminal: tables a data officer reads, with counts and no case value."""

import sys
from collections.abc import Iterable, Sequence

import pandas as pd
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.verify import Verification
from pipeline.workspace import Workspace
from schemas.extract import Account
from schemas.finding import Finding
from schemas.override import Override, figure_of, place_of
from schemas.release import CandidateState, Decision
from storage.record import Candidate, SubmissionRecord
from storage.relation import count_known_persons

SHORT = 12
MOST_COLUMNS = 8
"""Columns of an answer that stand beside each other; more would be cut into single letters."""

SHOWN = 4
FACTS = (
    "rows in",
    "published",
    "generalized",
    "suppressed",
    "classes",
    "smallest class",
    "information kept",
    "answers blanked",
)


def _describe_finding(finding: Finding) -> str:
    parts = (finding.table, finding.column, finding.field, finding.named_rule)
    place = ", ".join(part for part in parts if part)
    return f"{finding.code.level.value:5}{finding.count:>8,}  {finding.code.title}: {place}"


def show_warnings(findings: Sequence[Finding], overrides: Sequence[Override]) -> None:
    """The warnings of a delivery by number, each with its figure and what was said to it."""
    console = Console()
    if not findings:
        console.print("There is no warning to explain.")
    for number, finding in enumerate(findings, 1):
        console.print(f"{number:>3}  {_describe_finding(finding)}", soft_wrap=True, highlight=False)
        console.print(f"     figure {figure_of(finding):g}", highlight=False)
        for asked in overrides:
            if place_of(asked.finding) == place_of(finding):
                console.print(f"     {_describe_override(asked, finding)}", soft_wrap=True, highlight=False)


def _describe_override(asked: Override, finding: Finding) -> str:
    said = f"{asked.id[:SHORT]} up to {asked.figure:g}, {asked.requester}: {escape(asked.reason)}"
    if asked.decision is None:
        return f"{said} (waits for another person)"
    grown = "" if asked.explains(finding) or asked.decision is Decision.REJECT else ", outgrown"
    return f"{said} ({asked.decision.value} by {asked.approver}{grown})"


def show_candidate(workspace: Workspace, candidate_id: str, console: Console | None = None) -> None:
    """A candidate, what it would cost, and what happens next."""
    console = console or Console()
    candidate = workspace.ledger.candidate(candidate_id)
    console.print(_account_table([candidate]))
    console.print(f"Candidate {candidate_id[:SHORT]} waits for {workspace.policy.approvals} people.")
    page = workspace.store.zones.desk / f"candidate-{candidate_id[:SHORT]}.html"
    console.print(f"Read first: {page}", soft_wrap=True, highlight=False)
    console.print(f'Next: palermo approve {candidate_id[:SHORT]} --by NAME --reason "…"', highlight=False)


def show_decision(workspace: Workspace, candidate_id: str) -> None:
    """Where a candidate stands after a decision."""
    candidate = workspace.ledger.candidate(candidate_id)
    decided = workspace.ledger.approvals(candidate_id)
    console = Console()
    console.print(f"Candidate {candidate_id[:SHORT]}: {candidate.state.value}, {len(decided)} decided.")
    if candidate.state is CandidateState.RELEASED:
        show_release(workspace, candidate, console)


def show_everything(workspace: Workspace) -> None:
    """Every submission, source, candidate and release."""
    console = Console()
    console.print(_submission_table(workspace.ledger.submissions()))
    pool = workspace.ledger.pool_entries()
    console.print(f"Pool: {sum(entry.rows for entry in pool):,} cases of {len(pool)} source-periods.")
    known = count_known_persons([workspace.store.cases_file(entry.cases) for entry in pool])
    console.print(
        f"{known:,} of them have a code that agencies share; among the others nobody sees who is two."
    )
    console.print(_account_table(workspace.ledger.candidates()))
    for candidate in workspace.ledger.candidates():
        console.print(f"Candidate {candidate.id[:SHORT]}: {candidate.version}, {candidate.state.value}.")
    console.print(f"Sources: {', '.join(workspace.source_ids())}.", highlight=False)
    broken = workspace.ledger.verify_audit()
    console.print("Audit trail: whole." if broken is None else f"Audit trail: broken at entry {broken}.")


def show_release(workspace: Workspace, candidate: Candidate, console: Console) -> None:
    """Where a release lies, and how to open it."""
    folder = workspace.store.zones.release_folder(candidate.version)
    parquet = next(folder.glob("*.parquet"))
    console.print(f"Release {candidate.version}: {folder}", soft_wrap=True, highlight=False)
    console.print("Open it, one line each:", highlight=False)
    for line in (
        f"import pandas; print(pandas.read_parquet('{parquet}', dtype_backend='numpy_nullable'))",
        f"import duckdb; duckdb.read_parquet('{parquet}').show()",
    ):
        console.print(f'  {sys.executable} -c "{line}"', soft_wrap=True, highlight=False)


def show_verification(verification: Verification) -> None:
    """What verifying a release found."""
    console = Console()
    for line in verification.lines:
        console.print(line, highlight=False)


def show_frame(frame: pd.DataFrame) -> None:
    """The answer to an officer's query, whole: many columns below each other, a block a row."""
    rows = frame.astype(object).where(frame.notna(), "").itertuples(index=False)
    names, console = [str(name) for name in frame.columns], Console()
    if len(names) > MOST_COLUMNS:
        for number, row in enumerate(rows, 1):
            console.print(f"Row {number}", highlight=False)
            for name, cell in zip(names, row, strict=True):
                console.print(f"  {name}: {cell}", highlight=False, markup=False, soft_wrap=True)
        return
    table = Table()
    for name in names:
        table.add_column(escape(name), overflow="fold")
    for row in rows:
        table.add_row(*(escape(str(cell)) for cell in row))
    console.print(table)


def show_overview(workspace: Workspace, console: Console) -> None:
    """The table with which a run ends: per source and period the rows, per release the account."""
    console.print(_submission_table(workspace.ledger.submissions()))
    console.print(_account_table(workspace.ledger.candidates(CandidateState.RELEASED)))


def _submission_table(records: Iterable[SubmissionRecord]) -> Table:
    table = _make_table("Submissions")
    table.add_column("source", overflow="fold")
    for column in ("period", "state"):
        table.add_column(column, no_wrap=True)
    for column in ("read", "accepted", "held", "ignored"):
        table.add_column(column, justify="right", no_wrap=True)
    for record in records:
        received, account = record.submission, record.account
        counts = (
            (account.read, account.accepted, account.held, sum(account.ignored.values())) if account else ()
        )
        table.add_row(received.source_id, received.period, record.state.value, *(f"{n:,}" for n in counts))
    return table


def _account_table(candidates: Sequence[Candidate]) -> Table:
    """A column a candidate, the newest last; only as many as fit on a screen."""
    table = _make_table("Releases and candidates")
    shown = candidates[-SHOWN:]
    table.add_column("version", no_wrap=True)
    for candidate in shown:
        table.add_column(candidate.version, justify="right")
    table.add_row("state", *(candidate.state.value for candidate in shown))
    accounts = [_account_cells(candidate.account) for candidate in shown]
    for fact in FACTS:
        table.add_row(fact, *(cells[fact] for cells in accounts))
    return table


def _account_cells(account: Account) -> dict[str, str]:
    kept = sum(account.information_kept.values()) / len(account.information_kept)
    counts = (
        account.cases,
        account.published,
        account.generalized,
        account.suppressed,
        account.classes,
        account.smallest_class,
    )
    blanked = sum(account.blanked.values()) / max(1, sum(account.known.values()))
    return dict(
        zip(FACTS, [*(f"{count:,}" for count in counts), f"{kept:.1%}", f"{blanked:.1%}"], strict=True)
    )


def _make_table(title: str) -> Table:
    return Table(title=title, title_justify="left", box=box.SIMPLE, padding=(0, 1, 0, 0))
