"""Rare answers are blanked; the counts are set by hand."""

import pandas as pd
import pytest

from anonymize.suppression import protect_answers, suppress_rare_values
from schemas.policy import Policy, QuasiIdentifier, Sensitive


def make_policy(*columns: str, minimum_count: int = 3, k: int = 2, m: int = 1) -> Policy:
    return Policy(
        id="test",
        title="Test",
        k=k,
        m=m,
        suppression_limit=0,
        quasi_identifiers={"gender": QuasiIdentifier(ladder=("gender",))},
        sensitive=Sensitive(columns=columns, minimum_count=minimum_count),
        approvals=2,
    )


def make_frame(**flags: str) -> pd.DataFrame:
    """One letter a case: 1 yes, 0 no, . not known."""
    values = {name: [None if sign == "." else int(sign) for sign in signs] for name, signs in flags.items()}
    return pd.DataFrame({name: pd.array(column, dtype="Int8") for name, column in values.items()})


def read_flags(frame: pd.DataFrame, column: str) -> str:
    return "".join("." if pd.isna(value) else str(value) for value in frame[column])


@pytest.mark.parametrize(
    ("before", "after", "blanked"),
    [
        ("111000....", "111000....", 0),
        ("110000....", "..0000....", 2),
        ("111100....", "1111......", 2),
        ("11.....00.", "..........", 4),
    ],
)
def test_value_stays_from_the_minimum_count_on(before: str, after: str, blanked: int) -> None:
    result, lost = suppress_rare_values(make_frame(is_abduction=before), make_policy("is_abduction"))
    assert read_flags(result, "is_abduction") == after
    assert lost == ({"is_abduction": blanked} if blanked else {})


def test_few_blanks_are_not_left_to_tell_what_they_were() -> None:
    result, lost = suppress_rare_values(make_frame(is_abduction="1100000000"), make_policy("is_abduction"))
    assert read_flags(result, "is_abduction") == ".........."
    assert lost == {"is_abduction": 10}


def test_few_blanks_in_a_column_that_lacks_an_answer_are_taken_for_it() -> None:
    frame = make_frame(
        is_abduction="000000000.", is_forced_labour="000000....", is_sexual_exploit="0000000000"
    )
    result, lost = suppress_rare_values(frame, make_policy(*frame.columns))
    assert read_flags(result, "is_abduction") == ".........."
    assert lost == {"is_abduction": 9}


def test_blanks_of_the_source_alone_hide_nothing_and_cost_nothing() -> None:
    result, lost = suppress_rare_values(make_frame(is_abduction="111000000."), make_policy("is_abduction"))
    assert read_flags(result, "is_abduction") == "111000000."
    assert lost == {}


def test_other_exploitation_does_not_give_a_blanked_part_back() -> None:
    frame = make_frame(
        is_forced_marriage="11100000....",
        is_organ_removal="00110000....",
        is_other_exploit="11110000....",
    )
    policy = make_policy("is_forced_marriage", "is_organ_removal", "is_other_exploit")
    result, lost = suppress_rare_values(frame, policy)
    assert read_flags(result, "is_organ_removal") == "00..0000...."
    # The third case says yes by its forced marriage alone, the fourth only by what was blanked.
    assert read_flags(result, "is_other_exploit") == "111.0000...."
    assert lost == {"is_organ_removal": 2, "is_other_exploit": 1}


def test_few_blanks_made_in_other_exploitation_are_not_left_to_tell_what_they_were() -> None:
    frame = make_frame(
        is_forced_marriage="111000000000",
        is_organ_removal="0011000.....",
        is_other_exploit="111100000000",
    )
    policy = make_policy("is_forced_marriage", "is_organ_removal", "is_other_exploit")
    result, lost = suppress_rare_values(frame, policy)
    assert read_flags(result, "is_organ_removal") == "00..000....."
    assert read_flags(result, "is_other_exploit") == "....00000000"
    assert lost == {"is_organ_removal": 2, "is_other_exploit": 4}


def test_kept_parent_may_stay_beside_a_blanked_child() -> None:
    frame = make_frame(labour_construction="11..........", is_forced_labour="1111........")
    result, _ = suppress_rare_values(frame, make_policy("labour_construction", "is_forced_labour"))
    assert read_flags(result, "labour_construction") == "............"
    assert read_flags(result, "is_forced_labour") == "1111........"


def test_other_columns_and_the_given_table_are_not_touched() -> None:
    frame = make_frame(is_abduction="11..........", is_forced_labour="1...........")
    before = frame.copy()
    result, _ = suppress_rare_values(frame, make_policy("is_abduction"))
    pd.testing.assert_frame_equal(frame, before)
    assert read_flags(result, "is_forced_labour") == "1..........."


def test_codes_are_counted_like_flags() -> None:
    frame = pd.DataFrame({"coe_basis": pd.Series(["Reported"] * 3 + ["MissionLocation"] * 2 + [None] * 4)})
    result, lost = suppress_rare_values(frame, make_policy("coe_basis"))
    assert result["coe_basis"].value_counts().to_dict() == {"Reported": 3}
    assert lost == {"coe_basis": 2}


@pytest.mark.parametrize(("together", "kept"), [(2, False), (3, True), (4, True)])
def test_two_answers_stay_together_from_k_cases_on(together: int, kept: bool) -> None:
    """Each answer alone is shared by enough; only the two together are rare."""
    alone = 6
    frame = make_frame(
        is_abduction="1" * (together + alone) + "." * alone,
        means_threats="1" * together + "." * alone + "1" * alone,
    ).assign(gender="Woman")
    result, lost = protect_answers(frame, make_policy("is_abduction", "means_threats", k=3, m=2))
    both = result["is_abduction"].eq(1) & result["means_threats"].eq(1)
    assert int(both.sum()) == (together if kept else 0)
    assert sum(lost.values()) == (0 if kept else together)


def test_answer_and_quasi_identifier_are_a_combination_too_and_a_null_gender_is_one_to_know() -> None:
    frame = make_frame(is_abduction="1110011100....").assign(gender=["Woman"] * 5 + [None] * 5 + ["Man"] * 4)
    result, lost = protect_answers(frame, make_policy("is_abduction", k=3, m=2))
    # No by two women, no by two of unknown gender: four no in the column, and neither pair is three.
    assert read_flags(result, "is_abduction") == "111..111......"
    assert lost == {"is_abduction": 4}


def test_what_blanking_a_combination_makes_rare_is_blanked_too() -> None:
    """Two yes go as half of a rare pair; the two left are below the minimum count of four."""
    frame = make_frame(is_abduction="1111" + "0" * 8, means_threats="11" + "." * 10).assign(gender="Woman")
    policy = make_policy("is_abduction", "means_threats", minimum_count=2, k=3, m=2)
    result, _ = protect_answers(frame, policy)
    for column in ("is_abduction", "means_threats"):
        counts = result[column].value_counts()
        assert (counts >= 3).all()
