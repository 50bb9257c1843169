"""Who may decide on a candidate, and when it is enough: as truth tables."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.permission import (
    AlreadyDecided,
    DecisionRefused,
    PersonMissing,
    PreparerMayNotApprove,
    ReasonMissing,
    check_person_can_approve,
    enough_approvals,
)
from schemas.release import Approval, Decision

THIS, OTHER = "a" * 64, "b" * 64


def decide(
    person: str, decision: Decision = Decision.APPROVE, candidate: str = THIS, reason: str = "k is met"
) -> Approval:
    return Approval(candidate, person, decision, reason, "2026-11-24T10:00:00+00:00")


def can_approve(person: str, decided: list[Approval], reason: str) -> bool:
    try:
        check_person_can_approve("preparer", person, decided, reason)
    except DecisionRefused:
        return False
    return True


@pytest.mark.parametrize(
    ("person", "decided", "reason", "refusal"),
    [
        ("vera", [], "k is met", None),
        ("vera", [decide("amir")], "k is met", None),
        ("preparer", [], "k is met", PreparerMayNotApprove),
        ("Preparer ", [], "k is met", PreparerMayNotApprove),
        ("PREPARER", [], "k is met", PreparerMayNotApprove),
        ("vera", [decide("vera")], "k is met", AlreadyDecided),
        ("Vera", [decide("vera")], "k is met", AlreadyDecided),
        ("vera", [decide("vera", Decision.REJECT)], "k is met", AlreadyDecided),
        ("vera", [], "", ReasonMissing),
        ("vera", [], " \n", ReasonMissing),
        ("", [], "k is met", PersonMissing),
        ("  ", [], "k is met", PersonMissing),
    ],
)
def test_who_may_decide(
    person: str, decided: list[Approval], reason: str, refusal: type[DecisionRefused] | None
) -> None:
    if refusal is None:
        check_person_can_approve("preparer", person, decided, reason)
    else:
        with pytest.raises(refusal):
            check_person_can_approve("preparer", person, decided, reason)


def test_letters_composed_otherwise_are_the_same_person() -> None:
    with pytest.raises(PreparerMayNotApprove):
        check_person_can_approve("zoe\u0301", "zo\u00e9", [], "k is met")


VERA, AMIR, MARY = decide("vera"), decide("amir"), decide("mary")


@pytest.mark.parametrize(
    ("required", "decided", "enough"),
    [
        (2, [], False),
        (2, [VERA], False),
        (2, [VERA, AMIR], True),
        (2, [VERA, VERA], False),
        (2, [VERA, decide("Vera ")], False),
        (2, [VERA, decide("preparer")], False),
        (2, [VERA, decide("Preparer")], False),
        (2, [VERA, decide("amir", candidate=OTHER)], False),
        (2, [decide("vera", candidate=OTHER), decide("amir", candidate=OTHER)], False),
        (2, [VERA, AMIR, decide("mary", Decision.REJECT)], False),
        (2, [VERA, AMIR, decide("mary", Decision.REJECT, candidate=OTHER)], True),
        (2, [VERA, decide("amir", reason=" ")], False),
        (2, [VERA, decide("")], False),
        (3, [VERA, AMIR], False),
        (3, [VERA, AMIR, MARY], True),
        (1, [VERA], False),
        (0, [], False),
        (-1, [], False),
        (1, [VERA, AMIR], True),
    ],
)
def test_when_it_is_enough(required: int, decided: list[Approval], enough: bool) -> None:
    assert enough_approvals(required, THIS, "preparer", decided) is enough


PEOPLE = st.sampled_from(["vera", "Vera", "amir", "mary", "preparer", ""])
APPROVALS = st.lists(
    st.builds(
        decide,
        PEOPLE,
        st.sampled_from(Decision),
        st.sampled_from([THIS, OTHER]),
        st.sampled_from(["k is met", ""]),
    ),
    max_size=6,
)


@given(APPROVALS)
def test_two_other_people_always_stand_behind_it(decided: list[Approval]) -> None:
    if enough_approvals(2, THIS, "preparer", decided):
        agreed = [a for a in decided if a.candidate == THIS]
        assert all(a.decision is Decision.APPROVE for a in agreed)
        assert any(
            {one.person.lower(), two.person.lower()} <= {"vera", "amir", "mary"}
            and one.person.lower() != two.person.lower()
            for one, two in combinations(agreed, 2)
        )


@given(APPROVALS)
def test_what_permission_lets_through_one_by_one_is_what_counts(decided: list[Approval]) -> None:
    """Whoever records only permitted approvals never has one that does not count."""
    kept: list[Approval] = []
    for approval in decided:
        if can_approve(approval.person, kept, approval.reason):
            kept.append(decide(approval.person, reason=approval.reason))
    assert enough_approvals(2, THIS, "preparer", kept) is (len(kept) >= 2)
