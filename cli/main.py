"""The command `palermo`. Every command calls steps of `pipeline`; none of them decides anything itself."""

from pathlib import Path
from typing import Annotated

import typer

from cli.audit import audit
from cli.backup import backup, erasures, recover
from cli.erasure import expire, withdraw
from cli.keys import keys
from cli.option import By, Period, ReportLanguage, SourceId
from cli.outcome import REFUSED, Ended, exit_on_refusal, refresh_pages
from cli.override import override
from cli.settings import settings
from cli.status import status
from cli.table import anonymize, risk
from cli.template import template
from cli.up import up
from cli.watch import watch
from schemas.text import Language

EXIT_CODES = """Exit codes: 0 done; 1 refused, the message says why and what to do; 2 the command was
written wrongly; 3 Palermo itself broke. PALERMO_HOME chooses the root (default ./var)."""

app = typer.Typer(
    help="Share human-trafficking data without betraying the people in it.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)

app.add_typer(audit, name="audit")
app.add_typer(keys, name="keys")
app.add_typer(override, name="override")
app.command()(backup)
app.command()(erasures)
app.command()(expire)
app.command()(recover)
app.command()(settings)
app.command()(status)
app.command()(template)
app.command()(up)
app.command()(anonymize)
app.command()(risk)
app.command()(withdraw)
app.command()(watch)


@app.command()
@exit_on_refusal
def ingest(
    files: Annotated[list[Path], typer.Argument(help="The files of one period.")],
    source: SourceId,
    period: Period,
    by: By,
    language: ReportLanguage = Language.ENGLISH,
    join: Annotated[
        bool | None,
        typer.Option("--join/--whole", help="Repaired rows alone, or all rows; otherwise the keys tell."),
    ] = None,
) -> None:
    """Take files in: map, validate, check, and pool the accepted cases.

    Rows that waited, repaired and sent alone, join the delivery of their period instead of replacing it.

    Example: palermo ingest zrtve_2019.csv --source srb_czztlj_identified_victims --period 2019
    """
    from cli.delivery_view import show_submission
    from cli.progress import show_progress
    from pipeline.ingest import ingest_files
    from pipeline.workspace import open_workspace

    workspace = open_workspace()
    try:
        with show_progress():
            receipt = ingest_files(workspace, source, period, files, by, join)
    finally:
        refresh_pages(workspace)
    show_submission(workspace, receipt, language)


@app.command()
@exit_on_refusal
def check(
    files: Annotated[list[Path], typer.Argument(help="The files of one period.")],
    source: Annotated[
        str, typer.Option("--source", help="Id of the source, or the path of its folder or source.yml.")
    ],
    period: Annotated[str | None, typer.Option(help="2019, 2019-06, 2019-Q2 or 2017-2019.")] = None,
    language: ReportLanguage = Language.ENGLISH,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the report as one page here.")] = None,
    workbook: Annotated[
        Path | None, typer.Option(help="Write a workbook here: what to do, and the rows with marked cells.")
    ] = None,
) -> None:
    """Say before anything is sent what would be found in a file; sends nothing, stores nothing.

    Ends with 0 if every row would be used, with 1 if not, with 3 if Palermo itself broke.

    Example: palermo check zrtve_2019.csv --source srb_czztlj_identified_victims --language sr-Latn
    """
    from cli.check import write_reports
    from cli.progress import show_progress
    from pipeline.check import check_files
    from pipeline.workspace import open_workspace

    with show_progress():
        checked = check_files(open_workspace(), source, files, period)
    write_reports(checked, language, as_json=as_json, html=html, workbook=workbook)
    if not checked.is_sound:
        raise Ended(REFUSED)


@app.command()
@exit_on_refusal
def restore(
    submission: Annotated[str, typer.Argument(help="Id of the submission, or its first letters.")],
    reason: Annotated[str, typer.Option(help="Why. Kept in the ledger; name no case.")],
    by: By,
    language: ReportLanguage = Language.ENGLISH,
) -> None:
    """Put an older delivery back in the place of the one that counts for its period.

    Example: palermo restore 3fa9c1 --by officer --reason "the later file was cut off"
    """
    from cli.delivery_view import show_submission
    from pipeline.ingest import Receipt
    from pipeline.restoration import find_submission, restore_submission
    from pipeline.workspace import open_workspace

    workspace = open_workspace()
    found = find_submission(workspace, submission)
    try:
        restore_submission(workspace, found, reason, by)
    finally:
        refresh_pages(workspace)
    show_submission(workspace, Receipt(found, settled=False), language)


@app.command()
@exit_on_refusal
def correct(
    row: Annotated[int, typer.Argument(help="Row of the file, as a spreadsheet numbers it.")],
    column: Annotated[str, typer.Argument(help="Column, as source.yml names it.")],
    source: SourceId,
    period: Period,
    reason: Annotated[str, typer.Option(help="Why the file is wrong there; name no case.")],
    by: By,
    becomes: Annotated[
        str, typer.Option(prompt="The cell becomes", help="Asked for, so that no shell history keeps it.")
    ],
) -> None:
    """Print the sealed correction of one cell, to be added to corrections.yml of the source.

    Example: palermo correct 17 pol --source srb_czztlj_identified_victims --period 2019
    --reason "confirmed by telephone" --by officer
    """
    from pipeline.correction import draft_correction
    from pipeline.workspace import open_workspace

    typer.echo(draft_correction(open_workspace(), (source, period), row, column, becomes, reason, by))


@app.command()
@exit_on_refusal
def suggest(
    files: Annotated[list[Path], typer.Argument(help="The file, or one of each table of the source.")],
    language: Annotated[
        list[str] | None,
        typer.Option(help="Language of the source, such as sr-Latn; the headers tell where it is not given."),
    ] = None,
    country: Annotated[
        str | None, typer.Option(help="Country of the publisher, ISO 3166-1 alpha-3, such as SRB.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of a text file, where several fit alike.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where to write the draft: sources/<id>/source.yml, not there yet.")
    ] = None,
) -> None:
    """Draft the description of a source from a file: layout, columns, lookups, identifiers to refuse.

    Reads every format that can be handed in, and stores nothing. Words that few rows have are never shown.

    Example: palermo suggest zrtve_2019.csv --country SRB --out sources/srb_office_victims/source.yml
    """
    from cli.suggestion_view import show_previews, show_suggestion
    from pipeline.suggest import suggest_description, write_description
    from pipeline.workspace import open_workspace
    from transforms.suggestion.survey import EncodingUndecided

    try:
        suggestion = suggest_description(
            open_workspace(), files, languages=language or (), country=country, encoding=encoding
        )
    except EncodingUndecided as undecided:
        show_previews(undecided.previews)
        raise
    if out is None:
        typer.echo(suggestion.draft.text)
    else:
        write_description(suggestion, out)
    show_suggestion(suggestion)


@app.command()
@exit_on_refusal
def release(by: By) -> None:
    """Anonymize the pool, judge the result, and freeze it as a candidate for two people to approve.

    Example: palermo release --by officer
    """
    from cli.view import show_candidate
    from pipeline.candidate import prepare_candidate
    from pipeline.draft import anonymize_pool, assess_draft
    from pipeline.workspace import open_workspace

    workspace = open_workspace()
    assessed = assess_draft(workspace, anonymize_pool(workspace, by), by)
    try:
        candidate = prepare_candidate(workspace, assessed, by)
    finally:
        refresh_pages(workspace)
    show_candidate(workspace, candidate)


@app.command()
@exit_on_refusal
def approve(
    candidate: Annotated[str, typer.Argument(help="Id of the candidate, or its first letters.")],
    reason: Annotated[str, typer.Option(help="Why. Kept in the ledger; name no case.")],
    by: By,
    reject: Annotated[bool, typer.Option("--reject", help="Decide against it.")] = False,
) -> None:
    """Decide on a candidate. Two people, neither of whom prepared it; the last approval publishes it.

    Example: palermo approve 3fa9c1 --by first.approver --reason "evidence read, all checks pass"
    """
    from cli.view import show_decision
    from pipeline.decision import approve_candidate, find_candidate, publish_candidate
    from pipeline.workspace import open_workspace
    from schemas.release import CandidateState, Decision

    workspace = open_workspace()
    found = find_candidate(workspace, candidate)
    decision = Decision.REJECT if reject else Decision.APPROVE
    state = approve_candidate(workspace, found, person=by, decision=decision, reason=reason)
    try:
        if state is CandidateState.APPROVED:
            publish_candidate(workspace, found, by)
    finally:
        refresh_pages(workspace, published=state is CandidateState.APPROVED)
    show_decision(workspace, found)


@app.command()
@exit_on_refusal
def publish(
    candidate: Annotated[str, typer.Argument(help="Id of the candidate, or its first letters.")], by: By
) -> None:
    """Publish an approved candidate, where the run of the last approval was cut off before it did.

    Example: palermo publish 3fa9c1 --by officer
    """
    from cli.view import show_decision
    from pipeline.decision import find_candidate, publish_candidate
    from pipeline.workspace import open_workspace

    workspace = open_workspace()
    found = find_candidate(workspace, candidate)
    publish_candidate(workspace, found, by)
    refresh_pages(workspace, published=True)
    show_decision(workspace, found)


@app.command()
@exit_on_refusal
def query(
    sql: Annotated[str, typer.Argument(help="SQL on the table `cases`; it can read nothing else.")],
    by: By,
) -> None:
    """Query the pooled cases, in the restricted zone; on the audit trail.

    Example: palermo query "SELECT gender, count(*) FROM cases GROUP BY gender"
    """
    from cli.view import show_frame
    from pipeline.query import query_pool
    from pipeline.workspace import open_workspace

    show_frame(query_pool(open_workspace(), sql, by))


@app.command()
@exit_on_refusal
def verify(version: Annotated[str, typer.Argument(help="Version of a release, such as 2026.11.1.")]) -> None:
    """Hash every file of a release again, count its classes again, and check the audit trail.

    Example: palermo verify 2026.11.1
    """
    from cli.view import show_verification
    from pipeline.verify import verify_release
    from pipeline.workspace import open_workspace

    show_verification(verify_release(open_workspace(), version))


@app.command()
@exit_on_refusal
def demo() -> None:
    """Run the whole way on invented files, through the real DAGs, and say where everything is.

    Example: PALERMO_HOME=/tmp/palermo palermo demo
    """
    from cli.demo import run_demo

    run_demo()


@app.command()
@exit_on_refusal
def samples(
    folder: Annotated[Path, typer.Argument(help="Where to write them; sources/ with --examples.")],
    examples: Annotated[
        bool, typer.Option("--examples", help="Write the tiny examples of the source folders anew.")
    ] = False,
) -> None:
    """Write the invented sample files of every source.

    Example: palermo samples /tmp/samples
    """
    from samples.submission import write_examples, write_samples

    if examples:
        paths = write_examples(folder)
    else:
        groups = write_samples(folder).values()
        paths = [path for group in groups for sample in group for path in sample.paths]
    for path in paths:
        typer.echo(path)


@app.command()
@exit_on_refusal
def docs(
    folder: Annotated[Path, typer.Option(help="The folder of reference pages.")] = Path("docs/reference"),
) -> None:
    """Write the reference pages that are generated from the schema.

    Example: palermo docs
    """
    from cli.reference import write_reference

    for path in write_reference(folder, app):
        typer.echo(path)
