"""Sequence: what the next release may hold beside every earlier one, so that no difference betrays anybody.

Someone who has all releases subtracts one from another. Over up to three quasi-identifier columns or all of
them, and over up to m columns of which one at least is an answer, each count is made to differ from that of
every earlier release by nothing or by k. Rows are only held back and answers only blanked, and a table
without rows differs from any release by nothing or by k, so the search ends. New rows are the first to wait.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from anonymize.ladder import Codes
from schemas.policy import Policy

WIDEST = 3
"""Tables of up to so many quasi-identifier columns are compared, and the table of all."""
FIRST_TRIED = 64

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Comparison:
    """Rows of the next release and of every earlier one below each other; `table` is 0 for the next."""

    frame: pd.DataFrame
    table: Codes
    tables: int
    k: int

    def list_targets(self, counts: Codes) -> Codes:
        """The most that a count of the next release may be; a row a table, a column a cell."""
        now, before = counts[0], counts[1:]
        allowed = np.where(now >= self.k, now, 0)
        while True:
            gap = np.abs(allowed - before)
            wrong = ((gap > 0) & (gap < self.k)).any(axis=0) | ((allowed > 0) & (allowed < self.k))
            if not wrong.any():
                return np.asarray(allowed)
            allowed = allowed - wrong


def hold_back(
    rows: pd.DataFrame, is_new: Mask, earlier: Sequence[pd.DataFrame], policy: Policy
) -> tuple[pd.DataFrame, Mask]:
    """The rows to publish, some of their answers blanked, and which of the given rows they are."""
    columns = list(policy.published_columns)
    stacked = pd.concat([rows[columns], *(table[columns] for table in earlier)], ignore_index=True)
    table = np.repeat(np.arange(len(earlier) + 1), [len(rows), *map(len, earlier)])
    sequence = Comparison(stacked, table, len(earlier) + 1, policy.k)
    kept = _hold_rows(sequence, rows, is_new, policy)
    protected = _hold_answers(sequence, kept, policy)
    return protected.iloc[: len(rows)][kept].reset_index(drop=True), kept


def _hold_rows(sequence: Comparison, rows: pd.DataFrame, is_new: Mask, policy: Policy) -> Mask:
    answers = rows[list(policy.sensitive.columns)].notna().sum(axis=1).to_numpy()
    place = np.lexsort((np.arange(len(rows)), answers, ~is_new))
    rank = np.empty(len(rows), dtype=np.int64)
    rank[place] = np.arange(len(rows))
    kept = np.ones(len(rows), dtype=bool)
    cuts = list(_list_cuts(sequence, policy))
    changed = True
    while changed:
        changed = False
        for cells in cuts:
            shown = np.concatenate([kept, np.ones(len(cells) - len(rows), dtype=bool)])
            counts = _count(
                cells[shown], sequence.table[shown], sequence.tables, int(cells.max(initial=0)) + 1
            )
            surplus = counts[0] - sequence.list_targets(counts)
            if surplus.any():
                kept[_choose_rows(cells[: len(rows)], kept, surplus, rank)] = False
                changed = True
    return kept


def _list_cuts(sequence: Comparison, policy: Policy) -> Iterator[Codes]:
    """The cell of each row in every table that is compared, that of all columns first."""
    columns = [_number(sequence.frame[column]) for column in policy.quasi_identifier_columns]
    yield _cross(columns, len(sequence.frame))
    for width in range(WIDEST, -1, -1):
        for some in combinations(columns, width):
            yield _cross(some, len(sequence.frame))


def _number(values: pd.Series) -> Codes:
    return np.asarray(pd.factorize(values, sort=True)[0] + 1, dtype=np.int64)


def _cross(columns: Sequence[Codes], rows: int) -> Codes:
    cells = np.zeros(rows, dtype=np.int64)
    for column in columns:
        cells = np.asarray(pd.factorize(cells * (int(column.max(initial=0)) + 1) + column)[0], dtype=np.int64)
    return cells


def _count(cells: Codes, table: Codes, tables: int, size: int) -> Codes:
    counted = np.bincount(table * size + cells, minlength=tables * size)
    return np.asarray(counted.reshape(tables, size), dtype=np.int64)


def _choose_rows(cells: Codes, kept: Mask, surplus: Codes, rank: Codes) -> Codes:
    """In each cell as many rows as it has too many, those that may wait first."""
    concerned = np.flatnonzero(kept & (surplus[cells] > 0))
    order = concerned[np.lexsort((rank[concerned], cells[concerned]))]
    ordered = cells[order]
    starts = np.flatnonzero(np.concatenate([[True], np.diff(ordered) != 0]))
    position = np.arange(len(order)) - np.repeat(starts, np.diff([*starts, len(order)]))
    return np.asarray(order[position < surplus[ordered]])


def _hold_answers(sequence: Comparison, kept: Mask, policy: Policy) -> pd.DataFrame:
    """Blank answers until every combination with one of them is as often as a release may say."""
    shown = np.concatenate([kept, np.ones(len(sequence.frame) - len(kept), dtype=bool)])
    names = list(policy.sensitive.columns)
    values = {name: _number(sequence.frame[name]) for name in names}
    tokens = [(name, answer) for name in names for answer in np.unique(values[name]) if answer]
    if not tokens:
        return sequence.frame
    others = [_number(sequence.frame[column]) for column in policy.quasi_identifier_columns]
    members = np.column_stack(
        [values[name] == answer for name, answer in tokens]
        + [column == value for column in others for value in np.unique(column)]
    )
    members &= shown[:, None]
    holders = members[:, : len(tokens)].sum(axis=0)
    for number in np.lexsort((np.arange(len(tokens)), holders)):
        blanked = _find_blanked(sequence, members, int(number), policy.m)
        members[blanked, number] = False
    result = sequence.frame.copy()
    for name in names:
        left = np.zeros(len(result), dtype=bool)
        for number, (column, _) in enumerate(tokens):
            if column == name:
                left |= members[:, number]
        result[name] = result[name].where(left)
    return result


def _find_blanked(sequence: Comparison, members: Mask, item: int, m: int) -> Codes:
    """The rows of the next release that lose an item: few that undo what it gives away, at worst all."""
    held = [np.flatnonzero(members[:, item] & (sequence.table == table)) for table in range(sequence.tables)]
    before = [_count_with(members, rows, item, m) for rows in held]
    surplus = before[0] - _list_targets(sequence, before)
    if not surplus.any():
        return np.zeros(0, dtype=np.int64)
    candidates = _sort_candidates(members, held[0], before[0], surplus)
    size = FIRST_TRIED
    while size < len(candidates):
        chosen = _peel(sequence, members, candidates[:size], item, m, before)
        if chosen is not None:
            return chosen
        size *= 2
    return held[0]


def _list_targets(sequence: Comparison, counts: Sequence[Codes]) -> Codes:
    stacked = np.stack([count.reshape(-1) for count in counts])
    return sequence.list_targets(stacked).reshape(counts[0].shape)


def _count_with(members: Mask, rows: Codes, item: int, m: int) -> Codes:
    """How often each value, or each pair of values, occurs together with the item."""
    shows = members[rows].astype(np.float32)
    if m == 1:
        return np.array([len(rows)], dtype=np.int64)
    return np.asarray(shows.sum(axis=0) if m == 2 else shows.T @ shows, dtype=np.int64)


def _sort_candidates(members: Mask, rows: Codes, counts: Codes, surplus: Codes) -> Codes:
    """Rows in the cells that are too full first, then those whose values are the most common."""
    if counts.ndim == 2:
        counts, surplus = np.diag(counts), surplus.sum(axis=1)
    if len(counts) == 1:
        return rows
    shows = members[rows]
    full = (shows @ np.minimum(surplus, 1).astype(np.float32)) > 0
    rarest = np.where(shows, counts, counts.max()).min(axis=1)
    return np.asarray(rows[np.lexsort((rows, -rarest, ~full))])


def _peel(
    sequence: Comparison, members: Mask, chosen: Codes, item: int, m: int, before: Sequence[Codes]
) -> Codes | None:
    """The chosen rows without those that would make another difference small, if they are enough."""
    while len(chosen):
        now = before[0] - _count_with(members, chosen, item, m)
        wrong = now != _list_targets(sequence, [now, *before[1:]])
        if not wrong.any():
            return chosen
        shows = members[chosen].astype(np.float32)
        touched = shows @ wrong.astype(np.float32) if m == 2 else (shows @ wrong.astype(np.float32)) * shows
        bad = (touched if touched.ndim == 1 else touched.sum(axis=1)) > 0
        if m == 1 or not bad.any() or bad.all():
            return None
        chosen = chosen[~bad]
    return None
