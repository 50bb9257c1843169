"""The page people read before they decide: every fact of the candidate, in words, and nothing of a case."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from anonymize.disclosure import COMPARISONS, QUESTIONS
from portal import question
from portal.candidate_page import render_candidate_page
from portal.candidate_state import CANDIDATE_TITLES, CANDIDATE_TONES, FOLLOWING, name_page
from schemas.extract import Account, Awaited, Waiting
from schemas.policy import Policy
from schemas.pool import PoolEntry
from schemas.release import Approval, CandidateState, Decision
from schemas.verdict import Evidence, Outcome, Verdict
from storage.record import Candidate

Read = Callable[[str], Any]
THIS = "0123456789abcdef" * 4
POLICY = Policy(
    id="public",
    title="Eleven alike",
    k=11,
    suppression_limit=0.1,
    quasi_identifiers={
        "gender": {"ladder": ["gender"]},
        "citizenship": {"ladder": ["citizenship", "citizenship_subregion", "citizenship_region"]},
    },
    sensitive={"columns": ["is_forced_labour", "means_threats", "means_other"], "minimum_count": 12},
    approvals=3,
)
ACCOUNT = Account(
    cases=2_200,
    published=2_000,
    generalized=500,
    suppressed=200,
    classes=43,
    smallest_class=13,
    levels={"gender": {0: 1_990, 1: 10}, "citizenship": {0: 1_200, 1: 500, 3: 300}},
    information_kept={"gender": 0.904, "citizenship": 0.7123},
    blanked={"is_forced_labour": 3, "means_threats": 20, "means_other": 0},
)
PASSED = Evidence("class size", Outcome.PASS, 13, 11, "cases in the smallest class, blank is a value")
ENTRIES = (
    PoolEntry("srb_office_victims", "2019", "b" * 64, "c" * 64, 1_700),
    PoolEntry("mkd_office_victims", "2018", "d" * 64, "e" * 64, 504),
)
CANDIDATE = Candidate(
    id=THIS,
    version="2026.11.1",
    pool="f" * 64,
    policy=POLICY.sha256,
    preparer="officer",
    entries=ENTRIES,
    account=ACCOUNT,
    verdict=Verdict((PASSED,)),
    state=CandidateState.AWAITING_APPROVAL,
    prepared_at="2026-11-24T10:00:00+00:00",
)


def render(
    state: CandidateState = CandidateState.AWAITING_APPROVAL,
    decided: Sequence[Approval] = (),
    evidence: Sequence[Evidence] = (PASSED,),
    titles: dict[str, str] | None = None,
    in_force: bool = True,
    **changes: Any,
) -> str:
    candidate = replace(CANDIDATE, state=state, verdict=Verdict(tuple(evidence)), **changes)
    return render_candidate_page(candidate, POLICY, decided, titles=titles or {}, in_force=in_force)


def decide(person: str, decision: Decision = Decision.APPROVE, reason: str = "evidence read") -> Approval:
    return Approval(THIS, person, decision, reason, "2026-11-24T11:00:00+00:00")


def test_head_says_which_candidate_it_is(read_page: Read) -> None:
    words = read_page(render()).words
    assert "Candidate for release 2026.11.1" in words
    assert "State awaiting approval Prepared by officer Prepared 2026-11-24 10:00 UTC" in words
    assert f"SHA-256 of its manifest {THIS}" in words


def test_what_waits_and_what_hiding_a_withdrawal_costs(read_page: Read) -> None:
    assert "What waits" not in read_page(render()).words
    words = read_page(render(account=replace(ACCOUNT, waiting=Waiting(41, 2, 3, 10)))).words
    for line in (
        "41 new or corrected",
        "2 published rows stand",
        "3 published rows stand",
        "10 published rows",
    ):
        assert line in words
    assert "let this one wait for new cases" in words


def test_who_is_waited_for_and_the_exact_commands(read_page: Read) -> None:
    words = read_page(render(decided=[decide("vera")])).words
    assert "Needs 2 more people: anyone but officer and vera." in words
    assert 'Approve: palermo approve 0123456789ab --by NAME --reason "…" Reject:' in words
    assert 'palermo approve 0123456789ab --by NAME --reason "…" --reject' in words
    assert "In Airflow the approval task of the run release_extract does the same" in words


def test_nobody_has_decided_yet(read_page: Read) -> None:
    words = read_page(render()).words
    assert "Needs 3 more people: anyone but officer. Nobody has decided yet." in words
    assert "Decisions so far" not in words


def test_decisions_with_person_reason_and_time(read_page: Read) -> None:
    decided = [decide("vera"), decide("amir", Decision.REJECT, "the period is not agreed")]
    words = read_page(render(CandidateState.REJECTED, decided)).words
    assert "3 people must approve; one rejection outweighs them." in words
    assert "vera approves evidence read 2026-11-24 11:00 UTC" in words
    assert "amir rejects the period is not agreed 2026-11-24 11:00 UTC" in words


def test_a_reason_stands_where_reasons_belong_and_nowhere_else(read_page: Read) -> None:
    html = render(decided=[decide("vera", reason="canary-7f3a")])
    assert html.count("canary-7f3a") == 1
    assert '<td data-label="Reason">canary-7f3a</td>' in html
    assert "canary-7f3a" in read_page(html).words


@pytest.mark.parametrize(
    ("state", "command"),
    [
        (CandidateState.PREPARED, "Go on: palermo release --by NAME"),
        (CandidateState.REFUSED, "Prepare another: palermo release --by NAME"),
        (CandidateState.REJECTED, "Prepare another: palermo release --by NAME"),
        (CandidateState.APPROVED, "Reject: palermo approve 0123456789ab --by NAME"),
        (CandidateState.RELEASED, "Check the published files: palermo verify 2026.11.1"),
        (CandidateState.SUPERSEDED, None),
    ],
)
def test_what_happens_next_where_nobody_is_asked(
    read_page: Read, state: CandidateState, command: str | None
) -> None:
    words = read_page(render(state)).words
    assert "Approve: palermo" not in words
    assert "In Airflow the approval task" not in words
    assert "Nobody has decided yet." not in words
    assert command in words if command else "palermo " not in words


@pytest.mark.parametrize("state", [CandidateState.AWAITING_APPROVAL, CandidateState.APPROVED])
def test_under_another_policy_nobody_is_asked(read_page: Read, state: CandidateState) -> None:
    words = read_page(render(state, in_force=False)).words
    assert "Overtaken by a change of the policy It can no longer be released." in words
    assert "palermo approve" not in words


def test_a_release_outlives_its_policy(read_page: Read) -> None:
    assert (
        "Published The files are in the public zone."
        in read_page(render(CandidateState.RELEASED, in_force=False)).words
    )


def test_the_account(read_page: Read) -> None:
    words = read_page(render()).words
    assert "2,200 rows in 2,000 published, 90.9 % 500 of them generalized, 22.7 %" in words
    assert "200 suppressed, 9.1 % 43 classes 13 rows in the smallest class, at least 11 required" in words


def test_the_bar_adds_up_to_all_rows_in() -> None:
    bar = render().partition('<div class="bar"')[2].partition("</div>")[0]
    assert re.findall(r'class="(\w+)" style="flex: (\d+)', bar) == [
        ("good", "1500"),
        ("wait", "500"),
        ("stop", "200"),
    ]


def test_ladders_name_the_finest_column_that_still_has_a_value(read_page: Read) -> None:
    words = read_page(render()).words
    assert "Gender 90.4 % kept" in words
    assert "gender , as it is 1,990 99.5 % blank 10 0.5 %" in words
    assert "Citizenship 71.2 % kept" in words
    ladder = words.partition("Citizenship 71.2 % kept")[2]
    assert "citizenship , as it is 1,200 60 %" in ladder
    assert "citizenship_subregion UN M49 sub-region of citizenship. 500 25 %" in ladder
    assert "citizenship_region UN M49 region of citizenship. 0 0 % blank 300 15 %" in ladder


def test_blanked_answers_most_first_and_only_where_there_are_any(read_page: Read) -> None:
    words = read_page(render()).words
    assert "An answer that fewer than 12 of all published rows share is blanked" in words
    assert "Values blanked in 2 of 3 columns" in words
    assert "Threats to the person or others. means_threats 20 1 % Forced labour" in words
    assert "is_forced_labour 3 0.1 %" in words
    assert "means_other" not in words


def test_no_answer_was_blanked(read_page: Read) -> None:
    words = read_page(render(account=replace(ACCOUNT, blanked={}))).words
    assert "None: in all 3 columns every answer is shared by at least 12 of all published rows." in words


def test_evidence_stands_worst_first_with_what_was_measured_and_required(read_page: Read) -> None:
    evidence = [
        PASSED,
        Evidence("sensitive blanks", Outcome.REVIEW, 2, 0, "columns: means_other, is_abduction"),
        Evidence("maximum risk", Outcome.FAIL, 1 / 7, 1 / 11, "1 / cases in the smallest class"),
        Evidence("average risk", Outcome.PASS, 0.0108, None, "classes / cases; for information"),
        Evidence("order", Outcome.FAIL, None, None, "the extract is not of a form that can be judged"),
    ]
    words = read_page(render(CandidateState.REFUSED, evidence=evidence)).words
    assert "5 questions were put; 3 answers do not pass and stand first." in words
    answers = [
        "maximum risk: 1 / cases in the smallest class 14.3 % at most 9.1 % fail",
        "order: the extract is not of a form that can be judged not known for information fail",
        "sensitive blanks: columns: means_other, is_abduction 2 0 review",
        "class size: cases in the smallest class, blank is a value 13 at least 11 pass",
        "average risk: classes / cases; for information 1.1 % for information pass",
    ]
    places = [words.index(answer) for answer in answers]
    assert places == sorted(places)


def test_everything_passes(read_page: Read) -> None:
    assert "1 question was put, and every answer passes." in read_page(render()).words


def test_nothing_examined_is_no_pass(read_page: Read) -> None:
    assert "Nothing was examined, which is no pass." in read_page(render(evidence=[])).words


def test_a_check_without_a_question_is_named(read_page: Read) -> None:
    evidence = [Evidence("moon phase", Outcome.FAIL, 3, 4, "why")]
    words = read_page(render(evidence=evidence)).words
    assert "Moon phase moon phase: why 3 4 fail" in words


def test_every_check_has_a_question() -> None:
    assert set(question.QUESTIONS) == {*QUESTIONS, *COMPARISONS, "known totals"}
    assert question.find_question("difference to release 12") is question.QUESTIONS["difference"]


def test_where_the_cases_come_from(read_page: Read) -> None:
    page = read_page(render(titles={"srb_office_victims": "Serbia, victims"}))
    assert "The pool held 2,204 accepted cases" in page.words
    assert "Without consent to publication 4 cases stay out from the start" in page.words
    assert "mkd_office_victims mkd_office_victims 2018 504 22.9 %" in page.words
    assert "Serbia, victims srb_office_victims 2019 1,700 77.1 %" in page.words
    assert page.attributes("href") == [f"{'d' * 12}.html", f"{'b' * 12}.html", "index.html"]


def test_all_cases_of_the_pool_are_rows_in(read_page: Read) -> None:
    words = read_page(render(entries=(replace(ENTRIES[0], rows=2_200),))).words
    assert "consent" not in words


def test_which_policy(read_page: Read) -> None:
    words = read_page(render()).words.partition("Under which policy")[2]
    assert "Eleven alike public" in words
    assert "(k) 11" in words
    assert "Cases left out, at most 10 %" in words
    assert "Rows sharing an answer, at least 12" in words
    assert "People who must approve 3" in words
    assert POLICY.sha256 in words
    assert "f" * 64 in words


def test_whatever_is_put_in_is_escaped(read_page: Read) -> None:
    evil = "<b onclick=alert(1)>"
    page = read_page(
        render(
            decided=[decide(evil, reason=evil)],
            evidence=[Evidence(evil, Outcome.FAIL, 1, 2, evil)],
            titles={"srb_office_victims": evil},
            preparer=evil,
        )
    )
    # Person and preparer are named twice, as they may not decide again; the check is its own question.
    assert page.words.count(evil) == 9
    assert "<b onclick" not in page.html


def test_an_empty_candidate_has_a_page(read_page: Read) -> None:
    nothing = Account(0, 0, 0, 0, 0, 0, {"gender": {}, "citizenship": {}}, ACCOUNT.information_kept, {})
    assert "0 rows in" in read_page(render(CandidateState.REFUSED, account=nothing, entries=())).words


def test_every_state_has_words_and_a_tone() -> None:
    assert set(CANDIDATE_TONES) == set(CANDIDATE_TITLES) == set(CandidateState)
    assert {*FOLLOWING, CandidateState.AWAITING_APPROVAL} == set(CandidateState)


def test_the_name_of_the_page() -> None:
    assert name_page(THIS) == "candidate-0123456789ab"


def test_what_was_late_stands_beside_what_is_in(read_page: Read) -> None:
    late = (Awaited("mkd_office_victims", "2019-Q4"), Awaited("srb_office_victims", "2020"))
    account = replace(ACCOUNT, awaited=late)
    words = read_page(render(account=account, titles={"srb_office_victims": "Serbia, victims"})).words
    where = words.partition("Where the cases come from")[2]
    assert "mkd_office_victims mkd_office_victims , 2019-Q4" in where
    assert "Serbia, victims srb_office_victims , 2020" in where


@pytest.mark.parametrize(("awaited", "said"), [((), True), (None, False)])
def test_nothing_late_is_said_only_where_it_was_asked(read_page: Read, awaited: Any, said: bool) -> None:
    words = read_page(render(account=replace(ACCOUNT, awaited=awaited))).words
    assert ("Nothing was late by the calendars" in words) is said
    assert "What is missing" not in words
