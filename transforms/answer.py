"""Answers: what one cell says to the field its column is mapped to, and how exactly that was kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from schemas.case import CaseField
from schemas.field import Kind
from schemas.finding import FindingCode, Level
from schemas.missing import MissingReason
from schemas.precision import Precision, join_precisions


@dataclass(frozen=True)
class Answer:
    """A value, or why there is none; and the finding, if the cell is worth one.

    `field` names a coarser field that the value belongs to, where the column's own cannot hold it.
    """

    value: Any = None
    reason: MissingReason | None = None
    finding: FindingCode | None = None
    precision: Precision = Precision.EXACT
    field: str | None = None

    @property
    def is_unplaced(self) -> bool:
        """Whether the cell said something that no value was found for."""
        return not self.value and self.value != 0 and self.finding is not None

    @property
    def own(self) -> "Answer":
        """The answer to the column's own field: nothing, where the value belongs to a coarser one."""
        return replace(self, value=None, reason=MissingReason.UNKNOWN) if self.field else self

    def to(self, field: str) -> "Answer":
        """The answer to a coarser field: nothing was asked of it, where the value belongs to another."""
        return self if self.field == field else Answer(reason=MissingReason.NOT_COLLECTED)


UNKNOWN = Answer(reason=MissingReason.UNKNOWN)
STRANGE = Answer(reason=MissingReason.UNKNOWN, finding=FindingCode.WORD_UNKNOWN)
GARBLED = Answer(reason=MissingReason.UNKNOWN, finding=FindingCode.VALUE_UNREADABLE)

Reading = Callable[[str], Answer]


def join_answers(answers: Sequence[Answer], field: CaseField) -> Answer:
    """What several words say together: a field of one code takes the first, and so loses the others."""
    bad = next((a for a in answers if a.finding and a.finding.level is Level.HOLD), None)
    if bad:
        return bad
    said = [answer for answer in answers if answer.value is not None]
    own = [answer for answer in said if answer.field is None]
    if not own:
        return next(iter(said), next((a for a in answers if a.reason), UNKNOWN))
    values = list(dict.fromkeys(answer.value for answer in own))
    note = next((answer.finding for answer in answers if answer.finding), None)
    is_lost = len(own) < len(said) or (len(values) > 1 and field.kind is not Kind.CODES)
    precision = Precision.LOSSY if is_lost else join_precisions(answer.precision for answer in own)
    return Answer(";".join(values) if field.kind is Kind.CODES else values[0], None, note, precision)
