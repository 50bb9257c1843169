"""Verdicts as they are kept beside a draft: enum names and numbers."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from schemas.verdict import Evidence, Outcome, Verdict


def dump_verdict(verdict: Verdict) -> list[dict[str, Any]]:
    """A verdict as JSON-able dictionaries."""
    return [{**asdict(evidence), "outcome": evidence.outcome.name} for evidence in verdict.evidence]


def load_verdict(dumped: Iterable[dict[str, Any]]) -> Verdict:
    """The inverse of dump_verdict."""
    return Verdict(tuple(Evidence(**{**item, "outcome": Outcome[item["outcome"]]}) for item in dumped))
