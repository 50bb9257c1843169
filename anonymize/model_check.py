"""Model check: the models of a policy counted in what is to be published, apart from how it was made."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from schemas.table_model import (
    BetaLikeness,
    Closeness,
    Distance,
    DistinctDiversity,
    EntropyDiversity,
    Homogeneity,
    Likeness,
    PrivacyModel,
    RecursiveDiversity,
)
from schemas.table_policy import TablePolicy

NEARLY = 1e-7

Whole = Mapping[str, Mapping[str, float]]
Trees = Mapping[str, Sequence[Mapping[str, int]]]


def find_unmet_models(
    frame: pd.DataFrame,
    cases: np.ndarray,
    shown: Sequence[str],
    policy: TablePolicy,
    whole: Whole,
    trees: Trees,
) -> list[str]:
    """The names of the models that some published class does not meet.

    `frame` has the different rows of the result and `cases` how often each occurs; `shown` are the columns
    that make a class, null like any other value. `whole` counts the values of each sensitive column in the
    table, left-out cases included; `trees` has the label of each value, level by level. Models about the
    population need more than the result, and columns that are items show less than was judged: neither is
    counted here.
    """
    number = frame.groupby(list(shown), dropna=False, observed=True, sort=False).ngroup()
    items = set(policy.items.columns) if policy.items else set()
    unmet = []
    for model in policy.models:
        for column in model.columns:
            if column not in items:
                values = frame[column].astype(object).where(frame[column].notna(), "")
                counts = pd.Series(cases).groupby([number, values]).sum().rename_axis(["class", "value"])
                if not _is_met(model, counts, pd.Series(whole[column]), trees.get(column, ())):
                    unmet.append(f"{model.model} of {column}")
    return unmet


def _is_met(
    model: PrivacyModel, counts: pd.Series, whole: pd.Series, tree: Sequence[Mapping[str, int]]
) -> bool:
    by_class = counts.groupby(level="class")
    share = counts / by_class.transform("sum")
    match model:
        case DistinctDiversity():
            return bool(by_class.size().min() >= model.l)
        case EntropyDiversity():
            entropy = -(share * np.log(share)).groupby(level="class").sum()
            return bool(entropy.min() >= np.log(model.l) - NEARLY)
        case RecursiveDiversity():
            ranked = counts.sort_values(ascending=False, kind="stable")
            place = ranked.groupby(level="class").cumcount()
            rest = ranked[place >= model.l - 1].groupby(level="class").sum()
            first = by_class.max()
            return bool((first < model.c * rest.reindex(first.index, fill_value=0)).all())
        case Closeness():
            levels = tree if model.distance is Distance.HIERARCHICAL else tree[:1]
            return _measure_distance(share, whole / whole.sum(), levels) <= model.t + NEARLY
        case BetaLikeness():
            known = share.index.get_level_values("value").map((whole / whole.sum()).to_dict()).to_numpy()
            most = np.full(len(known), model.beta)
            if model.kind is Likeness.ENHANCED:
                most = np.minimum(most, -np.log(known))
            return bool(((share - known) / known <= most + NEARLY).all())
        case Homogeneity():
            told = ~share.index.get_level_values("value").isin(model.not_known)
            return bool(((share[told] <= model.limit + NEARLY) & (share[told] < 1)).all())
    return True


def _measure_distance(share: pd.Series, whole: pd.Series, tree: Sequence[Mapping[str, int]]) -> float:
    """The largest earth mover's distance of a class: half of what differs, averaged over the levels.

    At every level the mass that must leave a label crosses the edge above it, at a cost of 1 / levels.
    """
    table = share.unstack("value", fill_value=0)
    values = [str(value) for value in whole.index]
    held = {str(value): table[value].to_numpy() for value in table.columns}
    absent = np.zeros(len(table))
    moved = np.zeros(len(table))
    for level in tree:
        for label in set(level.values()):
            below = [value for value in values if level[value] == label]
            inside = np.sum([held.get(value, absent) for value in below], axis=0)
            moved += np.abs(inside - sum(whole[value] for value in below)) / 2
    return float(moved.max() / len(tree))
