"""Risk of any table: read back what it shows, and measure what an attacker could do with it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from anonymize.hierarchy import (
    ANY,
    Hierarchy,
    ValueNotInHierarchy,
    build_flat,
    climb_hierarchy,
)
from anonymize.ladder import Codes, Ladder
from anonymize.model.classes import Classes
from anonymize.published import read_levels
from anonymize.requirement import Sensitive, build_requirement
from anonymize.risk_report import Evidence, measure_models, measure_risk, rate_records
from anonymize.table import describe_groups
from anonymize.utility import Shown, measure_utility
from anonymize.walk import WAITING
from pipeline.step import safe_errors
from pipeline.table import read_text
from pipeline.table_count import WrongTable, find_tree, list_tree_columns, load_hierarchy, tally_values
from schemas.table_policy import TableColumn, TablePolicy, parse_table_policy
from schemas.table_risk import RiskReport
from storage.table import Table
from storage.table_file import write_columns

Progress = Callable[[str], None]


@dataclass(frozen=True)
class RiskJob:
    """What to measure under which policy, and what is known besides.

    `largest` is the largest number of columns of a minimal sample unique that is looked for. `records` is
    where the risk of each record goes, if it is wanted.
    """

    table: Path
    policy: Path
    hierarchies: Path | None = None
    population: Path | None = None
    population_size: int | None = None
    original: Path | None = None
    delimiter: str | None = None
    largest: int = 3
    records: Path | None = None


@dataclass(frozen=True)
class _Read:
    """The different rows of the table: what each shows, a value and a level by quasi-identifier."""

    columns: dict[str, dict[int, str]]
    codes: dict[str, Codes]
    shown: Shown
    labels: dict[str, list[str]]


def measure_file(job: RiskJob, progress: Progress) -> RiskReport:
    """Measure a raw or an anonymized table: any CSV or Parquet file with the policy's columns.

    Columns `<name>_level_<n>` belong to the quasi-identifier `name`, as `palermo anonymize` writes them.

    Raises:
        InvalidDescription: the policy is not one.
        TableUnreadable, StorageFailed: the files cannot be read or written.
        WrongTable: columns, hierarchies or the population do not fit.
        HierarchyNotTree, ValueNotInHierarchy: a hierarchy does not fit.
    """
    with safe_errors("risk"), ExitStack() as opened:
        policy = parse_table_policy(read_text(job.policy))
        table = opened.enter_context(Table(job.table, job.delimiter))
        others = [
            opened.enter_context(Table(path, job.delimiter)) if path else None
            for path in (job.population, job.original)
        ]
        progress("counting classes")
        hierarchies = _find_hierarchies(table, others, policy, job.hierarchies)
        read = _read_table(table, hierarchies, policy)
        population, original = (_count_people(other, hierarchies) if other else None for other in others)
        ladders, evidence = _describe(read, hierarchies, population, policy, job)
        progress(f"measuring {len(evidence.classes):,} classes of {int(read.shown.cases.sum()):,} records")
        models = measure_models(build_requirement(policy, evidence.classes, evidence.sensitive), policy)
        before = None
        if original:
            before = Shown(original[0], np.zeros_like(original[0]), original[1])
            if int(before.cases.sum()) < int(read.shown.cases.sum()):
                raise WrongTable(
                    "the table has more records than the original; give the original it was made from"
                )
        utility = measure_utility(ladders, evidence.classes.cases, read.shown, before)
        report = measure_risk(evidence, policy.k, job.largest, models, utility)
        if job.records:
            progress("writing the risk of each record")
            group = evidence.group[_match_records(table, read)]
            write_columns(job.records, rate_records(evidence, group, job.largest))
        return report


def dump_report(report: RiskReport) -> dict[str, Any]:
    """The report as JSON-able dictionaries."""
    return asdict(report)


def _find_hierarchies(
    table: Table, others: Sequence[Table | None], policy: TablePolicy, folder: Path | None
) -> dict[str, Hierarchy]:
    """The hierarchy of each quasi-identifier; one without a file has the values there are, or nothing."""
    names = [*policy.quasi_identifiers, *policy.sensitive_columns]
    if missing := [name for name in names if name not in table.columns]:
        raise WrongTable(f"the table has no column {', '.join(missing)}; its columns are the header's words")
    found = {}
    for name in policy.quasi_identifiers:
        if (given := load_hierarchy(name, folder)) is not None:
            found[name] = given
            continue
        values = set(table.list_values(name)) - {ANY}
        known = [other for other in others if other is not None]
        if known or any(column.startswith(f"{name}_level_") for column in table.columns):
            values.discard("")  # a cell that was emptied, unless the others have an empty value too
        for other in known:
            _check_column(other, name)
            values |= set(other.list_values(name))
        found[name] = build_flat(name, sorted(values))
    return found


def _check_column(table: Table, name: str) -> None:
    if name not in table.columns:
        raise WrongTable(
            f"the population or the original has no column {name}; it needs the quasi-identifiers"
        )


def _read_table(table: Table, hierarchies: Mapping[str, Hierarchy], policy: TablePolicy) -> _Read:
    columns = {
        name: {
            step: column
            for step in range(found.height)
            if (column := f"{name}_level_{step}" if step else name) in table.columns
        }
        for name, found in hierarchies.items()
    }
    every = [column for steps in columns.values() for column in steps.values()]
    every += [name for name in policy.sensitive_columns if name not in every]
    codes, cases = table.count_combinations(every)
    labels = {column: table.list_values(column) for column in every}
    pairs = [
        read_levels(
            hierarchies[name],
            {step: labels[column] for step, column in steps.items()},
            {step: codes[column] for step, column in steps.items()},
        )
        for name, steps in columns.items()
    ]
    shown = Shown(np.stack([value for value, _ in pairs]), np.stack([level for _, level in pairs]), cases)
    return _Read(columns, codes, shown, labels)


def _count_people(table: Table, hierarchies: Mapping[str, Hierarchy]) -> tuple[Codes, Codes]:
    """Classes of another table over the original values, and how many people are in each."""
    for name in hierarchies:
        _check_column(table, name)
    values = {name: [row[0] for row in found.rows] for name, found in hierarchies.items()}
    codes, people = table.count_classes(values)
    if lacking := [name for name, code in zip(hierarchies, codes, strict=True) if (code < 0).any()]:
        raise ValueNotInHierarchy(
            f"the population or the original has values of {', '.join(lacking)} that the hierarchy lacks; "
            "add a row for each"
        )
    return codes, people


def _describe(
    read: _Read,
    hierarchies: Mapping[str, Hierarchy],
    population: tuple[Codes, Codes] | None,
    policy: TablePolicy,
    job: RiskJob,
) -> tuple[list[Ladder], Evidence]:
    """What models and attackers know of the classes, and the ladders of the rows."""
    rows, cases = len(read.shown.cases), read.shown.cases
    codes, people = population or (
        np.zeros((len(hierarchies), 0), dtype=np.int64),
        np.zeros(0, dtype=np.int64),
    )
    levels = np.full((rows + len(people), len(hierarchies)), WAITING, dtype=np.int64)
    levels[:rows] = read.shown.level.T
    ladders = [
        climb_hierarchy(found, TableColumn(), np.concatenate([mine, theirs]))
        for found, mine, theirs in zip(hierarchies.values(), read.shown.value, codes, strict=True)
    ]
    values = {
        name: tally_values(np.arange(rows), read.codes[name].astype(np.int64), cases, len(read.labels[name]))
        for name in policy.sensitive_columns
    }
    facts = Classes(
        np.concatenate([cases, np.zeros(len(people), dtype=np.int64)]),
        np.concatenate([np.zeros(rows, dtype=np.int64), people]) if population else None,
        values,
    )
    group, classes = describe_groups(ladders, levels, np.arange(rows), facts)
    records, size = int(cases.sum()), job.population_size
    if classes.population is not None:
        if (short := int((classes.population < classes.cases).sum())) > 0:
            raise WrongTable(
                f"the population has fewer people than the table has records in {short} of {len(classes)} "
                "classes; give a population that contains the table"
            )
        size = int(people.sum())
    if size is not None and size < records:
        raise WrongTable(
            "the population is smaller than the table; give the number of all people it is about"
        )
    _, first = np.unique(group, return_index=True)
    shown = [
        ladder.shown[level[first], value[first]]
        for ladder, value, level in zip(ladders, read.shown.value, read.shown.level, strict=True)
    ]
    sensitive = {}
    trees = list_tree_columns(policy)
    for name in policy.sensitive_columns:
        labels = read.labels[name]
        tree = find_tree(name, labels, job.hierarchies) if name in trees else [np.arange(len(labels))]
        sensitive[name] = Sensitive(labels, tree)
    alone = [replace(ladder, value=ladder.value[:rows]) for ladder in ladders]
    return alone, Evidence(classes, group, shown, size, sensitive)


def _match_records(table: Table, read: _Read) -> Codes:
    """The distinct row of each record, in the order of the file."""
    columns = list(read.codes)
    records = table.list_records(columns)
    number = np.zeros(len(read.shown.cases) + len(records[columns[0]]), dtype=np.int64)
    for column in columns:
        both = np.concatenate([read.codes[column], records[column]]).astype(np.int64)
        number, _ = pd.factorize(number * len(read.labels[column]) + both)
    # the distinct rows come first, so that each has its own place as its number
    return number[len(read.shown.cases) :]
