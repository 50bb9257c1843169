"""The alerts in the ledger: what is the matter since when, and who was told on which channel.

A cause has one line, however often it is met. What was told is told again only when the cause was gone
and came back, and not within a day: something that comes and goes does not fill a mailbox.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from schemas.alert import Alert, AlertKind
from storage.audit import append_entry
from storage.database import Database, current_time
from storage.detail import Detail, check_word
from storage.record import Action
from storage.tables import alert, alert_sending

QUIET = timedelta(days=1)


@dataclass(frozen=True)
class OpenAlert:
    """A cause that is still the matter; the channels on which people were told, and could not be told."""

    alert: Alert
    raised_at: str
    told: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()


class Alerts(Database):
    """What is the matter."""

    def settle_alerts(self, found: Collection[Alert], kinds: Collection[AlertKind]) -> None:
        """Let these, and no other ones of these kinds, be what is the matter now.

        Raises:
            DetailRefused: an alert names something that is not like an id.
        """
        names = [kind.name for kind in kinds]
        now = {each.id: each for each in found}
        with self._write() as connection:
            query = sa.select(alert.c.id).where(alert.c.kind.in_(names), alert.c.cleared_at.is_(None))
            before = set(connection.execute(query).scalars())
            for alert_id in before - set(now):
                _clear(connection, alert_id)
            for alert_id in set(now) - before:
                _raise(connection, now[alert_id])

    def raise_alert(self, met: Alert) -> None:
        """Note one cause, which stays until it is cleared.

        Raises:
            DetailRefused: it names something that is not like an id.
        """
        with self._write() as connection:
            known = connection.execute(sa.select(alert).where(alert.c.id == met.id)).one_or_none()
            if known is None or known.cleared_at is not None:
                _raise(connection, met)

    def clear_alerts(self, kind: AlertKind, subject: str, source_id: str, period: str) -> None:
        """Note that something is not the matter any more, whatever the rule was."""
        same = (
            alert.c.kind == kind.name,
            alert.c.subject == subject,
            alert.c.source_id == source_id,
            alert.c.period == period,
            alert.c.cleared_at.is_(None),
        )
        with self._read() as connection:
            found = list(connection.execute(sa.select(alert.c.id).where(*same)).scalars())
        if found:
            with self._write() as connection:
                for alert_id in found:
                    _clear(connection, alert_id)

    def open_alerts(self) -> tuple[OpenAlert, ...]:
        """What is the matter now, by kind, source and period."""
        with self._read() as connection:
            rows = connection.execute(sa.select(alert).where(alert.c.cleared_at.is_(None))).all()
            tried = connection.execute(sa.select(alert_sending)).all()
        sent = {(row.alert_id, row.channel): row.sent_at is not None for row in tried}
        found = [
            OpenAlert(
                _read_alert(row),
                row.raised_at,
                tuple(sorted(name for (key, name), done in sent.items() if key == row.id and done)),
                tuple(sorted(name for (key, name), done in sent.items() if key == row.id and not done)),
            )
            for row in rows
        ]
        return tuple(sorted(found, key=lambda item: item.alert.named))

    def note_sending(self, channel: str, alerts: Iterable[Alert], actor: str, error: str | None) -> None:
        """Note that people were told on a channel, or why they could not be.

        The audit trail has each success, and of failures the first.
        """
        now, first = current_time(), False
        told = list(alerts)
        with self._write() as connection:
            for each in told:
                same = (alert_sending.c.alert_id == each.id, alert_sending.c.channel == channel)
                row = connection.execute(sa.select(alert_sending).where(*same)).one_or_none()
                first = first or row is None
                values = {
                    "attempts": 1 + (row.attempts if row else 0),
                    "tried_at": now,
                    "sent_at": None if error else now,
                    "error": error and check_word("error", error),
                }
                if row is None:
                    connection.execute(
                        sa.insert(alert_sending).values(alert_id=each.id, channel=channel, **values)
                    )
                else:
                    connection.execute(sa.update(alert_sending).where(*same).values(values))
            if error is None:
                append_entry(connection, actor, Action.ALERTS_SENT, channel, {"alerts": len(told)})
            elif first:
                detail: dict[str, Detail] = {"alerts": len(told), "error": error}
                append_entry(connection, actor, Action.ALERTS_UNSENT, channel, detail)


def _raise(connection: sa.Connection, met: Alert) -> None:
    """Add a cause, or let one that was gone be the matter again."""
    words = {
        "kind": met.kind.name,
        "source_id": met.source_id,
        "period": met.period,
        "rule": met.rule,
        "subject": met.subject,
        "run": met.run,
    }
    for name, word in words.items():
        if word:
            check_word(name, word)
    values = words | {"raised_at": current_time(), "cleared_at": None}
    changed = connection.execute(sa.update(alert).where(alert.c.id == met.id).values(values))
    if changed.rowcount == 0:
        connection.execute(sa.insert(alert).values(id=met.id, **values))
        return
    quiet_since = (datetime.now(UTC) - QUIET).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    told_before = sa.or_(alert_sending.c.sent_at.is_(None), alert_sending.c.sent_at < quiet_since)
    connection.execute(sa.delete(alert_sending).where(alert_sending.c.alert_id == met.id, told_before))


def _clear(connection: sa.Connection, alert_id: str) -> None:
    now = current_time()
    connection.execute(sa.update(alert).where(alert.c.id == alert_id).values(cleared_at=now))


def _read_alert(row: Any) -> Alert:
    kind = AlertKind[row.kind]
    return Alert(kind, row.source_id, row.period, row.rule, row.subject, row.run)
