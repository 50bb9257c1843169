"""Table: any class table anonymized under a policy of its own, and what that cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from anonymize.full_domain import find_full_domain
from anonymize.generalization import build_generalization
from anonymize.ladder import Codes, Ladder
from anonymize.lattice import combine_ladders
from anonymize.local import WAITING, find_local_levels
from anonymize.recoding import PolicyNotMet, UnsafeRecoding
from anonymize.score import build_score
from schemas.table_policy import RecodingModel, TablePolicy


@dataclass(frozen=True)
class Recoded:
    """The level at which each class is published, one row a class and one column a ladder; -1 left out."""

    levels: Codes

    @property
    def suppressed(self) -> NDArray[np.bool_]:
        """The classes that are left out."""
        return np.asarray((self.levels == WAITING).any(axis=1))


@dataclass(frozen=True)
class Published:
    """The published classes, sorted by what they show: `value` and `level` have a row a ladder."""

    value: Codes
    level: Codes
    cases: Codes


def anonymize_table(ladders: Sequence[Ladder], counts: Codes, policy: TablePolicy) -> Recoded:
    """Find the recoding that the policy asks for. The order of classes and of ladders changes nothing.

    Raises:
        PolicyNotMet: more cases than the limit stay below k; says how many at least.
        LatticeTooLarge: local recoding cannot try so many combinations of levels.
        UnsafeRecoding: the outcome is not safe; nothing may be published.
    """
    order = sorted(range(len(ladders)), key=lambda number: ladders[number].name)
    named = [ladders[number] for number in order]
    most = int(policy.suppression_limit * int(counts.sum()) + 1e-9)
    if policy.recoding is RecodingModel.FULL_DOMAIN:
        found = _recode_full_domain(named, counts, policy, most)
    else:
        found = find_local_levels(combine_ladders(named, counts), counts, policy.k)
    levels = np.empty_like(found)
    levels[:, order] = found
    recoded = Recoded(levels)
    _check_safe(ladders, counts, recoded, policy.k)
    _check_limit(ladders, counts, recoded, policy, most)
    return recoded


def list_groups(ladders: Sequence[Ladder], levels: Codes, classes: Codes) -> Codes:
    """One number for all that each of these classes shows at its levels; equal numbers mean equal values."""
    groups = np.zeros(len(classes), dtype=np.int64)
    for ladder, level in zip(ladders, levels[classes].T, strict=True):
        shown = ladder.shown[level, ladder.value[classes]]
        # numbered anew after each column, so that many columns cannot run out of numbers
        groups, _ = pd.factorize(groups * ladder.size + shown)
    return groups


def list_published(ladders: Sequence[Ladder], counts: Codes, recoded: Recoded) -> Published:
    """Every class of the result once, in an order that only what it shows decides."""
    kept = np.flatnonzero(~recoded.suppressed)
    groups = list_groups(ladders, recoded.levels, kept)
    _, first = np.unique(groups, return_index=True)
    level, value = recoded.levels[kept[first]].T, np.stack([ladder.value[kept[first]] for ladder in ladders])
    shown = [ladder.shown[at, of] for ladder, at, of in zip(ladders, level, value, strict=True)]
    order = np.lexsort(shown[::-1])
    cases = np.bincount(groups, weights=counts[kept]).astype(np.int64)
    return Published(value[:, order], level[:, order], cases[order])


def _recode_full_domain(ladders: Sequence[Ladder], counts: Codes, policy: TablePolicy, most: int) -> Codes:
    columns = [build_generalization(ladder, counts) for ladder in ladders]
    score = build_score(policy.measure, columns, int(counts.sum()))
    optimum = find_full_domain(columns, counts, score, policy.k, most)
    chosen = optimum.levels if optimum else [ladder.levels[-1] for ladder in ladders]
    levels = np.tile(np.array(chosen, dtype=np.int64), (len(counts), 1))
    levels[_find_small(ladders, counts, levels, policy.k)] = WAITING
    return levels


def _find_small(ladders: Sequence[Ladder], counts: Codes, levels: Codes, k: int) -> NDArray[np.bool_]:
    groups = list_groups(ladders, levels, np.arange(len(counts)))
    return np.asarray(np.bincount(groups, weights=counts)[groups] < k)


def _check_safe(ladders: Sequence[Ladder], counts: Codes, recoded: Recoded, k: int) -> None:
    """Count the published classes once more, apart from the search."""
    kept = np.flatnonzero(~recoded.suppressed)
    cases = np.bincount(list_groups(ladders, recoded.levels, kept), weights=counts[kept])
    if len(kept) and cases.min() < k:
        raise UnsafeRecoding("a published class would have fewer than k cases; report this as an error")


def _check_limit(
    ladders: Sequence[Ladder], counts: Codes, recoded: Recoded, policy: TablePolicy, most: int
) -> None:
    cases, suppressed = int(counts.sum()), int(counts[recoded.suppressed].sum())
    if suppressed <= most and suppressed < cases:
        return
    tops = [
        f"{ladder.name} {ladder.levels[-1]}"
        for ladder in ladders
        if ladder.levels[-1] + 1 < len(ladder.shown)
    ]
    remedy = f"raise max_level (now {', '.join(tops)}), or " if tops else ""
    limit = f"{remedy}set suppression_limit to {ceil(suppressed / cases * 1000) / 1000} or more"
    raise PolicyNotMet(
        f"{suppressed} of {cases} cases ({suppressed / cases:.1%}) stay below {policy.k} alike even at the "
        f"coarsest levels that the policy allows; {limit if suppressed < cases else 'lower k'}"
    )
