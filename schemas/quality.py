"""Quality of one delivery: the figures of a submission and what was expected of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Measure(StrEnum):
    """What an expectation is about; also the `rule` of the finding when it is not met."""

    ROWS = "rows"
    HELD = "held-share"
    NULLS = "null-share"
    MEAN = "mean"

    @property
    def is_share(self) -> bool:
        """Whether the figure is a share of rows, to be shown in percent."""
        return self in (Measure.HELD, Measure.NULLS)


class Against(StrEnum):
    """What a delivery is measured against."""

    BOUNDS = "bounds of the source"
    LAST = "last delivery"


@dataclass(frozen=True)
class Profile:
    """Figures of one submission: rows, share held, share of nulls and means by field.

    `codes` are those that each coded field has had in any delivery up to this one; `columns` those of
    each table that the source description knows, null where nobody looked. For comparison only: no
    page and no finding tells a code.
    """

    rows: int
    held_share: float
    null_share: dict[str, float]
    mean: dict[str, float]
    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    columns: Mapping[str, Sequence[str]] | None = None


@dataclass(frozen=True)
class Expectation:
    """One expectation: what was measured, between which bounds it should lie, whether it does.

    `measured` is null where the delivery is too small for the figure; nothing is then expected of it.
    """

    name: Measure
    field: str | None
    measured: float | None
    lowest: float | None
    highest: float | None
    met: bool
    against: Against


@dataclass(frozen=True)
class QualityReport:
    """All expectations on one submission, as Great Expectations judged them."""

    source_id: str
    period: str
    profile: Profile
    previous: Profile | None
    expectations: tuple[Expectation, ...]
