"""Measures of an anonymized table, from its classes and the levels at which they are published."""

from collections.abc import Sequence

import numpy as np

from anonymize.generalization import build_generalization
from anonymize.ladder import Codes, Ladder
from anonymize.score import Entropy
from anonymize.table import Recoded, list_groups
from schemas.table_account import CellAccount, ColumnAccount, TableAccount
from schemas.table_policy import RecodingModel, TablePolicy


def measure_table(
    ladders: Sequence[Ladder], counts: Codes, recoded: Recoded, policy: TablePolicy
) -> TableAccount:
    """Count what is published and what was lost; definitions in `schemas/table_account.py`."""
    cases, kept = int(counts.sum()), np.flatnonzero(~recoded.suppressed)
    sizes = np.bincount(list_groups(ladders, recoded.levels, kept), weights=counts[kept]).astype(np.int64)
    published = int(sizes.sum())
    levels = recoded.levels.T
    losses = [_measure_loss(ladder, counts, level) for ladder, level in zip(ladders, levels, strict=True)]
    return TableAccount(
        cases=cases,
        published=published,
        suppressed=cases - published,
        classes=len(sizes),
        smallest_class=int(sizes.min()),
        average_class=published / len(sizes),
        discernibility=int(sizes @ sizes) + (cases - published) * cases,
        loss_geometric=float(np.expm1(np.mean(np.log1p(losses)))),
        loss_arithmetic=float(np.mean(losses)),
        entropy=_measure_entropy(ladders, counts, recoded, policy),
        prosecutor_highest=1 / int(sizes.min()),
        prosecutor_average=len(sizes) / published,
        cells=_count_cells(ladders, counts, recoded, policy.k),
        columns={
            ladder.name: ColumnAccount(_count_levels(level, counts), 1 - loss)
            for ladder, level, loss in zip(ladders, levels, losses, strict=True)
        },
    )


def _measure_loss(ladder: Ladder, counts: Codes, level: Codes) -> float:
    """The mean share of the domain a case is newly mixed up with; a suppressed case counts 1."""
    loss = np.where(level < 0, 1.0, ladder.loss[level, ladder.value])
    return float(loss @ counts) / int(counts.sum())


def _count_cells(ladders: Sequence[Ladder], counts: Codes, recoded: Recoded, k: int) -> CellAccount:
    kept = coarser = 0
    for ladder, level in zip(ladders, recoded.levels.T, strict=True):
        kept += int(counts[level == 0].sum())
        coarser += int(counts[(level > 0) & (level < len(ladder.shown) - 1)].sum())
    # the classes of a table differ in their values, so that its own are those that stand as they are
    alike = int(counts[counts >= k].sum())
    columns = len(ladders)
    return CellAccount(int(counts.sum()) * columns, kept, coarser, alike, alike * columns)


def _count_levels(level: Codes, counts: Codes) -> dict[int, int]:
    return {int(at): int(counts[level == at].sum()) for at in np.unique(level)}


def _measure_entropy(
    ladders: Sequence[Ladder], counts: Codes, recoded: Recoded, policy: TablePolicy
) -> float | None:
    if policy.recoding is not RecodingModel.FULL_DOMAIN:
        return None
    columns = [build_generalization(ladder, counts) for ladder in ladders]
    score, left_out = Entropy(columns), recoded.suppressed
    costs = []
    for number, (column, levels) in enumerate(zip(columns, recoded.levels.T, strict=True)):
        level = int(levels[~left_out][0]) - column.levels.start
        label = column.label[level][column.value]
        hidden = np.bincount(label[left_out], weights=counts[left_out], minlength=len(column.loss[level]))
        costs.append(score.measure_column(number, level, hidden.astype(np.float64)))
    return score.combine(costs)
