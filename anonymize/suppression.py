"""Suppression: rare values of the sensitive columns become null, alone and in combination.

What this protects: no published answer is shared by fewer than `minimum_count` cases, no combination
of up to `m` published values by fewer than k, and no blanked answer can be worked out from the number of
blanks or from `is_other_exploit`, which is the OR of four published columns. An answer that another one
implies (`labour_construction` says `is_forced_labour`) is read in a union of the groups that are counted,
so it is not rare either. A kept parent still tells that one of its children, published or not, may apply.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from anonymize.combination import Limit, protect_combinations
from anonymize.ladder import Codes
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


def protect_answers(frame: pd.DataFrame, policy: Policy) -> tuple[pd.DataFrame, dict[str, int]]:
    """Blank until no answer, and no combination of up to m values, is rare; the table and the cells lost.

    A combination holds the published values of quasi-identifiers and the answers of a row; a null answer is
    none. What one step blanks can make another answer rare, so both are taken in turn until nothing changes.

    Raises:
        TooManyCombinations: more values than can be counted together.
    """
    current = frame
    while True:
        alone, _ = suppress_rare_values(frame, policy, current)
        together = suppress_rare_combinations(alone, policy)
        if together.notna().equals(current.notna()):
            return together, _count_lost(frame, together, policy.sensitive.columns)
        current = together


def suppress_rare_combinations(frame: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Blank the answers without which no combination of up to m values occurs in 1 to k - 1 rows.

    Raises:
        TooManyCombinations: more values than can be counted together.
    """
    columns = policy.sensitive.columns
    if not columns or frame.empty:
        return frame
    ladders = [list(quasi_identifier.ladder) for quasi_identifier in policy.quasi_identifiers.values()]
    shown = np.stack([_number_groups(frame, ladder) for ladder in ladders])
    answers = {column: _number_answers(frame[column]) for column in columns}
    limit = Limit(policy.k, policy.m, policy.sensitive.weights)
    kept = protect_combinations(shown, answers, np.ones(len(frame), dtype=np.int64), limit)
    return frame.assign(**{column: frame[column].mask(kept[column] == 0) for column in columns})


def suppress_rare_values(
    frame: pd.DataFrame, policy: Policy, current: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Blank the sensitive values that occur too rarely; return the table and the cells blanked by column.

    `current` is the same table where some of its answers have been blanked before.
    """
    columns, least = policy.sensitive.columns, policy.sensitive.minimum_count
    current = frame if current is None else current
    blanked = current.copy()
    for column in columns:
        blanked[column] = _blank_rare(current[column], current[column], least)
    for whole, parts in DISJUNCTIONS.items():
        if whole in columns:
            hidden = _gives_back(frame, blanked, [part for part in parts if part in columns])
            blanked[whole] = _blank_rare(blanked[whole].mask(hidden), frame[whole], least)
    return blanked, _count_lost(frame, blanked, columns)


def _count_lost(before: pd.DataFrame, after: pd.DataFrame, columns: Iterable[str]) -> dict[str, int]:
    lost = {column: int(before[column].notna().sum() - after[column].notna().sum()) for column in columns}
    return {column: number for column, number in lost.items() if number}


def _number_groups(frame: pd.DataFrame, columns: list[str]) -> Codes:
    """What the columns show together, null a value like any other."""
    groups = frame.groupby(columns, dropna=False, observed=True, sort=False)
    return np.asarray(groups.ngroup(), dtype=np.int64)


def _number_answers(values: pd.Series) -> Codes:
    """Answers in their order from 1; 0 is null."""
    return np.asarray(pd.factorize(values, sort=True)[0] + 1, dtype=np.int64)


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
