"""Combination: rare combinations of published values undone by blanking items (k^m-anonymity).

After Terrovitis, Mamoulis, Kalnis (PVLDB 2008), for relational and set-valued data together Poulis et al.
(2013). An *item* is a known value of an item column; a *value* is an item, or what a quasi-identifier column
shows at the level at which it is published, the empty one included. Afterwards every combination of up to m
values, at most one a column, occurs in at least k cases or in none.

Only items are blanked, so that the classes stay as they are. That is enough. A combination of
quasi-identifier values alone occurs in a union of whole classes; each class has k cases or more, so the union
is empty or has k cases or more: it is never rare. A rare combination therefore holds an item, and blanking
one in each of its rows makes it occur in none. Each round takes items away and none comes back, so the
rounds end. With the levels of a quasi-identifier as nested columns a coarser value occurs in a union of the
groups counted here (together with each finer or equal value shown), so it is never rare either.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anonymize.ladder import Codes

BLOCK = 16_384
"""Rows that are multiplied at once: more take more memory and are no faster."""
MOST_BYTES = 4 * 2**30
EXACT_IN_SINGLE = 2**24
"""Whole numbers below this are exact in single precision, which multiplies twice as fast."""

Floats = NDArray[np.floating[Any]]
Members = NDArray[np.uint8]
Rare = dict[int, NDArray[np.bool_]]
WHOLE_TABLE = 0
"""Up to pairs are counted in one matrix over the whole table; for triples each item has a matrix."""


class TooManyCombinations(ValueError):
    """The columns have more values than can be counted together."""


@dataclass(frozen=True)
class Limit:
    """No combination of up to `m` values may occur in 1 to `k` - 1 cases; what an item costs, by column."""

    k: int
    m: int
    weights: Mapping[str, float]


def protect_combinations(
    identifiers: Codes, items: Mapping[str, Codes], cases: Codes, limit: Limit
) -> dict[str, Codes]:
    """The items that may be published: those given, some of them blanked. 0 is no item.

    `identifiers` has a row a quasi-identifier and a column a row of the table: the number of what is shown.
    `items` numbers the items of the same rows, `cases` says how often each row occurs. Which items are
    blanked in a row depends on what the rows show alone, not on the order of rows or columns.

    Raises:
        TooManyCombinations: more values than fit into memory; says what to do.
    """
    kept = {name: _drop_rare(items[name], cases, limit.k) for name in sorted(items)}
    tokens = _Tokens(identifiers, kept, cases, limit)
    counts = tokens.count(np.arange(len(cases)), tokens.members)
    while rare := tokens.find_rare(counts):
        for rows in _list_blocks(len(cases)):
            before = tokens.members[rows]
            _blank_block(tokens, rows, rare)
            changed = (before != tokens.members[rows]).any(axis=1)
            for context, less in tokens.count(rows[changed], before[changed]).items():
                counts[context] -= less
            for context, more in tokens.count(rows[changed], tokens.members[rows[changed]]).items():
                counts[context] += more
    return {name: tokens.read_items(name, kept[name]) for name in items}


class _Tokens:
    """Which row shows which value: a column a value, items first (by column and value), then the others."""

    def __init__(self, identifiers: Codes, items: Mapping[str, Codes], cases: Codes, limit: Limit) -> None:
        self.limit = limit
        self.kind: type[np.floating[Any]] = np.float32 if int(cases.sum()) < EXACT_IN_SINGLE else np.float64
        self.cases = cases.astype(self.kind)
        self.names = [(name, int(item)) for name in items for item in np.unique(items[name]) if item]
        self.weights = np.array([limit.weights.get(name, 1.0) for name, _ in self.names])
        shown = [(column, value) for column in identifiers for value in np.unique(column)]
        self._check_size(len(cases), len(shown))
        self.members = np.zeros((len(cases), len(self.names) + len(shown)), dtype=np.uint8)
        for number, (name, item) in enumerate(self.names):
            self.members[:, number] = items[name] == item
        for number, (column, value) in enumerate(shown, len(self.names)):
            self.members[:, number] = column == value

    @property
    def contexts(self) -> range:
        """The item of which all triples are counted together, or the whole table."""
        return range(len(self.names)) if self.limit.m > 2 else range(WHOLE_TABLE, WHOLE_TABLE + 1)

    def _check_size(self, rows: int, others: int) -> None:
        tokens = len(self.names) + others
        matrices = sum((tokens - context) ** 2 for context in self.contexts) * np.dtype(self.kind).itemsize
        if rows * tokens + matrices > MOST_BYTES:
            raise TooManyCombinations(
                f"{tokens:,} different values in {rows:,} different rows cannot be counted together; choose "
                "a smaller m, fewer items, or a higher min_level for columns with many values"
            )

    def select(self, context: int, members: Members) -> NDArray[np.intp]:
        """The positions of the rows that a context is about."""
        return np.flatnonzero(members[:, context]) if self.limit.m > 2 else np.arange(len(members))

    def count(self, rows: NDArray[np.intp], members: Members) -> dict[int, Floats]:
        """Cases of every pair of values within each context; the diagonal has those of one value."""
        counts: dict[int, Floats] = {}
        for context in self.contexts:
            size = members.shape[1] - context
            total: Floats = np.zeros((size, size), dtype=self.kind)
            chosen = self.select(context, members)
            for at in range(0, len(chosen), BLOCK):
                block = chosen[at : at + BLOCK]
                shows = members[block, context:].astype(self.kind)
                total += shows.T @ (shows * self.cases[rows[block], None])
            counts[context] = total
        return counts

    def find_rare(self, counts: Mapping[int, Floats]) -> Rare:
        """Which pairs of values are rare within each context; contexts without any are left out."""
        found: Rare = {}
        for context, total in counts.items():
            rare = (total > 0) & (total < self.limit.k)
            if self.limit.m > 2:
                # the item with itself and another is a pair, and stands on the diagonal already
                rare[0, 1:] = rare[1:, 0] = False
            else:
                rare[len(self.names) :, len(self.names) :] = False
            if self.limit.m == 1:
                rare &= np.eye(len(rare), dtype=bool)
            if rare.any():
                found[context] = rare
        return found

    def score(self, members: Members, rare: Rare) -> Floats:
        """In how many rare combinations of its row each item takes part; a row a row, a column an item."""
        score = np.zeros((len(members), len(self.names)), dtype=np.float64)
        for context, pairs in rare.items():
            chosen = self.select(context, members)
            used = np.flatnonzero(pairs.any(axis=0))
            shows = members[chosen][:, context + used].astype(self.kind)
            hits = shows * (shows @ pairs[np.ix_(used, used)].astype(self.kind))
            items = context + used < len(self.names)
            score[np.ix_(chosen, context + used[items])] += hits[:, items]
            if self.limit.m > 2:
                alone = shows @ pairs[used, used].astype(self.kind)
                score[chosen, context] += (hits.sum(axis=1) + alone) / 2
        return score

    def read_items(self, name: str, given: Codes) -> Codes:
        """The items that are left in a column."""
        left = np.zeros_like(given)
        for number, (column, item) in enumerate(self.names):
            if column == name:
                left[self.members[:, number] > 0] = item
        return left


def _blank_block(tokens: _Tokens, rows: NDArray[np.intp], rare: Rare) -> None:
    """In each row blank the item that undoes most rare combinations for what it costs, until none is left.

    Every row of a rare combination has to lose an item of it, so that each row can be seen to by itself. Of
    items that are worth the same the first by name goes: to blank the same one in many rows leaves fewer
    other combinations rare than to blank the rarest (4.9 % of the items against 5.7 % in a trial).
    """
    while len(rows):
        score = tokens.score(tokens.members[rows], rare)
        concerned = score.any(axis=1)
        rows, score = rows[concerned], score[concerned]
        if len(rows):
            tokens.members[rows, (score / tokens.weights).argmax(axis=1)] = 0


def _drop_rare(items: Codes, cases: Codes, k: int) -> Codes:
    """Without the items that fewer than k cases have: they are rare by themselves."""
    numbers, place = np.unique(items, return_inverse=True)
    return np.asarray(np.where(np.bincount(place, weights=cases)[place] < k, 0, numbers[place]))


def _list_blocks(rows: int) -> Iterator[NDArray[np.intp]]:
    for at in range(0, rows, BLOCK):
        yield np.arange(at, min(at + BLOCK, rows))
