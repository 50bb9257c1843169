"""Comparison: the figures of a delivery then, now, and as expected, as its reader's language writes them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from schemas.quality import Against, Expectation, Measure, Profile
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


class Verdict(StrEnum):
    """Whether a delivery is as expected; also the id of its text."""

    UNMET = "unmet"
    FEW = "few"
    MET = "met"


@dataclass(frozen=True)
class Judged:
    """One expectation, in words; `is_told` unless it compares with last time and is met."""

    name: str
    field: str | None
    measured: str
    limits: str
    against: str
    verdict: Verdict
    result: str
    is_told: bool


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


def judge_expectations(expectations: Iterable[Expectation], language: Language) -> Iterator[Judged]:
    """What was expected and what came of it, unmet first."""
    for expectation in sorted(expectations, key=lambda item: item.met):
        measure, measured = Measure(expectation.name), expectation.measured
        verdict = Verdict.FEW if measured is None else Verdict.MET if expectation.met else Verdict.UNMET
        yield Judged(
            text(f"measure.{measure.value}", language),
            expectation.field,
            "–" if measured is None else write_measured(measure, measured, language),
            _write_limits(measure, expectation.lowest, expectation.highest, language),
            text(f"against.{Against(expectation.against).name.lower()}", language),
            verdict,
            text(f"expected.{verdict.value}", language),
            not (expectation.met and expectation.against == Against.LAST),
        )


def _write_limits(measure: Measure, lowest: float | None, highest: float | None, language: Language) -> str:
    figures = (("low", lowest), ("high", highest))
    limits = {name: write_measured(measure, limit, language) for name, limit in figures if limit is not None}
    form = {("low", "high"): "range", ("low",): "least", ("high",): "most"}.get(tuple(limits))
    return text(f"expected.{form}", language, **limits) if form else "–"


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
