"""The commands on any table: `palermo anonymize` and `palermo risk`."""

from pathlib import Path
from typing import Annotated

import typer

from cli.outcome import exit_on_refusal


@exit_on_refusal
def anonymize(
    table: Annotated[Path, typer.Argument(help="Any table: CSV or Parquet.")],
    policy: Annotated[
        list[Path],
        typer.Option(
            help="YAML: k, quasi_identifiers, suppression_limit, and more. Several share one count."
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            help="The result, .parquet or .csv, its account beside it; of several policies one "
            "<name>.<policy>.parquet each."
        ),
    ],
    hierarchies: Annotated[
        Path | None, typer.Option(help="Folder of <column>.csv or *_hierarchy_<column>.csv, in ARX's form.")
    ] = None,
    values: Annotated[
        str, typer.Option(help="ladder: nested columns; mixed: generalized values in place, as ARX writes.")
    ] = "ladder",
    delimiter: Annotated[str | None, typer.Option(help="Of a CSV file, where it is not found.")] = None,
    population: Annotated[
        Path | None, typer.Option(help="Table of all people the cases are among, for models that need it.")
    ] = None,
) -> None:
    """Anonymize any table under a policy of its own; nothing of it enters the workspace.

    Example: palermo anonymize adult.csv --policy policy.yml --hierarchies hierarchies --out adult.parquet
    """
    from cli.table_view import show_account, write_account
    from pipeline.table import TableJob, Values, anonymize_files, name_results

    jobs = [
        TableJob(table, each, path, hierarchies, Values(values), delimiter, population)
        for each, path in zip(policy, name_results(out, policy), strict=True)
    ]
    accounts = anonymize_files(jobs, lambda what: typer.echo(f"{what} …", err=True))
    for job, account in zip(jobs, accounts, strict=True):
        if len(jobs) > 1:
            typer.echo(f"Policy: {job.policy}")
        show_account(account)
        typer.echo(f"Account: {write_account(account, job.out)}")


@exit_on_refusal
def risk(
    table: Annotated[Path, typer.Argument(help="Any table, raw or anonymized: CSV or Parquet.")],
    policy: Annotated[Path, typer.Option(help="The policy whose k, quasi-identifiers and models count.")],
    hierarchies: Annotated[
        Path | None, typer.Option(help="Folder of <column>.csv or *_hierarchy_<column>.csv, in ARX's form.")
    ] = None,
    population: Annotated[Path | None, typer.Option(help="Table of all people the records are of.")] = None,
    population_size: Annotated[
        int | None, typer.Option(help="How many people that are, where there is no table of them.")
    ] = None,
    original: Annotated[Path | None, typer.Option(help="The raw table that this one was made from.")] = None,
    msu: Annotated[int, typer.Option(min=1, help="Columns of the largest minimal sample unique.")] = 3,
    records: Annotated[
        Path | None, typer.Option(help="Write the risk of each record here, by its number: Parquet.")
    ] = None,
    as_json: Annotated[Path | None, typer.Option("--json", help="Write the report here as JSON.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="Of a CSV file, where it is not found.")] = None,
) -> None:
    """Measure how risky and how useful any table is; nothing of it enters the workspace.

    Example: palermo risk people.parquet --policy policy.yml --original people.csv --population-size 50000
    """
    from cli.risk_view import show_report, write_report
    from pipeline.risk import RiskJob, measure_file

    job = RiskJob(table, policy, hierarchies, population, population_size, original, delimiter, msu, records)
    report = measure_file(job, lambda what: typer.echo(f"{what} …", err=True))
    show_report(report)
    if as_json:
        write_report(report, as_json)
