"""What passes between reading, mapping and validation; tables are kept out of every repr."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from schemas.finding import Finding
from schemas.precision import Carried
from schemas.submission import RowAccount

TEXT = pd.StringDtype(na_value=np.nan)


def make_text_frame(names: Sequence[str], columns: Sequence[Any], index: pd.Index) -> pd.DataFrame:
    """A frame of text from one array or list of words for each name."""
    arrays = [_make_text(column) for column in columns]
    table = pa.table(arrays, names=[str(place) for place in range(len(arrays))])
    frame = table.to_pandas(types_mapper=lambda _: TEXT)
    return frame.set_axis(pd.Index(list(names), dtype="str"), axis=1).set_axis(index, axis=0)


def _make_text(column: Any) -> Any:
    """In one piece, from which Arrow takes rows quickly; what is Arrow already is cast, not gone through."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if isinstance(column, pa.Array):
        return column.cast(pa.large_string())
    made = pa.array(column, pa.large_string())
    return made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made


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
    ignored rows too. `carried` is the record of loss, column by column.
    """

    cases: pd.DataFrame = field(repr=False)
    reasons: pd.DataFrame = field(repr=False)
    perpetrators: pd.DataFrame = field(repr=False)
    findings: tuple[Finding, ...]
    held: frozenset[int]
    read: int
    ignored: dict[str, int]
    rows: int | None = None
    carried: tuple[Carried, ...] = ()


@dataclass(frozen=True)
class Validated:
    """Accepted cases of one submission, and where its other rows went."""

    cases: pd.DataFrame = field(repr=False)
    reasons: pd.DataFrame = field(repr=False)
    perpetrators: pd.DataFrame = field(repr=False)
    findings: tuple[Finding, ...]
    account: RowAccount
