"""Risk: how many published cases look alike, and what a class gives away about its members."""

import numpy as np

from anonymize.counting import Codes, count_answers, number_classes, number_values
from schemas.case import case_fields
from schemas.case_purpose import Purpose
from schemas.extract import Extract
from schemas.policy import Policy
from schemas.verdict import Evidence, Outcome

BLOCK = 256


def check_class_size(extract: Extract, policy: Policy) -> Evidence:
    """Every class has k cases over all quasi-identifier columns, null a value like any other."""
    sizes = _measure_classes(extract, policy)
    smallest = int(sizes.min()) if len(sizes) else 0
    outcome = Outcome.PASS if smallest >= policy.k else Outcome.FAIL
    return Evidence(
        "class size", outcome, smallest, policy.k, "cases in the smallest class, blank is a value"
    )


def check_wildcard_size(extract: Extract, policy: Policy) -> Evidence:
    """The smallest class if a blank may stand for anything, as some tools count; reported, not required."""
    codes = np.stack([number_values(extract.frame[c]) for c in policy.quasi_identifier_columns])
    kinds, sizes = np.unique(codes, axis=1, return_counts=True)
    smallest = min((_count_compatible(kinds, sizes, at) for at in range(0, len(sizes), BLOCK)), default=0)
    text = "cases compatible with the rarest description, blank read as any value; for information"
    return Evidence("class size, blank as wildcard", Outcome.PASS, smallest, None, text)


def check_maximum_risk(extract: Extract, policy: Policy) -> Evidence:
    """Chance to pick the right case for the person easiest to find."""
    risk = 1 / int(_measure_classes(extract, policy).min())
    outcome = Outcome.PASS if risk <= 1 / policy.k else Outcome.FAIL
    return Evidence("maximum risk", outcome, risk, 1 / policy.k, "1 / cases in the smallest class")


def check_average_risk(extract: Extract, policy: Policy) -> Evidence:
    """Chance to pick the right case, averaged over all published cases."""
    sizes = _measure_classes(extract, policy)
    text = "classes / cases; for information (OCHA asks for less than 0.03 before sharing openly)"
    return Evidence("average risk", Outcome.PASS, len(sizes) / int(sizes.sum()), None, text)


def check_sensitive_counts(extract: Extract, policy: Policy) -> Evidence:
    """Every published sensitive value is shared by enough cases."""
    least = policy.sensitive.minimum_count
    sizes = [np.bincount(number_values(extract.frame[c]))[1:] for c in policy.sensitive.columns]
    smallest = min((int(size[size > 0].min()) for size in sizes if size.any()), default=least)
    outcome = Outcome.PASS if smallest >= least else Outcome.FAIL
    return Evidence("sensitive values", outcome, smallest, least, "cases sharing the rarest sensitive value")


def check_sensitive_blanks(extract: Extract, policy: Policy) -> Evidence:
    """A few blanks in a column that lacks an answer may be just that answer; a person looks at them."""
    few = [
        c for c in policy.sensitive.columns if _may_hide_answer(extract, c, policy.sensitive.minimum_count)
    ]
    outcome = Outcome.REVIEW if few else Outcome.PASS
    text = f"sensitive columns whose few blanks may be the answer they lack: {', '.join(few) or 'none'}"
    return Evidence("sensitive blanks", outcome, len(few), 0, text)


def check_homogeneity(extract: Extract, policy: Policy) -> Evidence:
    """Share of known purpose answers that are the same for all of their class (distinct l = 1)."""
    classes = number_classes(extract.frame, policy.quasi_identifier_columns)
    purposes = [c for c in policy.sensitive.columns if case_fields()[c].group == Purpose.__name__]
    found = [_count_homogeneous(classes, number_values(extract.frame[column])) for column in purposes]
    alike, known = (sum(numbers) for numbers in zip((0, 0), *found, strict=True))
    text = (
        "share of known purpose answers that whoever knows the class knows too; for information: "
        "k-anonymity does not hide what all members of a class have in common"
    )
    return Evidence("homogeneity", Outcome.PASS, alike / known if known else 0.0, None, text)


def _may_hide_answer(extract: Extract, column: str, least: int) -> bool:
    values = extract.frame[column]
    return 0 < int(values.isna().sum()) < least and values.nunique() < count_answers(column)


def _measure_classes(extract: Extract, policy: Policy) -> Codes:
    return np.bincount(number_classes(extract.frame, policy.quasi_identifier_columns))


def _count_compatible(kinds: Codes, sizes: Codes, at: int) -> int:
    """The smallest number of cases compatible with one of the kinds of row from `at` on."""
    block = kinds[:, at : at + BLOCK]
    fits = np.ones((block.shape[1], len(sizes)), dtype=bool)
    for mine, theirs in zip(block, kinds, strict=True):
        fits &= (mine[:, None] == theirs) | (mine[:, None] == 0) | (theirs == 0)
    return int((fits @ sizes).min())


def _count_homogeneous(classes: Codes, values: Codes) -> tuple[int, int]:
    """Known answers in classes in which one answer alone is known, and known answers at all."""
    known = values > 0
    pairs, sizes = np.unique(np.stack([classes[known], values[known]]), axis=1, return_counts=True)
    answers = np.bincount(pairs[0], minlength=1)
    return int(sizes[answers[pairs[0]] == 1].sum()), int(sizes.sum())
