"""Item: flag-like columns of a class table, published row by row beside the recoded quasi-identifiers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anonymize.combination import Limit, protect_combinations
from anonymize.ladder import Codes, Ladder
from anonymize.table import Published, Recoded
from schemas.table_account import CombinationAccount, ItemAccount
from schemas.table_policy import Items, TablePolicy


@dataclass(frozen=True)
class Rows:
    """Distinct rows: the class of each, its items by column (0 is none), and how often it occurs.

    Sensitive columns that are no items of the policy stand among the items too.
    """

    member: Codes
    items: dict[str, Codes]
    cases: Codes


def number_items(items: Items, values: Sequence[str]) -> Codes:
    """For each value of a column its place among them, counted from 1; 0 where it is no item."""
    unknown = set(items.not_known)
    return np.array([0 if value in unknown else number for number, value in enumerate(values, 1)])


def protect_items(
    ladders: Sequence[Ladder], recoded: Recoded, rows: Rows, policy: TablePolicy
) -> tuple[Rows, CombinationAccount]:
    """The rows to publish, items blanked where a combination would be rare, and what that cost.

    Raises:
        TooManyCombinations: more values than fit into memory.
    """
    kept = _drop_suppressed(rows, recoded)
    columns = policy.items.columns if policy.items else {}
    limit = Limit(policy.k, policy.m, {name: column.weight for name, column in columns.items()})
    shown = _list_shown(ladders, recoded, kept.member)
    items = {name: kept.items[name] for name in columns}
    left = protect_combinations(shown, items, kept.cases, limit)
    cost = _measure_blanked(Rows(kept.member, items, kept.cases), left, len(ladders), policy)
    # sensitive columns that are no items stay as they are
    return Rows(kept.member, {**kept.items, **left}, kept.cases), cost


def list_rows(ladders: Sequence[Ladder], recoded: Recoded, rows: Rows) -> tuple[Published, dict[str, Codes]]:
    """Every row of the result once, and its items, in an order that only what it shows decides."""
    rows = _drop_suppressed(rows, recoded)
    shown = np.concatenate([_list_shown(ladders, recoded, rows.member), np.stack(list(rows.items.values()))])
    order = np.lexsort(shown[::-1])
    differs = (np.diff(shown[:, order], axis=1) != 0).any(axis=0)
    first = np.concatenate([[0], np.flatnonzero(differs) + 1])
    chosen = order[first]
    value = np.stack([ladder.value[rows.member[chosen]] for ladder in ladders])
    level = recoded.levels[rows.member[chosen]].T
    published = Published(value, level, np.add.reduceat(rows.cases[order], first))
    return published, {name: codes[chosen] for name, codes in rows.items.items()}


def _drop_suppressed(rows: Rows, recoded: Recoded) -> Rows:
    kept = ~recoded.suppressed[rows.member]
    return Rows(
        rows.member[kept], {name: codes[kept] for name, codes in rows.items.items()}, rows.cases[kept]
    )


def _list_shown(ladders: Sequence[Ladder], recoded: Recoded, member: Codes) -> Codes:
    """What each row shows of each quasi-identifier, as a number; a row a quasi-identifier."""
    levels = recoded.levels[member].T
    return np.stack(
        [ladder.shown[level, ladder.value[member]] for ladder, level in zip(ladders, levels, strict=True)]
    )


def _measure_blanked(
    before: Rows, after: Mapping[str, Codes], identifiers: int, policy: TablePolicy
) -> CombinationAccount:
    columns = {}
    for name, codes in before.items.items():
        known, left = (int(before.cases[given > 0].sum()) for given in (codes, after[name]))
        columns[name] = ItemAccount(known, known - left)
    cases = int(before.cases.sum())
    known, blanked = sum(c.known for c in columns.values()), sum(c.blanked for c in columns.values())
    few = (name for name, c in columns.items() if 0 < cases - c.known + c.blanked < policy.k)
    return CombinationAccount(
        m=policy.m,
        known=known,
        blanked=blanked,
        share_blanked=blanked / known if known else 0.0,
        share_of_values_blanked=blanked / (known + cases * identifiers),
        few_empty=tuple(few),
        columns=columns,
    )
