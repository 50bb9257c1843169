"""Mail and webhook, to real servers of this machine."""

import json
import smtplib
import ssl
import subprocess
from email import message_from_bytes

import httpx
import pytest
from receiver import receive_mail, receive_posts

from schemas.alert import Alert, AlertKind
from telemetry.letter import write_letter
from telemetry.mail import MailServer, send_mail
from telemetry.webhook import send_webhook

OFFICERS = ["a@example.org", "b@example.org"]
LETTER = write_letter([Alert(AlertKind.DISK_LOW)])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of 127.0.0.1, signed by itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", folder / "key", "-out", folder / "certificate", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


def server(port, security="none", **more):
    return MailServer(
        "127.0.0.1", port, security, "palermo@example.org", ["a@example.org", "b@example.org"], **more
    )


def test_a_letter_arrives_as_it_was_written():
    with receive_mail() as mailbox:
        send_mail(server(mailbox.port), LETTER)
    [received] = map(message_from_bytes, mailbox.bodies)
    assert received["Subject"] == LETTER.subject
    assert received["To"] == "a@example.org, b@example.org"
    assert received["Auto-Submitted"] == "auto-generated"
    assert received["Message-ID"].endswith("@example.org>")
    assert received.get_payload() == LETTER.text.replace("\n", "\r\n")
    assert (mailbox.senders, mailbox.receivers) == (
        ["palermo@example.org"],
        [["a@example.org", "b@example.org"]],
    )


def test_the_way_is_protected_and_the_user_known(certificate, monkeypatch):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "certificate", certificate / "key")
    known = []

    def authenticate(_server, _session, _envelope, _mechanism, given):
        known.append((given.login, given.password))
        from aiosmtpd.smtp import AuthResult

        return AuthResult(success=given.password == b"hunter2", handled=False)

    options = {"tls_context": context, "require_starttls": True, "authenticator": authenticate}
    with receive_mail(**options) as mailbox:
        as_user = {"user": "palermo", "password": "hunter2"}
        # The certificate of a stranger is not accepted, and the password not shown to him.
        with pytest.raises(ssl.SSLCertVerificationError):
            send_mail(server(mailbox.port, "starttls", **as_user), LETTER)
        assert (known, mailbox.bodies) == ([], [])
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "certificate"))
        send_mail(server(mailbox.port, "starttls", **as_user), LETTER)
        assert (known, len(mailbox.bodies)) == ([(b"palermo", b"hunter2")], 1)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            send_mail(server(mailbox.port, "starttls", user="palermo", password="wrong"), LETTER)
    assert len(mailbox.bodies) == 1


def test_a_server_without_starttls_gets_nothing():
    with receive_mail() as mailbox, pytest.raises(smtplib.SMTPNotSupportedError):
        send_mail(server(mailbox.port, "starttls", user="palermo", password="hunter2"), LETTER)
    assert mailbox.bodies == []


def test_the_password_of_a_server_is_not_shown():
    assert "hunter2" not in repr(server(25, user="palermo", password="hunter2"))


def test_a_post_arrives_as_it_was_written():
    with receive_posts() as posts:
        send_webhook(f"http://127.0.0.1:{posts.port}/hooks/secret", LETTER)
    assert posts.paths == ["/hooks/secret"]
    assert json.loads(posts.bodies[0]) == {
        "text": f"{LETTER.subject}\n\n{LETTER.text}",
        "alerts": LETTER.facts,
    }


@pytest.mark.parametrize("status", [302, 403, 500])
def test_a_post_that_is_not_taken_says_so_without_the_address(status):
    with receive_posts() as posts:
        posts.status = status
        with pytest.raises(httpx.HTTPError) as caught:
            send_webhook(f"http://127.0.0.1:{posts.port}/hooks/secret", LETTER)
    assert str(caught.value) == f"the server answered {status}"
    assert len(posts.bodies) == 1
