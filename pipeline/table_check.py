"""The check of an anonymized table before it is written: counted anew from what it shows."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from anonymize.combination_check import count_rare_combinations
from anonymize.ladder import Codes
from anonymize.model_check import find_unmet_models
from anonymize.refusal import UnsafeRecoding
from pipeline.table_count import Counted
from schemas.table_policy import TablePolicy
from storage.table_file import Text


def check_combinations(
    columns: Mapping[str, Text], cases: Codes, groups: Mapping[str, Mapping[str, Text]], policy: TablePolicy
) -> None:
    """Count what is about to be written, apart from how it was made; nothing is written where it fails.

    Raises:
        UnsafeRecoding: a combination is rare.
    """
    if policy.items is None:
        return
    frame = _build_frame(columns)
    items = [name for name in columns if name in policy.items.columns]
    shown = [list(group) for group in groups.values() if group]
    whole = frame.loc[frame.index.repeat(cases)]
    if count_rare_combinations(whole, shown, items, policy.k, policy.m):
        raise UnsafeRecoding("a published combination would have fewer than k cases; report this as an error")


def check_models(
    columns: Mapping[str, Text], cases: Codes, groups: Mapping[str, Mapping[str, Text]], counted: Counted
) -> None:
    """Judge what is about to be written by its models, apart from how it was made.

    Raises:
        UnsafeRecoding: it does not meet one.
    """
    frame = _build_frame(columns)
    shown = [column for group in groups.values() for column in group]
    whole = {}
    for name, tally in counted.facts.values.items():
        sums = np.bincount(tally.value, weights=tally.cases, minlength=tally.width)
        whole[name] = dict(zip(counted.labels[name], sums.tolist(), strict=True))
    trees = {
        name: [dict(zip(known.values, level.tolist(), strict=True)) for level in known.labels]
        for name, known in counted.sensitive.items()
    }
    if unmet := find_unmet_models(frame, cases, shown, counted.policy, whole, trees):
        raise UnsafeRecoding(f"the result does not meet {', '.join(unmet)}; report this as an error")


def _build_frame(columns: Mapping[str, Text]) -> pd.DataFrame:
    return pa.table({name: column.to_arrow() for name, column in columns.items()}).to_pandas()
