"""Statements: what a file says of itself, such as the period on its cover, beside how it was handed in."""

import pandas as pd

from schemas.finding import Finding, FindingCode
from schemas.period import PERIOD
from schemas.source import Source


def check_statements(source: Source, frame: pd.DataFrame, cases: pd.DataFrame, period: str) -> list[Finding]:
    """Cases of another period or country than the delivery was taken in for; blank says nothing.

    `frame` has the raw columns, `cases` the fields, with the same rows.
    """
    stated = source.stated
    findings = []
    if stated and stated.period and PERIOD.fullmatch(period):
        said = frame[stated.period]
        findings += _report(source, stated.period, said.ne("") & said.ne(period))
    if stated and stated.country:
        said = cases["reporting_country"]
        findings += _report(source, stated.country, said.notna() & said.ne(source.publisher.country))
    return findings


def _report(source: Source, column: str, where: pd.Series) -> list[Finding]:
    rows = tuple(where.index[where.fillna(False).astype(bool)].tolist())
    return (
        [Finding(FindingCode.STATEMENT_DIFFERS, len(rows), source.cases, column, rows=rows)] if rows else []
    )
