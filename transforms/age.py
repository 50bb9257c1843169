"""Ages: completed years between a birth and an event, each known to the day, the month or the year."""

from datetime import date

from schemas.ladder import Range
from transforms.date import Span


def measure_age(birth: date, event: date) -> int:
    """Completed years; they are complete on the birthday, for 29 February in other years on 1 March."""
    return event.year - birth.year - ((event.month, event.day) < (birth.month, birth.day))


def list_ages(birth: Span, event: Span) -> Range | None:
    """The ages that the person may have had; None if the birth cannot have been before the event."""
    oldest = measure_age(birth.first, event.last)
    if oldest < 0 or birth.first > event.last:
        return None
    return Range(max(0, measure_age(birth.last, event.first)), oldest)
