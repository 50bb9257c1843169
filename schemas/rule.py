"""Cross-field rules of the case: id, severity, and the pandera check that judges each row.

A rule compares only values that are there: a null on either side satisfies it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
import pandera.pandas as pa


class Severity(StrEnum):
    """What a broken rule does."""

    FAIL = "fail"
    QUARANTINE = "quarantine"
    DERIVE = "derive"
    WARN = "warn"


NO_FLAG = -(2**15)
"""Stands for null among the numbers of a flag."""


@dataclass(frozen=True)
class Rule:
    """One rule. `holds` takes a frame of cases and says for each row whether the rule is kept."""

    id: str
    severity: Severity
    title: str
    fields: tuple[str, ...]
    holds: Callable[[pd.DataFrame], pd.Series]

    @property
    def check(self) -> pa.Check:
        """The rule as a named pandera check on a frame that has the rule's fields."""
        # pandera would pass every row that is null throughout; what a null means is the rule's own matter
        return pa.Check(self.holds, name=self.id, error=self.title, ignore_na=False)


@dataclass(frozen=True)
class RuleElsewhere:
    """A rule that cannot be judged on finished cases, and who keeps it instead."""

    id: str
    severity: Severity | None
    title: str
    kept_by: str


def is_yes(flag: pd.Series) -> pd.Series:
    """True where a flag is 1; null and 0 are not yes."""
    return flag.eq(1).fillna(False).astype(bool)


def is_no(flag: pd.Series) -> pd.Series:
    """True where a flag is an explicit 0."""
    return flag.eq(0).fillna(False).astype(bool)


def any_yes(cases: pd.DataFrame, fields: tuple[str, ...]) -> pd.Series:
    """True where at least one of the flags is 1."""
    yes = np.zeros(len(cases), dtype=bool)
    for field in fields:
        yes |= flag_values(cases[field]) == 1
    return pd.Series(yes, index=cases.index)


def three_valued_or(cases: pd.DataFrame, fields: tuple[str, ...]) -> pd.Series:
    """1 if any flag is 1, 0 only if all are an explicit 0, else null."""
    yes, no = np.zeros(len(cases), dtype=bool), np.ones(len(cases), dtype=bool)
    for field in fields:
        values = flag_values(cases[field])
        yes |= values == 1
        no &= values == 0
    return pd.Series(yes, index=cases.index).astype("Int8").where(yes | no)


def flag_values(flag: pd.Series) -> np.ndarray:
    """The numbers of a flag, `NO_FLAG` where it is null."""
    return flag.to_numpy(dtype="int16", na_value=NO_FLAG)


def same(left: pd.Series, right: pd.Series) -> pd.Series:
    """Left = right, true where either is null."""
    return left.eq(right).fillna(False).astype(bool) | left.isna() | right.isna()


def at_most(left: pd.Series, right: pd.Series) -> pd.Series:
    """Left <= right, true where either is null."""
    return left.le(right).fillna(True).astype(bool)
