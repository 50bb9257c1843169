"""What holds for every pool: counted here with collections.Counter, not with the code under test."""

from collections import Counter
from random import Random

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from anonymize.disclosure import assess_disclosure
from anonymize.recoding import anonymize_cases
from anonymize.refusal import PolicyNotMet
from anonymize.suppression import protect_answers, suppress_rare_values
from schemas.codelist import load_codelist
from schemas.extract import (
    COUNT,
    K_ANONYMITY,
    ORIGINAL_PREFIX,
    SUPPRESSED,
    Account,
    ClassTable,
    Extract,
    FooterFact,
)
from schemas.policy import Policy, QuasiIdentifier, Sensitive
from schemas.verdict import Outcome

Case = tuple[str | None, ...]

AGE = ("age_broad", "age_group", "majority_status")
PLACE = ("citizenship", "citizenship_subregion", "citizenship_region")
COLUMNS = ("gender", *AGE, *PLACE)


def list_steps(codelists: tuple[str, ...], codes: tuple[str, ...]) -> list[Case]:
    """Every way a ladder can be filled: all known, only the coarser known, nothing known."""
    filled = []
    for code in codes:
        values: list[str] = [code]
        for name in codelists:
            values.append(load_codelist(name).parents[values[-1]])
        filled += [(None,) * blanks + tuple(values[blanks:]) for blanks in range(len(values) + 1)]
    return sorted(set(filled), key=str)


AGES = list_steps(("age_broad", "age_group"), load_codelist("age_broad").codes)
PLACES = list_steps(("country", "m49_subregion"), ("SRB", "MKD", "HRV", "DEU", "NGA", "GHA", "KEN"))
GENDERS = st.sampled_from(["Woman", "Man", None])
CASES = st.builds(
    lambda gender, age, place: (gender, *age, *place), GENDERS, st.sampled_from(AGES), st.sampled_from(PLACES)
)
POOLS = st.lists(st.tuples(CASES, st.integers(1, 6)), min_size=1, max_size=40)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    identifiers = {}
    for ladder in (("gender",), AGE, PLACE):
        least = draw(st.integers(0, len(ladder)))
        most = draw(st.integers(least, len(ladder)))
        weight = draw(st.sampled_from([0.5, 1.0, 3.0]))
        identifiers[ladder[0]] = QuasiIdentifier(
            ladder=ladder, weight=weight, min_level=draw(st.sampled_from([0, least])), max_level=most
        )
    return Policy(
        id="test",
        title="Test",
        k=draw(st.integers(2, 12)),
        suppression_limit=1.0,
        quasi_identifiers=identifiers,
        sensitive=Sensitive(columns=("is_forced_labour",), minimum_count=2),
        approvals=2,
    )


def count_pool(pool: list[tuple[Case, int]]) -> Counter[Case]:
    counted: Counter[Case] = Counter()
    for case, number in pool:
        counted[case] += number
    return counted


def anonymize(counted: Counter[Case], policy: Policy) -> tuple[dict[Case, Case | None], Account] | None:
    """What each case becomes, nothing where it is left out; nothing at all where no case can be published."""
    frame = pd.DataFrame(list(counted), columns=list(COLUMNS), dtype="str")
    try:
        recoding, account = anonymize_cases(
            ClassTable(COLUMNS, frame.assign(**{COUNT: list(counted.values())})), policy
        )
    except PolicyNotMet:
        return None
    values = recoding.frame.astype(object).where(recoding.frame.notna(), None)
    before = values[[ORIGINAL_PREFIX + column for column in COLUMNS]].itertuples(index=False, name=None)
    after = values[list(COLUMNS)].itertuples(index=False, name=None)
    left_out = recoding.frame[SUPPRESSED]
    return {o: None if s else n for o, n, s in zip(before, after, left_out, strict=True)}, account


def apply(counted: Counter[Case], recoding: dict[Case, Case | None]) -> Counter[Case]:
    published: Counter[Case] = Counter()
    for case, number in counted.items():
        shown = recoding[case]
        if shown is not None:
            published[shown] += number
    return published


@given(POOLS, policies())
def test_every_published_class_has_k_cases_and_every_case_is_accounted_for(
    pool: list[tuple[Case, int]], policy: Policy
) -> None:
    counted = count_pool(pool)
    result = anonymize(counted, policy)
    if result is None:
        return
    recoding, account = result
    published = apply(counted, recoding)
    assert min(published.values()) >= policy.k
    assert (account.classes, account.smallest_class) == (len(published), min(published.values()))
    assert account.published == published.total()
    assert account.published + account.suppressed == account.cases == counted.total()
    coarser = {old for old, new in recoding.items() if new is not None and new != old}
    assert account.generalized == sum(counted[old] for old in coarser)
    assert all(sum(levels.values()) == account.published for levels in account.levels.values())
    assert all(0 <= kept <= 1 for kept in account.information_kept.values())


@given(POOLS, policies())
def test_values_are_only_blanked_from_the_fine_end_and_within_the_levels_of_the_policy(
    pool: list[tuple[Case, int]], policy: Policy
) -> None:
    result = anonymize(count_pool(pool), policy)
    for old, new in result[0].items() if result else ():
        if new is None:
            continue
        for identifier in policy.quasi_identifiers.values():
            start = COLUMNS.index(identifier.ladder[0])
            before, after = (case[start : start + len(identifier.ladder)] for case in (old, new))
            allowed = [(None,) * level + before[level:] for level in identifier.levels]
            assert after in allowed


@given(POOLS, policies())
def test_cases_are_left_out_only_where_fewer_than_k_agree_in_the_coarsest_values(
    pool: list[tuple[Case, int]], policy: Policy
) -> None:
    counted = count_pool(pool)
    coarsest: Counter[Case] = Counter()
    shown = {case: coarsen(case, policy) for case in counted}
    for case, number in counted.items():
        coarsest[shown[case]] += number
    rare = {case for case in counted if coarsest[shown[case]] < policy.k}
    result = anonymize(counted, policy)
    if result is None:
        assert rare == set(counted)
    else:
        assert {case for case, new in result[0].items() if new is None} == rare


def coarsen(case: Case, policy: Policy) -> Case:
    values: list[str | None] = []
    for identifier in policy.quasi_identifiers.values():
        start, top = COLUMNS.index(identifier.ladder[0]), identifier.levels[-1]
        values += [None] * top + list(case[start + top : start + len(identifier.ladder)])
    return tuple(values)


@given(POOLS, policies(), st.randoms(use_true_random=False))
def test_order_of_the_classes_changes_nothing(
    pool: list[tuple[Case, int]], policy: Policy, random: Random
) -> None:
    counted = count_pool(pool)
    shuffled = list(counted.items())
    random.shuffle(shuffled)
    assert anonymize(counted, policy) == anonymize(Counter(dict(shuffled)), policy)


@given(POOLS, policies())
def test_anonymizing_what_is_anonymous_changes_nothing(pool: list[tuple[Case, int]], policy: Policy) -> None:
    counted = count_pool(pool)
    first = anonymize(counted, policy)
    if first is None:
        return
    published = apply(counted, first[0])
    again = anonymize(published, policy)
    assert again is not None
    assert apply(published, again[0]) == published
    assert again[1].generalized == again[1].suppressed == 0


@given(POOLS, policies(), st.data())
def test_disclosure_check_passes_what_is_safe_and_fails_one_case_less(
    pool: list[tuple[Case, int]], policy: Policy, data: st.DataObject
) -> None:
    counted = count_pool(pool)
    result = anonymize(counted, policy)
    if result is None:
        return
    published = apply(counted, result[0])
    assert find_failures(published, policy) == []
    thinned = data.draw(st.sampled_from(sorted(published, key=str)))
    published[thinned] = policy.k - 1
    assert "class size" in find_failures(published, policy)


def find_failures(published: Counter[Case], policy: Policy) -> list[str]:
    frame = pd.DataFrame(list(published.elements()), columns=list(COLUMNS), dtype="str")
    frame["is_forced_labour"] = pd.array([None] * len(frame), dtype="Int8")
    frame = frame.sort_values(list(frame.columns), ignore_index=True)
    facts = {
        FooterFact.PROTECTION: K_ANONYMITY,
        FooterFact.K: str(policy.k),
        FooterFact.POLICY_SHA256: policy.sha256,
    }
    verdict = assess_disclosure(Extract(frame, dict(facts)), policy, [])
    return [item.check for item in verdict.evidence if item.outcome is not Outcome.PASS]


@given(st.lists(st.sampled_from([None, 0, 1]), max_size=40), st.integers(2, 12))
def test_after_suppression_no_answer_is_rare_and_no_few_blanks_stand_for_one(
    signs: list[int | None], least: int
) -> None:
    policy = Policy(
        id="test",
        title="Test",
        k=2,
        suppression_limit=0,
        quasi_identifiers={"gender": QuasiIdentifier(ladder=("gender",))},
        sensitive=Sensitive(columns=("is_abduction",), minimum_count=least),
        approvals=2,
    )
    frame = pd.DataFrame({"is_abduction": pd.array(signs, dtype="Int8")})
    result, lost = suppress_rare_values(frame, policy)
    before, after = (Counter(table["is_abduction"].dropna()) for table in (frame, result))
    assert all(number >= least and number == before[value] for value, number in after.items())
    assert lost.get("is_abduction", 0) == before.total() - after.total()
    blanks = len(signs) - after.total()
    assert blanks >= least or blanks == 0 or not after or (set(after) == {0, 1} and not lost)
    assert lost or before == after


FLAGS = ("is_forced_marriage", "is_organ_removal", "is_other_exploit")


@st.composite
def answers(draw: st.DrawFn) -> pd.DataFrame:
    """Cases with two forms of other exploitation, and the flag that is the OR of both."""
    signs = draw(st.lists(st.tuples(*[st.sampled_from([None, 0, 0, 1])] * 2), min_size=6, max_size=40))
    whole = [1 if 1 in pair else None if None in pair else 0 for pair in signs]
    columns = (*zip(*signs, strict=True), whole)
    return pd.DataFrame({name: pd.array(c, dtype="Int8") for name, c in zip(FLAGS, columns, strict=True)})


@given(answers(), answers(), st.integers(2, 6), st.integers(1, 3))
def test_protected_answers_pass_the_judge_alone_and_as_an_increment(
    first: pd.DataFrame, second: pd.DataFrame, least: int, m: int
) -> None:
    policy = Policy(
        id="test",
        title="Test",
        k=least,
        m=m,
        suppression_limit=0,
        quasi_identifiers={"gender": QuasiIdentifier(ladder=("gender",))},
        sensitive=Sensitive(columns=FLAGS, minimum_count=least),
        approvals=2,
    )
    old, added = (protect_answers(frame.assign(gender="Woman"), policy)[0] for frame in (first, second))
    both = pd.concat([old, added], ignore_index=True)
    evidence = assess_disclosure(Extract(both, {}), policy, [Extract(old, {})]).evidence
    sensitive = [item for item in evidence if item.check.startswith(("sensitive", "combinations"))]
    assert len(sensitive) == 4
    assert all(item.outcome is Outcome.PASS for item in sensitive)
    # What was blanked of a part is not given back by the whole: nothing else in the row says yes.
    for table, result in ((first, old), (second, added)):
        lost = table["is_organ_removal"].notna() & result["is_organ_removal"].isna()
        told = lost & result["is_other_exploit"].notna() & ~result["is_forced_marriage"].eq(1).fillna(False)
        assert not told.any()
