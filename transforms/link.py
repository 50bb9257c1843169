"""Linked tables: the row of another table that a case has, and the columns it adds to the case."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from schemas.finding import Finding, FindingCode
from schemas.link import Link
from schemas.source import Source
from transforms.column import list_held_rows, list_unusable_columns, locate_column, name_target
from transforms.mapped import RawTable
from transforms.readers.content import UNREADABLE
from transforms.row import list_filters


@dataclass(frozen=True)
class _Partners:
    """By case its row in the linked table, null where there is not one; whether there are several."""

    rows: pd.Series
    several: pd.Series


def join_tables(source: Source, tables: Mapping[str, RawTable]) -> pd.DataFrame:
    """One row for each row of the case table, one column for each address of it or of a row that it has.

    Columns of tables of which a case may have many rows are left out. What is missing from a file, or
    unusable, is blank; so is every cell of a row that is held because its cells cannot be told apart.
    """
    cases = tables[source.cases]
    many = {link.table for link in source.link if link.many}
    filtering = (row_filter.column for row_filter in list_filters(source))
    shared = [source.shared_key.column] if source.shared_key else []
    stated = source.stated.columns if source.stated else ()
    addresses = [*source.columns, *source.concatenated, *shared, *filtering, *stated]
    one = [a for a in dict.fromkeys(addresses) if locate_column(source, a)[0] not in many]
    partners = _find_partners(source, tables)
    columns = {address: _take_cells(source, tables, address, partners) for address in one}
    frame = pd.DataFrame(columns, index=cases.frame.index)
    frame.loc[frame.index.isin(list(list_held_rows(cases.findings)))] = ""
    return frame


def take_numbers(source: Source, tables: Mapping[str, RawTable], link: Link) -> pd.Series:
    """By case the number that ties it to a linked table; blank where the column is missing."""
    return _take_cells(source, tables, link.on or "", _find_partners(source, tables))


def list_usable_numbers(source: Source, tables: Mapping[str, RawTable], link: Link) -> pd.Series:
    """By row of the linked table its number, where it can be read and the row is told apart."""
    other, target = tables[link.table], name_target(source, link)
    if target not in other.frame.columns:
        return pd.Series("", index=other.frame.index[:0], dtype="str")
    numbers = other.frame[target].drop(index=list(list_held_rows(other.findings)))
    return numbers[~numbers.isin(["", UNREADABLE])]


def check_links(source: Source, tables: Mapping[str, RawTable], index: pd.Index) -> list[Finding]:
    """Cases among `index` that have no row in a linked table, or several where there may be one."""
    findings: list[Finding] = []
    partners = _find_partners(source, tables)
    free = index.difference(list(list_held_rows(tables[source.cases].findings)))
    for link in source.link:
        target = f"{link.table}.{name_target(source, link)}" if link.on else link.table
        if link.many:
            numbers = list_usable_numbers(source, tables, link)
            missing = ~take_numbers(source, tables, link).loc[free].isin(numbers)
        else:
            found = partners[link.table]
            several = found.several.loc[free]
            missing = found.rows.loc[free].isna() & ~several
            findings += _report(FindingCode.LINK_REPEATED, source, target, several)
        if not link.optional:
            findings += _report(FindingCode.LINK_MISSING, source, link.on, missing)
    return findings


def _take_cells(
    source: Source, tables: Mapping[str, RawTable], address: str, partners: Mapping[str, _Partners]
) -> pd.Series:
    """One column for the rows of the case table, wherever it stands."""
    table, column = locate_column(source, address)
    raw, cases = tables[table], tables[source.cases].frame
    if column not in raw.frame.columns or column in list_unusable_columns(raw):
        return pd.Series("", index=cases.index, dtype="str")
    if table == source.cases:
        return raw.frame[column]
    if table not in partners:
        return pd.Series("", index=cases.index, dtype="str")
    return partners[table].rows.map(raw.frame[column]).astype("str").fillna("")


def _find_partners(source: Source, tables: Mapping[str, RawTable]) -> dict[str, _Partners]:
    """For each linked table of which a case has one row, that row; in the order of the links."""
    partners: dict[str, _Partners] = {}
    for link in source.link:
        if link.on is None:
            partners[link.table] = _share_row(tables[link.table], tables[source.cases].frame.index)
        elif not link.many:
            usable = list_usable_numbers(source, tables, link)
            rows = pd.Series(usable.index, index=usable.to_numpy(), dtype="int64")
            repeated = rows.index[rows.index.duplicated()]
            own = _take_cells(source, tables, link.on, partners)
            found = own.map(rows[~rows.index.isin(repeated)]).astype("Int64")
            partners[link.table] = _Partners(found, own.isin(repeated))
    return partners


def _share_row(table: RawTable, cases: pd.Index) -> _Partners:
    """The one row of a table that holds for every case."""
    usable = table.frame.index.difference(list(list_held_rows(table.findings)))
    rows = pd.Series(usable[0] if len(usable) == 1 else None, index=cases, dtype="Int64")
    return _Partners(rows, pd.Series(len(usable) > 1, index=cases))


def _report(code: FindingCode, source: Source, column: str, where: pd.Series) -> list[Finding]:
    rows = tuple(where.index[where].tolist())
    return [Finding(code, len(rows), source.cases, column, rows=rows)] if rows else []
