"""Comparison: the figures of a delivery then and now, as its reader's language writes them."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.quality import Measure, Profile
from schemas.text import Language, text, write_figure, write_percent

POINT = 0.01


@dataclass(frozen=True)
class Change:
    """One figure then and now."""

    name: str
    field: str | None
    then: str
    now: str
    change: str


def list_changes(now: Profile, then: Profile | None, language: Language) -> Iterator[Change]:
    """Rows and held share always; fields whose share of missing values moved by a point; and all means."""
    if then is None or not then.rows:
        return
    yield _compare(Measure.ROWS, None, then.rows, now.rows, language)
    yield _compare(Measure.HELD, None, then.held_share, now.held_share, language)
    for measure, before, after in (
        (Measure.NULLS, then.null_share, now.null_share),
        (Measure.MEAN, then.mean, now.mean),
    ):
        for field in sorted(set(before) & set(after), key=lambda name: -abs(after[name] - before[name])):
            if measure is Measure.MEAN or abs(after[field] - before[field]) >= POINT:
                yield _compare(measure, field, before[field], after[field], language)


def write_measured(measure: Measure | None, value: float, language: Language) -> str:
    """A figure with the unit of its measure."""
    is_share = measure is not None and measure.is_share
    return write_percent(value, language) if is_share else write_figure(value, language)


def _compare(measure: Measure, field: str | None, then: float, now: float, language: Language) -> Change:
    difference = 100 * (now - then) if measure.is_share else now - then
    sign = "+" if round(difference, 1) > 0 else "−" if round(difference, 1) < 0 else "±"
    change = sign + write_figure(abs(difference), language)
    return Change(
        text(f"measure.{measure.value}", language),
        field,
        write_measured(measure, then, language),
        write_measured(measure, now, language),
        text("change.points", language, change=change) if measure.is_share else change,
    )
