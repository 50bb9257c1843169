"""Drift: what a delivery has that the one before had not: columns that came, went or were renamed, new codes.

Shares and counts that moved are judged in `quality`. No name is told that the source description does
not know, and no code.
"""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from schemas.case import case_fields
from schemas.codelist import load_codelist
from schemas.field import Requirement
from schemas.finding import Finding, FindingCode
from schemas.nearest import find_nearest
from schemas.source import Source
from transforms.cell import build_reading
from transforms.column import (
    list_filled_columns,
    list_known_columns,
    list_used_columns,
    locate_column,
    name_column,
)
from transforms.flag import build_flag_reading
from transforms.mapped import RawTable
from transforms.person import restore_rows

# A column is asked about when nine of ten of its cells could stand in the one that is missing; of one
# or two cells anything could be said.
FITTING = 0.9
FEWEST_CELLS = 3
MOST_ROWS = 1_000

Fits = Mapping[tuple[str, str], tuple[int, int]]
"""Missing column and column that nobody described to cells of the second that fit the first, of how many."""

Headers = Mapping[str, Sequence[str]]
"""Table to the columns it had, as far as the source description knows them."""


def list_headers(source: Source, tables: Mapping[str, RawTable]) -> dict[str, tuple[str, ...]]:
    """The columns of each table that the source description knows; other names may be a person's."""
    return {
        name: tuple(c for c in list_known_columns(source, name) if c in table.frame.columns)
        for name, table in tables.items()
    }


def check_headers(source: Source, tables: Mapping[str, RawTable], before: Headers) -> tuple[Finding, ...]:
    """Columns that came or went since the last delivery.

    What the description does not know is told as such, in every delivery; what is mapped and missing
    fails the file: both are told by `check_columns`.
    """
    now, findings = list_headers(source, tables), []
    for name in now:
        then, used = before.get(name), list_used_columns(source, name)
        if then is None:
            continue
        gone = [column for column in then if column not in now[name] and column not in used]
        new = [column for column in now[name] if column not in then]
        known = list_known_columns(source, name)
        findings += [Finding(FindingCode.COLUMN_GONE, 1, name, column) for column in gone if column in known]
        findings += [Finding(FindingCode.COLUMN_NEW, 1, name, column) for column in new]
    return tuple(findings)


def check_renames(
    source: Source, tables: Mapping[str, RawTable], fits: Mapping[str, Fits] | None = None
) -> tuple[Finding, ...]:
    """Columns that are missing while another that nobody described could be them, by name or by content.

    `column` of the finding is the name that the description has, `rule` the place of the other column.
    `fits` is what `measure_fits` gave of each table; without it `tables` have all rows.
    """
    findings = []
    for name, table in tables.items():
        measured = measure_fits(source, table) if fits is None else fits[name]
        free = list(dict.fromkeys(column for _, column in measured))
        for missing in dict.fromkeys(missing for missing, _ in measured):
            like = _find_like(missing, free, measured)
            if like is not None:
                free.remove(like)
                place = name_column(source, table, like)
                findings.append(Finding(FindingCode.COLUMN_RENAMED, 1, name, missing, rule=place))
    return tuple(findings)


def measure_fits(source: Source, table: RawTable) -> Fits:
    """For each column that is missing how the cells of each that nobody described fit it."""
    known = list_known_columns(source, table.name)
    free = [column for column in list_filled_columns(table) if column not in known]
    missing = [column for column in known if column not in table.frame.columns]
    return {(gone, column): _measure_fit(source, table, gone, column) for gone in missing for column in free}


def join_fits(left: Fits, right: Fits) -> Fits:
    """The cells of both."""
    nothing = (0, 0)
    pairs = {
        pair: zip(left.get(pair, nothing), right.get(pair, nothing), strict=True)
        for pair in {**left, **right}
    }
    return {pair: (sum(fitting), sum(filled)) for pair, (fitting, filled) in pairs.items()}


def _find_like(missing: str, free: Sequence[str], fits: Fits) -> str | None:
    """The column with the nearest name, else the one whose cells fit best."""
    if named := find_nearest(missing, free):
        return named[0]
    shares = {column: _share(*fits.get((missing, column), (0, 0))) for column in free}
    best = max(shares, key=lambda column: shares[column], default=None)
    return best if best is not None and shares[best] >= FITTING else None


def _share(fitting: int, filled: int) -> float:
    return fitting / filled if filled >= FEWEST_CELLS else 0.0


def _measure_fit(source: Source, table: RawTable, missing: str, column: str) -> tuple[int, int]:
    """Cells that the missing column's mapping could read, of how many; none where that says nothing."""
    address = next((a for a in source.columns if locate_column(source, a) == (table.name, missing)), "")
    described = source.columns.get(address)
    cells = table.frame[column]
    filled = cells[cells.ne("")]
    if described is None or described.key or described.birth_date or filled.empty:
        return 0, 0
    read = build_flag_reading(source, described) if described.flags else build_reading(source, described)
    fits = {cell: read(cell).finding is None for cell in filled.unique()}
    return int(filled.map(fits).sum()), len(filled)


def collect_codes(cases: pd.DataFrame, seen: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The codes of its list that each coded field of a source has ever had, this delivery included."""
    codes = {
        name: {*seen.get(name, ()), *_list_codes(cases[name])} & set(load_codelist(codelist).codes)
        for name, codelist in _coded_fields(cases)
    }
    return {name: tuple(sorted(known)) for name, known in codes.items() if known}


def join_codes(
    left: Mapping[str, Sequence[str]], right: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """The codes of each field in either, in the order of the fields."""
    return {
        name: tuple(sorted({*left.get(name, ()), *right.get(name, ())}))
        for name in case_fields()
        if name in left or name in right
    }


def check_codes(cases: pd.DataFrame, seen: Mapping[str, Sequence[str]]) -> tuple[Finding, ...]:
    """Rows with a code that the field never had before; a field that was never filled has no new ones."""
    findings = []
    for name, _ in _coded_fields(cases):
        known = set(seen.get(name, ()))
        new = [cell for cell in cases[name].dropna().unique() if not known.issuperset(cell.split(";"))]
        rows = cases.index[cases[name].isin(new)].tolist()
        if known and rows:
            findings.append(
                Finding(FindingCode.CODE_NEW, len(rows), field=name, rows=restore_rows(rows)[:MOST_ROWS])
            )
    return tuple(findings)


def _coded_fields(cases: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Fields with codes that a source itself gives, each with its list."""
    for name, field in case_fields().items():
        if name in cases.columns and field.codelist and field.requirement is not Requirement.DERIVED:
            yield name, field.codelist


def _list_codes(cells: pd.Series) -> set[str]:
    return {code for cell in cells.dropna().unique() for code in cell.split(";")}
