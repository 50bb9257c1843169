"""Quality of one delivery: the figures of a submission and what was expected of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """Figures of one submission: rows, share held, share of nulls and means by field. No case value."""

    rows: int
    held_share: float
    null_share: dict[str, float]
    mean: dict[str, float]


@dataclass(frozen=True)
class Expectation:
    """One expectation: what was measured, between which bounds it should lie, whether it does."""

    name: str
    field: str | None
    measured: float | None
    lowest: float | None
    highest: float | None
    met: bool
    against: str


@dataclass(frozen=True)
class QualityReport:
    """All expectations on one submission, as Great Expectations judged them."""

    source_id: str
    period: str
    profile: Profile
    previous: Profile | None
    expectations: tuple[Expectation, ...]
