"""What `palermo risk` shows of a table: shares and counts, never a value and never a record."""

import json
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.risk import dump_report
from schemas.table_risk import AttackerRisk, RiskReport, SpecialUniqueRecords, UniqueRecords, Utility


def show_report(report: RiskReport) -> None:
    """The report on the terminal."""
    console = Console()
    console.print(_list_facts(_list_classes(report)))
    console.print(_list_attackers(report))
    console.print(_list_facts(_list_uniques(report.unique, report.records)))
    console.print(_list_special(report))
    console.print(_list_facts(_list_scores(report.special_unique)))
    if report.models:
        console.print(_list_models(report))
    console.print(_list_facts(_list_utility(report.utility)))
    kept = Table("column", "information kept", box=box.SIMPLE)
    for name, share in report.utility.information_kept.items():
        kept.add_row(escape(name), f"{share:.1%}")
    console.print(kept)


def write_report(report: RiskReport, path: Path) -> None:
    """The report as JSON."""
    path.write_text(json.dumps(dump_report(report), indent=2) + "\n", encoding="utf-8")


def _list_facts(facts: list[tuple[str, str]]) -> Table:
    table = Table(box=box.SIMPLE, show_header=False)
    for name, value in facts:
        table.add_row(name, value)
    return table


def _list_classes(report: RiskReport) -> list[tuple[str, str]]:
    met = "met" if report.meets_k else "not met"
    facts = [
        ("records", f"{report.records:,}"),
        ("classes", f"{report.classes:,}"),
        ("smallest class", f"{report.smallest_class:,} (k = {report.k} is {met})"),
    ]
    shares = (f"{size}: {records / report.records:.1%}" for size, records in report.sizes.items())
    return [*facts, ("records by size of class", ", ".join(shares))]


def _list_attackers(report: RiskReport) -> Table:
    table = Table("attacker", "highest", "average", "lowest", f"above 1/{report.k}", "counts", box=box.SIMPLE)
    rows: list[tuple[str, AttackerRisk | None]] = [
        ("prosecutor", report.prosecutor),
        ("journalist", report.journalist),
    ]
    for name, risk in rows:
        if risk:
            figures = [f"{figure:.4f}" for figure in (risk.highest, risk.average, risk.lowest)]
            table.add_row(name, *figures, f"{risk.at_risk:.1%}", risk.basis)
    table.add_row("marketer", "", f"{report.marketer:.4f}", "", "", "")
    return table


def _list_uniques(unique: UniqueRecords, records: int) -> list[tuple[str, str]]:
    facts = [("unique in the table", f"{unique.records:,} ({unique.share:.2%})")]
    if unique.population is not None:
        facts.append(("unique in the population too", f"{unique.population:,}"))
    if unique.population_share is not None:
        facts.append(
            ("unique people, estimated", f"{unique.population_share:.2%} by {unique.population_model}")
        )
        for name, share in (("pitman", unique.pitman), ("zayatz", unique.zayatz)):
            facts.append((f"  {name}", "no estimate" if share is None else f"{share:.2%}"))
    return facts


def _list_special(report: RiskReport) -> Table:
    special = report.special_unique
    title = f"minimal sample uniques of up to {special.largest} columns"
    table = Table("columns", "records", title=title, box=box.SIMPLE)
    for size, records in special.records_by_size.items():
        table.add_row(f"{size}", f"{records:,}")
    return table


def _list_scores(special: SpecialUniqueRecords) -> list[tuple[str, str]]:
    bands = ", ".join(f"up to {band}: {records:,}" for band, records in special.dis_bands.items())
    return [
        ("DIS-SUDA, records by score", bands),
        ("highest", f"{special.highest_dis_score:.4f}, with a sampling fraction of {special.fraction:.4g}"),
    ]


def _list_models(report: RiskReport) -> Table:
    table = Table("model", "worst", "", box=box.SIMPLE)
    for figure in report.models:
        table.add_row(escape(figure.model), f"{figure.worst:.4g}", "met" if figure.is_met else "not met")
    return table


def _list_utility(utility: Utility) -> list[tuple[str, str]]:
    facts = [
        ("average class", f"{utility.average_class:.2f}"),
        ("discernibility", f"{utility.discernibility:,}"),
        ("loss, geometric", f"{utility.loss_geometric:.10f}"),
        ("loss, arithmetic", f"{utility.loss_arithmetic:.10f}"),
    ]
    if utility.count_errors is None:
        return [*facts, ("errors of counts", "give --original")]
    facts.insert(0, ("records of the original", f"{utility.records_before:,}"))
    facts.append(("entropy, bits", "–" if utility.entropy is None else f"{utility.entropy:.4f}"))
    for width, error in utility.count_errors.items():
        facts.append((f"error of counts over {width}", f"{error:.2%}"))
    if utility.tables_left_out:
        facts.append(("too large to be compared", f"{utility.tables_left_out} tables"))
    return facts
