"""Cross-field rules of the case: id, severity, and the pandera check that judges each row.

A rule compares only values that are there: a null on either side satisfies it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd
import pandera.pandas as pa


class Severity(StrEnum):
    """What a broken rule does."""

    FAIL = "fail"
    QUARANTINE = "quarantine"
    DERIVE = "derive"
    WARN = "warn"


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
        return pa.Check(self.holds, name=self.id, error=self.title)


def is_yes(flag: pd.Series) -> pd.Series:
    """True where a flag is 1; null and 0 are not yes."""
    return flag.eq(1).fillna(False).astype(bool)


def is_no(flag: pd.Series) -> pd.Series:
    """True where a flag is an explicit 0."""
    return flag.eq(0).fillna(False).astype(bool)


def any_yes(cases: pd.DataFrame, fields: tuple[str, ...]) -> pd.Series:
    """True where at least one of the flags is 1."""
    return cases[list(fields)].eq(1).fillna(False).any(axis=1).astype(bool)


def at_most(left: pd.Series, right: pd.Series) -> pd.Series:
    """Left <= right, true where either is null."""
    return left.le(right).fillna(True).astype(bool)
