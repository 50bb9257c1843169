"""Derivation: fields that follow from others are filled, and their reasons for being missing follow too."""

from dataclasses import replace

import pandas as pd

from schemas.finding import Finding, FindingCode
from schemas.missing import MissingReason
from schemas.rules_derivation import DERIVATIONS, Derivation
from transforms.mapped import Mapped


def derive_fields(mapped: Mapped) -> Mapped:
    """Fill every field that follows from others, and count for each how many values were derived."""
    cases, reasons = mapped.cases.copy(), mapped.reasons.copy()
    findings = []
    for derivation in DERIVATIONS:
        filled = derivation.fill(cases)
        count = _count_changes(cases[derivation.field], filled)
        if count:
            findings.append(_report(derivation, count))
        cases[derivation.field] = filled
        if derivation.field in reasons:
            reasons[derivation.field] = _follow_reason(derivation, cases, reasons)
    return replace(mapped, cases=cases, reasons=reasons, findings=(*mapped.findings, *findings))


def _count_changes(before: pd.Series, after: pd.Series) -> int:
    unchanged = before.eq(after).fillna(False).astype(bool) | after.isna()
    return int((~unchanged).sum())


def _report(derivation: Derivation, count: int) -> Finding:
    return Finding(FindingCode.RULE_DERIVED, count, field=derivation.field, rule=derivation.rule)


def _follow_reason(derivation: Derivation, cases: pd.DataFrame, reasons: pd.DataFrame) -> pd.Series:
    """A value has no reason; a null keeps the source's own reason, else has that of its first null origin.

    "Not collected" gives way to any other reason: a source need not ask what follows from its answers.
    """
    reason = reasons[derivation.field].where(cases[derivation.field].isna())
    for origin in () if derivation.one_way else derivation.origins:
        vague = cases[derivation.field].isna() & (reason.isna() | reason.eq(MissingReason.NOT_COLLECTED))
        if not vague.any():
            break
        if origin in reasons:
            inherited = reasons[origin].where(cases[origin].isna())
            reason = reason.mask(vague & inherited.notna(), inherited)
    return reason
