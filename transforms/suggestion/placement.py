"""Placement: where one column of a file belongs, how sure that is, and why; never what is in its cells."""

from dataclasses import dataclass, field
from enum import StrEnum

from transforms.suggestion.dating import Dating
from transforms.suggestion.profile import Profile
from transforms.suggestion.vocabulary import Words


class Place(StrEnum):
    """What becomes of a column."""

    FIELD = "field"
    FLAGS = "flags"
    CONCATENATED = "concatenated"
    KEY = "key"
    BIRTH = "birth_date"
    LINK = "link"
    IGNORED = "ignored"
    REFUSED = "refused"
    FILTER = "ignored_rows"
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
    dating: Dating | None = None

    @property
    def is_used(self) -> bool:
        """Whether the column fills something of the case."""
        return self.place in (Place.FIELD, Place.FLAGS, Place.KEY, Place.BIRTH)


def leave_open(reason: str, dating: Dating | None = None) -> Placement:
    """A column that is left to the officer."""
    return Placement(Place.UNDECIDED, "", 0.0, reason, dating=dating)


@dataclass(frozen=True)
class SeenColumn:
    """One column of a file: its position from 1, its name (blank where the file has no header), its cells.

    `label` is the visible name beside a machine name. `sources` are the columns of the file where several
    repeat for the persons of a row, and stand as one here; `optional` says that a person lacks it.
    """

    position: int
    name: str
    profile: Profile = field(repr=False)
    label: str = ""
    sources: tuple[str, ...] = ()
    optional: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """What may say what the column means: the visible name first."""
        return tuple(dict.fromkeys(filter(None, (self.label, self.name))))


@dataclass(frozen=True)
class PlacedColumn:
    """A column of a file and where it belongs."""

    column: SeenColumn
    placement: Placement
