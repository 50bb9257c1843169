"""Rows: which rows of the case table are no cases, each counted under its reason."""

import pandas as pd

from schemas.finding import Finding, FindingCode
from schemas.source import RowFilter, Source
from transforms.lookup import fold_word
from transforms.readers.content import UNREADABLE


def select_rows(cells: pd.Series, values: tuple[str, ...]) -> pd.Series:
    """True where a cell is one of the words."""
    words = {fold_word(value) for value in values}
    return cells.isin([cell for cell in cells.unique() if fold_word(cell) in words])


def drop_ignored_rows(source: Source, frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """The rows that are cases, and how many others there were by the reason of the first filter that fits."""
    ignored: dict[str, int] = {}
    for row_filter in list_filters(source):
        fits = select_rows(frame[row_filter.column], row_filter.values)
        if fits.any():
            ignored[row_filter.reason] = ignored.get(row_filter.reason, 0) + int(fits.sum())
        frame = frame[~fits]
    return frame, ignored


def check_filters(source: Source, frame: pd.DataFrame) -> list[Finding]:
    """Rows of which nobody can say whether they are cases, because the telling cell is a formula."""
    findings = []
    for column in dict.fromkeys(row_filter.column for row_filter in list_filters(source)):
        rows = tuple(frame.index[frame[column].eq(UNREADABLE)].tolist())
        if rows:
            findings.append(Finding(FindingCode.VALUE_UNREADABLE, len(rows), source.cases, column, rows=rows))
    return findings


def list_filters(source: Source) -> tuple[RowFilter, ...]:
    """The filters of the source; perpetrators in the case table are no cases either."""
    people = source.perpetrators
    own = (people.rows,) if people and people.rows and people.table == source.cases else ()
    return (*source.ignored_rows, *own)
