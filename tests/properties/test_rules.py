"""What holds for any cases whatever: of rules, derivations and validation."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.case import REASON_SUFFIX, CaseField, case_fields
from schemas.codelist import load_codelist
from schemas.field import Kind
from schemas.finding import FindingCode
from schemas.missing import MissingReason
from schemas.rule import Rule, Severity, three_valued_or
from schemas.rules import build_rules
from schemas.rules_hygiene import REASONED
from transforms.derivation import derive_fields
from transforms.mapped import Mapped
from transforms.validation import validate_cases

CURRENT_YEAR = 2026
MakeCases = Callable[..., pd.DataFrame]


def values_of(field: CaseField) -> st.SearchStrategy[Any]:
    """Mostly values that the field allows, some that it does not."""
    if field.kind in (Kind.CODE, Kind.CODES):
        codes = load_codelist(field.codelist or "").codes
        return st.sampled_from([*codes[:4], codes[-1], "-99", "elsewhere"])
    if field.kind is Kind.FLAG:
        return st.sampled_from([0, 1, 1, 0, 7])
    if field.kind is Kind.YEAR:
        return st.integers(2010, 2030)
    if field.kind is Kind.INTEGER:
        return st.integers(-1, 120)
    return st.just(True) if field.kind is Kind.BOOLEAN else st.sampled_from(["a", "b", None])


ROW = st.lists(
    st.one_of([st.tuples(st.just(f.name), values_of(f)) for f in case_fields().values()]), max_size=25
).map(dict)
ROWS = st.lists(ROW, max_size=12)


def map_as(cases: pd.DataFrame, held: frozenset[int] = frozenset()) -> Mapped:
    missing = cases[list(REASONED)].isna()
    reasons = pd.DataFrame("unknown", index=cases.index, columns=list(REASONED), dtype="str").where(missing)
    return Mapped(cases, reasons, pd.DataFrame(), (), held, len(cases) + 3, {"blank row": 3})


def beside(mapped: Mapped) -> pd.DataFrame:
    return pd.concat([mapped.cases, mapped.reasons.add_suffix(REASON_SUFFIX)], axis=1)


def keeps(rule: Rule, frame: pd.DataFrame) -> pd.Series:
    return rule.check(frame[list(rule.fields)]).check_output


@given(st.lists(st.lists(st.sampled_from([0, 1, None]), min_size=3, max_size=3), max_size=9))
def test_or_of_three_values_is_what_python_says(rows: list[list[int | None]]) -> None:
    flags = pd.DataFrame(
        {name: pd.array([row[n] for row in rows], dtype="Int8") for n, name in enumerate("abc")}
    )
    expected = [1 if 1 in row else None if None in row else 0 for row in rows]
    result = three_valued_or(flags, ("a", "b", "c"))
    assert [None if pd.isna(value) else value for value in result] == expected


@given(rows=ROWS, data=st.data())
@settings(max_examples=25)
def test_a_null_breaks_no_rule_that_holds_a_row(
    make_cases: MakeCases, rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    """Whoever leaves out an answer is never worse off than with the answer."""
    frame = beside(map_as(make_cases(rows)))
    names = st.sets(st.sampled_from(list(case_fields())), max_size=40)
    blanked = frame.copy()
    for name in sorted(data.draw(names)):
        blanked[name] = pd.Series(None, index=frame.index, dtype=frame[name].dtype)
    for rule in build_rules(CURRENT_YEAR):
        if rule.severity in (Severity.FAIL, Severity.QUARANTINE):
            assert keeps(rule, blanked)[keeps(rule, frame)].all(), rule.id


@given(rows=ROWS)
@settings(max_examples=20)
def test_nothing_is_left_to_derive(make_cases: MakeCases, rows: list[dict[str, Any]]) -> None:
    once = derive_fields(map_as(make_cases(rows)))
    for rule in build_rules(CURRENT_YEAR):
        if rule.severity is Severity.DERIVE:
            assert keeps(rule, once.cases).all(), rule.id
    twice = derive_fields(once)
    pd.testing.assert_frame_equal(twice.cases, once.cases)
    pd.testing.assert_frame_equal(twice.reasons, once.reasons)
    assert twice.findings == once.findings
    # a value has no reason, a null has one
    pd.testing.assert_frame_equal(once.cases[list(REASONED)].isna(), once.reasons.notna())
    assert set(once.reasons.stack().dropna()) <= set(MissingReason)


@given(rows=ROWS, data=st.data())
@settings(max_examples=10)
def test_no_row_is_lost_and_none_is_accepted_that_breaks_a_rule(
    make_cases: MakeCases, rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    cases = make_cases(rows)
    held = frozenset(data.draw(st.sets(st.sampled_from(list(cases.index))) if rows else st.just(set())))
    validated = validate_cases(map_as(cases, held), current_year=CURRENT_YEAR)
    account = validated.account
    assert account.read == len(rows) + 3 == account.accepted + account.held + 3
    assert account.accepted == len(validated.cases) == len(validated.reasons)
    assert not held & set(validated.cases.index)
    told = {
        row
        for finding in validated.findings
        if finding.code in (FindingCode.RULE_HELD, FindingCode.RULE_FAILED, FindingCode.FIELD_INVALID)
        for row in finding.rows
    }
    # a row waits exactly if mapping held it or a finding says why
    assert set(cases.index) - set(validated.cases.index) == held | told
    again = validate_cases(
        Mapped(validated.cases, validated.reasons, pd.DataFrame(), (), frozenset(), account.accepted, {}),
        current_year=CURRENT_YEAR,
    )
    assert again.account.held == 0
    pd.testing.assert_frame_equal(again.cases, validated.cases)


@pytest.mark.parametrize("rule", [r for r in build_rules(CURRENT_YEAR) if r.id != "P6"], ids=lambda r: r.id)
def test_nulls_throughout_break_no_rule(make_cases: MakeCases, rule: Rule) -> None:
    nothing = make_cases([dict.fromkeys(case_fields())])
    reasons = pd.DataFrame(index=nothing.index, columns=list(REASONED), dtype="str")
    assert keeps(rule, pd.concat([nothing, reasons.add_suffix(REASON_SUFFIX)], axis=1)).all()
