"""States of a candidate in words: tone, title, and what a person can do next. The table: `publish`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from portal.page import write_count
from publish.transition import MEANINGS
from schemas.release import Approval, CandidateState, Decision
from storage.record import Candidate

SHORT = 12
OPEN = (CandidateState.PREPARED, CandidateState.AWAITING_APPROVAL, CandidateState.APPROVED)

CANDIDATE_TONES: dict[CandidateState, str] = {
    CandidateState.PREPARED: "calm",
    CandidateState.REFUSED: "stop",
    CandidateState.AWAITING_APPROVAL: "wait",
    CandidateState.REJECTED: "stop",
    CandidateState.APPROVED: "good",
    CandidateState.RELEASED: "good",
    CandidateState.SUPERSEDED: "calm",
}
CANDIDATE_TITLES: dict[CandidateState, str] = {
    CandidateState.PREPARED: "Not yet put to people",
    CandidateState.REFUSED: "Refused by the disclosure check",
    CandidateState.AWAITING_APPROVAL: "Waits for people to decide",
    CandidateState.REJECTED: "Rejected",
    CandidateState.APPROVED: "Approved",
    CandidateState.RELEASED: "Published",
    CandidateState.SUPERSEDED: "Overtaken",
}
# What waits for a person is not here: that depends on who has decided.
FOLLOWING: dict[CandidateState, str] = {
    CandidateState.PREPARED: "A run stopped before it came to people. Start it again; it goes on from here.",
    CandidateState.REFUSED: "Nobody can release it. Read below what did not pass, change the data or the "
    "policy, and prepare another.",
    CandidateState.REJECTED: "Nobody can release it. Read the reason, change what it asks for, and prepare "
    "another.",
    CandidateState.APPROVED: "The release step follows the last approval by itself and publishes it. Where "
    "it was interrupted, run `palermo publish`, or release_extract again in Airflow. Until then anyone who "
    "has not decided can still stop it.",
    CandidateState.RELEASED: "There is nothing to decide. Anyone can check the published files.",
    CandidateState.SUPERSEDED: "There is nothing to decide. The desk names the candidate that came after it.",
}


@dataclass(frozen=True)
class Standing:
    """Where a candidate stands: the first thing its page says."""

    title: str
    text: str
    tone: str


@dataclass(frozen=True)
class Way:
    """One thing a person can do, and the command for it."""

    purpose: str
    command: str


@dataclass(frozen=True)
class Next:
    """What happens next, what a person can do, and whether Airflow asks for the same."""

    text: str
    ways: tuple[Way, ...]
    in_airflow: bool


def name_page(candidate_id: str) -> str:
    """The file name of a candidate's page on the desk, without its ending."""
    return f"candidate-{candidate_id[:SHORT]}"


def describe_standing(candidate: Candidate, in_force: bool) -> Standing:
    """Where a candidate stands; `in_force` says whether its policy is still the one of this Palermo."""
    if _is_overtaken(candidate, in_force):
        return Standing("Overtaken by a change of the policy", "It can no longer be released.", "stop")
    state = candidate.state
    return Standing(CANDIDATE_TITLES[state], MEANINGS[state], CANDIDATE_TONES[state])


def say_need(candidate: Candidate, decided: Sequence[Approval], required: int) -> str:
    """How many people are still needed, and who of them may not be asked."""
    if candidate.state is CandidateState.PREPARED:
        return "The disclosure check comes next."
    if candidate.state is not CandidateState.AWAITING_APPROVAL:
        return "Nobody is waited for; the release step comes next."
    missing = required - sum(approval.decision is Decision.APPROVE for approval in decided)
    if missing <= 0:
        return "Enough people approved, but a run stopped there: one more approval moves it on."
    excluded = _list_names([candidate.preparer, *(approval.person for approval in decided)])
    return f"Needs {write_count(missing, 'more person', 'more people')}: anyone but {excluded}."


def say_next(candidate: Candidate, decided: Sequence[Approval], required: int, in_force: bool) -> Next:
    """What happens next; `in_force` as in describe_standing."""
    if _is_overtaken(candidate, in_force):
        text = "The policy file has changed since it was prepared. Prepare another under the policy in force."
        return Next(text, (_prepare("Prepare another"),), in_airflow=False)
    if candidate.state is CandidateState.AWAITING_APPROVAL:
        ways = (_decide(candidate, "Approve", ""), _decide(candidate, "Reject", " --reject"))
        return Next(say_need(candidate, decided, required), ways, in_airflow=True)
    return Next(FOLLOWING[candidate.state], _list_ways(candidate), in_airflow=False)


def _is_overtaken(candidate: Candidate, in_force: bool) -> bool:
    return candidate.state in OPEN and not in_force


def _list_ways(candidate: Candidate) -> tuple[Way, ...]:
    if candidate.state is CandidateState.APPROVED:
        return (_decide(candidate, "Reject", " --reject"),)
    if candidate.state is CandidateState.RELEASED:
        return (Way("Check the published files", f"palermo verify {candidate.version}"),)
    if candidate.state is CandidateState.SUPERSEDED:
        return ()
    return (_prepare("Go on" if candidate.state is CandidateState.PREPARED else "Prepare another"),)


def _prepare(purpose: str) -> Way:
    return Way(purpose, "palermo release --by NAME")


def _decide(candidate: Candidate, purpose: str, option: str) -> Way:
    return Way(purpose, f'palermo approve {candidate.id[:SHORT]} --by NAME --reason "…"{option}')


def _list_names(names: Collection[str]) -> str:
    """Ana, Ben and Cora; the preparer stands first."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
