"""Concatenation: whether text that names flags agrees with the flags of the case (rule H8)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schemas.finding import Finding, FindingCode
from schemas.rule import is_yes
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
    for flag, values in flags.items():
        said = np.array([_say(answer, str(flag)) for answer in answers], dtype=np.int8)[words.places]
        differing |= (said != SILENT) & ((said == YES) != is_yes(values).to_numpy())
    return tuple(flags.index[differing].tolist())


def _say(answer: Answer, flag: str) -> int:
    """What a text says of one flag."""
    if answer.value is None:
        return SILENT
    if flag in answer.value:
        return YES
    return SILENT if answer.finding else NO
