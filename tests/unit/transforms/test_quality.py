"""The figures of a delivery against the bounds of its source and against the delivery before."""

from typing import Any

import pandas as pd
import pytest

from schemas.case import case_fields
from schemas.field import Kind
from schemas.finding import FindingCode
from schemas.quality import Against, Expectation, Measure, Profile
from schemas.source import Source
from schemas.submission import RowAccount
from transforms.expectation import DeliveryNotJudged, judge_expectations
from transforms.quality import build_profile, judge_figures, measure_figures

DTYPES = {Kind.FLAG: "Int8", Kind.INTEGER: "Int16", Kind.YEAR: "Int16", Kind.BOOLEAN: "boolean"}
LOW, HIGH = FindingCode.BOUND_BROKEN_LOW, FindingCode.BOUND_BROKEN_HIGH
CHANGED = FindingCode.CHANGED_SINCE_LAST


def make_cases(rows: int, **values: list[Any]) -> pd.DataFrame:
    columns = {
        name: pd.array(values.get(name, [None] * rows), dtype=DTYPES.get(field.kind, "str"))
        for name, field in case_fields().items()
    }
    return pd.DataFrame(columns, index=range(2, rows + 2))


def make_source(low: dict[str, Any] | None = None, high: dict[str, Any] | None = None) -> Source:
    return Source(
        id="xyz_office_cases",
        title="Invented",
        publisher={"name": "Office", "country": "XYZ"},
        terms={"licence": "none", "agreement": "none"},
        schedule={"every": "year"},
        reader={"format": "delimited"},
        columns={"age": {"field": "age_at_registration"}},
        bounds={"min": low or {}, "max": high or {}},
    )


def accept(rows: int, held: int = 0) -> RowAccount:
    return RowAccount(rows + held, rows, held, {})


def some(known: int, rows: int, value: Any = "Woman") -> list[Any]:
    return [value] * known + [None] * (rows - known)


def codes_of(findings: tuple[Any, ...]) -> list[tuple[FindingCode, str | None, str | None]]:
    return [(finding.code, finding.rule, finding.field) for finding in findings]


def measure_profile(cases: pd.DataFrame, account: RowAccount) -> Profile:
    return build_profile(measure_figures(cases), account)


class TestProfile:
    def test_counts_rows_nulls_and_means(self) -> None:
        cases = make_cases(20, gender=some(15, 20), age_at_registration=[10] * 10 + [21] * 10)
        profile = measure_profile(cases, RowAccount(32, 20, 5, {"blank row": 7}))
        assert profile.rows == 20
        assert profile.held_share == 0.2  # 5 of 25; rows that are no cases do not count
        assert profile.null_share["gender"] == 0.25
        assert profile.null_share["citizenship"] == 1.0
        assert profile.mean == {"age_at_registration": 15.5}

    def test_a_mean_of_nine_values_is_not_measured_and_of_ten_is(self) -> None:
        nine = measure_profile(make_cases(12, age_at_registration=some(9, 12, 40)), accept(12))
        ten = measure_profile(make_cases(12, age_at_registration=some(10, 12, 40)), accept(12))
        assert nine.mean == {}
        assert ten.mean == {"age_at_registration": 40.0}

    def test_nothing_delivered_has_rows_and_nothing_else(self) -> None:
        assert measure_profile(make_cases(0), accept(0)) == Profile(0, 0.0, {}, {})

    def test_keys_and_versions_are_no_figures(self) -> None:
        assert not {"source_record_key", "source_id", "period"} & set(
            measure_profile(make_cases(1), accept(1)).null_share
        )


def check(
    cases: pd.DataFrame,
    *,
    low: dict[str, Any] | None = None,
    high: dict[str, Any] | None = None,
    held: int = 0,
    previous: Profile | None = None,
) -> tuple[Any, tuple[Any, ...]]:
    figures = measure_figures(cases, previous.codes if previous else {})
    return judge_figures(figures, accept(len(cases), held), make_source(low, high), "2020", previous)


class TestBounds:
    @pytest.mark.parametrize(
        ("rows", "expected"),
        [(9, [(LOW, "rows", None)]), (10, []), (20, []), (21, [(HIGH, "rows", None)])],
    )
    def test_rows(self, rows: int, expected: list[Any]) -> None:
        _, findings = check(make_cases(rows), low={"rows": 10}, high={"rows": 20})
        assert codes_of(findings) == expected

    @pytest.mark.parametrize(("held", "expected"), [(10, []), (11, [(HIGH, "held-share", None)])])
    def test_share_held_comes_from_the_account(self, held: int, expected: list[Any]) -> None:
        _, findings = check(make_cases(90), high={"held_share": 0.1}, held=held)
        assert codes_of(findings) == expected

    @pytest.mark.parametrize(
        ("known", "expected"),
        [(9, [(HIGH, "null-share", "gender")]), (8, []), (2, []), (1, [(LOW, "null-share", "gender")])],
    )
    def test_share_of_nulls(self, known: int, expected: list[Any]) -> None:
        """Of ten rows at least 20 % and at most 80 % may be null; the limits themselves are allowed."""
        cases = make_cases(10, gender=some(10 - known, 10))
        _, findings = check(cases, low={"null_share": {"gender": 0.2}}, high={"null_share": {"gender": 0.8}})
        assert codes_of(findings) == expected

    @pytest.mark.parametrize(
        ("age", "expected"),
        [
            (17, [(LOW, "mean", "age_at_registration")]),
            (18, []),
            (41, [(HIGH, "mean", "age_at_registration")]),
        ],
    )
    def test_mean(self, age: int, expected: list[Any]) -> None:
        bounds = {"low": {"mean": {"age_at_registration": 18}}, "high": {"mean": {"age_at_registration": 40}}}
        _, findings = check(make_cases(10, age_at_registration=[age] * 10), **bounds)
        assert codes_of(findings) == expected

    def test_finding_says_what_was_measured_and_expected(self) -> None:
        _, (finding,) = check(make_cases(3), low={"rows": 10})
        assert (finding.measured, finding.expected, finding.rows) == (3, 10, ())

    def test_nothing_delivered_breaks_the_bound_of_rows_only(self) -> None:
        report, findings = check(
            make_cases(0),
            low={"rows": 1, "mean": {"age_at_registration": 5}},
            high={"null_share": {"gender": 0}},
        )
        assert codes_of(findings) == [(LOW, "rows", None)]
        assert [item.measured for item in report.expectations] == [0, None, None]

    def test_no_bounds_ask_nothing(self) -> None:
        report, findings = check(make_cases(5))
        assert (report.expectations, findings) == ((), ())


def before(rows: int, **shares: float) -> Profile:
    nulls = dict.fromkeys(measure_profile(make_cases(1), accept(1)).null_share, 1.0)
    return Profile(rows, 0.0, {**nulls, **shares}, {})


class TestChangeSinceLast:
    def test_an_unchanged_resend_tells_nothing(self) -> None:
        cases = make_cases(36, gender=some(29, 36), age_at_registration=some(30, 36, 17))
        previous = measure_profile(cases, accept(36))
        report, findings = check(cases, previous=previous)
        assert findings == ()
        assert {item.against for item in report.expectations} == {Against.LAST}

    @pytest.mark.parametrize(("rows", "changed"), [(499, True), (500, False), (1500, False), (1501, True)])
    def test_half_the_rows(self, rows: int, changed: bool) -> None:
        _, findings = check(make_cases(rows), previous=before(1000))
        assert codes_of(findings) == ([(CHANGED, "rows", None)] if changed else [])

    @pytest.mark.parametrize(("known", "changed"), [(800, False), (600, False), (599, True), (801, True)])
    def test_ten_points_of_nulls(self, known: int, changed: bool) -> None:
        _, findings = check(make_cases(1000, gender=some(known, 1000)), previous=before(1000, gender=0.3))
        assert codes_of(findings) == ([(CHANGED, "null-share", "gender")] if changed else [])

    def test_chance_alone_moves_a_small_source_more(self) -> None:
        """36 rows, 9 nulls then 15 now: 17 points, but one standard error is 11."""
        _, findings = check(make_cases(36, gender=some(21, 36)), previous=before(36, gender=0.25))
        assert findings == ()

    @pytest.mark.parametrize("rows", [6, 36])
    def test_a_field_that_vanishes_shows_in_a_small_source_too(self, rows: int) -> None:
        _, findings = check(make_cases(rows), previous=before(rows, gender=0.0))
        assert codes_of(findings) == [(CHANGED, "null-share", "gender")]

    @pytest.mark.parametrize(("rows", "changed"), [(0, False), (13, False), (14, True)])
    def test_six_rows_may_become_none_or_thirteen(self, rows: int, changed: bool) -> None:
        """Three standard errors of a count of six are 7.3."""
        _, findings = check(make_cases(rows), previous=before(6))
        assert codes_of(findings) == ([(CHANGED, "rows", None)] if changed else [])

    def test_derived_fields_follow_and_are_not_told_twice(self) -> None:
        cases = make_cases(1000, age_broad=some(900, 1000, "30--38"), age_group=some(900, 1000, "27--38"))
        _, findings = check(cases, previous=before(1000, age_broad=0.9, age_group=0.9))
        assert codes_of(findings) == [(CHANGED, "null-share", "age_broad")]

    def test_a_first_delivery_is_compared_with_nothing(self) -> None:
        report, findings = check(make_cases(5), previous=None)
        assert (report.previous, report.expectations, findings) == (None, (), ())

    def test_after_an_empty_delivery_there_are_no_shares_to_compare(self) -> None:
        report, findings = check(make_cases(3), previous=Profile(0, 0.0, {}, {}))
        assert findings == ()
        assert [item.name for item in report.expectations] == [Measure.ROWS]


def test_cases_are_not_changed() -> None:
    cases = make_cases(12, gender=some(6, 12))
    copy = cases.copy()
    check(cases, low={"rows": 20}, previous=before(12, gender=0.1))
    pd.testing.assert_frame_equal(cases, copy)


def test_an_answer_that_does_not_come_is_an_error_without_a_cell() -> None:
    profile = Profile(3, 0.0, {"gender": 0.0}, {}, codes={"gender": ("CANARY",)})
    question = Expectation(Measure.MEAN, "gender", None, 0, 1, met=False, against=Against.BOUNDS)
    with pytest.raises(DeliveryNotJudged, match="no answer on mean of gender") as error:
        judge_expectations(profile, [question])
    assert "CANARY" not in str(error.value)
    assert error.value.__cause__ is None
