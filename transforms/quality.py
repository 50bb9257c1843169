"""Quality: is this delivery plausible for its source, and like the one before? Never edits a case.

Row by row the schema has spoken already. Here the delivery is judged as a whole, against the
bounds of its source description and against the last delivery, on figures that name no case.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import sqrt
from types import MappingProxyType

import pandas as pd

from schemas.case import case_fields
from schemas.field import FieldClass, Kind, Requirement
from schemas.finding import Finding, FindingCode, join_findings
from schemas.quality import Against, Expectation, Measure, Profile, QualityReport
from schemas.source import Source
from schemas.submission import RowAccount
from transforms.delivery import measure_held_share
from transforms.drift import MOST_ROWS, check_codes, collect_codes, join_codes
from transforms.expectation import judge_expectations

# The mean of a few values is nearly a value; ten is the usual threshold of output checking
# (ESSnet, Guidelines for output checking, 2010).
FEWEST_VALUES = 10

# Change is told from ten points of missing values and half the rows onwards. A source of 36 rows
# moves that much by chance, so the tolerance is never less than three standard errors: of the
# difference of two shares, or of a count (its square root). For 36 rows with a third of the values
# missing that is 33 points; from 450 rows on the ten points decide.
NULLS_TOLERANCE = 0.10
ROWS_TOLERANCE = 0.50
STANDARD_ERRORS = 3

DIGITS = 6
EXACT = 9
"""Digits with which a figure meets its limits: those that are shown would let through what is just above."""


@dataclass(frozen=True)
class Figures:
    """What is counted of accepted cases, batch by batch: figures that add up, and rows with a new code."""

    rows: int = 0
    known: Mapping[str, int] = field(default_factory=dict)
    total: Mapping[str, int] = field(default_factory=dict)
    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    new_codes: tuple[Finding, ...] = ()

    def add(self, other: "Figures") -> "Figures":
        """Both together."""
        return Figures(
            rows=self.rows + other.rows,
            known=_sum(self.known, other.known),
            total=_sum(self.total, other.total),
            codes=join_codes(self.codes, other.codes),
            new_codes=join_findings([*self.new_codes, *other.new_codes], MOST_ROWS),
        )


def measure_figures(cases: pd.DataFrame, seen: Mapping[str, Sequence[str]] = MappingProxyType({})) -> Figures:
    """Count some cases; `seen` are the codes that each field had in earlier deliveries."""
    described = [case_fields()[name] for name in cases.columns]
    told = [f.name for f in described if f.field_class is not FieldClass.OPERATIONAL]
    numbers = [f.name for f in described if f.kind in (Kind.INTEGER, Kind.YEAR)]
    return Figures(
        rows=len(cases),
        known={name: int(cases[name].count()) for name in told},
        total={name: int(cases[name].sum()) for name in told if name in numbers},
        codes=collect_codes(cases, seen),
        new_codes=check_codes(cases, seen),
    )


def _sum(left: Mapping[str, int], right: Mapping[str, int]) -> dict[str, int]:
    return {name: left.get(name, 0) + right.get(name, 0) for name in {**left, **right}}


def judge_figures(
    figures: Figures,
    account: RowAccount,
    source: Source,
    period: str,
    previous: Profile | None,
    columns: Mapping[str, Sequence[str]] | None = None,
) -> tuple[QualityReport, tuple[Finding, ...]]:
    """Judge the accepted cases of one delivery as a whole; `columns` are those its tables had.

    What is new in their figures was told against `previous.codes`.

    Raises:
        DeliveryNotJudged: Great Expectations gave no answer.
    """
    profile = replace(build_profile(figures, account), columns=columns)
    expected = [*_expect_bounds(source), *_expect_as_before(profile, previous)]
    judged = tuple(_judge(build_profile(figures, account, EXACT), expected))
    report = QualityReport(source.id, period, profile, previous, judged)
    return report, (*(_find(item) for item in judged if not item.met), *figures.new_codes)


def build_profile(figures: Figures, account: RowAccount, digits: int = DIGITS) -> Profile:
    """Shares and means from what was counted, with so many digits after the point."""
    rows, known = figures.rows, figures.known
    return Profile(
        rows=rows,
        held_share=round(measure_held_share(account), DIGITS),
        null_share={name: round(1 - number / rows, digits) for name, number in known.items() if rows},
        mean={
            name: round(total / known[name], digits)
            for name, total in figures.total.items()
            if known[name] >= FEWEST_VALUES
        },
        codes=figures.codes,
    )


def _expect_bounds(source: Source) -> Iterator[Expectation]:
    """What the source description says is plausible."""
    low, high = source.bounds.min, source.bounds.max
    yield from _limit(Measure.ROWS, None, low.rows, high.rows)
    yield from _limit(Measure.HELD, None, low.held_share, high.held_share)
    for name in case_fields():
        yield from _limit(Measure.NULLS, name, low.null_share.get(name), high.null_share.get(name))
        yield from _limit(Measure.MEAN, name, low.mean.get(name), high.mean.get(name))


def _limit(
    measure: Measure, field: str | None, lowest: float | None, highest: float | None
) -> Iterator[Expectation]:
    if lowest is not None or highest is not None:
        yield _expect(measure, field, lowest, highest, Against.BOUNDS)


def _expect_as_before(profile: Profile, previous: Profile | None) -> Iterator[Expectation]:
    """About as many rows as last time, and about as many missing values in each field."""
    if previous is None:
        return
    spread = max(ROWS_TOLERANCE * previous.rows, STANDARD_ERRORS * sqrt(max(previous.rows, 1)))
    yield _expect(Measure.ROWS, None, max(0, previous.rows - spread), previous.rows + spread, Against.LAST)
    for name in _comparable_fields(profile, previous):
        then = previous.null_share[name]
        spread = _tolerance(profile, previous, name)
        yield _expect(Measure.NULLS, name, max(0, then - spread), min(1, then + spread), Against.LAST)


def _comparable_fields(profile: Profile, previous: Profile) -> list[str]:
    """Fields the source itself fills, in one delivery at least; derived fields follow from those."""
    fields = case_fields()
    return [
        name
        for name, share in profile.null_share.items()
        if name in previous.null_share
        and fields[name].requirement in (Requirement.EXPECTED, Requirement.OPTIONAL)
        and min(share, previous.null_share[name]) < 1
    ]


def _tolerance(profile: Profile, previous: Profile, field: str) -> float:
    """Ten points, or three standard errors of the difference between two shares of few rows."""
    nulls = profile.null_share[field] * profile.rows + previous.null_share[field] * previous.rows
    share = nulls / (profile.rows + previous.rows)
    error = sqrt(share * (1 - share) * (1 / profile.rows + 1 / previous.rows))
    return max(NULLS_TOLERANCE, STANDARD_ERRORS * error)


def _expect(
    measure: Measure, field: str | None, lowest: float | None, highest: float | None, against: Against
) -> Expectation:
    """An expectation that nobody has judged yet, so not met."""
    low, high = (None if limit is None else round(limit, DIGITS) for limit in (lowest, highest))
    return Expectation(measure, field, None, low, high, met=False, against=against)


def _judge(profile: Profile, expected: list[Expectation]) -> Iterator[Expectation]:
    """In the order asked."""
    asked = [item for item in expected if _is_measurable(item, profile)]
    answers = iter(judge_expectations(profile, asked))
    for item in expected:
        yield next(answers) if _is_measurable(item, profile) else replace(item, met=True)


def _is_measurable(expectation: Expectation, profile: Profile) -> bool:
    """An empty delivery has no shares, and a field with few values no mean."""
    if expectation.name is Measure.NULLS:
        return expectation.field in profile.null_share
    return expectation.name is not Measure.MEAN or expectation.field in profile.mean


def _find(expectation: Expectation) -> Finding:
    measured, low = expectation.measured, expectation.lowest
    is_low = measured is not None and low is not None and measured < low
    code = FindingCode.BOUND_BROKEN_LOW if is_low else FindingCode.BOUND_BROKEN_HIGH
    return Finding(
        code if expectation.against is Against.BOUNDS else FindingCode.CHANGED_SINCE_LAST,
        count=1,
        field=expectation.field,
        rule=expectation.name.value,
        measured=measured,
        expected=low if is_low else expectation.highest,
    )
