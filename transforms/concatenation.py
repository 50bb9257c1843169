"""Concatenation: whether text that names flags agrees with the flags of the case (rule H8)."""

from collections.abc import Iterable

import pandas as pd

from schemas.finding import Finding, FindingCode
from schemas.rule import is_yes
from schemas.source import Source
from transforms.part import Part, group_parts, join_parts, map_column

RULE = "H8"


def check_concatenations(source: Source, frame: pd.DataFrame, cases: pd.DataFrame) -> list[Finding]:
    """Labels that no lookup places, and rows whose text names other flags than those that are 1."""
    findings: list[Finding] = []
    for address, text in source.concatenated.items():
        parts, troubles = map_column(source, address, text.column, frame[address])
        rows = _list_differing(parts, cases)
        findings += troubles
        if rows:
            findings.append(
                Finding(FindingCode.RULE_HELD, len(rows), source.cases, address, rule=RULE, rows=rows)
            )
    return findings


def _list_differing(parts: Iterable[Part], cases: pd.DataFrame) -> tuple[int, ...]:
    """Rows in which the text says 1 of a flag that is not, or leaves out one that is.

    A missing text, or one with a label that was not placed, says nothing of any flag.
    """
    differing = pd.Series(False, index=cases.index)
    for flag, several in group_parts(parts).items():
        said = join_parts(several)[0].values
        differing |= said.notna() & said.eq(1).ne(is_yes(cases[flag]))
    return tuple(differing.index[differing].tolist())
