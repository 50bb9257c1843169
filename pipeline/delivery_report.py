"""The report on a delivery: what a check before sending tells, and what is known of a delivery only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.check_report import CheckReport, Outcome, choose_outcome
from pipeline.clue import load_clues
from pipeline.comparison import Judged, judge_expectations, list_changes
from pipeline.override import find_explanation
from pipeline.report import load_carried, load_findings, load_quality, load_revision
from pipeline.told import Teller, split_faults
from pipeline.workspace import Workspace
from schemas.finding import Finding
from schemas.override import Override
from schemas.precision import Carried
from schemas.source import Source
from schemas.submission import Revision, RowAccount, Submission, SubmissionState
from schemas.text import Language, text
from storage.record import SubmissionRecord

OVERTAKEN = {SubmissionState.KEPT: Outcome.KEPT, SubmissionState.REPLACED: Outcome.REPLACED}
"""States in which other cases count than those the report is about."""


@dataclass(frozen=True)
class DeliveryReport(CheckReport):
    """`revision`: what it changes against the delivery in the pool. `carried`: the mapping's record of loss.

    `judged` are the expectations, those first that were not met.
    """

    submission: str
    revision: Revision | None
    carried: tuple[Carried, ...]
    judged: tuple[Judged, ...]

    @property
    def heading(self) -> str:
        """What kind of report it is."""
        return text("report.delivery", self.language)

    @property
    def lead(self) -> str:
        """What the report says, in a sentence."""
        return text("report.delivery.lead", self.language)


def find_delivery_report(
    workspace: Workspace, record: SubmissionRecord, language: Language
) -> DeliveryReport | None:
    """The report on the last run of a submission; none where it has not come so far."""
    report, received = record.failed_report or record.report, record.submission
    if report is None:
        return None
    known = received.source_id in workspace.source_ids()
    return build_delivery_report(
        workspace.store.read_document(report),
        received,
        workspace.describe(received.source_id).source if known else None,
        workspace.ledger.overrides(received.source_id, received.period),
        state=record.state,
        language=language,
    )


def build_delivery_report(
    kept_report: Mapping[str, Any],
    submission: Submission,
    source: Source | None,
    overrides: Sequence[Override] = (),
    *,
    state: SubmissionState = SubmissionState.POOLED,
    language: Language = Language.ENGLISH,
) -> DeliveryReport:
    """Tell the report that is kept beside a submission in one language.

    `source` is missing where it was taken out of the registry. `state` is how far the submission has come.
    """
    findings, account = load_findings(kept_report["findings"]), RowAccount(**kept_report["account"])
    quality = load_quality(kept_report, submission.source_id, submission.period)

    def explain(finding: Finding) -> str | None:
        found = find_explanation(overrides, finding)
        return _say_explanation(found, language) if found else None

    teller = Teller(language, source, load_clues(kept_report), explain)
    faults, information = split_faults(teller.tell(findings))
    outcome = OVERTAKEN.get(state) or _choose_outcome(findings, overrides, account)
    return DeliveryReport(
        language,
        submission.source_id,
        source.title if source else submission.source_id,
        submission.period,
        outcome,
        account,
        faults,
        information,
        tuple(list_changes(quality.profile, quality.previous, language)),
        () if kept_report.get("quality") else (text("report.stopped", language),),
        (),
        None,
        outcome in (Outcome.CHECK, Outcome.ALL),
        submission.id,
        load_revision(kept_report),
        load_carried(kept_report),
        tuple(judge_expectations(quality.expectations, language)),
    )


def _choose_outcome(
    findings: Iterable[Finding], overrides: Sequence[Override], account: RowAccount
) -> Outcome:
    """What nobody has explained decides."""
    unexplained = (finding for finding in findings if not find_explanation(overrides, finding))
    return choose_outcome({finding.code.level for finding in unexplained}, account)


def _say_explanation(override: Override, language: Language) -> str:
    return text(
        "finding.explained.by",
        language,
        requester=override.requester,
        approver=override.approver,
        reason=override.reason,
    )
