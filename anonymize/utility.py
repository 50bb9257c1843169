"""Utility: what a finished table keeps of the information of the original one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from anonymize.ladder import Codes, Ladder
from schemas.table_risk import Utility

LARGEST_TABLE = 2**22
"""Cells of a table of counts; larger ones are left out, and told."""
WIDEST = 3

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shown:
    """Rows as a value and a level in each ladder (a row a ladder), and how many records each stands for."""

    value: Codes
    level: Codes
    cases: Codes


def measure_utility(ladders: Sequence[Ladder], sizes: Codes, after: Shown, before: Shown | None) -> Utility:
    """Measure a finished table of classes of these sizes; without the original only by its own records.

    Records of the original that are not there any more have lost everything.
    """
    records = int(after.cases.sum())
    total = int(before.cases.sum()) if before else records
    losses = []
    for ladder, value, level in zip(ladders, after.value, after.level, strict=True):
        lost = float(ladder.loss[level, value] @ after.cases) + total - records
        losses.append(lost / total)
    errors, left_out = _measure_counts(ladders, after, before) if before else (None, 0)
    return Utility(
        records_before=total,
        records=records,
        average_class=records / len(sizes),
        discernibility=int(sizes @ sizes) + (total - records) * total,
        loss_geometric=float(np.expm1(np.mean(np.log1p(losses)))),
        loss_arithmetic=float(np.mean(losses)),
        entropy=_measure_entropy(ladders, after, before) if before else None,
        information_kept={ladder.name: 1 - loss for ladder, loss in zip(ladders, losses, strict=True)},
        count_errors=errors,
        tables_left_out=left_out,
    )


def _measure_entropy(ladders: Sequence[Ladder], after: Shown, before: Shown) -> float | None:
    """Non-uniform entropy in bits, from the counts before and after; none with several levels a column."""
    bits = 0.0
    for number, ladder in enumerate(ladders):
        levels = np.unique(after.level[number])
        if len(levels) != 1:
            return None
        label = ladder.shown[levels[0]]
        counts = np.bincount(before.value[number], weights=before.cases, minlength=len(label))
        together = np.bincount(label, weights=counts)
        known = counts > 0
        bits += float(counts[known] @ np.log2(together[label[known]] / counts[known]))
        kept = np.bincount(label[after.value[number]], weights=after.cases, minlength=len(together))
        lost = together - kept
        if (lost < 0).any():
            return None  # not made from this original
        lost = lost[lost > 0]
        bits += float(lost @ np.log2(lost.sum() / lost))
    return bits


def _measure_counts(ladders: Sequence[Ladder], after: Shown, before: Shown) -> tuple[dict[int, float], int]:
    """The mean error of all tables of counts over one, two and three columns, and how many were too large."""
    errors, left_out = {}, 0
    for width in range(1, min(WIDEST, len(ladders)) + 1):
        found = []
        for chosen in combinations(range(len(ladders)), width):
            shape = [ladders[number].shown.shape[1] for number in chosen]
            if prod(shape) > LARGEST_TABLE:
                left_out += 1
                continue
            wanted = _count_leaves(ladders, before, chosen)
            got = _count_leaves(ladders, after, chosen)
            found.append(float(np.abs(wanted - got).sum() / wanted.sum()))
        if found:
            errors[width] = float(np.mean(found))
    return errors, left_out


def _count_leaves(ladders: Sequence[Ladder], rows: Shown, chosen: Sequence[int]) -> Floats:
    """Records by original value of some columns; a label counts in equal parts for all values below it.

    The rows are added up by what they show first, then spread column by column.
    """
    codes, spreads = [], []
    for number in chosen:
        shown = ladders[number].shown[rows.level[number], rows.value[number]]
        labels, code = np.unique(shown, return_inverse=True)
        codes.append(code)
        spreads.append(_spread(ladders[number], labels))
    shape = [len(spread) for spread in spreads]
    key = np.ravel_multi_index(tuple(codes), shape)
    place, found = pd.factorize(key)
    table = np.zeros(prod(shape))
    table[found] = np.bincount(place, weights=rows.cases)
    counts = table.reshape(shape)
    for axis, spread in enumerate(spreads):
        counts = np.moveaxis(np.tensordot(counts, spread, axes=(axis, 0)), -1, axis)
    return counts


def _spread(ladder: Ladder, labels: Codes) -> Floats:
    """For each label the equal parts of the values that it may stand for."""
    place = np.full(ladder.size, -1, dtype=np.int64)
    place[labels] = np.arange(len(labels))
    members = np.zeros((len(labels), ladder.shown.shape[1]))
    for level in ladder.shown:
        at = place[level]
        members[at[at >= 0], np.flatnonzero(at >= 0)] = 1
    return np.asarray(members / members.sum(axis=1, keepdims=True))
