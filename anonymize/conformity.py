"""Conformity: whether a finished extract is what policy and code lists allow, and says so of itself."""

from itertools import pairwise

import numpy as np
import pandas as pd

from anonymize.counting import number_values
from schemas.case import case_fields
from schemas.codelist import load_codelist
from schemas.extract import K_ANONYMITY, Extract, FooterFact
from schemas.field import Kind
from schemas.policy import Policy
from schemas.verdict import Evidence, Outcome

# Lists that are levels of one hierarchy: the parents of the codes of a list stand in the next.
COARSER_LIST = {
    "age_broad": "age_group",
    "age_group": "majority",
    "country": "m49_subregion",
    "m49_subregion": "m49_region",
}
YEAR_BANDS = "year_band"
PANDAS_METADATA = "pandas"


def check_rows(extract: Extract, policy: Policy) -> Evidence:
    """A table without rows protects nobody and proves nothing."""
    rows = len(extract.frame)
    return _answer("rows", rows > 0, rows, 1, "number of published cases")


def check_columns(extract: Extract, policy: Policy) -> Evidence:
    """The columns are those of the policy, each once and in their order, and no other."""
    wanted, found = list(policy.published_columns), list(extract.frame.columns)
    wrong = len(set(map(str, found)) ^ set(wanted)) + (len(found) - len(set(map(str, found))))
    return _answer(
        "columns",
        found == wanted,
        wrong,
        0,
        "columns missing, unknown or repeated; order as in the policy",
    )


def check_values(extract: Extract, policy: Policy) -> Evidence:
    """Every value is of the type and the code list of its field."""
    wrong = [column for column in policy.published_columns if not _has_known_values(extract.frame, column)]
    text = f"columns with a value outside their type or code list: {', '.join(wrong) or 'none'}"
    return _answer("values", not wrong, len(wrong), 0, text)


def check_ladders(extract: Extract, policy: Policy) -> Evidence:
    """Where a finer value is published its coarser ones are too, and are the right ones."""
    ladders = [quasi_identifier.ladder for quasi_identifier in policy.quasi_identifiers.values()]
    pairs = [pair for ladder in ladders for pair in pairwise(ladder)]
    parents = {pair: _find_parents(*pair) for pair in pairs}
    if None in parents.values():
        return Evidence(
            "ladders", Outcome.REVIEW, None, 0, "a ladder of the policy is not known from the code lists"
        )
    wrong = sum(_count_wrong(extract.frame, *pair, known or {}) for pair, known in parents.items())
    return _answer("ladders", wrong == 0, wrong, 0, "finer values whose coarser value is absent or another")


def check_footer(extract: Extract, policy: Policy) -> Evidence:
    """The footer names protection, k and policy, and they are the ones the extract is judged by."""
    due = {
        FooterFact.PROTECTION: K_ANONYMITY,
        FooterFact.K: str(policy.k),
        FooterFact.POLICY_SHA256: policy.sha256,
    }
    wrong = [str(name) for name, value in due.items() if extract.facts.get(name) != value]
    if PANDAS_METADATA in extract.facts:
        wrong.append("index metadata of pandas")
    text = f"facts of the footer that are missing, wrong or not allowed: {', '.join(wrong) or 'none'}"
    return _answer("footer", not wrong, len(wrong), 0, text)


def check_order(extract: Extract, policy: Policy) -> Evidence:
    """Rows are sorted by all columns, so that their order tells nothing that they do not say themselves."""
    codes = np.column_stack([number_values(extract.frame[column]) for column in policy.published_columns])
    nulls_last = np.where(codes == 0, codes.max(initial=0) + 1, codes)
    falls = min(_count_falls(codes), _count_falls(nulls_last))
    return _answer("order", falls == 0, falls, 0, "rows that stand before a row they should follow")


def _answer(check: str, passed: bool, measured: float, required: float, text: str) -> Evidence:
    return Evidence(check, Outcome.PASS if passed else Outcome.FAIL, measured, required, text)


def _has_known_values(frame: pd.DataFrame, column: str) -> bool:
    kind, values = case_fields()[column].kind, frame[column].dropna()
    if kind is Kind.CODE:
        return set(values.unique()) <= set(load_codelist(case_fields()[column].codelist or "").codes)
    if kind is Kind.BOOLEAN or pd.api.types.is_bool_dtype(values):
        return kind is Kind.BOOLEAN and pd.api.types.is_bool_dtype(values)
    if not pd.api.types.is_numeric_dtype(values):
        return values.empty
    allowed: dict[Kind, set[object]] = {Kind.FLAG: {0, 1}, Kind.YEAR: set(_list_years())}
    return set(values.unique()) <= allowed.get(kind, set())


def _list_years() -> dict[object, str]:
    """Every year that can be published, with its band."""
    codes = load_codelist(YEAR_BANDS).codes
    spans = {code: [int(year) for year in code.split("--")] for code in codes}
    return {year: code for code, (first, last) in spans.items() for year in range(first, last + 1)}


def _find_parents(fine: str, coarse: str) -> dict[object, str] | None:
    """Value to coarser value from the code lists; nothing where the lists do not connect the columns."""
    start, end = (case_fields()[name].codelist for name in (fine, coarse))
    if case_fields()[fine].kind is Kind.YEAR and end == YEAR_BANDS:
        return _list_years()
    if start is None or end is None:
        return None
    known: dict[object, str] = {code: code for code in load_codelist(start).codes}
    while start != end:
        parents, start = load_codelist(start).parents, COARSER_LIST.get(start)
        if start is None:
            return None
        known = {value: parents[code] for value, code in known.items() if code in parents}
    return known


def _count_wrong(frame: pd.DataFrame, fine: str, coarse: str, parents: dict[object, str]) -> int:
    # As objects: categories and other text types compare only with their like.
    agrees = frame[fine].astype(object).map(parents).eq(frame[coarse].astype(object))
    return int((frame[fine].notna() & ~agrees).sum())


def _count_falls(codes: np.ndarray) -> int:
    """Rows smaller than the row before, comparing column by column from the left."""
    steps = np.diff(codes, axis=0)
    first = (steps != 0).argmax(axis=1)
    return int((steps[np.arange(len(steps)), first] < 0).sum())
