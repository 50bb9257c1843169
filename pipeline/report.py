"""Reports as they are kept beside a submission: enum names and numbers, nothing a cell ever held."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from schemas.finding import Finding, FindingCode
from schemas.precision import Carried
from schemas.quality import Expectation, Profile, QualityReport
from schemas.submission import Revision


def dump_findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as JSON-able dictionaries."""
    return [{**asdict(finding), "code": finding.code.name} for finding in findings]


def load_findings(dumped: Iterable[dict[str, Any]]) -> tuple[Finding, ...]:
    """The inverse of dump_findings."""
    return tuple(
        Finding(**{**item, "code": FindingCode[item["code"]], "rows": tuple(item["rows"])}) for item in dumped
    )


def load_carried(report: Mapping[str, Any]) -> tuple[Carried, ...]:
    """The record of loss of a submission; nothing for reports that were written before there was one."""
    return tuple(Carried(**item) for item in report.get("carried", ()))


def load_quality(report: Mapping[str, Any], source_id: str, period: str) -> QualityReport:
    """The quality report of a submission; without expectations where it was stopped before they were put."""
    stored = report.get("quality")
    if stored is None:
        account = report["account"]
        profile = Profile(account["accepted"], 0.0, {}, {})
        return QualityReport(source_id, period, profile, None, ())
    previous = stored["previous"]
    return QualityReport(
        source_id,
        period,
        Profile(**stored["profile"]),
        None if previous is None else Profile(**previous),
        tuple(Expectation(**item) for item in stored["expectations"]),
    )


def load_revision(report: Mapping[str, Any]) -> Revision | None:
    """What the delivery changed against the one it replaces, or would have replaced."""
    stored = report.get("revision")
    return None if stored is None else Revision(**stored)
