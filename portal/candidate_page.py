"""The candidate's page: what people read before they decide on a release. Exact counts, no cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.candidate_state import SHORT, describe_standing, say_next
from portal.page import render_template, write_count, write_number, write_share
from portal.question import Question, find_question
from schemas.case import case_fields
from schemas.detail import DetailLevel, Placement
from schemas.extract import Account, Awaited
from schemas.policy import Policy, QuasiIdentifier
from schemas.release import Approval, Decision
from schemas.verdict import Evidence, Outcome, Verdict
from storage.record import Candidate

FAINTEST = 0.15
COUNTED = (DetailLevel.WINDOW, DetailLevel.YEAR)
TONES: dict[DetailLevel, str] = {
    DetailLevel.RECORD: "good",
    DetailLevel.YEAR: "good",
    DetailLevel.WINDOW: "good",
    DetailLevel.REGION: "wait",
    DetailLevel.LISTED: "stop",
}

OUTCOMES: dict[Outcome, str] = {Outcome.PASS: "good", Outcome.REVIEW: "wait", Outcome.FAIL: "stop"}
DECISIONS: dict[Decision, tuple[str, str]] = {
    Decision.APPROVE: ("approves", "good"),
    Decision.REJECT: ("rejects", "stop"),
}


@dataclass(frozen=True)
class Answer:
    """One piece of evidence, in words."""

    question: str
    check: str
    explanation: str
    measured: str
    required: str
    outcome: str
    tone: str


@dataclass(frozen=True)
class Step:
    """One step of a ladder: the column that still has a value, or none, and the rows that stand there."""

    column: str | None
    meaning: str | None
    rows: int
    share: float
    strength: float


@dataclass(frozen=True)
class Detail:
    """How fine one quasi-identifier stays."""

    title: str
    description: str | None
    kept: float
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Blanked:
    """One sensitive column with values blanked, and their share of the answers that were known."""

    column: str
    description: str
    values: int
    share: float


@dataclass(frozen=True)
class Contribution:
    """What one source and period put in."""

    title: str
    source_id: str
    period: str
    cases: int
    share: float
    page: str


@dataclass(frozen=True)
class Absence:
    """One source and period that was late."""

    title: str
    place: Awaited


@dataclass(frozen=True)
class Share:
    """What becomes of the cases of one source, country and window, in words."""

    title: str
    source_id: str
    country: str
    window: str
    cases: int
    level: str
    meaning: str
    counted_by: str
    tone: str
    waits: bool


@dataclass(frozen=True)
class Judgement:
    """One person's decision."""

    person: str
    decision: str
    tone: str
    reason: str
    at: str


def render_candidate_page(
    candidate: Candidate,
    policy: Policy,
    approvals: Sequence[Approval],
    *,
    titles: Mapping[str, str],
    in_force: bool,
) -> str:
    """The page of one candidate; `policy` is the one it was prepared under, `titles` are by source.

    `in_force` says whether that is still the policy of this Palermo.
    """
    pooled = sum(entry.rows for entry in candidate.entries)
    counted = sum(p.cases for p in candidate.account.placements if p.level is not DetailLevel.RECORD)
    return render_template(
        "candidate.html",
        awaited=[
            Absence(titles.get(each.source_id, each.source_id), each)
            for each in candidate.account.awaited or ()
        ],
        candidate=candidate,
        account=candidate.account,
        policy=policy,
        short=candidate.id[:SHORT],
        standing=describe_standing(candidate, in_force),
        verdict=_sum_up(candidate.verdict),
        next=say_next(candidate, approvals, policy.approvals, in_force),
        decisions=[_describe_decision(approval) for approval in approvals],
        answers=[_describe_evidence(item) for item in _sort(candidate.verdict)],
        details=[
            _describe_ladder(name, qi, candidate.account) for name, qi in policy.quasi_identifiers.items()
        ],
        blanked=list(_list_blanked(candidate.account)),
        contributions=list(_list_contributions(candidate, titles, pooled)),
        shares=[_describe_placement(placement, titles) for placement in candidate.account.placements],
        pooled=pooled,
        without_consent=pooled - candidate.account.cases - counted,
    )


def _sort(verdict: Verdict) -> list[Evidence]:
    """Worst first, then as they were asked."""
    return sorted(verdict.evidence, key=lambda item: -item.outcome)


def _sum_up(verdict: Verdict) -> str:
    """The disclosure check in one sentence."""
    asked = write_count(len(verdict.evidence), "question was put", "questions were put")
    failed = sum(item.outcome is not Outcome.PASS for item in verdict.evidence)
    if not verdict.evidence:
        return "Nothing was examined, which is no pass."
    if not failed:
        return f"{asked}, and every answer passes."
    return f"{asked}; {write_count(failed, 'answer does', 'answers do')} not pass and stand first."


def _describe_decision(approval: Approval) -> Judgement:
    decision, tone = DECISIONS[approval.decision]
    return Judgement(approval.person, decision, tone, approval.reason, approval.at)


def _describe_evidence(evidence: Evidence) -> Answer:
    question = find_question(evidence.check)
    return Answer(
        question.text,
        evidence.check,
        evidence.explanation,
        "not known" if evidence.measured is None else _write(question, evidence.measured),
        _write_limit(question, evidence.required),
        evidence.outcome.name.lower(),
        OUTCOMES[evidence.outcome],
    )


def _write_limit(question: Question, required: float | None) -> str:
    if required is None:
        return "for information"
    return f"{question.limit if required else ''} {_write(question, required)}".strip()


def _write(question: Question, value: float) -> str:
    return write_share(value) if question.is_share else write_number(value)


def _describe_ladder(name: str, quasi_identifier: QuasiIdentifier, account: Account) -> Detail:
    ladder, rows = quasi_identifier.ladder, account.levels[name]
    title, description = _write_name(name), case_fields()[ladder[0]].description
    return Detail(
        title,
        None if description == f"{title}." else description,
        account.information_kept[name],
        tuple(
            Step(column, meaning, rows.get(level, 0), _share(rows.get(level, 0), account.published), strength)
            for level, (column, meaning, strength) in enumerate(_list_steps(ladder))
        ),
    )


def _list_steps(ladder: Sequence[str]) -> Iterator[tuple[str | None, str | None, float]]:
    """Column, meaning and strength of color for each level, from as it is to blank."""
    fading = (1 - FAINTEST) / len(ladder)
    for level, column in enumerate(ladder):
        meaning = case_fields()[column].description if level else None
        yield column, meaning, round(1 - level * fading, 2)
    yield None, None, FAINTEST


def _list_blanked(account: Account) -> Iterator[Blanked]:
    """Most blanked first; columns in which nothing was blanked are left out."""
    for column, values in sorted(account.blanked.items(), key=lambda pair: (-pair[1], pair[0])):
        if values:
            description = case_fields()[column].description
            known = account.known.get(column, account.published)
            yield Blanked(column, description, values, _share(values, known))


def _list_contributions(
    candidate: Candidate, titles: Mapping[str, str], pooled: int
) -> Iterator[Contribution]:
    for entry in sorted(candidate.entries):
        yield Contribution(
            titles.get(entry.source_id, entry.source_id),
            entry.source_id,
            entry.period,
            entry.rows,
            _share(entry.rows, pooled),
            f"{entry.submission[:SHORT]}.html",
        )


def _describe_placement(placement: Placement, titles: Mapping[str, str]) -> Share:
    return Share(
        titles.get(placement.source_id, placement.source_id),
        placement.source_id,
        placement.country or "",
        placement.window or ("all years" if placement.level is DetailLevel.RECORD else "in no window"),
        placement.cases,
        placement.level.value,
        placement.level.meaning,
        ", ".join(placement.keys) or ("none" if placement.level in COUNTED else ""),
        TONES[placement.level],
        placement.waits,
    )


def _write_name(name: str) -> str:
    """A field name as people write it: Country of exploitation."""
    return name.replace("_", " ").capitalize()


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
