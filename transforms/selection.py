"""Selection: which rows of a table are data; totals, footers and blank rows count under their reason."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from schemas.finding import Finding
from schemas.reader import Reader, SkippedRows
from schemas.source import Source
from transforms.column import list_columns
from transforms.lookup import fold_word

BLANK_ROW = "blank row"
BELOW_TABLE = "below the last row of data"
ANYTHING = "*"


@dataclass(frozen=True)
class Selection:
    """The rows that are data, the others as they stood, and how many of these there are by reason.

    `below` are the places of the rules under `skip_rows` that leave out every row further down.
    """

    data: pd.DataFrame
    unused: pd.DataFrame
    ignored: dict[str, int]
    below: frozenset[int] = frozenset()


def select_data(
    source: Source,
    table: str,
    frame: pd.DataFrame,
    held: frozenset[int],
    below: frozenset[int] = frozenset(),
) -> Selection:
    """Tell data from what the layout skips and from rows with no cell outside the ignored columns.

    A row that is held because its cells cannot be told apart is never blank. `below` is what the rows
    further up in the same table gave.
    """
    reasons, below = _skip_rows(source.tables[table].reader, frame, below)
    ignored = list_columns(source, table, source.ignored)
    telling = [column for column in frame.columns if column not in ignored]
    blank = frame[telling].eq("").all(axis=1) & ~frame.index.isin(list(held))
    reasons = reasons.mask(blank & reasons.isna(), BLANK_ROW)
    is_data = reasons.isna()
    unused = frame[~is_data]
    data = frame[is_data] if len(unused) else frame
    return Selection(data, unused, dict(Counter(reasons.dropna())), below)


def leave_out(findings: Iterable[Finding], rows: Iterable[int]) -> list[Finding]:
    """The findings without some rows; one that named no other row is gone."""
    gone = frozenset(rows)
    kept = []
    for finding in findings:
        left = tuple(row for row in finding.rows if row not in gone)
        if left or not finding.rows:
            kept.append(replace(finding, rows=left, count=finding.count - len(finding.rows) + len(left)))
    return kept


def _skip_rows(
    reader: Reader, frame: pd.DataFrame, below: frozenset[int]
) -> tuple[pd.Series, frozenset[int]]:
    """Why the layout skips a row, null where it does not; the first reason counts."""
    reasons = pd.Series(None, index=frame.index, dtype=object)
    if reader.last_row is not None:
        reasons = reasons.mask(frame.index > reader.last_row, BELOW_TABLE)
    for place, rule in enumerate(reader.skip_rows):
        fits = _fit_rule(rule, frame)
        if rule.and_below:
            fits = fits.cummax() | (place in below)
            below |= {place} if fits.any() else frozenset()
        reasons = reasons.mask(fits & reasons.isna(), rule.reason)
    return reasons, below


def _fit_rule(rule: SkippedRows, frame: pd.DataFrame) -> pd.Series:
    if rule.column is None:
        cells = frame.replace("", pd.NA).bfill(axis=1).iloc[:, 0].fillna("") if len(frame.columns) else None
    else:
        cells = frame.get(rule.column)
    if cells is None:
        return pd.Series(False, index=frame.index)
    return cells.isin([cell for cell in cells.unique() if cell and _fits(fold_word(cell), rule.words)])


def _fits(cell: str, words: Iterable[str]) -> bool:
    """Whether a folded cell is one of the words, or begins as one that ends in `*`."""
    folded = [fold_word(word) for word in words]
    return any(
        cell.startswith(word.removesuffix(ANYTHING)) if word.endswith(ANYTHING) else cell == word
        for word in folded
    )
