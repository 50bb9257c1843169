"""Revision: what a delivery changes against the one that it would replace, in numbers of cases."""

import pandas as pd

from schemas.case import case_fields
from schemas.submission import Revision

KEY = "source_record_key"
MADE_BY_PALERMO = (KEY, "schema_version", "source_version")
"""Fields that change without the source having changed anything."""


def compare_cases(cases: pd.DataFrame, before: pd.DataFrame) -> Revision:
    """Cases that are new, changed or gone, told by their key.

    A source without a key column is compared row by row: its key is the number of the row.
    """
    now, then = cases.set_index(KEY), before.set_index(KEY)
    both = now.index.intersection(then.index)
    fields = [name for name in case_fields() if name not in MADE_BY_PALERMO]
    left, right = now.loc[both, fields], then.loc[both, fields]
    equal = left.eq(right).fillna(False).astype(bool) | (left.isna() & right.isna())
    changed = int((~equal.all(axis=1)).sum())
    return Revision(len(now) - len(both), changed, len(then) - len(both), len(both) - changed)


def have_same_content(cases: pd.DataFrame, before: pd.DataFrame) -> bool:
    """Whether both have the same cases, in any order and under any key."""
    return _sort(cases).equals(_sort(before))


def _sort(cases: pd.DataFrame) -> pd.DataFrame:
    fields = [name for name in case_fields() if name not in MADE_BY_PALERMO]
    return cases[fields].sort_values(fields, ignore_index=True)
