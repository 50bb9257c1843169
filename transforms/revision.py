"""Revision: whether a delivery says anything else than the one before; how much, tells `storage/match`."""

import pandas as pd

from schemas.case import MADE_BY_PALERMO, case_fields


def have_same_content(cases: pd.DataFrame, before: pd.DataFrame) -> bool:
    """Whether both have the same cases, in any order and under any key."""
    return _sort(cases).equals(_sort(before))


def _sort(cases: pd.DataFrame) -> pd.DataFrame:
    fields = [name for name in case_fields() if name not in MADE_BY_PALERMO]
    return cases[fields].sort_values(fields, ignore_index=True)
