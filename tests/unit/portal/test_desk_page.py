"""The desk: the last delivery of every source, and who is waited for."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from pipeline.lateness import Late
from portal.desk_page import SUBMISSION_STATES, render_desk_page
from schemas.extract import Account
from schemas.release import Approval, CandidateState, Decision
from schemas.submission import RowAccount, Submission, SubmissionState, SubmittedFile
from schemas.verdict import Evidence, Outcome, Verdict
from storage.record import Candidate, SubmissionRecord

Read = Callable[[str], Any]
ACCOUNT = Account(71_234, 70_811, 21_432, 423, 683, 12, {}, {}, {})
THIS = "a" * 64


def delivered(
    source_id: str,
    period: str,
    day: int,
    state: SubmissionState = SubmissionState.POOLED,
    report: str | None = "r",
) -> SubmissionRecord:
    submission = Submission(source_id, period, (SubmittedFile(f"{day:064}", "cases", 9),))
    account = RowAccount(40, 36, 3, {"empty row": 1}) if report else None
    return SubmissionRecord(
        submission, state, f"2026-11-{day:02}T09:00:00+00:00", "officer", account, None, report
    )


def prepared(state: CandidateState, candidate_id: str = THIS) -> Candidate:
    verdict = Verdict((Evidence("k", Outcome.PASS, 12, 11, ""),))
    return Candidate(
        candidate_id,
        "2026.11.1",
        "p",
        "q",
        "officer",
        (),
        ACCOUNT,
        verdict,
        state,
        "2026-11-24T10:00:00+00:00",
    )


def render(
    submissions: Sequence[SubmissionRecord] = (),
    candidates: Sequence[Candidate] = (),
    decided: Sequence[Approval] = (),
    titles: dict[str, str] | None = None,
    pages: Sequence[str] = (),
) -> str:
    return render_desk_page(
        submissions, candidates, approvals={THIS: decided}, required=2, titles=titles or {}, pages=pages
    )


def decide(person: str) -> Approval:
    return Approval(THIS, person, Decision.APPROVE, "evidence read", "2026-11-24T11:00:00+00:00")


def test_the_last_delivery_of_every_source_and_the_earlier_ones_apart(read_page: Read) -> None:
    submissions = [
        delivered("srb_office_victims", "2019", 3),
        delivered("srb_office_victims", "2018", 5),
        delivered("mkd_office_victims", "2019", 4, SubmissionState.FAILED),
    ]
    words = read_page(render(submissions, titles={"srb_office_victims": "Serbia"})).words
    last, _, earlier = words.partition("Earlier deliveries")
    assert "Serbia srb_office_victims 2018 in the pool 40 36 3 1 2026-11-05 09:00 UTC" in last
    assert "mkd_office_victims mkd_office_victims 2019 not used" in last
    assert "1 delivery, newest first" in earlier
    assert "Serbia srb_office_victims 2019" in earlier


def test_a_delivery_with_a_report_has_a_link_and_one_without_has_none(read_page: Read) -> None:
    with_report = delivered("srb_office_victims", "2019", 3)
    without = delivered("mkd_office_victims", "2019", 4, SubmissionState.RECEIVED, report=None)
    page = read_page(render([with_report, without]))
    assert page.attributes("href") == [f"{with_report.submission.id[:12]}.html"]


@pytest.mark.parametrize(
    ("people", "need"),
    [
        ((), "Needs 2 more people: anyone but officer."),
        (("vera",), "Needs 1 more person: anyone but officer and vera."),
        (("vera", "amir"), "Enough people approved, but a run stopped there"),
    ],
)
def test_who_is_waited_for(read_page: Read, people: tuple[str, ...], need: str) -> None:
    decided = [decide(person) for person in people]
    page = read_page(render(candidates=[prepared(CandidateState.AWAITING_APPROVAL)], decided=decided))
    assert need in page.words
    assert "70,811 of 71,234" in page.words
    assert f"palermo approve {THIS[:12]}" in page.words


def test_a_candidate_that_waits_has_a_link_to_its_page(read_page: Read) -> None:
    page = read_page(render(candidates=[prepared(CandidateState.AWAITING_APPROVAL)], pages=[THIS]))
    assert set(page.attributes("href")) == {"candidate-aaaaaaaaaaaa.html"}
    assert "Read its page before you decide." in page.words


def test_a_settled_candidate_too_unless_it_has_none(read_page: Read) -> None:
    candidates = [prepared(CandidateState.RELEASED), prepared(CandidateState.REJECTED, "b" * 64)]
    page = read_page(render(candidates=candidates, pages=[THIS]))
    assert page.attributes("href") == ["candidate-aaaaaaaaaaaa.html"]
    assert "b" * 12 in page.words


@pytest.mark.parametrize("state", [CandidateState.PREPARED, CandidateState.APPROVED])
def test_what_nobody_decides_on_asks_nobody(read_page: Read, state: CandidateState) -> None:
    assert "palermo approve" not in read_page(render(candidates=[prepared(state)])).words


@pytest.mark.parametrize(
    "state",
    [CandidateState.REFUSED, CandidateState.REJECTED, CandidateState.RELEASED, CandidateState.SUPERSEDED],
)
def test_what_is_settled_stands_apart(read_page: Read, state: CandidateState) -> None:
    words = read_page(render(candidates=[prepared(state)])).words
    assert "No candidate waits for a decision." in words
    assert state.value in words.partition("Candidates that are settled")[2]


def test_an_empty_desk(read_page: Read) -> None:
    words = read_page(render()).words
    assert "No candidate waits for a decision." in words
    assert "Nothing has been delivered yet." in words


def test_whatever_is_put_in_is_escaped(read_page: Read) -> None:
    evil = "<b onclick=alert(1)>"
    decided = [Approval(THIS, evil, Decision.APPROVE, evil, "2026-11-24T11:00:00+00:00")]
    page = read_page(
        render(
            [delivered("srb_office_victims", "2019", 3)],
            [prepared(CandidateState.AWAITING_APPROVAL)],
            decided,
            {"srb_office_victims": evil},
        )
    )
    assert page.words.count(evil) == 4
    assert "<b onclick" not in page.html


def test_every_state_of_a_delivery_has_words_and_a_tone() -> None:
    assert set(SUBMISSION_STATES) == set(SubmissionState)


def test_what_is_late_stands_there_with_the_day_it_was_due(read_page: Read) -> None:
    late = [Late("srb_office_victims", "2025", date(2026, 3, 1))]
    page = render_desk_page(
        [], [], approvals={}, required=2, titles={"srb_office_victims": "Serbia"}, pages=[], late=late
    )
    assert "Serbia srb_office_victims 2025 2026-03-01" in read_page(page).words
    assert "Late deliveries" not in read_page(render()).words
