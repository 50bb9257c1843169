"""States of a candidate: which change is allowed, and the page that shows it. Who may: `permission`."""

from schemas.release import CandidateState as State

# One line a state, so that a missing one shows. What is not listed is not allowed.
VALID_TRANSITIONS: dict[State, frozenset[State]] = {
    State.PREPARED: frozenset({State.REFUSED, State.AWAITING_APPROVAL, State.SUPERSEDED}),
    State.REFUSED: frozenset(),
    State.AWAITING_APPROVAL: frozenset({State.REJECTED, State.APPROVED, State.SUPERSEDED}),
    State.REJECTED: frozenset(),
    State.APPROVED: frozenset({State.RELEASED, State.REJECTED, State.SUPERSEDED}),
    State.RELEASED: frozenset(),
    State.SUPERSEDED: frozenset(),
}

MEANINGS: dict[State, str] = {
    State.PREPARED: "The files are written and frozen under the SHA-256 of their manifest.",
    State.REFUSED: "The disclosure check said review or fail. It can never be released.",
    State.AWAITING_APPROVAL: "The disclosure check passed; people decide.",
    State.REJECTED: "A person said no, with a reason. It can never be released.",
    State.APPROVED: "Enough people said yes; none of them prepared it.",
    State.RELEASED: "The files are in the public zone. Nothing takes them back silently.",
    State.SUPERSEDED: "Another candidate or release took its place before it was released.",
}

MOVERS: dict[State, str] = {
    State.PREPARED: "the disclosure check",
    State.REFUSED: "nobody",
    State.AWAITING_APPROVAL: "approvers",
    State.REJECTED: "nobody",
    State.APPROVED: "the release step; a person may still reject",
    State.RELEASED: "nobody",
    State.SUPERSEDED: "nobody",
}


class InvalidTransition(Exception):
    """A candidate was about to take a step that its state does not allow."""


def check_transition(before: State, after: State) -> None:
    """Let allowed changes through.

    Raises:
        InvalidTransition: the change is not in the table.
    """
    if not can_change(before, after):
        raise InvalidTransition(
            f"a candidate that is {before.value} cannot become {after.value}: "
            "see docs/reference/candidate_states.md"
        )


def can_change(before: State, after: State) -> bool:
    """Whether the change is in the table."""
    return after in VALID_TRANSITIONS.get(before, frozenset())


def render_candidate_states() -> str:
    """The reference page on states, as Markdown with a diagram; a test compares it with the file."""
    return "\n".join(
        [
            "# States of a candidate",
            "",
            "Generated from `publish/transition.py` by `make docs`; do not edit.",
            "A release is a candidate that reached the state *released*.",
            "",
            "```mermaid",
            "stateDiagram-v2",
            f"    [*] --> {State.PREPARED.name}",
            *_arrows(),
            "```",
            "",
            "| state | meaning | moved on by | may become |",
            "|---|---|---|---|",
            *(_row(state) for state in State),
            "",
        ]
    )


def _arrows() -> list[str]:
    arrows = [f"    {before.name} --> {after.name}" for before in State for after in _following(before)]
    ends = [f"    {state.name} --> [*]" for state in State if not VALID_TRANSITIONS[state]]
    return arrows + ends


def _row(state: State) -> str:
    following = ", ".join(after.value for after in _following(state)) or "–"
    return f"| **{state.value}** | {MEANINGS[state]} | {MOVERS[state]} | {following} |"


def _following(state: State) -> list[State]:
    return [after for after in State if after in VALID_TRANSITIONS[state]]
