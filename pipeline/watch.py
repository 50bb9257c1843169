"""Watching: what is the matter is noted in the ledger, and people are told of it once by every channel.

Nothing here may fail the work it watches: a channel that does not answer is on record and tried again
when Palermo looks the next time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from pipeline.settings import Settings, read_secret
from pipeline.settings_watch import list_receivers
from pipeline.step import log_facts, safe_errors
from pipeline.survey import SURVEYED, Survey, find_alerts, survey
from pipeline.workspace import Workspace
from schemas.alert import Alert, AlertKind
from storage.alert import OpenAlert
from telemetry.letter import Letter, write_letter

MAIL, WEBHOOK, METRICS = "mail", "webhook", "metrics"
Send = Callable[[Letter], None]


@dataclass(frozen=True)
class Look:
    """How things stood at one look, what is the matter, and the channels that did not answer."""

    seen: Survey
    open: tuple[OpenAlert, ...]
    silent: tuple[str, ...]


def watch(workspace: Workspace, actor: str) -> Look:
    """Look at everything once, note what is the matter and what is no more, and tell people what is new."""
    with safe_errors("watch"):
        seen = survey(workspace)
        workspace.ledger.settle_alerts(find_alerts(seen, workspace.settings), SURVEYED)
        silent = tuple(tell_people(workspace, actor))
        known = workspace.ledger.open_alerts()
        if workspace.settings.metrics_url is not None:
            from pipeline.measure import try_to_send_measures

            sent = try_to_send_measures(workspace, seen, known, workspace.settings.metrics_url)
            silent += () if sent else (METRICS,)
        return Look(seen, known, silent)


def note_task_failed(workspace: Workspace, failed: Alert, actor: str) -> None:
    """Tell people that a task failed for good, unless the delivery it failed on says so already."""
    if not any(_explains(known.alert, failed) for known in watch(workspace, actor).open):
        workspace.ledger.raise_alert(failed)
        tell_people(workspace, actor)


def note_task_done(workspace: Workspace, done: Alert) -> None:
    """A task that failed before went through."""
    workspace.ledger.clear_alerts(AlertKind.RUN_FAILED, done.subject, done.source_id, done.period)


def tell_people(workspace: Workspace, actor: str) -> list[str]:
    """Send what nobody was told yet, one letter a channel; the channels that did not take theirs."""
    known, silent = workspace.ledger.open_alerts(), []
    for channel, send in _list_channels(workspace.settings):
        untold = [each.alert for each in known if channel not in each.told]
        if untold:
            error = _try_to_send(send, write_letter(untold))
            workspace.ledger.note_sending(channel, untold, actor, error)
            log_facts("told" if error is None else "untold", channel=channel, alerts=len(untold), error=error)
            silent += [channel] if error else []
    return silent


def _explains(known: Alert, failed: Alert) -> bool:
    place = (known.source_id, known.period)
    return known.kind is AlertKind.DELIVERY_FAILED and place == (failed.source_id, failed.period)


def _list_channels(settings: Settings) -> Iterator[tuple[str, Send]]:
    """The channels that the settings name. Only here are their modules and secrets loaded."""
    if settings.alert_mail_server is not None:
        from telemetry.mail import MailServer, send_mail

        server = MailServer(
            settings.alert_mail_server,
            settings.alert_mail_port,
            settings.alert_mail_security.value,
            settings.alert_mail_from or "",
            list_receivers(settings),
            settings.alert_mail_user,
            read_secret(settings, "alert_mail_password_file"),
        )
        yield MAIL, partial(send_mail, server)
    if settings.alert_webhook_file is not None:
        from telemetry.webhook import send_webhook

        yield WEBHOOK, partial(send_webhook, read_secret(settings, "alert_webhook_file") or "")


def _try_to_send(send: Send, letter: Letter) -> str | None:
    """The class of what went wrong; its message could quote an address."""
    try:
        send(letter)
    except Exception as error:
        return type(error).__name__
    return None
