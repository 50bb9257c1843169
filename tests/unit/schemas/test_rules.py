"""The rules as a whole: complete, unambiguous, and about fields that exist."""

from collections.abc import Callable

import pandas as pd

from schemas.case import REASON_SUFFIX, case_fields
from schemas.rule import Rule, Severity, three_valued_or
from schemas.rules import RULES, RULES_ELSEWHERE, build_rules

F, Q, D, W = Severity.FAIL, Severity.QUARANTINE, Severity.DERIVE, Severity.WARN

# The list of schema rules by family, as agreed; a letter splits a rule that has two severities.
AGREED = {
    **{"H1": F, "H2": F, "H3": F, "H4": F, "H5": F, "H6": F, "H7a": Q, "H7b": W, "H8": Q},
    **{"T1": Q, "T2a": Q, "T2b": D, "T3": Q, "T4": Q, "T5a": D, "T5b": W, "T6": Q, "T7": W},
    **{"P1": D, "P2a": D, "P2b": W, "P3a": Q, "P3b": Q, "P4": D, "P5a": Q, "P5b": Q, "P5c": Q, "P6": W},
    **{"P7a": Q, "P7b": W, "P7c": W, "P8": W},
    **{"L1": D, "L2": W, "L3": None, "L4": None, "L5": F},
    **{"D1": D, "D2": D, "D3": D, "D4": D, "D5": D, "D6": D},
}


def test_every_agreed_rule_is_there_once_with_its_severity() -> None:
    stated = [(rule.id, rule.severity) for rule in (*RULES, *RULES_ELSEWHERE)]
    assert len(stated) == len(dict(stated))
    assert dict(stated) == AGREED


def test_rules_name_fields_of_the_case() -> None:
    for rule in RULES:
        assert rule.fields
        assert len(set(rule.fields)) == len(rule.fields)
        assert {name.removesuffix(REASON_SUFFIX) for name in rule.fields} <= set(case_fields())


def test_rules_come_in_the_order_of_the_reference() -> None:
    ids = [rule.id for rule in RULES]
    assert ids == sorted(ids, key=lambda rule_id: ("HTPLD".index(rule_id[0]), rule_id))


def test_the_current_year_is_the_callers() -> None:
    case = pd.DataFrame({"year_of_registration": pd.array([2020], dtype="Int16")})
    for name in ("entry_year", "exploit_start_year", "exploit_end_year"):
        case[name] = pd.array([None], dtype="Int16")

    def kept(year: int) -> bool:
        t1 = next(rule for rule in build_rules(year) if rule.id == "T1")
        return bool(t1.holds(case).all())

    assert [kept(2019), kept(2020), kept(2021)] == [False, True, True]


def test_a_case_of_which_nothing_is_known_breaks_no_rule_but_p6(
    holds: Callable[..., list[bool]], rules: dict[str, Rule]
) -> None:
    nothing = dict.fromkeys(case_fields())
    assert [rule_id for rule_id in rules if holds(rule_id, nothing) != [True]] == ["P6"]


def test_rules_answer_for_no_cases_at_all(holds: Callable[..., list[bool]], rules: dict[str, Rule]) -> None:
    assert all(holds(rule_id) == [] for rule_id in rules)


def test_or_of_three_values() -> None:
    a = [1, 1, 1, 0, 0, 0, None, None, None]
    b = [1, 0, None, 1, 0, None, 1, 0, None]
    flags = pd.DataFrame({"a": pd.array(a, dtype="Int8"), "b": pd.array(b, dtype="Int8")})
    result = three_valued_or(flags, ("a", "b"))
    assert result.dtype == "Int8"
    assert [None if pd.isna(v) else v for v in result] == [1, 1, 1, 1, 0, None, 1, None, None]
