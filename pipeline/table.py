"""Any table: from a file and a policy to an anonymized file and its account; no workspace is touched."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from anonymize.combination_check import count_rare_combinations
from anonymize.hierarchy import Hierarchy, build_flat, build_hierarchy, climb_hierarchy
from anonymize.item import Rows, list_rows, number_items, protect_items
from anonymize.ladder import Codes
from anonymize.recoding import UnsafeRecoding
from anonymize.table import Published, anonymize_table, list_published
from anonymize.table_measure import measure_table
from pipeline.step import Refusal, safe_errors
from schemas.description import parse_table_policy
from schemas.table_account import TableAccount
from schemas.table_policy import TablePolicy
from storage.table import FORMATS, Table, Text, read_hierarchy, write_repeated

Progress = Callable[[str], None]


class Values(StrEnum):
    """How generalized values are written: in place of the value, or as nested columns."""

    MIXED = "mixed"
    LADDER = "ladder"


class WrongTable(Refusal):
    """Files, folder and policy do not fit together."""


@dataclass(frozen=True)
class TableJob:
    """What to anonymize under which policy, and where the result goes."""

    table: Path
    policy: Path
    out: Path
    hierarchies: Path | None = None
    values: Values = Values.LADDER
    delimiter: str | None = None


@dataclass(frozen=True)
class _Counted:
    """A table as classes (codes with a row a quasi-identifier, and cases) and as distinct rows with items."""

    codes: Codes
    cases: Codes
    rows: Rows
    labels: dict[str, list[str]]


def anonymize_file(job: TableJob, progress: Progress) -> TableAccount:
    """Anonymize one file. The result has quasi-identifiers and items, sorted; other columns stay behind.

    Raises:
        InvalidDescription: the policy is not one.
        TableUnreadable, TableTooWide, StorageFailed: the files cannot be read or written.
        WrongTable: a column of the policy is not in the table, or a hierarchy is not there.
        HierarchyNotTree, ValueNotInHierarchy, LevelNotInHierarchy: a hierarchy does not fit.
        PolicyNotMet: the policy cannot be met.
        TooManyCombinations: quasi-identifiers and items have too many values to be counted together.
        UnsafeRecoding: the outcome is not safe; nothing was written.
    """
    with safe_errors("anonymize"):
        if job.out.suffix not in FORMATS:
            raise WrongTable(f"the result is written as {' or '.join(FORMATS)}; choose such a name")
        policy = parse_table_policy(_read_text(job.policy))
        with Table(job.table, job.delimiter) as table:
            progress("counting classes")
            hierarchies = _find_hierarchies(table, policy, job.hierarchies)
            counted = _count_rows(table, hierarchies, policy)
        progress(f"searching over {len(counted.cases):,} classes of {int(counted.cases.sum()):,} cases")
        ladders = [
            climb_hierarchy(found, policy.quasi_identifiers[name], code)
            for (name, found), code in zip(hierarchies.items(), counted.codes, strict=True)
        ]
        recoded = anonymize_table(ladders, counted.cases, policy)
        account = measure_table(ladders, counted.cases, recoded, policy)
        if policy.items is None:
            published = list_published(ladders, counted.cases, recoded)
            groups = _list_columns(hierarchies.values(), published, job.values)
            columns = _join_columns(groups, {})
        else:
            progress(f"blanking items of rare combinations in {len(counted.rows.cases):,} different rows")
            rows, cost = protect_items(ladders, recoded, counted.rows, policy)
            account = replace(account, combinations=cost)
            published, items = list_rows(ladders, recoded, rows)
            groups = _list_columns(hierarchies.values(), published, job.values)
            columns = _join_columns(groups, _list_items(counted.labels, items))
            progress("counting every combination once more")
            _check_combinations(columns, published.cases, groups, policy)
        progress("writing")
        write_repeated(job.out, columns, published.cases)
        return account


def dump_account(account: TableAccount) -> dict[str, Any]:
    """The account as JSON-able dictionaries."""
    return asdict(account)


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise WrongTable("the policy file cannot be read; give the path of a YAML file in UTF-8") from None


def _find_hierarchies(table: Table, policy: TablePolicy, folder: Path | None) -> dict[str, Hierarchy]:
    """The hierarchy of each quasi-identifier; one without a file has its values, and nothing above them."""
    wanted = [*policy.quasi_identifiers, *(policy.items.columns if policy.items else ())]
    missing = [name for name in wanted if name not in table.columns]
    if missing:
        raise WrongTable(f"the table has no column {', '.join(missing)}; its columns are the header's words")
    found = {}
    for name in policy.quasi_identifiers:
        path = _find_file(folder, name)
        if path is None:
            found[name] = build_flat(name, table.list_values(name))
        else:
            found[name] = build_hierarchy(name, read_hierarchy(path))
    return found


def _find_file(folder: Path | None, column: str) -> Path | None:
    if folder is None:
        return None
    if not folder.is_dir():
        raise WrongTable("the folder of hierarchies is not there; check its path")
    files = [folder / f"{column}.csv", *sorted(folder.glob(f"*_hierarchy_{column}.csv"))]
    return next((path for path in files if path.is_file()), None)


def _count_rows(table: Table, hierarchies: Mapping[str, Hierarchy], policy: TablePolicy) -> _Counted:
    names = list(policy.items.columns) if policy.items else []
    values = {name: [row[0] for row in found.rows] for name, found in hierarchies.items()}
    codes, places, cases = table.count_rows(values, names)
    labels, items = {}, {}
    for name, place in places.items():
        labels[name] = table.list_values(name)
        items[name] = number_items(policy.items, labels[name])[place] if policy.items else place
    # rows come sorted by class: one starts where a code differs from the row before
    starts = np.append(True, (np.diff(codes, axis=1) != 0).any(axis=0))[: len(cases)]
    member = np.cumsum(starts) - 1
    sizes = np.bincount(member, weights=cases).astype(np.int64)
    return _Counted(codes[:, starts], sizes, Rows(member, items, cases), labels)


def _list_columns(
    hierarchies: Iterable[Hierarchy], published: Published, values: Values
) -> dict[str, dict[str, Text]]:
    """What each published row shows of each quasi-identifier, in one column or several."""
    groups: dict[str, dict[str, Text]] = {}
    for hierarchy, value, level in zip(hierarchies, published.value, published.level, strict=True):
        labels, number = np.unique(np.array(hierarchy.rows, dtype=np.str_), return_inverse=True)
        shown = number.reshape(len(hierarchy.rows), hierarchy.height)
        group = groups.setdefault(hierarchy.column, {})
        if values is Values.MIXED:
            group[hierarchy.column] = _write_text(labels, shown[value, level], level < 0)
            continue
        for step in range(hierarchy.height - 1):
            name = hierarchy.column if step == 0 else f"{hierarchy.column}_level_{step}"
            # below the level at which a row is published its column is null
            group[name] = _write_text(labels, shown[value, step], level > step)
    return groups


def _list_items(labels: Mapping[str, list[str]], items: Mapping[str, Codes]) -> dict[str, Text]:
    return {
        name: _write_text(np.array(labels[name], dtype=np.str_), codes - 1, codes == 0)
        for name, codes in items.items()
    }


def _join_columns(groups: Mapping[str, Mapping[str, Text]], items: Mapping[str, Text]) -> dict[str, Text]:
    """All columns of the result by name."""
    columns: dict[str, Text] = {}
    for group in (*groups.values(), items):
        if twice := sorted(columns.keys() & group.keys()):
            raise WrongTable(f"the result would have two columns named {', '.join(twice)}; rename one")
        columns |= group
    return columns


def _check_combinations(
    columns: Mapping[str, Text], cases: Codes, groups: Mapping[str, Mapping[str, Text]], policy: TablePolicy
) -> None:
    """Count what is about to be written, apart from how it was made; nothing is written where it fails."""
    frame = pa.table(dict(columns)).to_pandas()
    items = [name for name in columns if policy.items and name in policy.items.columns]
    shown = [list(group) for group in groups.values() if group]
    whole = frame.loc[frame.index.repeat(cases)]
    if count_rare_combinations(whole, shown, items, policy.k, policy.m):
        raise UnsafeRecoding("a published combination would have fewer than k cases; report this as an error")


def _write_text(labels: np.ndarray[Any, Any], number: Codes, absent: np.ndarray[Any, Any]) -> Text:
    return pa.DictionaryArray.from_arrays(pa.array(number, mask=absent), pa.array(labels.tolist()))
