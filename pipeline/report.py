"""Findings as they are kept beside a submission: enum names and numbers, nothing a cell ever held."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from schemas.finding import Finding, FindingCode


def dump_findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as JSON-able dictionaries."""
    return [{**asdict(finding), "code": finding.code.name} for finding in findings]


def load_findings(dumped: Iterable[dict[str, Any]]) -> tuple[Finding, ...]:
    """The inverse of dump_findings."""
    return tuple(
        Finding(**{**item, "code": FindingCode[item["code"]], "rows": tuple(item["rows"])}) for item in dumped
    )
