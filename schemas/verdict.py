"""The verdict of the disclosure check: pass, review or fail, with a reason for each."""

from dataclasses import dataclass
from enum import IntEnum


class Outcome(IntEnum):
    """Ordered from good to bad, so that the worst outcome of several is their maximum."""

    PASS = 0
    REVIEW = 1
    FAIL = 2


@dataclass(frozen=True)
class Evidence:
    """One question put to the extract: its name, the answer, and the number measured."""

    check: str
    outcome: Outcome
    measured: float | None
    required: float | None
    explanation: str


@dataclass(frozen=True)
class Verdict:
    """All evidence on one extract. Without evidence there is no pass."""

    evidence: tuple[Evidence, ...]

    @property
    def outcome(self) -> Outcome:
        """The worst outcome; review where nothing was examined."""
        return max((item.outcome for item in self.evidence), default=Outcome.REVIEW)
