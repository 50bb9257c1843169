"""The desk page: the officer's index of deliveries, candidates and decisions. Exact counts, no cell."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipeline.lateness import Late
from portal.candidate_state import CANDIDATE_TONES, OPEN, SHORT, name_page, say_need
from portal.page import render_template
from portal.quality_page import name_report
from schemas.release import Approval, CandidateState
from schemas.submission import RowAccount, SubmissionState
from storage.record import Candidate, SubmissionRecord

SUBMISSION_STATES: dict[SubmissionState, tuple[str, str]] = {
    SubmissionState.RECEIVED: ("received", "calm"),
    SubmissionState.MAPPED: ("mapped", "calm"),
    SubmissionState.VALIDATED: ("validated", "calm"),
    SubmissionState.CHECKED: ("checked", "calm"),
    SubmissionState.POOLED: ("in the pool", "good"),
    SubmissionState.KEPT: ("in the pool; the last run failed", "stop"),
    SubmissionState.REPLACED: ("replaced", "calm"),
    SubmissionState.FAILED: ("not used", "stop"),
}


@dataclass(frozen=True)
class DeliveryLine:
    """One delivery, in words."""

    title: str
    source_id: str
    period: str
    state: str
    tone: str
    account: RowAccount | None
    received_at: str
    page: str | None


@dataclass(frozen=True)
class CandidateLine:
    """One candidate, in words."""

    version: str
    short: str
    page: str | None
    state: str
    tone: str
    rows: int
    cases: int
    generalized: int
    suppressed: int
    smallest_class: int
    verdict: str
    preparer: str
    prepared_at: str
    need: str
    is_open: bool
    decisions: tuple[Approval, ...]


@dataclass(frozen=True)
class LateLine:
    """One period of a source that is late."""

    title: str
    late: Late


def render_desk_page(
    submissions: Sequence[SubmissionRecord],
    candidates: Sequence[Candidate],
    *,
    approvals: Mapping[str, Sequence[Approval]],
    required: int,
    titles: Mapping[str, str],
    pages: Collection[str],
    late: Sequence[Late] = (),
) -> str:
    """The index; `approvals` are by candidate, `titles` by source, `required` people must approve.

    Submissions and candidates are oldest first. `pages` are the ids of the candidates that have a page.
    """
    lines = {record.submission.id: _describe_delivery(record, titles) for record in submissions}
    last = {record.submission.source_id: record for record in submissions}
    latest = {record.submission.id for record in last.values()}
    described = [
        (c, _describe_candidate(c, approvals.get(c.id, ()), required, c.id in pages))
        for c in reversed(candidates)
    ]
    return render_template(
        "desk.html",
        late=[LateLine(titles.get(each.source_id, each.source_id), each) for each in late],
        waiting=[line for candidate, line in described if candidate.state in OPEN],
        settled=[line for candidate, line in described if candidate.state not in OPEN],
        sources=[lines[last[source_id].submission.id] for source_id in sorted(last)],
        earlier=[lines[r.submission.id] for r in reversed(submissions) if r.submission.id not in latest],
    )


def _describe_delivery(record: SubmissionRecord, titles: Mapping[str, str]) -> DeliveryLine:
    source_id = record.submission.source_id
    state, tone = SUBMISSION_STATES[record.state]
    return DeliveryLine(
        titles.get(source_id, source_id),
        source_id,
        record.submission.period,
        state,
        tone,
        record.account,
        record.received_at,
        name_report(record.submission.id) if record.failed_report or record.report else None,
    )


def _describe_candidate(
    candidate: Candidate, decided: Sequence[Approval], required: int, has_page: bool
) -> CandidateLine:
    return CandidateLine(
        candidate.version,
        candidate.id[:SHORT],
        f"{name_page(candidate.id)}.html" if has_page else None,
        candidate.state.value,
        CANDIDATE_TONES[candidate.state],
        candidate.account.published,
        candidate.account.cases,
        candidate.account.generalized,
        candidate.account.suppressed,
        candidate.account.smallest_class,
        candidate.verdict.outcome.name.lower(),
        candidate.preparer,
        candidate.prepared_at,
        say_need(candidate, decided, required),
        candidate.state is CandidateState.AWAITING_APPROVAL,
        tuple(decided),
    )
