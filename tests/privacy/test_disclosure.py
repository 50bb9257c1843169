"""The disclosure check passes what is safe and fails every sabotage we could think of."""

import dataclasses
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pycanon.anonymity import k_anonymity

from anonymize.disclosure import assess_disclosure
from anonymize.recoding import anonymize_cases
from schemas.codelist import load_codelist
from schemas.extract import COUNT, K_ANONYMITY, ORIGINAL_PREFIX, SUPPRESSED, ClassTable, Extract, FooterFact
from schemas.policy import Policy, QuasiIdentifier, Sensitive
from schemas.verdict import Evidence, Outcome

K = 11
POLICY = Policy(
    id="test",
    title="Test",
    k=K,
    suppression_limit=0.05,
    quasi_identifiers={
        "year_of_registration": QuasiIdentifier(ladder=("year_of_registration", "year_band")),
        "gender": QuasiIdentifier(ladder=("gender",)),
        "age_broad": QuasiIdentifier(ladder=("age_broad", "age_group", "majority_status")),
        "citizenship": QuasiIdentifier(ladder=("citizenship", "citizenship_subregion", "citizenship_region")),
    },
    sensitive=Sensitive(columns=("is_forced_labour", "is_sexual_exploit"), minimum_count=K),
    approvals=2,
)
CANARY = "Canary Jelena"

# Year, band, gender, three age columns, three of citizenship; every class safe by itself.
SERBIAN = (2020, "2020--2022", "Woman", "18--20", "18--26", "Adult", "SRB", "Southern Europe", "Europe")
NIGERIAN = (None, "2020--2022", "Woman", None, None, "Minor", None, None, "Africa")
UNKNOWN = (None,) * 9


def make_extract(*classes: tuple[tuple[object, ...], int], policy: Policy = POLICY) -> Extract:
    """Classes and their sizes; the flags of a class are yes, no, not known in turn, twelve rows each."""
    rows = [values for values, size in classes for _ in range(size)]
    frame = pd.DataFrame(rows, columns=list(policy.quasi_identifier_columns))
    frame["year_of_registration"] = frame["year_of_registration"].astype("Int16")
    text = [c for c in policy.quasi_identifier_columns if c != "year_of_registration"]
    frame[text] = frame[text].astype("str")
    for number, column in enumerate(policy.sensitive.columns):
        signs = [(None, 1, 0)[(row // 12 + number) % 3] for row in range(len(frame))]
        frame[column] = pd.array(signs, dtype="Int8")
    return Extract(sort(frame), make_facts(policy))


def make_facts(policy: Policy) -> dict[str, str]:
    return {
        FooterFact.PROTECTION: K_ANONYMITY,
        FooterFact.K: str(policy.k),
        FooterFact.POLICY_SHA256: policy.sha256,
    }


def sort(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(list(frame.columns), ignore_index=True)


def change(extract: Extract, edit: Callable[[pd.DataFrame], pd.DataFrame]) -> Extract:
    return dataclasses.replace(extract, frame=edit(extract.frame.copy()))


def find(extract: Extract, check: str, released: tuple[Extract, ...] = ()) -> Evidence:
    evidence = assess_disclosure(extract, POLICY, released).evidence
    return next(item for item in evidence if item.check == check)


SAFE = make_extract((SERBIAN, 48), (NIGERIAN, 36), (UNKNOWN, 24))


def test_safe_extract_passes_with_the_numbers_that_show_it() -> None:
    verdict = assess_disclosure(SAFE, POLICY, [SAFE])
    assert [item.check for item in verdict.evidence if item.outcome is not Outcome.PASS] == []
    measured = {item.check: item.measured for item in verdict.evidence}
    assert measured["rows"] == 108
    assert measured["class size"] == 24
    assert measured["maximum risk"] == pytest.approx(1 / 24)
    assert measured["average risk"] == pytest.approx(3 / 108)
    # Rows 0-107 in turns of twelve: four turns of Serbian, three of Nigerian, two of unknown cases.
    assert measured["sensitive values"] == 36
    # The 24 unknown cases could be anyone, so the Nigerian ones are 36 + 24 alike if blanks are wildcards.
    assert measured["class size, blank as wildcard"] == 60


@pytest.mark.parametrize(
    ("size", "outcome"), [(K - 1, Outcome.FAIL), (K, Outcome.PASS), (K + 1, Outcome.PASS)]
)
@pytest.mark.parametrize("rare", [NIGERIAN, UNKNOWN])
def test_smallest_class_may_be_k_and_not_one_less(
    rare: tuple[object, ...], size: int, outcome: Outcome
) -> None:
    extract = make_extract((SERBIAN, 60), (rare, size))
    answer = find(extract, "class size")
    assert (answer.outcome, answer.measured, answer.required) == (outcome, size, K)
    assert find(extract, "maximum risk").outcome is outcome


@pytest.mark.parametrize(
    ("count", "outcome"), [(K - 1, Outcome.FAIL), (K, Outcome.PASS), (K + 1, Outcome.PASS)]
)
@pytest.mark.parametrize("value", [0, 1])
def test_rarest_sensitive_value_may_occur_the_minimum_count(value: int, count: int, outcome: Outcome) -> None:
    signs = [value] * count + [1 - value] * (60 - count) + [None] * 48
    flags = pd.array(signs, dtype="Int8")
    extract = change(SAFE, lambda frame: sort(frame.assign(is_forced_labour=flags)))
    answer = find(extract, "sensitive values")
    assert (answer.outcome, answer.measured) == (outcome, count)


@pytest.mark.parametrize(("together", "outcome"), [(K - 1, Outcome.FAIL), (K, Outcome.PASS)])
def test_rarest_pair_of_values_may_be_shared_by_k_cases(together: int, outcome: Outcome) -> None:
    """Both answers are common; only yes to both is rare, or not."""
    one = pd.array([1] * together + [1] * 40 + [None] * (108 - 40 - together), dtype="Int8")
    other = pd.array([1] * together + [None] * 40 + [1] * (108 - 40 - together), dtype="Int8")
    edited = SAFE.frame.assign(is_forced_labour=one, is_sexual_exploit=other)
    alike = edited.assign(**dict.fromkeys(POLICY.quasi_identifier_columns))
    pairs = Policy(**{**POLICY.model_dump(), "m": 2})
    evidence = assess_disclosure(Extract(sort(alike), SAFE.facts), pairs, []).evidence
    answer = next(item for item in evidence if item.check == "combinations")
    assert (answer.outcome, answer.measured) == (outcome, 0 if outcome is Outcome.PASS else 1)


@pytest.mark.parametrize(
    ("blanks", "outcome"),
    [(0, Outcome.PASS), (1, Outcome.REVIEW), (K - 1, Outcome.REVIEW), (K, Outcome.PASS)],
)
def test_few_blanks_where_one_answer_is_lacking_are_for_a_person_to_look_at(
    blanks: int, outcome: Outcome
) -> None:
    for answers, expected in (([0] * 108, outcome), ([0, 1] * 54, Outcome.PASS)):
        flags = pd.array([None] * blanks + answers[blanks:], dtype="Int8")
        extract = change(SAFE, lambda frame, flags=flags: sort(frame.assign(is_forced_labour=flags)))
        assert find(extract, "sensitive blanks").outcome is expected


def put(column: str, value: object, rows: slice = slice(None)) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def edit(frame: pd.DataFrame) -> pd.DataFrame:
        values = frame[column].astype(object)
        values.iloc[rows] = value
        return frame.assign(**{column: values.infer_objects()})

    return edit


SABOTAGE: dict[str, tuple[str, Callable[[pd.DataFrame], pd.DataFrame]]] = {
    "no rows": ("rows", lambda frame: frame.head(0)),
    "a column missing": ("columns", lambda frame: frame.drop(columns="age_group")),
    "a column too many": ("columns", lambda frame: frame.assign(period="2020")),
    "a row number too many": ("columns", lambda frame: frame.reset_index(names="index")),
    "a quasi-identifier outside the policy": ("columns", lambda frame: frame.assign(recruiter_family=1)),
    "a column twice": ("columns", lambda frame: pd.concat([frame, frame[["gender"]]], axis=1)),
    "columns in another order": ("columns", lambda frame: frame[frame.columns[::-1]]),
    "a column under another name": ("columns", lambda frame: frame.rename(columns={"gender": "sex"})),
    "free text": ("values", put("citizenship", CANARY)),
    "a blank that is not null": ("values", put("citizenship", "", slice(0, 3))),
    "a code with a space": ("values", put("citizenship", "SRB ", slice(0, 3))),
    "the word for missing": ("values", put("gender", "Unknown", slice(0, 3))),
    "a retired country": ("values", put("citizenship", "YUG", slice(0, 3))),
    "a flag that is neither yes nor no": ("values", put("is_forced_labour", 2, slice(0, 12))),
    "a flag as a truth value": ("values", put("is_forced_labour", True)),
    "a flag as text": ("values", put("is_forced_labour", "1")),
    "an exact date": ("values", put("year_of_registration", "2020-05-17")),
    "a year that cannot be": ("values", put("year_of_registration", 1850, slice(0, 20))),
    "a year and a half": ("values", put("year_of_registration", 2020.5, slice(0, 20))),
    "a list in a cell": ("values", lambda f: f.assign(citizenship=[["SRB", "NGA"]] * len(f))),
    "a class of ten": ("class size", lambda frame: frame.drop(index=frame.index[-14:])),
    "one case without its age": ("class size", put("age_broad", None, slice(0, 1))),
    "two kinds of null": ("class size", put("age_broad", float("nan"), slice(0, 5))),
    "a wrong region": ("ladders", put("citizenship_region", "Asia", slice(0, 48))),
    "an age group without its age": ("ladders", put("majority_status", None, slice(0, 48))),
    "a wrong band of years": ("ladders", put("year_band", "2017--2019", slice(0, 48))),
    "rows in the order they came": ("order", lambda frame: frame.sample(frac=1, random_state=1)),
    "rows sorted by some columns": (
        "order",
        lambda f: f.sort_values(list(POLICY.quasi_identifier_columns), kind="stable").iloc[::-1],
    ),
}


@pytest.mark.parametrize("name", SABOTAGE)
def test_sabotaged_extract_fails_for_the_reason_and_shows_no_cell(name: str) -> None:
    check, edit = SABOTAGE[name]
    verdict = assess_disclosure(change(SAFE, edit), POLICY, [SAFE])
    assert verdict.outcome is Outcome.FAIL
    answer = next(item for item in verdict.evidence if item.check == check)
    assert answer.outcome is Outcome.FAIL
    assert all(CANARY not in item.explanation for item in verdict.evidence)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {FooterFact.PROTECTION: "differential privacy"},
        {FooterFact.K: "5"},
        {FooterFact.POLICY_SHA256: "0" * 64},
        {"pandas": "{}"},
    ],
    ids=["none", "protection", "k", "policy", "index metadata"],
)
def test_footer_must_say_what_the_extract_is_judged_by(facts: dict[str, str]) -> None:
    wrong = {**make_facts(POLICY), **facts} if facts else facts
    answer = find(dataclasses.replace(SAFE, facts=wrong), "footer")
    assert answer.outcome is Outcome.FAIL


@pytest.mark.parametrize("placement", ["first", "last"])
def test_nulls_may_be_sorted_first_or_last(placement: str) -> None:
    ordered = SAFE.frame.sort_values(list(SAFE.frame.columns), na_position=placement, ignore_index=True)  # type: ignore[call-overload]
    assert find(dataclasses.replace(SAFE, frame=ordered), "order").outcome is Outcome.PASS


def test_extract_read_without_nullable_types_is_judged_alike() -> None:
    plain = SAFE.frame.astype(
        {"year_of_registration": float, "is_forced_labour": float, "is_sexual_exploit": float}
    )
    assert assess_disclosure(Extract(plain, SAFE.facts), POLICY, [SAFE]).outcome is Outcome.PASS
    words = list(POLICY.quasi_identifier_columns[1:])
    for kind in ("category", "string", object):
        frame = SAFE.frame.astype(dict.fromkeys(words, kind))
        assert assess_disclosure(Extract(frame, SAFE.facts), POLICY, [SAFE]).outcome is Outcome.PASS
        frame.loc[frame["gender"].notna(), "majority_status"] = None
        assert find(Extract(frame, SAFE.facts), "ladders").outcome is Outcome.FAIL


def test_homogeneity_is_the_share_of_known_answers_that_the_class_gives_away() -> None:
    """Both answers among the Serbian cases, one among the Nigerian and the unknown."""
    flags = pd.array([1, 0] * 12 + [None] * 24 + [1] * 36 + [None] * 12 + [0] * 12, dtype="Int8")
    extract = change(SAFE, lambda f: f.assign(is_forced_labour=flags, is_sexual_exploit=flags[::-1]))
    only = Policy(
        **{**POLICY.model_dump(), "sensitive": {"columns": ("is_forced_labour",), "minimum_count": K}}
    )
    evidence = assess_disclosure(extract, only, []).evidence
    answer = next(item for item in evidence if item.check == "homogeneity")
    assert answer.outcome is Outcome.PASS
    assert answer.measured == pytest.approx((36 + 12) / (24 + 36 + 12))


def test_same_extract_again_shows_no_difference() -> None:
    assert find(SAFE, "difference to release 1", (SAFE,)).measured == 0
    assert find(SAFE, "sensitive difference to release 1", (SAFE,)).measured == 0


@pytest.mark.parametrize(
    ("added", "outcome"), [(1, Outcome.FAIL), (K - 1, Outcome.FAIL), (K, Outcome.PASS), (36, Outcome.PASS)]
)
def test_cases_that_join_between_releases_must_number_k(added: int, outcome: Outcome) -> None:
    later = make_extract((SERBIAN, 48 + added), (NIGERIAN, 36), (UNKNOWN, 24))
    for new, old in ((later, SAFE), (SAFE, later)):
        assert find(new, "difference to release 1", (old,)).outcome is outcome


YEARS = ((2020, "2020--2022"), (2021, "2020--2022"))
GENDERS = (("Woman",), ("Man",))
AGES = (("18--20", "18--26", "Adult"), ("48+", "39+", "Adult"))
PLACES = (("SRB", "Southern Europe", "Europe"), ("NGA", "Western Africa", "Africa"))


def make_two_releases(change_of: Callable[[int, int, int, int], int]) -> tuple[Extract, Extract]:
    """Forty cases for each combination of two years, genders, ages and citizenships; and how each changes."""
    old, new = [], []
    for year, gender, age, place in product((0, 1), repeat=4):
        values = YEARS[year] + GENDERS[gender] + AGES[age] + PLACES[place]
        old.append((values, 40))
        new.append((values, 40 + change_of(year, gender, age, place)))
    return make_extract(*old), make_extract(*new)


def test_change_that_shows_only_in_tables_of_two_columns_is_found() -> None:
    """Every class changes by 11 or 15, every single total by nothing, but gender by age by 4 in one place."""
    old, new = make_two_releases(
        lambda year, gender, age, place: (1 - place) * (15, -11)[year] * (1, -1)[gender ^ age]
    )
    answer = find(new, "difference to release 1", (old,))
    assert answer.outcome is Outcome.FAIL
    # Four cells, in each table that has gender and one of the two columns in which age differs: the two
    # alone, the three together, and with a third column that splits no cell into 15 and -11.
    assert answer.measured == 4 * (2 + 1 + 2 * (1 + 1 + 3))


def test_change_that_shows_only_in_all_columns_together_is_found() -> None:
    """Any three of the four columns hide that sixteen classes changed by four."""
    old, new = make_two_releases(lambda year, gender, age, place: 4 * (1, -1)[year ^ gender ^ age ^ place])
    answer = find(new, "difference to release 1", (old,))
    assert (answer.outcome, answer.measured) == (Outcome.FAIL, 16)


def test_every_earlier_release_is_compared() -> None:
    older = make_extract((SERBIAN, 50), (NIGERIAN, 36), (UNKNOWN, 24))
    assert find(SAFE, "difference to release 1", (SAFE, older)).outcome is Outcome.PASS
    assert find(SAFE, "difference to release 2", (SAFE, older)).outcome is Outcome.FAIL


@pytest.mark.parametrize(("changed", "cells"), [(1, 2), (K - 1, 2), (K, 0)])
def test_sensitive_counts_that_change_by_a_few_fail(changed: int, cells: int) -> None:
    flags = SAFE.frame["is_forced_labour"].copy()
    flags[flags[flags == 0].index[:changed]] = 1
    other = change(SAFE, lambda frame: sort(frame.assign(is_forced_labour=flags)))
    answer = find(other, "sensitive difference to release 1", (SAFE,))
    assert answer.measured == cells
    assert answer.outcome is (Outcome.FAIL if cells else Outcome.PASS)
    assert find(other, "difference to release 1", (SAFE,)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("signs", "outcome"),
    [
        ([0] * 12 + [1] * 12 + [None] * 3, Outcome.PASS),
        ([0] * 24 + [None] * 3, Outcome.FAIL),
        ([0] * 12 + [None] * 15, Outcome.PASS),
        ([None] * 27, Outcome.PASS),
        ([0] * 20 + [1] * 7, Outcome.FAIL),
    ],
)
def test_new_cases_with_few_blanks_need_every_answer_among_them(
    signs: list[int | None], outcome: Outcome
) -> None:
    flags = pd.array(signs, dtype="Int8")
    new = make_extract((SERBIAN, 27)).frame.assign(is_forced_labour=flags, is_sexual_exploit=pd.NA)
    later = change(SAFE, lambda frame: sort(pd.concat([frame, new.astype(frame.dtypes)])))
    assert find(later, "sensitive difference to release 1", (SAFE,)).outcome is outcome
    assert find(later, "difference to release 1", (SAFE,)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("check", "edit"),
    [
        ("difference", lambda frame: frame.drop(columns="gender")),
        ("difference", lambda frame: frame.assign(traffick_months="0--12")),
        ("sensitive difference", lambda frame: frame.drop(columns="is_forced_labour")),
        ("sensitive difference", lambda frame: frame.assign(is_abduction=1)),
    ],
)
def test_release_with_other_columns_is_for_a_person_to_judge(
    check: str, edit: Callable[[pd.DataFrame], pd.DataFrame]
) -> None:
    answer = find(SAFE, f"{check} to release 1", (change(SAFE, edit),))
    assert answer.outcome is Outcome.REVIEW


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame(),
        pd.DataFrame({0: [1, 2]}),
        pd.DataFrame({column: [object()] * 3 for column in POLICY.published_columns}),
        pd.DataFrame({column: [b"x", None, 1.5] for column in POLICY.published_columns}),
        pd.DataFrame(np.zeros((3, 2)), columns=["gender", "gender"]),
        pd.DataFrame({column: pd.date_range("2020", periods=3) for column in POLICY.published_columns}),
    ],
    ids=["empty", "numbered columns", "objects", "mixed", "twice", "dates"],
)
def test_whatever_cannot_be_judged_fails_and_never_raises(frame: pd.DataFrame) -> None:
    for extract, released in ((Extract(frame, {}), [SAFE]), (SAFE, [Extract(frame, {})])):
        verdict = assess_disclosure(extract, POLICY, released)
        assert verdict.outcome is not Outcome.PASS
    assert assess_disclosure(Extract(frame, make_facts(POLICY)), POLICY, []).outcome is Outcome.FAIL


def test_ladder_may_skip_a_level_and_is_still_checked() -> None:
    ladder = QuasiIdentifier(ladder=("citizenship", "citizenship_region"))
    short = POLICY.model_copy(update={"quasi_identifiers": {"citizenship": ladder}})
    columns = list(short.published_columns)
    for region, outcome in (("Europe", Outcome.PASS), ("Asia", Outcome.FAIL)):
        frame = sort(SAFE.frame[SAFE.frame["citizenship"].notna()].assign(citizenship_region=region)[columns])
        evidence = assess_disclosure(Extract(frame, make_facts(short)), short, []).evidence
        assert next(item for item in evidence if item.check == "ladders").outcome is outcome


def make_pool(seed: int, rows: int) -> pd.DataFrame:
    """A random pool with many small classes, some values missing."""
    random = np.random.default_rng(seed)
    pool = pd.DataFrame({"year_of_registration": pd.array(random.integers(2015, 2023, rows), dtype="Int16")})
    pool["year_band"] = (pool["year_of_registration"] - 1999) // 3 * 3 + 1999
    pool["year_band"] = pool["year_band"].map(lambda first: f"{first}--{first + 2}").astype("str")
    pool["gender"] = random.choice(
        ["Woman", "Man", "TransNonConforming", None], rows, p=[0.6, 0.3, 0.02, 0.08]
    )
    pool["age_broad"] = random.choice([*load_codelist("age_broad").codes, None], rows)
    pool["citizenship"] = random.choice([*load_codelist("country").codes[:40], None], rows)
    for ladder, lists in (
        (POLICY.quasi_identifiers["age_broad"].ladder, ("age_broad", "age_group")),
        (POLICY.quasi_identifiers["citizenship"].ladder, ("country", "m49_subregion")),
    ):
        for fine, coarse, name in zip(ladder, ladder[1:], lists, strict=False):
            pool[coarse] = pool[fine].map(load_codelist(name).parents)
    text = [c for c in POLICY.quasi_identifier_columns if c != "year_of_registration"]
    return pool[list(POLICY.quasi_identifier_columns)].astype(dict.fromkeys(text, "str"))


def publish(pool: pd.DataFrame, *, anonymized: bool = True) -> Extract:
    columns = list(POLICY.quasi_identifier_columns)
    classes = pool.groupby(columns, dropna=False).size().rename(COUNT).reset_index()
    if anonymized:
        recoding, _ = anonymize_cases(ClassTable(tuple(columns), classes), POLICY)
        keys = [ORIGINAL_PREFIX + column for column in columns]
        joined = recoding.frame.merge(classes, left_on=keys, right_on=columns, suffixes=("", "_in_pool"))
        classes = joined.loc[~joined[SUPPRESSED], [*columns, COUNT]]
    rows = classes.loc[classes.index.repeat(classes[COUNT]), columns].reset_index(drop=True)
    flags = pd.array([None, 1, 0] * (len(rows) // 3 + 1), dtype="Int8")[: len(rows)]
    return Extract(sort(rows.assign(is_forced_labour=flags, is_sexual_exploit=flags)), make_facts(POLICY))


@pytest.mark.parametrize("seed", range(3))
def test_anonymized_pool_passes_and_pycanon_counts_the_same_k(seed: int) -> None:
    extract = publish(make_pool(seed, 2000))
    verdict = assess_disclosure(extract, POLICY, [])
    assert verdict.outcome is Outcome.PASS
    columns = list(POLICY.quasi_identifier_columns)
    # pycanon leaves rows with a null out of its classes, so the null is given a name first.
    named = extract.frame[columns].astype(object).fillna("blank")
    smallest = next(item.measured for item in verdict.evidence if item.check == "class size")
    assert k_anonymity(named, columns) == smallest
    assert smallest is not None
    assert smallest >= K


def test_pool_published_with_the_anonymizer_switched_off_fails() -> None:
    verdict = assess_disclosure(publish(make_pool(0, 2000), anonymized=False), POLICY, [])
    assert verdict.outcome is Outcome.FAIL
    assert [item.check for item in verdict.evidence if item.outcome is Outcome.FAIL] == [
        "class size",
        "maximum risk",
    ]


def test_figures_of_ctdc_2020_are_found_again(real_data: Path) -> None:
    """Eleven alike over five columns, yet 78.9 % of the known answers are the same for all of a class."""
    cases = pd.read_csv(
        real_data / "ctdc" / "global_dataset_2020_kanon_10_columns.csv", keep_default_na=False
    )
    alpha2 = load_codelist("country").by_extra("alpha2")
    frame = pd.DataFrame(
        {
            "year_of_registration": pd.to_numeric(cases["yearOfRegistration"], errors="coerce").astype(
                "Int16"
            ),
            "data_source_type": cases["Datasource"].str.replace("Case Management", "CaseManagement"),
            "gender": cases["gender"].map({"Female": "Woman", "Male": "Man"}),
            "age_broad": cases["ageBroad"].where(cases["ageBroad"].isin(load_codelist("age_broad").codes)),
            "citizenship": cases["citizenship"].map({short: code.code for short, code in alpha2.items()}),
            "is_forced_labour": pd.to_numeric(cases["isForcedLabour"], errors="coerce").astype("Int8"),
        }
    )
    policy = POLICY.model_copy(
        update={
            "quasi_identifiers": {c: QuasiIdentifier(ladder=(c,)) for c in frame.columns[:-1]},
            "sensitive": Sensitive(columns=("is_forced_labour",), minimum_count=K),
        }
    )
    verdict = assess_disclosure(Extract(sort(frame), make_facts(policy)), policy, [])
    assert verdict.outcome is Outcome.PASS
    measured = {item.check: item.measured for item in verdict.evidence}
    assert (measured["rows"], measured["class size"]) == (48_801, 11)
    assert measured["homogeneity"] == pytest.approx(0.789, abs=0.0005)
