"""What passes between pool and release: class table, recoding, account, finished extract."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pandas as pd

from schemas.detail import DetailLevel, Placement

COUNT = "count"
SUPPRESSED = "suppressed"
ORIGINAL_PREFIX = "original_"
K_ANONYMITY = "k-anonymity"


class FooterFact(StrEnum):
    """What the footer of an extract must say of its protection; a stranger checks the rows against it."""

    PROTECTION = "protection"
    K = "k"
    POLICY_SHA256 = "policy_sha256"


@dataclass(frozen=True)
class ClassTable:
    """Equivalence classes of the pool: one row a distinct combination of `columns`, null included.

    `frame` has the columns and `count`, the number of cases (int64, at least 1).
    """

    columns: tuple[str, ...]
    frame: pd.DataFrame

    @property
    def cases(self) -> int:
        """Number of cases in all classes."""
        return int(self.frame[COUNT].sum())


@dataclass(frozen=True)
class Recoding:
    """What each class of the pool becomes: one row a class.

    `frame` has for every column `original_<column>` (the value in the pool) and `<column>` (the
    value to publish), and `suppressed` (bool): the class is left out.
    """

    columns: tuple[str, ...]
    frame: pd.DataFrame


@dataclass(frozen=True)
class Waiting:
    """Cases that wait because the difference to an earlier release would show fewer than k of them.

    `new` are not published yet; `corrections` and `dropped` still stand as they were; `held_back` were
    published and are taken out beside others that had to leave, so that nobody sees who.
    """

    new: int
    corrections: int
    dropped: int
    held_back: int


@dataclass(frozen=True, order=True)
class Awaited:
    """A source and a period whose file was late when the release was prepared."""

    source_id: str
    period: str


@dataclass(frozen=True)
class Account:
    """What a release cost: exact counts, for the restricted zone."""

    cases: int
    published: int
    generalized: int
    suppressed: int
    classes: int
    smallest_class: int
    levels: dict[str, dict[int, int]]
    information_kept: dict[str, float]
    blanked: dict[str, int]
    known: dict[str, int] = field(default_factory=dict)
    """Answers of each sensitive column that the published cases had, before `blanked` were taken away."""
    placements: tuple[Placement, ...] = ()
    """At which level each source, country and window is published, where the policy has a detail ladder."""

    waiting: Waiting | None = None
    """Cases that a later release takes in or lets go, where this one follows another."""
    appearance: str = ""
    """SHA-256 of the artefact that keeps, in the restricted zone, which case each published row is."""

    awaited: tuple[Awaited, ...] | None = None
    """What was late when it was prepared; None where nobody asked, as Palermo did before it had calendars."""

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> "Account":
        """An account as JSON keeps it: levels come back as numbers, placements as what they are."""
        levels = {name: {int(at): n for at, n in counts.items()} for name, counts in stored["levels"].items()}
        placements = tuple(_load_placement(placement) for placement in stored.get("placements", ()))
        waiting = Waiting(**stored["waiting"]) if stored.get("waiting") else None
        late = stored.get("awaited")
        awaited = None if late is None else tuple(Awaited(**each) for each in late)
        parts = {"levels": levels, "placements": placements, "waiting": waiting, "awaited": awaited}
        return cls(**{**stored, **parts})


def _load_placement(stored: Mapping[str, Any]) -> Placement:
    level, keys = DetailLevel(stored["level"]), tuple(stored["keys"])
    return Placement(**{**stored, "level": level, "keys": keys})


@dataclass(frozen=True)
class Extract:
    """A finished extract as a stranger reads it: rows, facts in the file's footer, table of countries."""

    frame: pd.DataFrame
    facts: dict[str, str]
    countries: pd.DataFrame | None = None
