"""Mail: a letter by SMTP, over a protected connection unless the server is on this machine."""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from telemetry.letter import Letter

PATIENCE_SECONDS = 10


@dataclass(frozen=True)
class MailServer:
    """A mail server, and who writes to whom; `repr` does not show the password."""

    host: str
    port: int
    security: str
    sender: str
    receivers: Sequence[str]
    user: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        """Without the password."""
        return f"MailServer({self.host}:{self.port})"


def send_mail(server: MailServer, letter: Letter) -> None:
    """Hand a letter to the mail server.

    Raises:
        OSError: it cannot be reached, or is not who it says.
        smtplib.SMTPException: it does not take the letter.
    """
    message = EmailMessage()
    message["From"], message["To"] = server.sender, ", ".join(server.receivers)
    message["Subject"], message["Date"] = letter.subject, formatdate()
    message["Message-ID"] = make_msgid(domain=server.sender.rpartition("@")[2] or "palermo")
    message["Auto-Submitted"] = "auto-generated"  # no out-of-office reply answers it
    message.set_content(letter.text)
    with _connect(server) as connection:
        if server.security == "starttls":
            connection.starttls(context=ssl.create_default_context())
        if server.user is not None:
            connection.login(server.user, server.password or "")
        connection.send_message(message)


def _connect(server: MailServer) -> smtplib.SMTP:
    if server.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE_SECONDS, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=PATIENCE_SECONDS)
