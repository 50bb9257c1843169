"""Permissions: who may decide on a candidate, and when the decisions are enough. State: `transition`.

Four eyes at least: whoever prepared a candidate does not decide on it, nobody decides twice,
every decision has a reason, and one rejection outweighs any number of approvals.
"""

import unicodedata
from collections.abc import Iterable

from schemas.release import Approval, Decision

# A rule of the house and not a threshold: a policy may ask for more people, never for fewer.
FEWEST_APPROVERS = 2


class DecisionRefused(Exception):
    """Base of every reason for which a person's decision does not count."""


class PersonMissing(DecisionRefused):
    """Nobody's decision is no decision."""


class PreparerMayNotApprove(DecisionRefused):
    """The person prepared the candidate."""


class AlreadyDecided(DecisionRefused):
    """The person has decided on this candidate before."""


class ReasonMissing(DecisionRefused):
    """A decision needs a reason, whichever way it goes."""


def check_person_can_approve(preparer: str, person: str, decided: Iterable[Approval], reason: str) -> None:
    """Let a person's decision on one candidate through; `decided` are the decisions on it so far.

    Raises:
        PersonMissing: there is no name.
        PreparerMayNotApprove: the person prepared the candidate.
        AlreadyDecided: the person has decided on it before, either way.
        ReasonMissing: the reason is blank.
    """
    if not _same(person):
        raise PersonMissing("a decision needs a person: sign in, or say who decides")
    if _same(person) == _same(preparer):
        raise PreparerMayNotApprove("whoever prepared a candidate cannot decide on it: ask another person")
    if _same(person) in {_same(approval.person) for approval in decided}:
        raise AlreadyDecided("this person has already decided on this candidate: ask another person")
    if not reason.strip():
        raise ReasonMissing("a decision needs a reason: say what was looked at and why it is enough")


def enough_approvals(required: int, candidate: str, preparer: str, decided: Iterable[Approval]) -> bool:
    """Whether enough people other than the preparer approved this candidate, and nobody rejected it.

    Decisions on other candidates do not count: a changed byte makes another candidate.
    """
    here = [approval for approval in decided if approval.candidate == candidate]
    if any(approval.decision is not Decision.APPROVE for approval in here):
        return False
    people = {_same(approval.person) for approval in here if approval.reason.strip()}
    return len(people - {"", _same(preparer)}) >= max(required, FEWEST_APPROVERS)


def is_same_person(one: str, other: str) -> bool:
    """Whether two names are one person's, or one of them is nobody's."""
    return "" in (_same(one), _same(other)) or _same(one) == _same(other)


def _same(person: str) -> str:
    """One person under every spelling of the same name: case, spaces and composed letters aside."""
    return " ".join(unicodedata.normalize("NFKC", person).casefold().split())
