"""The retention policy: how long files as they were handed in are kept, as data, for the officer.

Code has no periods of its own.
"""

from enum import StrEnum
from hashlib import sha256
from typing import Annotated

from pydantic import Field, model_validator

from schemas.strict import Strict, written_like
from schemas.submission import SubmissionState

Days = Annotated[int, Field(ge=0, le=36_500)]


class RetentionClass(StrEnum):
    """What became of a delivery, which decides how long its files are kept."""

    COUNTS = "counts"
    REPLACED = "replaced"
    REFUSED = "refused"
    UNFINISHED = "unfinished"


CLASS_OF = {
    SubmissionState.POOLED: RetentionClass.COUNTS,
    SubmissionState.KEPT: RetentionClass.COUNTS,
    SubmissionState.REPLACED: RetentionClass.REPLACED,
    SubmissionState.FAILED: RetentionClass.REFUSED,
}
"""The class of each state; of every other one it is UNFINISHED."""


class Retention(Strict):
    """Days from receipt, by class and, where an agreement says otherwise, by source.

    `longest_pause` is how many days may lie between two times that retention is applied before the clock of
    the machine is doubted: one that is years ahead would have everything erased at once.
    """

    id: Annotated[str, written_like(r"[a-z][a-z0-9_-]*", "small letters, digits, - and _, such as standard")]
    title: str
    days: dict[RetentionClass, Days]
    sources: dict[str, dict[RetentionClass, Days]] = Field(default_factory=dict)
    longest_pause: Annotated[int, Field(ge=1, le=36_500)] = 31

    @model_validator(mode="after")
    def _names_every_class(self) -> "Retention":
        missing = sorted(set(RetentionClass) - set(self.days))
        if missing:
            raise ValueError(f"days lacks {', '.join(missing)}: every class needs a number of days")
        return self

    @property
    def sha256(self) -> str:
        """SHA-256 of what the policy says, whatever its comments and their order."""
        return sha256(self.model_dump_json().encode()).hexdigest()

    def find_days(self, source_id: str, state: SubmissionState) -> tuple[RetentionClass, int]:
        """The class of a submission in this state, and for how many days its files are kept."""
        found = CLASS_OF.get(state, RetentionClass.UNFINISHED)
        return found, self.sources.get(source_id, {}).get(found, self.days[found])
