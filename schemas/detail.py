"""Detail: how much of a country's data is published, from its name alone to every record."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from schemas.strict import FieldName, Strict

COUNTRY, YEAR = "reporting_country", "year_of_registration"
"""Fields of the case by which a country's data is counted."""


class DetailLevel(StrEnum):
    """The detail ladder, from coarse to fine."""

    LISTED = "listed"
    REGION = "region"
    WINDOW = "window"
    YEAR = "year"
    RECORD = "record"

    @property
    def rank(self) -> int:
        """0 for the coarsest."""
        return list(DetailLevel).index(self)

    @property
    def meaning(self) -> str:
        """What is published at this level, in words."""
        return MEANINGS[self]


MEANINGS = {
    DetailLevel.LISTED: "named as contributor, no count",
    DetailLevel.REGION: "counted in the total of its region and window of years",
    DetailLevel.WINDOW: "counted as a country, for a fixed window of years",
    DetailLevel.YEAR: "counted as a country, year by year",
    DetailLevel.RECORD: "every case a record of the extract",
}


class Window(Strict):
    """Years that are counted together, both included; fixed once they are published."""

    first: int
    last: int

    @property
    def name(self) -> str:
        """As it is written: 2017--2019."""
        return f"{self.first}--{self.last}"

    def holds(self, year: int) -> bool:
        """Whether a year lies in it."""
        return self.first <= year <= self.last


class Detail(Strict):
    """The detail ladder of a policy.

    `keys` are the columns by which countries are counted, several choices from fine to coarse.
    """

    windows: tuple[Window, ...] = Field(min_length=1)
    keys: tuple[tuple[FieldName, ...], ...] = Field(min_length=1)
    record_share: Annotated[float, Field(gt=0, le=1)]
    fewest_sources: int = Field(ge=2)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of any choice of keys, in order."""
        return tuple(dict.fromkeys(column for choice in self.keys for column in choice))

    def find_window(self, year: int) -> Window | None:
        """The window in which a year lies, if it lies in one."""
        return next((window for window in self.windows if window.holds(year)), None)

    @model_validator(mode="after")
    def _windows_are_disjoint(self) -> "Detail":
        """Windows that overlap can be subtracted from each other."""
        years = [year for window in self.windows for year in range(window.first, window.last + 1)]
        if any(window.last < window.first for window in self.windows):
            raise ValueError("a window ends before it begins")
        if len(set(years)) < len(years):
            raise ValueError("two windows have a year in common: windows must be disjoint, never rolling")
        return self


@dataclass(frozen=True)
class Placement:
    """At which level the cases of one source and country in one window are published, and why not finer.

    Exact counts, for the restricted zone. Without `window` it is the whole source, or what lies in none.
    """

    source_id: str
    country: str | None
    window: str | None
    level: DetailLevel
    keys: tuple[str, ...]
    cases: int
    waits: bool = False
    """What was published before stays as it was: the difference would show fewer than k cases."""
