"""Difference: what an attacker learns who subtracts an earlier release from this one."""

from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pandas as pd

from anonymize.counting import Codes, count_answers, number_rows, number_values
from schemas.case import case_fields
from schemas.extract import Extract
from schemas.policy import Policy
from schemas.verdict import Evidence, Outcome

WIDEST_CUT = 3


def check_difference(extract: Extract, policy: Policy, earlier: Extract, number: int) -> Evidence:
    """No count over up to three quasi-identifier columns, or all of them, changed by 1 to k - 1.

    After Fung et al. (2008) and schema rule S5: such a change shows a group below k, the cases that
    joined or left between two releases which are each k-anonymous.
    """
    shared, same = _share_columns(policy.quasi_identifier_columns, earlier, quasi_identifiers=True)
    signs, codes = _stack(extract, earlier, shared)
    cells = sum(_count_small_changes(signs, cut, policy.k) for cut in _list_cuts(codes))
    text = f"cells of tables over up to {WIDEST_CUT} or all quasi-identifiers that changed by 1 to k - 1"
    return _answer(f"difference to release {number}", cells, same, text)


def check_combination_difference(extract: Extract, policy: Policy, earlier: Extract, number: int) -> Evidence:
    """No count over up to m columns, an answer known in one of them at least, changed by 1 to k - 1."""
    quasi, same = _share_columns(policy.quasi_identifier_columns, earlier, quasi_identifiers=True)
    answers, alike = _share_columns(policy.sensitive.columns, earlier, quasi_identifiers=False)
    signs, codes = _stack(extract, earlier, [*answers, *quasi])
    cells = 0
    for width in range(1, policy.m + 1):
        for some in combinations(range(len(codes)), width):
            if some[0] < len(answers):
                known = np.logical_and.reduce([codes[c] > 0 for c in some if c < len(answers)])
                cut = [codes[c][known] for c in some]
                cells += _count_small_changes(signs[known], cut, policy.k) if known.any() else 0
    text = f"cells of tables over up to {policy.m} columns, one an answer, that changed by 1 to k - 1"
    return _answer(f"combination difference to release {number}", cells, same and alike, text)


def check_sensitive_difference(extract: Extract, policy: Policy, earlier: Extract, number: int) -> Evidence:
    """No count of a sensitive answer, or of blanks that may hide one, changed by less than the minimum."""
    shared, same = _share_columns(policy.sensitive.columns, earlier, quasi_identifiers=False)
    signs, codes = _stack(extract, earlier, shared)
    least, cells = policy.sensitive.minimum_count, 0
    for column, values in zip(shared, codes, strict=True):
        signed = _add_up(signs, values)
        changes = np.abs(signed)
        small = (changes > 0) & (changes < least)
        # Blanks stand first. They say nothing where every possible answer came with them, or answers left.
        cells += int(small[1:].sum())
        left = (signed[1:] < 0).any()
        cells += int(small[:1].any() and not left and (changes[1:] >= least).sum() < count_answers(column))
    text = "sensitive values whose count changed by less than the minimum count"
    return _answer(f"sensitive difference to release {number}", cells, same, text)


def _answer(check: str, cells: int, same: bool, text: str) -> Evidence:
    if cells:
        return Evidence(check, Outcome.FAIL, cells, 0, text)
    if not same:
        unknown = "the releases have different columns; what they tell together cannot be judged"
        return Evidence(check, Outcome.REVIEW, cells, 0, unknown)
    return Evidence(check, Outcome.PASS, cells, 0, text)


def _share_columns(
    mine: tuple[str, ...], earlier: Extract, *, quasi_identifiers: bool
) -> tuple[list[str], bool]:
    """The columns of one sort that both releases have, and whether neither has another of that sort."""
    fields = case_fields()
    theirs = {
        column
        for column in earlier.frame.columns
        if column not in fields or fields[column].field_class.is_quasi_identifier == quasi_identifiers
    }
    return [column for column in mine if column in theirs], theirs == set(mine)


def _stack(extract: Extract, earlier: Extract, columns: list[str]) -> tuple[Codes, list[Codes]]:
    """+1 a row of the new release, -1 a row of the earlier one; equal rows are added up first."""
    both = pd.concat([extract.frame[columns], earlier.frame[columns]], ignore_index=True)
    codes = [number_values(both[column]) for column in columns]
    signs = np.where(np.arange(len(both)) < len(extract.frame), 1, -1)
    rows = number_rows(codes, len(both))
    _, first = np.unique(rows, return_index=True)
    return _add_up(signs, rows), [code[first] for code in codes]


def _list_cuts(codes: list[Codes]) -> Iterable[Iterable[Codes]]:
    """The columns of every table that is compared: none (the total), one to three, and all."""
    yield from (cut for width in range(WIDEST_CUT + 1) for cut in combinations(codes, width))
    yield codes


def _count_small_changes(signs: Codes, cut: Iterable[Codes], least: int) -> int:
    changes = np.abs(_add_up(signs, number_rows(cut, len(signs))))
    return int(((changes > 0) & (changes < least)).sum())


def _add_up(signs: Codes, rows: Codes) -> Codes:
    return np.asarray(np.bincount(rows, weights=signs).round(), dtype=np.int64)
