"""Precision: how a value of the source relates to the one recorded for it, and the counts of that."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Precision(StrEnum):
    """The mapping relations of SKOS, seen from the recorded value; `lossy` where none of them holds."""

    EXACT = "exact"
    BROADER = "broader"
    NARROWER = "narrower"
    LOSSY = "lossy"


COUNTS = (*(precision.value for precision in Precision), "unanswered", "unplaced")
"""What a cell can come to; the names of the counts."""


def join_precisions(several: Iterable[Precision]) -> Precision:
    """The precision of a value that several words make up: broader and narrower at once is lossy."""
    inexact = {precision for precision in several if precision is not Precision.EXACT}
    if len(inexact) > 1:
        return Precision.LOSSY
    return next(iter(inexact), Precision.EXACT)


@dataclass(frozen=True)
class Carried:
    """How many cells of a column were carried over at which precision; counts only.

    `field` is null for a column that sets several flags. `unanswered` cells say that there is no answer,
    `unplaced` ones were not understood or fit no value. All six together are the rows of the table of cases.
    """

    column: str
    field: str | None
    exact: int = 0
    broader: int = 0
    narrower: int = 0
    lossy: int = 0
    unanswered: int = 0
    unplaced: int = 0

    @property
    def values(self) -> int:
        """Cells that say something."""
        return self.exact + self.broader + self.narrower + self.lossy + self.unplaced


def sum_carried(several: Iterable[Carried]) -> Carried:
    """All columns together."""
    columns = list(several)
    totals = {name: sum(getattr(one, name) for one in columns) for name in COUNTS}
    return Carried("", None, **totals)
