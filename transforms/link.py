"""The linked table: the columns it adds to the rows of the case table."""

from collections.abc import Mapping

import pandas as pd

from schemas.finding import Finding, FindingCode
from schemas.source import Source
from transforms.column import list_held_rows, list_unusable_columns, locate_column
from transforms.mapped import RawTable
from transforms.readers.content import UNREADABLE
from transforms.row import list_filters


def join_tables(source: Source, tables: Mapping[str, RawTable]) -> pd.DataFrame:
    """One row for each row of the case table, one column for each address that mapping needs.

    What is missing from a file, or unusable, is blank; so is every cell of a row that is held because
    its cells cannot be told apart.
    """
    cases = tables[source.cases]
    filtering = (row_filter.column for row_filter in list_filters(source))
    addresses = [*source.columns, *source.concatenated, *filtering]
    partners, _ = _find_partners(source, tables)
    columns = {
        address: _take_cells(source, tables, address, partners) for address in dict.fromkeys(addresses)
    }
    frame = pd.DataFrame(columns, index=cases.frame.index)
    frame.loc[frame.index.isin(list(list_held_rows(cases.findings)))] = ""
    return frame


def check_links(source: Source, tables: Mapping[str, RawTable], index: pd.Index) -> list[Finding]:
    """Cases among `index` for which the linked table has no row, or several."""
    if source.link is None:
        return []
    partners, several = _find_partners(source, tables)
    free = index.difference(list(list_held_rows(tables[source.cases].findings)))
    partners, several = partners.loc[free], several.loc[free]
    return [
        *_report(FindingCode.KEY_REPEATED, source, f"{source.link.table}.{source.link.on}", several),
        *_report(FindingCode.LINK_MISSING, source, source.link.on, partners.isna() & ~several),
    ]


def _take_cells(
    source: Source, tables: Mapping[str, RawTable], address: str, partners: pd.Series
) -> pd.Series:
    """One column for the rows of the case table, wherever it stands."""
    table, column = locate_column(source, address)
    raw = tables[table]
    if column not in raw.frame.columns or column in list_unusable_columns(raw):
        return pd.Series("", index=partners.index, dtype="str")
    if table == source.cases:
        return raw.frame[column]
    return partners.map(raw.frame[column]).astype("str").fillna("")


def _find_partners(source: Source, tables: Mapping[str, RawTable]) -> tuple[pd.Series, pd.Series]:
    """The row number in the linked table, null where there is not exactly one; whether there are several."""
    frame, link = tables[source.cases].frame, source.link
    if link is None or any(link.on not in tables[name].frame.columns for name in (source.cases, link.table)):
        nothing = pd.Series(pd.NA, index=frame.index, dtype="Int64")
        return nothing, nothing.notna()
    other = tables[link.table]
    usable = other.frame[link.on].drop(index=list(list_held_rows(other.findings)))
    usable = usable[~usable.isin(["", UNREADABLE])]
    rows = pd.Series(usable.index, index=usable.to_numpy())
    repeated = rows.index[rows.index.duplicated()]
    partners = frame[link.on].map(rows[~rows.index.isin(repeated)]).astype("Int64")
    return partners, frame[link.on].isin(repeated)


def _report(code: FindingCode, source: Source, column: str, where: pd.Series) -> list[Finding]:
    rows = tuple(where.index[where].tolist())
    return [Finding(code, len(rows), source.cases, column, rows=rows)] if rows else []
