"""Rules H: nothing of a file's shape or of its tokens for "missing" is left in the cases."""

import numpy as np
import pandas as pd

from schemas.case import CASE_KEY, REASON_SUFFIX, case_fields
from schemas.field import Kind, Requirement
from schemas.missing import MissingReason
from schemas.rule import NO_FLAG, Rule, RuleElsewhere, Severity, flag_values

MISSING_TOKENS = ("-99", "NULL", "0", "00")


def _of_kind(*kinds: Kind) -> tuple[str, ...]:
    return tuple(field.name for field in case_fields().values() if field.kind in kinds)


CODED = _of_kind(Kind.CODE, Kind.CODES)
FLAGS = _of_kind(Kind.FLAG)
REASONED = tuple(
    field.name for field in case_fields().values() if field.requirement is not Requirement.MANDATORY
)


def _no_token_is_left(cases: pd.DataFrame) -> pd.Series:
    unsound = np.zeros(len(cases), dtype=bool)
    for name in CODED:
        unsound |= cases[name].isin(MISSING_TOKENS).to_numpy(dtype=bool)
    for name in FLAGS:
        values = flag_values(cases[name])
        unsound |= (values != NO_FLAG) & ~np.isin(values, [0, 1])
    return pd.Series(~unsound, index=cases.index)


def _not_collected_is_null(cases: pd.DataFrame) -> pd.Series:
    """Judged on a frame in which every field stands beside its reason for being missing."""
    broken = np.zeros(len(cases), dtype=bool)
    for field in REASONED:
        given = cases[field].notna().to_numpy()
        if given.any():
            reasons = cases[field + REASON_SUFFIX]
            broken |= given & reasons.isin([MissingReason.NOT_COLLECTED.value]).to_numpy(dtype=bool)
    return pd.Series(~broken, index=cases.index)


def _key_is_unique(cases: pd.DataFrame) -> pd.Series:
    key = list(CASE_KEY)
    return ~cases.duplicated(key, keep=False) | cases[key].isna().any(axis=1)


HYGIENE_RULES: tuple[Rule, ...] = (
    Rule(
        "H3",
        Severity.FAIL,
        "No token for a missing value is left in a coded field, and a flag is 0, 1 or null",
        (*CODED, *FLAGS),
        _no_token_is_left,
    ),
    Rule(
        "H4",
        Severity.FAIL,
        "A field that the source does not collect is null, never 0",
        (*REASONED, *(field + REASON_SUFFIX for field in REASONED)),
        _not_collected_is_null,
    ),
    Rule(
        "H6",
        Severity.FAIL,
        "A case key stands once in a source",
        CASE_KEY,
        _key_is_unique,
    ),
)

HYGIENE_ELSEWHERE: tuple[RuleElsewhere, ...] = (
    RuleElsewhere(
        "H1",
        Severity.FAIL,
        "The header is the one the source description knows",
        "Mapping: `COLUMN_MISSING` fails the file, `COLUMN_UNKNOWN` warns.",
    ),
    RuleElsewhere(
        "H2",
        Severity.FAIL,
        "No text stands in a flag column",
        "Reading: `ROW_SHIFTED`; mapping: `WORD_UNKNOWN`. Only the shifted rows wait, the file is used.",
    ),
    RuleElsewhere(
        "H5",
        Severity.FAIL,
        "No refused column is filled; no cell looks like an e-mail address, telephone number or coordinate",
        "Screening, before anything is stored: `IDENTIFIER_PRESENT`, `IDENTIFIER_PATTERN`.",
    ),
    RuleElsewhere(
        "H7a",
        Severity.QUARANTINE,
        "A country is in the code list",
        "Mapping: a finding that holds the row; validation: the definition of the field, `FIELD_INVALID`.",
    ),
    RuleElsewhere(
        "H7b",
        Severity.WARN,
        "A country that no longer exists is placed by a stated policy",
        "Mapping: `COUNTRY_HISTORIC`.",
    ),
    RuleElsewhere(
        "H8",
        Severity.QUARANTINE,
        "Concatenated text names exactly the flags that are 1, in any order and case",
        "Mapping, before anything is derived, for columns that the source description lists under"
        " `concatenated`: `RULE_HELD`; a label that is in no lookup is `WORD_UNKNOWN`; missing text is not"
        " compared.",
    ),
)
