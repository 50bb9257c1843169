"""Placement: where one column of a file belongs, how sure that is, and why; never what is in its cells."""

from dataclasses import dataclass, field
from enum import StrEnum

from transforms.suggestion.profile import Profile
from transforms.suggestion.vocabulary import Words


class Place(StrEnum):
    """What becomes of a column."""

    FIELD = "field"
    FLAGS = "flags"
    CONCATENATED = "concatenated"
    KEY = "key"
    IGNORED = "ignored"
    REFUSED = "refused"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Placement:
    """Where a column belongs.

    `target` is a field of the case, a topic of flags, or why the column is not used; `reason` quotes
    words of the lexicon and counts. `confidence` is from 0 to 1.
    """

    place: Place
    target: str
    confidence: float
    reason: str
    words: Words | None = field(default=None, repr=False)
    date: str | None = None

    @property
    def is_used(self) -> bool:
        """Whether the column fills something of the case."""
        return self.place in (Place.FIELD, Place.FLAGS, Place.KEY)


def leave_open(reason: str) -> Placement:
    """A column that is left to the officer."""
    return Placement(Place.UNDECIDED, "", 0.0, reason)


@dataclass(frozen=True)
class SeenColumn:
    """One column of a file: its position from 1, its name (blank where the file has no header), its cells."""

    position: int
    name: str
    profile: Profile = field(repr=False)


@dataclass(frozen=True)
class PlacedColumn:
    """A column of a file and where it belongs."""

    column: SeenColumn
    placement: Placement
