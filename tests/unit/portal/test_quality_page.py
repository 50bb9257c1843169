"""The officer's page: every row accounted for, every finding counted, nothing loaded or run."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from portal.quality_page import LEVELS, MEASURES, render_quality_page
from schemas.finding import Finding, FindingCode, Level
from schemas.precision import Carried
from schemas.quality import Against, Expectation, Measure, Profile, QualityReport
from schemas.submission import RowAccount

Read = Callable[[str], Any]
NOW = Profile(39, 0.05, {"gender": 0.0, "citizenship": 0.205, "sex": 1.0}, {"age_at_registration": 16.1})
THEN = Profile(36, 0.0, {"gender": 0.2, "citizenship": 0.2, "sex": 1.0}, {"age_at_registration": 17.2})
ACCOUNT = RowAccount(45, 39, 3, {"empty row": 2, "total at the foot": 1})


def expect(
    measure: Measure, field: str | None, measured: float | None, met: bool, against: Against = Against.BOUNDS
) -> Expectation:
    return Expectation(measure, field, measured, 0.1, 0.5, met, against)


def render(
    findings: Sequence[Finding] = (),
    account: RowAccount = ACCOUNT,
    expectations: Sequence[Expectation] = (),
    previous: Profile | None = None,
    title: str = "Serbia, identified victims",
) -> str:
    report = QualityReport("srb_office_victims", "2019", NOW, previous, tuple(expectations))
    return render_quality_page(report, findings, account, submission="f" * 64, title=title)


def test_head_and_rows(read_page: Read) -> None:
    words = read_page(render()).words
    assert "Serbia, identified victims" in words
    assert "Source srb_office_victims Period 2019 Submission ffffffffffff Used" in words
    assert "45 read 39 accepted, 86.7 % 3 held, 6.7 % 3 ignored, 6.7 %" in words
    assert "empty row 2 total at the foot 1" in words


@pytest.mark.parametrize(
    ("codes", "held", "outcome"),
    [
        ([], 0, "Used 9 rows of 9 can be used. There is nothing to do."),
        ([FindingCode.RULE_DERIVED], 0, "Used 9 rows of 9 can be used. There is nothing to do."),
        ([FindingCode.RULE_WARNED], 0, "Used, with something to check 9 rows of 9 can be used."),
        ([FindingCode.RULE_HELD], 1, "Used, but some rows wait 8 rows of 9 can be used; 1 row waits"),
        ([FindingCode.RULE_HELD, FindingCode.BOUND_BROKEN_LOW], 1, "This delivery is not used"),
    ],
)
def test_the_first_thing_said(read_page: Read, codes: list[FindingCode], held: int, outcome: str) -> None:
    findings = [Finding(code, 1) for code in codes]
    assert outcome in read_page(render(findings, RowAccount(9, 9 - held, held, {}))).words


def test_findings_stand_worst_first_with_title_advice_and_true_count(read_page: Read) -> None:
    findings = [
        Finding(FindingCode.RULE_DERIVED, 39, rule="D1", rows=(2, 3)),
        Finding(FindingCode.RULE_WARNED, 1, rule="L2", rows=(5,)),
        Finding(FindingCode.WORD_UNKNOWN, 1432, table="cases", column="pol", rows=(17, 18, 19, 31)),
        Finding(FindingCode.BOUND_BROKEN_LOW, 1, rule="rows", measured=3, expected=10),
    ]
    words = read_page(render(findings)).words
    places = [words.index(finding.code.title) for finding in reversed(findings)]
    assert places == sorted(places)
    assert FindingCode.WORD_UNKNOWN.advice in words
    assert "table cases, column pol 17–19, 31 and 1,428 more 1,432" in words
    assert "Rows accepted. Measured 3, limit 10." in words


def test_findings_of_one_code_are_one_group(read_page: Read) -> None:
    findings = [Finding(FindingCode.RULE_HELD, n, rule=rule, rows=(n,)) for n, rule in ((4, "T1"), (5, "T3"))]
    page = read_page(render(findings))
    assert page.words.count(FindingCode.RULE_HELD.title) == 1
    assert "9 in all" in page.words


def test_rule_and_field_are_explained(read_page: Read) -> None:
    findings = [
        Finding(FindingCode.RULE_HELD, 1, rule="T1", rows=(9,)),
        Finding(FindingCode.FIELD_INVALID, 1, field="age_at_registration", rows=(9,)),
    ]
    words = read_page(render(findings)).words
    assert "rule T1 Entry, start, end and registration follow in this order" in words
    assert "field age_at_registration Age in completed years at registration." in words


def test_rows_are_listed_up_to_twenty_runs(read_page: Read) -> None:
    rows = tuple(range(2, 202, 2))
    words = read_page(render([Finding(FindingCode.RULE_HELD, 300, rule="T1", rows=rows)])).words
    assert "36, 38, 40 and 280 more 300" in words
    assert "42" not in words.partition("rule T1")[2].partition("and 280")[0]


def test_a_position_is_not_called_a_column_twice(read_page: Read) -> None:
    assert (
        "column column"
        not in read_page(render([Finding(FindingCode.COLUMN_UNKNOWN, 1, column="column 5")])).words
    )


def test_expectations_say_measured_limits_and_result(read_page: Read) -> None:
    expectations = [
        expect(Measure.NULLS, "gender", 0.2, True),
        expect(Measure.HELD, None, 0.9, False),
        expect(Measure.MEAN, "age_at_registration", None, True),
    ]
    words = read_page(render(expectations=expectations)).words
    assert (
        "Share of rows held 90 % 10 % to 50 % bounds of the source not met Missing values gender 20 %"
        in words
    )
    assert "Mean age_at_registration – 0.1 to 0.5 bounds of the source too few rows to say" in words


def test_what_is_met_against_last_time_is_folded_away_and_the_rest_is_not(read_page: Read) -> None:
    expectations = [
        expect(Measure.NULLS, "gender", 0.2, True, Against.LAST),
        expect(Measure.NULLS, "citizenship", 0.9, False, Against.LAST),
    ]
    words = read_page(render(expectations=expectations)).words
    folded = words.partition("1 expectation against the last delivery, all met")[2]
    assert "gender" in folded
    assert "citizenship" not in folded


def test_change_lists_what_moved_by_a_point(read_page: Read) -> None:
    words = read_page(render(previous=THEN)).words
    change = words.partition("Change since the last delivery")[2]
    assert "Rows accepted 36 39 +3" in change
    assert "Share of rows held 0 % 5 % +5 points" in change
    assert "Missing values gender 20 % 0 % −20 points" in change
    assert "Mean age_at_registration 17.2 16.1 −1.1" in change
    assert "citizenship" not in change


@pytest.mark.parametrize("previous", [None, Profile(0, 0.0, {}, {})])
def test_nothing_to_compare_with_is_said(read_page: Read, previous: Profile | None) -> None:
    assert (
        "first delivery of this source that could be compared" in read_page(render(previous=previous)).words
    )


def test_an_empty_delivery_has_a_page(read_page: Read) -> None:
    assert "0 rows of 0 can be used" in read_page(render(account=RowAccount(0, 0, 0, {}))).words


def test_whatever_is_put_in_is_escaped(read_page: Read) -> None:
    evil = "<img src=x onerror=alert(1)>&\"'"
    account = RowAccount(1, 0, 0, {evil: 1})
    findings = [
        Finding(FindingCode.WORD_UNKNOWN, 1, table=evil, column=evil, rule=evil, field=evil, rows=(1,))
    ]
    page = read_page(render(findings, account, title=evil))
    assert evil in page.words
    assert "<img" not in page.html


def test_every_level_and_measure_has_words() -> None:
    assert set(LEVELS) == set(Level)
    assert set(MEASURES) == set(Measure)


def test_persons_are_counted_where_a_row_has_several(read_page: Read) -> None:
    account = RowAccount(7, 5, 1, {"row without a person": 1}, rows=4)
    words = read_page(render([Finding(FindingCode.RULE_HELD, 1)], account=account)).words
    assert "Used, but some persons wait 5 persons of 7 can be used; 1 person waits" in words
    assert "persons are counted, 4 rows were read" in words
    assert "rows were read" not in read_page(render(account=RowAccount(7, 7, 0, {}))).words


def test_what_was_carried_over_is_told_by_column(read_page: Read) -> None:
    report = QualityReport("srb_office_victims", "2019", NOW, None, ())
    carried = (
        Carried("uzrast", "age_broad", exact=30, broader=4, unanswered=3, unplaced=2),
        Carried("oblik", None, exact=38, lossy=1),
    )
    page = render_quality_page(report, (), ACCOUNT, submission="f" * 64, title="T", carried=carried)
    words = read_page(page).words
    assert "75 cells of 2 columns say something" in words
    assert "uzrast age_broad 30 4 0 0 3 2" in words
    assert "oblik several flags 38 0 0 1 0 0" in words
    assert "What was carried over" not in read_page(render()).words
