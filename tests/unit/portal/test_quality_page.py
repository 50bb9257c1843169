"""The page of a delivery: every row accounted for, every finding counted, nothing loaded or run."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import pytest

from pipeline.check_report import Outcome
from pipeline.comparison import Verdict
from pipeline.delivery_report import build_delivery_report
from pipeline.report import dump_findings
from portal.check_page import TONES
from portal.finding_list import LEVEL_TONES
from portal.quality_page import VERDICT_TONES, LanguageLink, name_report, render_quality_page
from schemas.finding import Finding, FindingCode, Level
from schemas.override import Override
from schemas.precision import Carried
from schemas.quality import Against, Expectation, Measure, Profile, QualityReport
from schemas.release import Decision
from schemas.submission import Revision, RowAccount, Submission, SubmissionState
from schemas.text import Language

Read = Callable[[str], Any]
NOW = Profile(39, 0.05, {"gender": 0.0, "citizenship": 0.205, "sex": 1.0}, {"age_at_registration": 16.1})
THEN = Profile(36, 0.0, {"gender": 0.2, "citizenship": 0.2, "sex": 1.0}, {"age_at_registration": 17.2})
ACCOUNT = RowAccount(45, 39, 3, {"empty row": 2, "total at the foot": 1})
SUBMISSION = Submission("srb_office_victims", "2019", ())


def expect(
    measure: Measure, field: str | None, measured: float | None, met: bool, against: Against = Against.BOUNDS
) -> Expectation:
    return Expectation(measure, field, measured, 0.1, 0.5, met, against)


def render(
    findings: Sequence[Finding] = (),
    account: RowAccount = ACCOUNT,
    expectations: Sequence[Expectation] = (),
    previous: Profile | None = None,
    overrides: Sequence[Override] = (),
    state: SubmissionState = SubmissionState.POOLED,
    language: Language = Language.ENGLISH,
    **kept: object,
) -> str:
    quality = QualityReport("srb_office_victims", "2019", NOW, previous, tuple(expectations))
    document = {"findings": dump_findings(findings), "account": asdict(account), "quality": asdict(quality)}
    report = build_delivery_report(
        document | kept, SUBMISSION, None, overrides, state=state, language=language
    )
    return render_quality_page(report)


def test_head_and_rows(read_page: Read) -> None:
    words = read_page(render()).words
    assert f"Source srb_office_victims Period 2019 Submission {SUBMISSION.id[:12]}" in words
    assert "45 read 39 used, 86.7 % 3 waiting, 6.7 % 3 left out, 6.7 %" in words
    assert "empty row 2 total at the foot 1" in words


@pytest.mark.parametrize(
    ("codes", "accepted", "held", "outcome"),
    [
        ([], 9, 0, "Used Rows used: 9 of 9. There is nothing to do."),
        ([FindingCode.RULE_DERIVED], 9, 0, "Used Rows used: 9 of 9. There is nothing to do."),
        ([FindingCode.RULE_WARNED], 9, 0, "Used, with something to check Rows used: 9 of 9."),
        ([FindingCode.RULE_HELD], 8, 1, "Used, but some rows wait Rows used: 8 of 9. Rows that wait: 1."),
        ([FindingCode.RULE_HELD], 1, 8, "Used, but some rows wait Rows used: 1 of 9. Rows that wait: 8."),
        ([FindingCode.RULE_HELD], 0, 9, "Not used Nothing of this delivery is used."),
        ([FindingCode.NOTHING_ACCEPTED], 0, 0, "Not used Nothing of this delivery is used."),
        ([FindingCode.RULE_HELD, FindingCode.BOUND_BROKEN_LOW], 8, 1, "Not used Nothing of this"),
    ],
)
def test_the_first_thing_said(
    read_page: Read, codes: list[FindingCode], accepted: int, held: int, outcome: str
) -> None:
    findings = [Finding(code, 1) for code in codes]
    page = render(findings, RowAccount(accepted + held, accepted, held, {}))
    assert outcome in read_page(page).words
    assert f"<title>{outcome.partition(' Rows')[0].partition(' Nothing')[0]}: " in page


def test_rows_of_a_delivery_that_is_stopped_are_not_called_used(read_page: Read) -> None:
    words = read_page(render([Finding(FindingCode.BOUND_BROKEN_LOW, 1)])).words
    assert "39 without fault, 86.7 %" in words
    assert "no row is used" in words


@pytest.mark.parametrize(
    ("state", "title"),
    [(SubmissionState.KEPT, "This run is not used"), (SubmissionState.REPLACED, "Replaced")],
)
def test_a_delivery_that_does_not_count_is_not_called_used(
    read_page: Read, state: SubmissionState, title: str
) -> None:
    page = render(state=state)
    assert f"<title>{title}: " in page
    assert "39 without fault" in read_page(page).words


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
    assert "table cases, column pol row 17 , row 18 , row 19 , row 31 4 of 1,432 1,432" in words
    assert "Rows used Measured: 3; limit: 10." in words


def test_findings_of_one_rule_are_one_group(read_page: Read) -> None:
    findings = [Finding(FindingCode.RULE_HELD, n, rule=rule, rows=(n,)) for n, rule in ((4, "T1"), (5, "T1"))]
    page = read_page(render(findings))
    assert page.words.count(FindingCode.RULE_HELD.title) == 1
    assert "In all: 9" in page.words


def test_who_explained_a_warning_and_why_is_told_and_it_is_nothing_to_check(read_page: Read) -> None:
    finding = Finding(FindingCode.RULE_WARNED, 1, rule="L2", rows=(5,))
    asked = Override("a" * 32, "s", "2019", finding, 1, "ana", "seen in the register", "", "vera")
    agreed = Override(**asdict(asked) | {"finding": finding, "decision": Decision.APPROVE})
    said = "Explained by ana, agreed by vera: seen in the register"
    account = RowAccount(9, 9, 0, {})
    unexplained, explained = (render([finding], account, overrides=[word]) for word in (asked, agreed))
    assert said not in read_page(unexplained).words
    assert said in read_page(explained).words
    assert "<title>Used, with something to check: " in unexplained
    assert "<title>Used: " in explained


def test_expectations_say_measured_limits_and_result(read_page: Read) -> None:
    expectations = [
        expect(Measure.NULLS, "gender", 0.2, True),
        expect(Measure.HELD, None, 0.9, False),
        expect(Measure.MEAN, "age_at_registration", None, True),
    ]
    words = read_page(render(expectations=expectations)).words
    assert "Share of rows that wait 90 % 10 % to 50 % bounds of the source not met Missing values" in words
    assert "age_at_registration – 0.1 to 0.5 bounds of the source too few rows to say" in words


def test_what_is_met_against_last_time_is_folded_away_and_the_rest_is_not(read_page: Read) -> None:
    expectations = [
        expect(Measure.NULLS, "gender", 0.2, True, Against.LAST),
        expect(Measure.NULLS, "citizenship", 0.9, False, Against.LAST),
    ]
    words = read_page(render(expectations=expectations)).words
    folded = words.partition("Met, against the last delivery: 1")[2]
    assert "gender" in folded
    assert "citizenship" not in folded


def test_change_lists_what_moved_by_a_point(read_page: Read) -> None:
    change = read_page(render(previous=THEN)).words.partition("Change since the last delivery")[2]
    assert "Rows used 36 39 +3" in change
    assert "Share of rows that wait 0 % 5 % +5 points" in change
    assert "Missing values Gender gender 20 % 0 % −20 points" in change
    assert "age_at_registration 17.2 16.1 −1.1" in change
    assert "citizenship" not in change


@pytest.mark.parametrize("previous", [None, Profile(0, 0.0, {}, {})])
def test_nothing_to_compare_with_is_said(read_page: Read, previous: Profile | None) -> None:
    assert (
        "first delivery of this source that could be compared" in read_page(render(previous=previous)).words
    )


def test_whatever_is_put_in_is_escaped(read_page: Read) -> None:
    evil = "<img src=x onerror=alert(1)>&\"'"
    findings = [
        Finding(FindingCode.WORD_UNKNOWN, 1, table=evil, column=evil, rule=evil, field=evil, rows=(1,))
    ]
    page = read_page(render(findings, RowAccount(1, 0, 0, {evil: 1})))
    assert evil in page.words
    assert "<img" not in page.html


def test_every_level_outcome_and_verdict_has_a_tone() -> None:
    assert set(LEVEL_TONES) == set(Level)
    assert set(TONES) == set(Outcome)
    assert set(VERDICT_TONES) == set(Verdict)


def test_persons_are_counted_where_a_row_has_several(read_page: Read) -> None:
    account = RowAccount(7, 5, 1, {"row without a person": 1}, rows=4)
    words = read_page(render([Finding(FindingCode.RULE_HELD, 1)], account=account)).words
    assert "Persons used: 5 of 7. Persons that wait: 1." in words
    assert "persons are counted. Rows read: 4." in words
    assert "persons are counted" not in read_page(render(account=RowAccount(7, 7, 0, {}))).words


def test_what_changes_against_the_delivery_before_is_told(read_page: Read) -> None:
    words = read_page(render(revision=asdict(Revision(3, 4, 5, 1600)))).words
    assert "3 new 4 changed 5 gone 1,600 as they were" in words


CARRIED = (
    Carried("uzrast", "age_broad", exact=30, broader=4, unanswered=3, unplaced=2),
    Carried("oblik", None, exact=38, lossy=1),
)


def test_what_was_carried_over_is_told_by_column(read_page: Read) -> None:
    words = read_page(render(carried=[asdict(row) for row in CARRIED])).words
    assert "Cells that say something: 75. Columns: 2." in words
    assert "uzrast Age band at registration age_broad 30 4 0 0 3 2" in words
    assert "oblik several yes/no fields 38 0 0 1 0 0" in words
    assert "What was carried over" not in read_page(render()).words


def test_the_record_of_loss_is_told_in_the_language(read_page: Read) -> None:
    page = render(carried=[asdict(row) for row in CARRIED], language=Language.SERBIAN_CYRILLIC)
    assert "Колона Поље Тачно Шире Уже Са губитком Без одговора Није смештено" in read_page(page).words
    assert "Exact" not in page


def test_the_page_leads_to_its_other_languages(read_page: Read) -> None:
    document = {"findings": [], "account": asdict(ACCOUNT)}
    report = build_delivery_report(document, SUBMISSION, None, language=Language.FRENCH)
    links = [
        LanguageLink(language, None if language is Language.FRENCH else name_report(SUBMISSION.id, language))
        for language in Language
    ]
    page = read_page(render_quality_page(report, links))
    tags = ("en", "es", "sr-Latn", "sr-Cyrl", "mk", "ar")
    others = [f"{SUBMISSION.id[:12]}-{tag}.html" for tag in tags]
    assert page.attributes("href") == ["index.html", *others]
    assert "français" in page.words
    assert "العربية" in page.words
