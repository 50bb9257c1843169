"""Recodings worked out by hand on pools of a dozen cases."""

import numpy as np
import pandas as pd
import pytest

from anonymize import recoding
from anonymize.recoding import ClassesForOtherPolicy, anonymize_cases
from anonymize.refusal import PolicyNotMet, UnsafeRecoding
from schemas.codelist import load_codelist
from schemas.extract import ORIGINAL_PREFIX, SUPPRESSED, ClassTable
from schemas.policy import Policy, QuasiIdentifier, Sensitive

GENDER = QuasiIdentifier(ladder=("gender",))
AGE = QuasiIdentifier(ladder=("age_broad", "age_group", "majority_status"))
CITIZENSHIP = QuasiIdentifier(ladder=("citizenship", "citizenship_subregion", "citizenship_region"))


def make_policy(k: int, limit: float = 0.0, **quasi_identifiers: QuasiIdentifier) -> Policy:
    return Policy(
        id="test",
        title="Test",
        k=k,
        suppression_limit=limit,
        quasi_identifiers=quasi_identifiers,
        sensitive=Sensitive(minimum_count=k),
        approvals=2,
    )


def make_classes(columns: tuple[str, ...], *rows: tuple[object, ...]) -> ClassTable:
    frame = pd.DataFrame([row[:-1] for row in rows], columns=list(columns), dtype="str")
    return ClassTable(columns, frame.assign(count=[row[-1] for row in rows]))


def make_ages(*rows: tuple[str | None, str | None, int]) -> ClassTable:
    """Classes over gender and the ladder of age, from gender, age band and number of cases."""
    groups = load_codelist("age_broad").parents
    majorities = load_codelist("age_group").parents
    full = [
        (gender, age, groups.get(age), majorities.get(groups.get(age)), count) for gender, age, count in rows
    ]
    return make_classes(("gender", *AGE.ladder), *full)


def list_published(
    classes: ClassTable, policy: Policy
) -> dict[tuple[object, ...], tuple[object, ...] | None]:
    """What each class becomes; nothing where it is left out."""
    found, _ = anonymize_cases(classes, policy)
    frame = found.frame.astype(object).where(found.frame.notna(), None)
    before = frame[[ORIGINAL_PREFIX + column for column in found.columns]].itertuples(index=False, name=None)
    after = frame[list(found.columns)].itertuples(index=False, name=None)
    return {
        old: None if left_out else new
        for old, new, left_out in zip(before, after, found.frame[SUPPRESSED], strict=True)
    }


def test_classes_below_k_join_at_the_first_level_at_which_they_number_k() -> None:
    classes = make_ages(
        ("Woman", "18--20", 5),
        ("Woman", "21--23", 2),
        ("Woman", "24--26", 1),
        ("Man", "9--17", 2),
        ("Man", "0--8", 1),
    )
    assert list_published(classes, make_policy(3, gender=GENDER, age_broad=AGE)) == {
        ("Woman", "18--20", "18--26", "Adult"): ("Woman", "18--20", "18--26", "Adult"),
        ("Woman", "21--23", "18--26", "Adult"): ("Woman", None, "18--26", "Adult"),
        ("Woman", "24--26", "18--26", "Adult"): ("Woman", None, "18--26", "Adult"),
        ("Man", "9--17", "0--17", "Minor"): ("Man", None, "0--17", "Minor"),
        ("Man", "0--8", "0--17", "Minor"): ("Man", None, "0--17", "Minor"),
    }


def test_account_counts_what_was_lost_case_by_case() -> None:
    classes = make_ages(
        ("Woman", "18--20", 5),
        ("Woman", "21--23", 2),
        ("Woman", "24--26", 1),
        ("Man", "9--17", 2),
        ("Man", "0--8", 1),
    )
    _, account = anonymize_cases(classes, make_policy(3, gender=GENDER, age_broad=AGE))
    assert (account.cases, account.published, account.suppressed) == (11, 11, 0)
    assert (account.generalized, account.classes, account.smallest_class) == (6, 3, 3)
    assert account.levels == {"gender": {0: 11, 1: 0}, "age_broad": {0: 5, 1: 6, 2: 0, 3: 0}}
    # Five age bands: 18--26 stands for three of them, 0--17 for two.
    assert account.information_kept["age_broad"] == pytest.approx((5 * 4 + 3 * 2 + 3 * 3) / (11 * 4))
    assert account.information_kept["gender"] == 1.0
    assert account.blanked == {}


@pytest.mark.parametrize(("count", "age"), [(10, None), (11, "48+"), (12, "48+")])
def test_class_keeps_its_detail_from_k_cases_on(count: int, age: str | None) -> None:
    classes = make_ages(("Woman", "48+", count), ("Woman", "30--38", 30))
    policy = make_policy(11, gender=GENDER, age_broad=AGE)
    published = list_published(classes, policy)
    assert published["Woman", "48+", "39+", "Adult"][1] == age


def test_missing_is_a_value_and_needs_k_cases_too() -> None:
    classes = make_ages((None, "48+", 3), ("Woman", "48+", 5))
    published = list_published(classes, make_policy(3, gender=GENDER, age_broad=AGE))
    assert published[None, "48+", "39+", "Adult"] == (None, "48+", "39+", "Adult")
    exact = GENDER.model_copy(update={"max_level": 0})
    with pytest.raises(PolicyNotMet):
        anonymize_cases(make_classes(("gender",), (None, 2), ("Woman", 5)), make_policy(3, gender=exact))


def test_class_joins_cases_of_which_the_source_knew_no_more_than_the_region() -> None:
    classes = make_classes(
        CITIZENSHIP.ladder,
        (None, None, "Africa", 5),
        ("NGA", "Western Africa", "Africa", 1),
        ("KEN", "Eastern Africa", "Africa", 1),
    )
    published = list_published(classes, make_policy(5, citizenship=CITIZENSHIP))
    assert set(published.values()) == {(None, None, "Africa")}


def test_rest_is_published_with_the_smallest_group_made_as_coarse() -> None:
    classes = make_ages(("Woman", "9--17", 4), ("Woman", "18--20", 3), ("Woman", "48+", 1))
    policy = make_policy(3, gender=GENDER.model_copy(update={"max_level": 0}), age_broad=AGE)
    published = list_published(classes, policy)
    assert published["Woman", "9--17", "0--17", "Minor"] == ("Woman", "9--17", "0--17", "Minor")
    assert published["Woman", "18--20", "18--26", "Adult"] == ("Woman", None, None, None)
    assert published["Woman", "48+", "39+", "Adult"] == ("Woman", None, None, None)


def test_group_with_cases_to_spare_gives_one_class_and_keeps_its_detail() -> None:
    classes = make_ages(
        ("Woman", "18--20", 2), ("Woman", "21--23", 2), ("Woman", "24--26", 2), ("Woman", "9--17", 2)
    )
    policy = make_policy(3, gender=GENDER.model_copy(update={"max_level": 0}), age_broad=AGE)
    published = list_published(classes, policy)
    assert sorted(str(value[2]) for value in published.values()) == ["18--26", "18--26", "None", "None"]
    assert published["Woman", "9--17", "0--17", "Minor"] == ("Woman", None, None, None)
    # Any of the three would do; which one it is does not depend on the order of the table.
    backwards = ClassTable(classes.columns, classes.frame[::-1])
    assert list_published(backwards, policy) == published


def test_levels_a_policy_forbids_are_never_published() -> None:
    coarse = AGE.model_copy(update={"min_level": 2})
    classes = make_ages(("Woman", "18--20", 50), ("Woman", "9--17", 50))
    published = list_published(classes, make_policy(3, gender=GENDER, age_broad=coarse))
    assert set(published.values()) == {("Woman", None, None, "Adult"), ("Woman", None, None, "Minor")}


def test_heavier_column_is_given_up_last() -> None:
    classes = make_classes(
        ("gender", "data_source_type"),
        ("Woman", "Hotline", 2),
        ("Woman", "CourtProsecution", 2),
        ("Man", "Hotline", 2),
        ("Man", "CourtProsecution", 2),
    )
    for weight, kept in ((2.0, 0), (0.5, 1)):
        policy = make_policy(
            4,
            gender=QuasiIdentifier(ladder=("gender",), weight=weight),
            data_source_type=QuasiIdentifier(ladder=("data_source_type",)),
        )
        assert all(value[1 - kept] is None for value in list_published(classes, policy).values())
        assert all(value[kept] is not None for value in list_published(classes, policy).values())


@pytest.mark.parametrize(("limit", "met"), [(0.1, True), (0.09, False)])
def test_cases_too_rare_for_the_coarsest_level_are_left_out_up_to_the_limit(limit: float, met: bool) -> None:
    exact = GENDER.model_copy(update={"max_level": 0})
    classes = make_classes(("gender",), ("Woman", 18), ("TransNonConforming", 2))
    policy = make_policy(3, limit, gender=exact)
    if met:
        assert list_published(classes, policy)[("TransNonConforming",)] is None
        _, account = anonymize_cases(classes, policy)
        assert (account.published, account.suppressed, account.generalized) == (18, 2, 0)
        assert account.information_kept["gender"] == pytest.approx(0.9)
    else:
        with pytest.raises(
            PolicyNotMet,
            match=r"2 of 20 cases \(10.0%\).*max_level of gender, or set suppression_limit to 0.1$",
        ) as failure:
            anonymize_cases(classes, policy)
        assert "Trans" not in str(failure.value)


def test_pool_of_rare_cases_only_is_not_published_whatever_the_limit() -> None:
    exact = GENDER.model_copy(update={"max_level": 0})
    with pytest.raises(PolicyNotMet, match=r"4 of 4 cases .* raise max_level of gender$"):
        anonymize_cases(
            make_classes(("gender",), ("Woman", 2), ("Man", 2)), make_policy(3, 1.0, gender=exact)
        )


def test_unsafe_outcome_is_stopped_even_if_the_search_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        recoding, "find_local_levels", lambda lattice, counts, k: np.zeros((len(counts), 1), dtype=int)
    )
    with pytest.raises(UnsafeRecoding):
        anonymize_cases(make_classes(("gender",), ("Woman", 3), ("Man", 2)), make_policy(3, gender=GENDER))


@pytest.mark.parametrize("cases", [0, 2])
def test_pool_smaller_than_k_is_not_published(cases: int) -> None:
    rows = [("Woman", cases)] if cases else []
    with pytest.raises(PolicyNotMet, match=f"the pool has {cases} cases and policy test asks for 3"):
        anonymize_cases(make_classes(("gender",), *rows), make_policy(3, gender=GENDER))


def test_class_table_of_another_policy_is_refused() -> None:
    with pytest.raises(ClassesForOtherPolicy):
        anonymize_cases(make_classes(("gender",), ("Woman", 30)), make_policy(3, age_broad=AGE))


def test_years_stay_whole_numbers() -> None:
    years = QuasiIdentifier(ladder=("year_of_registration", "year_band"))
    frame = pd.DataFrame(
        {
            "year_of_registration": pd.array([2020, 2021, 2015], dtype="Int16"),
            "year_band": ["2020--2022", "2020--2022", "2014--2016"],
            "count": [2, 1, 3],
        }
    )
    found, _ = anonymize_cases(ClassTable(years.ladder, frame), make_policy(3, year_of_registration=years))
    assert found.frame["year_of_registration"].dtype == "Int16"
    assert sorted(found.frame["year_of_registration"].dropna()) == [2015]
