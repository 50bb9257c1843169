"""The quality page: what agency and data officer read about one delivery. Counts and rows, no cell."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.comparison import Verdict
from pipeline.delivery_report import DeliveryReport
from portal.check_page import TONES
from portal.finding_list import LEVEL_TONES, part_rows
from portal.page import render_template, speak
from schemas.precision import COUNTS, sum_carried
from schemas.text import Language

SHORT = 12
VERDICT_TONES: dict[Verdict, str] = {Verdict.UNMET: "stop", Verdict.FEW: "calm", Verdict.MET: "good"}


def name_report(submission: str, language: Language | None = None) -> str:
    """The file of a delivery's page on the desk; without a language that of its agency."""
    return f"{submission[:SHORT]}-{language.value}.html" if language else f"{submission[:SHORT]}.html"


@dataclass(frozen=True)
class LanguageLink:
    """The same page in another language; `page` is missing for the one that is read."""

    language: Language
    page: str | None


def render_quality_page(report: DeliveryReport, links: Sequence[LanguageLink] = ()) -> str:
    """The report as one HTML page; its title says first what happens to the delivery."""
    return render_template(
        "quality.html",
        report=report,
        links=links,
        submission=report.submission[:SHORT],
        parts=part_rows(report),
        tone=TONES[report.outcome],
        tones=LEVEL_TONES,
        verdict_tones=VERDICT_TONES,
        precisions=COUNTS,
        all_carried=sum_carried(report.carried),
        shown=[judged for judged in report.judged if judged.is_told],
        hidden=[judged for judged in report.judged if not judged.is_told],
        **speak(report.language),
    )
