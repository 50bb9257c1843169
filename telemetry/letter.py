"""The letter: what people are told of alerts, the same by every channel. Ids and codes only."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.alert import Alert

MOST_TOLD = 50
SHORT = 12


@dataclass(frozen=True)
class Letter:
    """One message about one or more alerts."""

    alerts: tuple[Alert, ...]

    @property
    def subject(self) -> str:
        """One line: the alert, or how many there are."""
        if len(self.alerts) == 1:
            return f"Palermo: {_name(self.alerts[0])}"
        return f"Palermo: {len(self.alerts)} alerts"

    @property
    def text(self) -> str:
        """A paragraph for each alert."""
        told = [_tell(each) for each in self.alerts[:MOST_TOLD]]
        if len(self.alerts) > MOST_TOLD:
            told.append(f"and {len(self.alerts) - MOST_TOLD} more: palermo watch")
        return "\n\n".join([*told, "All of it, in ten lines: palermo status"]) + "\n"

    @property
    def facts(self) -> list[dict[str, str]]:
        """The same for a program."""
        return [
            {
                "kind": each.kind.name,
                "title": each.kind.title,
                "source": each.source_id,
                "period": each.period,
                "rule": each.rule,
                "subject": each.subject,
                "run": each.run,
            }
            for each in self.alerts
        ]


def write_letter(alerts: Sequence[Alert]) -> Letter:
    """The letter about these alerts, in their order."""
    return Letter(tuple(alerts))


def _name(alert: Alert) -> str:
    place = f"{alert.source_id} {alert.period}".strip()
    return f"{alert.kind.title}: {place}" if place else alert.kind.title


def _tell(alert: Alert) -> str:
    facts = {"rule": alert.rule, "of": alert.subject[:SHORT] if _is_hash(alert) else alert.subject}
    named = [f"  {name} {fact}" for name, fact in (facts | {"run": alert.run}).items() if fact]
    return "\n".join([_name(alert), *named, f"  What to do: {alert.kind.advice}."])


def _is_hash(alert: Alert) -> bool:
    return len(alert.subject) == 64
