"""Which rows are accepted, held or fatal, and what the findings say about them."""

import time
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from schemas.finding import Finding, FindingCode
from schemas.rules_hygiene import REASONED
from schemas.submission import RowAccount
from transforms.mapped import Mapped, Validated
from transforms.validation import MOST_ROWS, CasesMistyped, validate_cases

MakeCases = Callable[..., pd.DataFrame]
HELD, FAILED, WARNED = FindingCode.RULE_HELD, FindingCode.RULE_FAILED, FindingCode.RULE_WARNED
INVALID, DERIVED = FindingCode.FIELD_INVALID, FindingCode.RULE_DERIVED

# A purpose, so that rule P6 has nothing to say.
PLAIN = {"is_forced_labour": 1}


def no_reasons(cases: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(index=cases.index, columns=list(REASONED), dtype="str")


def validate(cases: pd.DataFrame, **changes: Any) -> Validated:
    mapped = {
        "reasons": no_reasons(cases),
        "perpetrators": pd.DataFrame(),
        "findings": (),
        "held": frozenset(),
        "read": len(cases),
        "ignored": {},
    }
    return validate_cases(Mapped(cases, **{**mapped, **changes}), current_year=2026)


def told(validated: Validated) -> list[tuple[FindingCode, str | None, int, tuple[int, ...]]]:
    """Findings save the derivations, which have their own tests."""
    return [(f.code, f.rule or f.field, f.count, f.rows) for f in validated.findings if f.code is not DERIVED]


def test_a_clean_batch_is_accepted(make_cases: MakeCases) -> None:
    cases = make_cases([PLAIN, {**PLAIN, "age_at_registration": 15}])
    validated = validate(cases)
    assert told(validated) == []
    assert validated.account == RowAccount(read=2, accepted=2, held=0, ignored={})
    assert list(validated.cases.index) == list(validated.reasons.index) == [2, 3]
    assert validated.cases.loc[3, "majority_status"] == "Minor"
    assert list(validated.cases.dtypes) == list(cases.dtypes)


def test_no_rows_are_no_cases(make_cases: MakeCases) -> None:
    validated = validate(make_cases([]), read=250, ignored={"blank row": 250})
    assert len(validated.cases) == 0
    assert validated.findings == ()
    assert validated.account == RowAccount(read=250, accepted=0, held=0, ignored={"blank row": 250})


def test_a_value_outside_its_definition_holds_the_row(make_cases: MakeCases) -> None:
    outside = [
        {"source_record_key": None},
        {"consent_publication": None},
        {"year_of_registration": 1999},
        {"trafficking_status": None},
        {"age_at_registration": 111},
        {"gender": "Female"},
        {"citizenship": "YUG"},
        {"citizenship_all": "SRB;"},
        {"number_of_children": -1},
    ]
    rows = [PLAIN, *({**PLAIN, **value} for value in outside), {**PLAIN, "citizenship_all": "SRB;BIH"}]
    validated = validate(make_cases(rows))
    assert told(validated) == [(INVALID, next(iter(v)), 1, (row,)) for row, v in enumerate(outside, 3)]
    assert list(validated.cases.index) == [2, 12]
    assert validated.account.held == 9


@pytest.mark.parametrize("text", ["SRB\n", "SRB;BIH\n", "SRB\nBIH", "SRB;\nBIH", "\nSRB", "SRB;BIH;", ";SRB"])
def test_a_list_is_codes_and_separators_to_its_very_end(make_cases: MakeCases, text: str) -> None:
    validated = validate(make_cases([PLAIN, {**PLAIN, "citizenship_all": text}]))
    assert told(validated) == [(INVALID, "citizenship_all", 1, (3,))]


def test_a_contradiction_holds_the_row(make_cases: MakeCases) -> None:
    rows = [PLAIN, {**PLAIN, "sex_prostitution": 1, "is_sexual_exploit": 0}, {**PLAIN, "entry_year": 2020}]
    validated = validate(make_cases(rows))
    assert told(validated) == [(HELD, "P3a", 1, (3,)), (HELD, "T1", 1, (4,))]
    assert list(validated.cases.index) == [2]


def test_all_faults_of_a_row_are_told_at_once(make_cases: MakeCases) -> None:
    row = {"gender": "?", "age_at_registration": 10, "majority_status": "Adult", "is_forced_labour": 1}
    assert told(validate(make_cases([row]))) == [(HELD, "T2a", 1, (2,)), (INVALID, "gender", 1, (2,))]


def test_rules_see_derived_values(make_cases: MakeCases) -> None:
    row = {**PLAIN, "age_at_registration": 10, "majority_status_at_exploit": "Adult"}
    assert told(validate(make_cases([row]))) == [(HELD, "T3", 1, (2,))]


def test_an_unusual_case_is_kept(make_cases: MakeCases) -> None:
    validated = validate(make_cases([PLAIN, {}]))
    assert told(validated) == [(WARNED, "P6", 1, (3,))]
    assert validated.account.accepted == 2


def test_a_band_that_differs_from_the_exact_value_is_kept_and_told(make_cases: MakeCases) -> None:
    rows = [{**PLAIN, "traffick_months_exact": 30, "traffick_months": "0--12"}]
    validated = validate(make_cases(rows))
    assert told(validated) == [(WARNED, "T5b", 1, (2,))]
    assert validated.cases.loc[2, "traffick_months"] == "0--12"


def test_warnings_are_about_accepted_rows_only(make_cases: MakeCases) -> None:
    assert told(validate(make_cases([{"gender": "?"}]))) == [(INVALID, "gender", 1, (2,))]


def test_who_is_not_a_victim_fails_the_batch(make_cases: MakeCases) -> None:
    rows = [PLAIN, {**PLAIN, "trafficking_status": "NotAVictimOfTrafficking"}]
    validated = validate(make_cases(rows))
    assert told(validated) == [(FAILED, "L5", 1, (3,))]
    assert list(validated.cases.index) == [2]


def test_a_repeated_key_fails_the_batch(make_cases: MakeCases) -> None:
    rows = [{**PLAIN, "source_record_key": key} for key in "abab"] + [PLAIN]
    validated = validate(make_cases(rows))
    assert told(validated) == [(FAILED, "H6", 4, (2, 3, 4, 5))]
    assert list(validated.cases.index) == [6]


def test_a_key_repeated_in_a_held_row_is_no_news(make_cases: MakeCases) -> None:
    cases = make_cases([{**PLAIN, "source_record_key": key} for key in "aab"])
    assert told(validate(cases, held=frozenset({2}))) == []


def test_a_token_for_missing_fails_the_batch(make_cases: MakeCases) -> None:
    told_of = told(validate(make_cases([{**PLAIN, "gender": "-99"}, {**PLAIN, "is_abduction": -99}])))
    assert told_of == [
        (FAILED, "H3", 2, (2, 3)),
        (INVALID, "gender", 1, (2,)),
        (INVALID, "is_abduction", 1, (3,)),
    ]


def test_not_collected_beside_a_value_fails_the_batch(make_cases: MakeCases) -> None:
    cases = make_cases([{**PLAIN, "is_abduction": 0}, PLAIN])
    reasons = no_reasons(cases).assign(is_abduction=pd.Series("not_collected", cases.index, dtype="str"))
    assert told(validate(cases, reasons=reasons)) == [(FAILED, "H4", 1, (2,))]


def test_a_value_derived_for_a_field_not_collected_is_sound(make_cases: MakeCases) -> None:
    cases = make_cases([{**PLAIN, "sex_prostitution": 1}])
    reasons = no_reasons(cases).assign(is_sexual_exploit=pd.Series("not_collected", cases.index, dtype="str"))
    validated = validate(cases, reasons=reasons)
    assert told(validated) == []
    assert validated.reasons["is_sexual_exploit"].isna().all()


def test_rows_that_mapping_held_stay_held_and_are_not_judged(make_cases: MakeCases) -> None:
    word = Finding(FindingCode.WORD_UNKNOWN, 1, rows=(3,))
    cases = make_cases([PLAIN, {**PLAIN, "trafficking_status": None}, {**PLAIN, "gender": "?"}])
    validated = validate(cases, held=frozenset({3}), findings=(word,), read=5, ignored={"sum line": 2})
    assert validated.findings[0] is word
    assert told(validated)[1:] == [(INVALID, "gender", 1, (4,))]
    assert validated.account == RowAccount(read=5, accepted=1, held=2, ignored={"sum line": 2})


def test_a_row_lost_by_mapping_is_refused(make_cases: MakeCases) -> None:
    with pytest.raises(ValueError, match="not the sum"):
        validate(make_cases([PLAIN]), read=2)


def test_rows_are_capped_and_counted(make_cases: MakeCases) -> None:
    rows = [{**PLAIN, "gender": "?"}] * (MOST_ROWS + 1)
    (finding,) = [f for f in validate(make_cases(rows)).findings if f.code is INVALID]
    assert finding.count == MOST_ROWS + 1
    assert finding.rows == tuple(range(2, MOST_ROWS + 2))


def test_perpetrators_follow_their_cases(make_cases: MakeCases) -> None:
    cases = make_cases([{**PLAIN, "source_record_key": key} for key in "abc"])
    perpetrators = pd.DataFrame(
        {
            "source_record_key": pd.array(["a", "b", "c", "c"], dtype="str"),
            "perp_seq": pd.array([1, 1, 1, 2], dtype="Int16"),
            "perp_gender": pd.array(["Man", "Man", None, "?"], dtype="str"),
            **{
                name: pd.array([None] * 4, dtype="str")
                for name in ("perp_age", "perp_citizenship_region", "perp_relation", "legal_status")
            },
            **{
                name: pd.array([None] * 4, dtype="Int8")
                for name in (
                    "role_exploiter",
                    "role_recruiter_broker",
                    "role_transaction_process",
                    "role_control_abuse_kidnap",
                    "victim_paid",
                )
            },
        },
        index=[7, 8, 9, 10],
    )
    validated = validate(cases, perpetrators=perpetrators, held=frozenset({3}))
    assert list(validated.perpetrators.index) == [7, 9]
    (finding,) = [f for f in validated.findings if f.code is INVALID]
    assert (finding.table, finding.field, finding.rows) == ("perpetrators", "perp_gender", (10,))
    assert validated.account.accepted == 2


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda cases: cases.assign(gender=1), "gender"),
        (lambda cases: cases.assign(age_at_registration=cases["gender"]), "age_at_registration"),
        (lambda cases: cases.assign(gender=cases["gender"].astype(object)), "gender"),
        (lambda cases: cases.drop(columns="gender"), "gender"),
        (lambda cases: cases.assign(extra=1), "some"),
        (lambda cases: cases[cases.columns[::-1]], "some"),
    ],
)
def test_a_frame_that_is_not_of_cases_is_refused(
    make_cases: MakeCases, change: Callable[[pd.DataFrame], pd.DataFrame], named: str
) -> None:
    with pytest.raises(CasesMistyped, match=f"^columns of Case: {named} missing"):
        validate(change(make_cases([PLAIN])))


def test_a_large_file_takes_seconds(make_cases: MakeCases) -> None:
    row = {**PLAIN, "age_broad": "9--17", "citizenship": "SRB", "gender": "Woman"}
    cases = make_cases([row, {**row, "gender": "?"}] * 24_401)
    start = time.process_time()
    account = validate(cases).account
    assert (account.accepted, account.held) == (24_401, 24_401)
    assert time.process_time() - start < 8  # about 1.5 on two cores; the room is for slow machines
