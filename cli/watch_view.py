"""How an alert stands on the terminal: one line, ids and codes."""

from storage.alert import OpenAlert

SHORT = 12
MINUTE = 16


def describe_alert(known: OpenAlert) -> str:
    """Since when, what, where, by which rule, and who was told."""
    alert = known.alert
    place = " ".join(part for part in (alert.source_id, alert.period) if part)
    subject = alert.subject if "." in alert.subject else alert.subject[:SHORT]
    facts = ", ".join(part for part in (place, alert.rule, subject) if part)
    told = f"; told by {' and '.join(known.told)}" if known.told else ""
    untold = f"; could not be told by {' and '.join(known.untold)}" if known.untold else ""
    since = known.raised_at[:MINUTE].replace("T", " ")
    return f"{since}  {alert.kind.title}{': ' if facts else ''}{facts}{told}{untold}"
