"""An alert: something that a person should look at, named by ids and codes. Holds no count and no value."""

from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256


class AlertKind(Enum):
    """What can be the matter: (title, what to do). The member's name is its stable code."""

    DELIVERY_FAILED = ("A delivery was not used", "read its page on the desk")
    DELIVERY_STUCK = (
        "A delivery was begun and not finished for a day",
        "run it again: Airflow, or palermo ingest with the same files",
    )
    DELIVERY_LATE = ("A delivery is late", "ask the agency for it; a release without it says so")
    ROWS_HELD = (
        "More rows of a delivery wait than its limit allows",
        "read its page on the desk; the limit is bounds.max.held_share of the source, or the setting",
    )
    DRIFT = (
        "A delivery differs from those before it",
        "read its page on the desk; palermo override explains a warning that is right",
    )
    RUN_FAILED = ("A task failed for good", "read its log in Airflow, and the triage notes of its DAG")
    APPROVAL_WAITS = (
        "A candidate waits for approval",
        "read its page on the desk, then decide in Airflow or with palermo approve",
    )
    OVERRIDE_WAITS = (
        "The explanation of a warning waits for a second person",
        "palermo override list, then approve or reject it",
    )
    SOURCE_INVALID = (
        "The description of a source has a mistake",
        "palermo ingest and palermo check name its line and what to do",
    )
    DISK_LOW = ("The disk of the zones is nearly full", "make room before the next delivery")
    BACKUP_OLD = ("The last backup is old", "make one; the setting backup_days says what is old")
    TRAIL_UNVERIFIED = ("The audit trail was not verified lately", "palermo audit verify")

    @property
    def title(self) -> str:
        """What is the matter, in one plain line."""
        return self.value[0]

    @property
    def advice(self) -> str:
        """What to do about it."""
        return self.value[1]


@dataclass(frozen=True)
class Alert:
    """One cause. Two alerts that name the same are the same cause, whichever run met it.

    `rule` is the code of a finding, or what stopped a task; `subject` is a submission, candidate, override
    or task; `run` is the run of Airflow that met it, where one did.
    """

    kind: AlertKind
    source_id: str = ""
    period: str = ""
    rule: str = ""
    subject: str = ""
    run: str = field(default="", compare=False)

    @property
    def named(self) -> tuple[str, ...]:
        """What makes it this cause, to sort by."""
        return (self.kind.name, self.source_id, self.period, self.rule, self.subject)

    @property
    def id(self) -> str:
        """SHA-256 of that."""
        return sha256("\n".join(self.named).encode()).hexdigest()
