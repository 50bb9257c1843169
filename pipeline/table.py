"""Any table: from a file and a policy to an anonymized file and its account; no workspace is touched."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from anonymize.hierarchy import Hierarchy
from anonymize.item import list_rows, protect_items
from anonymize.ladder import Codes
from anonymize.table import Published, anonymize_table, list_published
from anonymize.table_measure import measure_table
from pipeline.step import safe_errors
from pipeline.table_count import Counted, Counter, WrongTable
from schemas.table_account import TableAccount
from schemas.table_policy import parse_table_policy
from storage.table import Table
from storage.table_file import FORMATS, Text, write_repeated

Progress = Callable[[str], None]


class Values(StrEnum):
    """How generalized values are written: in place of the value, or as nested columns."""

    MIXED = "mixed"
    LADDER = "ladder"


@dataclass(frozen=True)
class TableJob:
    """What to anonymize under which policy, and where the result goes."""

    table: Path
    policy: Path
    out: Path
    hierarchies: Path | None = None
    values: Values = Values.LADDER
    delimiter: str | None = None
    population: Path | None = None


@dataclass(frozen=True)
class _Result:
    """What is to be written: the columns of the different rows, and how often each occurs."""

    account: TableAccount
    columns: dict[str, Text]
    cases: Codes


def anonymize_files(jobs: Sequence[TableJob], progress: Progress) -> list[TableAccount]:
    """Anonymize one table under several policies; they share what is counted of it.

    Each job has the policy and the result of its own; table, hierarchies and population are those of the
    first. A result has quasi-identifiers, items and sensitive columns, sorted; other columns stay behind.

    Raises:
        InvalidDescription: a policy is not one.
        TableUnreadable, TableTooWide, StorageFailed: the files cannot be read or written.
        WrongTable: a column of a policy is not in the table, or a hierarchy or the population is not there.
        HierarchyNotTree, ValueNotInHierarchy, LevelNotInHierarchy: a hierarchy does not fit.
        PolicyNotMet: a policy cannot be met.
        TooManyCombinations: quasi-identifiers and items have too many values to be counted together.
        UnsafeRecoding: the outcome is not safe; it is not written.
    """
    with safe_errors("anonymize"), ExitStack() as opened:
        first = jobs[0]
        if any(job.out.suffix not in FORMATS for job in jobs):
            raise WrongTable(f"the result is written as {' or '.join(FORMATS)}; choose such a name")
        policies = [parse_table_policy(read_text(job.policy)) for job in jobs]
        table = opened.enter_context(Table(first.table, first.delimiter))
        population = None
        if first.population is not None:
            population = opened.enter_context(Table(first.population, first.delimiter))
        progress("counting classes")
        counter = Counter(table, population, first.hierarchies, policies)
        counted = [counter.count(policy) for policy in policies]
        results = [_anonymize(job, one, progress) for job, one in zip(jobs, counted, strict=True)]
        progress("writing")
        for job, result in zip(jobs, results, strict=True):
            write_repeated(job.out, result.columns, result.cases)
        return [result.account for result in results]


def _anonymize(job: TableJob, counted: Counted, progress: Progress) -> _Result:
    """One policy, from the counted table to the checked result."""
    policy, ladders, counts = counted.policy, counted.ladders, counted.facts.cases
    progress(f"searching over {int((counts > 0).sum()):,} classes of {int(counts.sum()):,} cases")
    recoded = anonymize_table(ladders, counts, policy, counted.requirement)
    account = measure_table(ladders, counts, recoded, policy)
    items: dict[str, Codes] = {}
    if counted.labels:
        rows = counted.rows
        if policy.items:
            progress(f"blanking items of rare combinations in {len(rows.cases):,} different rows")
            rows, cost = protect_items(ladders, recoded, rows, policy)
            account = replace(account, combinations=cost)
        published, items = list_rows(ladders, recoded, rows)
    else:
        published = list_published(ladders, counts, recoded)
    groups = _list_columns(counted.hierarchies.values(), published, job.values)
    columns = _join_columns(groups, _list_items(counted.labels, items))
    if items:
        progress("counting what is published once more")
        # here, as the judge works on frames, and a table without items needs none
        from pipeline.table_check import check_combinations, check_models

        check_combinations(columns, published.cases, groups, policy)
        check_models(columns, published.cases, groups, counted)
    return _Result(account, columns, published.cases)


def name_results(out: Path, policies: Sequence[Path]) -> list[Path]:
    """Where the result of each policy goes: there, or of several at that name with the policy's added.

    Raises:
        WrongTable: two policies have the same name.
    """
    if len(policies) == 1:
        return [out]
    names = [policy.stem for policy in policies]
    if len(set(names)) < len(names):
        raise WrongTable("two policies have the same file name, and results are named by it; rename one")
    return [out.with_name(f"{out.stem}.{name}{out.suffix}") for name in names]


def dump_account(account: TableAccount) -> dict[str, Any]:
    """The account as JSON-able dictionaries."""
    return asdict(account)


def read_text(path: Path) -> str:
    """The text of a policy file.

    Raises:
        WrongTable: it is not there, or not in UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise WrongTable("the policy file cannot be read; give the path of a YAML file in UTF-8") from None


def _list_columns(
    hierarchies: Iterable[Hierarchy], published: Published, values: Values
) -> dict[str, dict[str, Text]]:
    """What each published row shows of each quasi-identifier, in one column or several."""
    groups: dict[str, dict[str, Text]] = {}
    for hierarchy, value, level in zip(hierarchies, published.value, published.level, strict=True):
        labels, number = np.unique(np.array(hierarchy.rows, dtype=np.str_), return_inverse=True)
        shown = number.reshape(len(hierarchy.rows), hierarchy.height).astype(np.int32)
        texts, group = labels.tolist(), groups.setdefault(hierarchy.column, {})
        if values is Values.MIXED:
            group[hierarchy.column] = Text(texts, shown[value, level])
            continue
        for step in range(hierarchy.height - 1):
            name = hierarchy.column if step == 0 else f"{hierarchy.column}_level_{step}"
            # below the level at which a row is published its column is null
            group[name] = Text(texts, np.where(level > step, np.int32(-1), shown[value, step]))
    return groups


def _list_items(labels: Mapping[str, list[str]], items: Mapping[str, Codes]) -> dict[str, Text]:
    return {name: Text(labels[name], (codes - 1).astype(np.int32)) for name, codes in items.items()}


def _join_columns(groups: Mapping[str, Mapping[str, Text]], items: Mapping[str, Text]) -> dict[str, Text]:
    """All columns of the result by name."""
    columns: dict[str, Text] = {}
    for group in (*groups.values(), items):
        if twice := sorted(columns.keys() & group.keys()):
            raise WrongTable(f"the result would have two columns named {', '.join(twice)}; rename one")
        columns |= group
    return columns
