"""Any table: from a file and a policy to an anonymized file and its account; no workspace is touched."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from anonymize.hierarchy import Hierarchy, build_flat, build_hierarchy, climb_hierarchy
from anonymize.ladder import Codes
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


def anonymize_file(job: TableJob, progress: Progress) -> TableAccount:
    """Anonymize one file. The result has the quasi-identifiers only, sorted; other columns stay behind.

    Raises:
        InvalidDescription: the policy is not one.
        TableUnreadable, TableTooWide, StorageFailed: the files cannot be read or written.
        WrongTable: a column of the policy is not in the table, or a hierarchy is not there.
        HierarchyNotTree, ValueNotInHierarchy, LevelNotInHierarchy: a hierarchy does not fit.
        PolicyNotMet: the policy cannot be met.
    """
    with safe_errors("anonymize"):
        if job.out.suffix not in FORMATS:
            raise WrongTable(f"the result is written as {' or '.join(FORMATS)}; choose such a name")
        policy = parse_table_policy(_read_text(job.policy))
        with Table(job.table, job.delimiter) as table:
            progress("counting classes")
            hierarchies = _find_hierarchies(table, policy, job.hierarchies)
            values = {name: [row[0] for row in found.rows] for name, found in hierarchies.items()}
            codes, counts = table.count_classes(values)
            progress(f"searching over {len(counts):,} classes of {int(counts.sum()):,} cases")
            ladders = [
                climb_hierarchy(found, policy.quasi_identifiers[name], code)
                for (name, found), code in zip(hierarchies.items(), codes, strict=True)
            ]
            recoded = anonymize_table(ladders, counts, policy)
            progress("writing")
            published = list_published(ladders, counts, recoded)
            write_repeated(
                job.out, _list_columns(hierarchies.values(), published, job.values), published.cases
            )
        return measure_table(ladders, counts, recoded, policy)


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
    missing = [name for name in policy.quasi_identifiers if name not in table.columns]
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


def _list_columns(hierarchies: Iterable[Hierarchy], published: Published, values: Values) -> dict[str, Text]:
    """What each published class shows, column by column."""
    columns: dict[str, Text] = {}
    for hierarchy, value, level in zip(hierarchies, published.value, published.level, strict=True):
        labels, number = np.unique(np.array(hierarchy.rows, dtype=np.str_), return_inverse=True)
        shown = number.reshape(len(hierarchy.rows), hierarchy.height)
        if values is Values.MIXED:
            columns[hierarchy.column] = _write_text(labels, shown[value, level], level < 0)
            continue
        for step in range(hierarchy.height - 1):
            name = hierarchy.column if step == 0 else f"{hierarchy.column}_level_{step}"
            # below the level at which a class is published its column is null
            columns[name] = _write_text(labels, shown[value, step], level > step)
    return columns


def _write_text(labels: np.ndarray[Any, Any], number: Codes, absent: np.ndarray[Any, Any]) -> Text:
    return pa.DictionaryArray.from_arrays(pa.array(number, mask=absent), pa.array(labels.tolist()))
