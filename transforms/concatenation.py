"""Concatenation: whether text that names flags agrees with the flags of the case (rule H8)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schemas.finding import Finding, FindingCode
from schemas.rule import flag_values
from schemas.source import Source
from transforms.answer import Answer
from transforms.flag import list_flags
from transforms.part import Words, find_troubles, read_words

RULE = "H8"
NO, YES, SILENT = 0, 1, -1


def check_concatenations(source: Source, frame: pd.DataFrame, cases: pd.DataFrame) -> list[Finding]:
    """Labels that no lookup places, and rows whose text names other flags than those that are 1."""
    findings: list[Finding] = []
    for address, text in source.concatenated.items():
        words, answers = read_words(source, address, text.column, frame[address])
        rows = _list_differing(words, answers, cases[list(list_flags(source, text.column))])
        findings += find_troubles(source, text.column, words, answers)
        if rows:
            findings.append(
                Finding(FindingCode.RULE_HELD, len(rows), source.cases, address, rule=RULE, rows=rows)
            )
    return findings


def _list_differing(words: Words, answers: Sequence[Answer], flags: pd.DataFrame) -> tuple[int, ...]:
    """Rows in which the text says 1 of a flag that is not, or leaves out one that is.

    A missing text, or one with a label that was not placed, says nothing of the flags it does not name.
    """
    differing = np.zeros(len(flags), dtype=bool)
    for said, (_, values) in zip(_list_said(answers, list(flags.columns)), flags.items(), strict=True):
        in_rows = said[words.places]
        differing |= (in_rows != SILENT) & ((in_rows == YES) != (flag_values(values) == YES))
    return tuple(flags.index[differing].tolist())


def _list_said(answers: Sequence[Answer], flags: Sequence[str]) -> np.ndarray:
    """What each text says of each flag, a row for each flag."""
    said = np.full((len(flags), len(answers)), NO, dtype=np.int8)
    places = {flag: place for place, flag in enumerate(flags)}
    for number, answer in enumerate(answers):
        if answer.value is None or answer.finding:
            said[:, number] = SILENT
        for flag in answer.value or ():
            said[places[flag], number] = YES
    return said
