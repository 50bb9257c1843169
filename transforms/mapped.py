"""What passes between reading, mapping and validation; tables are kept out of every repr."""

from dataclasses import dataclass, field

import pandas as pd

from schemas.finding import Finding
from schemas.submission import RowAccount


@dataclass(frozen=True)
class RawTable:
    """One table as it was handed in: all text, a blank cell is ''; the index is the row number.

    `unused` holds the rows that are no data, counted in `ignored`; they are kept only to be screened
    for identifiers.
    """

    name: str
    frame: pd.DataFrame = field(repr=False)
    findings: tuple[Finding, ...] = ()
    ignored: dict[str, int] = field(default_factory=dict)
    unused: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)

    @property
    def all_rows(self) -> pd.DataFrame:
        """The rows that are data and those that are not."""
        return pd.concat([self.frame, self.unused]).fillna("") if len(self.unused) else self.frame


@dataclass(frozen=True)
class Mapped:
    """Cases of one submission, held ones among them; the index is the row number in the case table.

    Where a row may have several persons the index tells them apart (`transforms/person.py`), `read` counts
    persons and rows without one, and `rows` the rows of the case table. `reasons` has the same index and
    one column for each field that may be missing: a MissingReason where the field is null. `read` counts
    ignored rows too.
    """

    cases: pd.DataFrame = field(repr=False)
    reasons: pd.DataFrame = field(repr=False)
    perpetrators: pd.DataFrame = field(repr=False)
    findings: tuple[Finding, ...]
    held: frozenset[int]
    read: int
    ignored: dict[str, int]
    rows: int | None = None


@dataclass(frozen=True)
class Validated:
    """Accepted cases of one submission, and where its other rows went."""

    cases: pd.DataFrame = field(repr=False)
    reasons: pd.DataFrame = field(repr=False)
    perpetrators: pd.DataFrame = field(repr=False)
    findings: tuple[Finding, ...]
    account: RowAccount
