"""The table of states is complete, ends where it should, and its page has not drifted."""

from itertools import product
from pathlib import Path

import pytest

from publish.transition import (
    MEANINGS,
    MOVERS,
    VALID_TRANSITIONS,
    InvalidTransition,
    can_change,
    check_transition,
    render_candidate_states,
)
from schemas.release import CandidateState as State

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "candidate_states.md"

ALLOWED = {
    (State.PREPARED, State.REFUSED),
    (State.PREPARED, State.AWAITING_APPROVAL),
    (State.PREPARED, State.SUPERSEDED),
    (State.AWAITING_APPROVAL, State.REJECTED),
    (State.AWAITING_APPROVAL, State.APPROVED),
    (State.AWAITING_APPROVAL, State.SUPERSEDED),
    (State.APPROVED, State.RELEASED),
    (State.APPROVED, State.REJECTED),
    (State.APPROVED, State.SUPERSEDED),
}


@pytest.mark.parametrize(("before", "after"), product(State, State))
def test_every_pair_of_states(before: State, after: State) -> None:
    assert can_change(before, after) is ((before, after) in ALLOWED)
    if (before, after) in ALLOWED:
        check_transition(before, after)
    else:
        with pytest.raises(InvalidTransition, match=f"{before.value} cannot become {after.value}"):
            check_transition(before, after)


def test_every_state_has_a_line_in_every_table() -> None:
    assert set(VALID_TRANSITIONS) == set(MEANINGS) == set(MOVERS) == set(State)


def test_nobody_moves_a_final_state_and_somebody_every_other() -> None:
    assert {state for state in State if not VALID_TRANSITIONS[state]} == {
        state for state in State if MOVERS[state] == "nobody"
    }


def test_released_is_reached_through_approval_only() -> None:
    assert [before for before, after in ALLOWED if after is State.RELEASED] == [State.APPROVED]
    assert [before for before, after in ALLOWED if after is State.APPROVED] == [State.AWAITING_APPROVAL]


def test_every_state_can_be_reached() -> None:
    reached = {State.PREPARED}
    while following := {after for state in reached for after in VALID_TRANSITIONS[state]} - reached:
        reached |= following
    assert reached == set(State)


def test_the_reference_page_says_what_the_table_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == render_candidate_states(), "run make docs"
