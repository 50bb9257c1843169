"""Suppression: rare values of the sensitive columns become null.

What this protects: no published answer is shared by fewer than `minimum_count` cases, and no
blanked answer can be worked out from the number of blanks or from `is_other_exploit`, which is
the OR of four published columns. What it does not protect: combinations of answers, and answers
combined with quasi-identifiers. A kept parent (`is_forced_labour`) still tells that one of its
children, published or not, may apply.
"""

from collections.abc import Iterable

import pandas as pd

from schemas.case import case_fields
from schemas.codelist import load_codelist
from schemas.policy import Policy

YES_NO = (0, 1)

# The flag that is the OR of others: left in, it would give back a blanked part of it.
DISJUNCTIONS = {
    "is_other_exploit": (
        "is_forced_marriage",
        "is_forced_military",
        "is_organ_removal",
        "is_slavery_and_practices",
    )
}


def suppress_rare_values(frame: pd.DataFrame, policy: Policy) -> tuple[pd.DataFrame, dict[str, int]]:
    """Blank the sensitive values that occur too rarely; return the table and the cells blanked by column."""
    columns, least = policy.sensitive.columns, policy.sensitive.minimum_count
    blanked = frame.copy()
    for column in columns:
        blanked[column] = _blank_rare(frame[column], frame[column], least)
    for whole, parts in DISJUNCTIONS.items():
        if whole in columns:
            hidden = _gives_back(frame, blanked, [part for part in parts if part in columns])
            blanked[whole] = _blank_rare(blanked[whole].mask(hidden), frame[whole], least)
    lost = {column: int(frame[column].notna().sum() - blanked[column].notna().sum()) for column in columns}
    return blanked, {column: number for column, number in lost.items() if number}


def _blank_rare(values: pd.Series, before: pd.Series, least: int) -> pd.Series:
    """Blank the rare values, then the next rarest while the few blanks tell what they are."""
    counts = values.value_counts().sort_index().sort_values(kind="stable")
    for value, count in counts.items():
        if count >= least and not _blanks_tell(values, before, least):
            break
        values = values.mask(values.isin([value]))
    return values


def _blanks_tell(values: pd.Series, before: pd.Series, least: int) -> bool:
    """Whether a stranger takes the few blanks for the one answer that is not there.

    Where every possible answer is published, the source's own blanks are nothing but blanks.
    """
    blanks = int(values.isna().sum())
    all_there = values.nunique() == _count_answers(str(before.name)) and blanks == int(before.isna().sum())
    return 0 < blanks < least and not all_there


def _count_answers(column: str) -> int:
    codelist = case_fields()[column].codelist
    return len(load_codelist(codelist).codes) if codelist else len(YES_NO)


def _gives_back(frame: pd.DataFrame, blanked: pd.DataFrame, parts: Iterable[str]) -> pd.Series:
    """Rows in which a part was blanked and no part still published says yes by itself."""
    lost = pd.Series(False, index=frame.index)
    said = pd.Series(False, index=frame.index)
    for part in parts:
        lost |= frame[part].notna() & blanked[part].isna()
        said |= blanked[part].eq(1).fillna(False).astype(bool)
    return lost & ~said
