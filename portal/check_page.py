"""The page of a check before sending: one file without script, to be printed, in the agency's language."""

from pipeline.check_report import CheckReport, Outcome
from portal.finding_list import LEVEL_TONES, part_rows
from portal.page import render_template, speak

TONES: dict[Outcome, str] = {
    Outcome.NONE: "stop",
    Outcome.PART: "wait",
    Outcome.CHECK: "wait",
    Outcome.ALL: "good",
    Outcome.KEPT: "stop",
    Outcome.REPLACED: "calm",
}


def render_check_page(report: CheckReport) -> str:
    """The report as one HTML page; its title says first what happens to the delivery."""
    return render_template(
        "check.html",
        report=report,
        parts=part_rows(report),
        tone=TONES[report.outcome],
        tones=LEVEL_TONES,
        **speak(report.language),
    )
