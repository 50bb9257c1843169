"""Real servers of these tests: one that takes mail, one that takes what is posted. Both keep all they got."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Received:
    """Where the server answers, and what it got; `status` is what it says to a post, or to a letter."""

    port: int = 0
    status: int = 200
    paths: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    receivers: list[list[str]] = field(default_factory=list)


class _Mailbox:
    def __init__(self, received: Received) -> None:
        self.received = received

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.received.status != 200:
            return f"{self.received.status} not taken"
        self.received.bodies.append(envelope.content)
        self.received.senders.append(envelope.mail_from)
        self.received.receivers.append(envelope.rcpt_tos)
        return "250 taken"


class _Server(Controller):
    """On a port that the system chooses, to which aiosmtpd itself connects first."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def receive_mail(**options: Any) -> Iterator[Received]:
    """A mail server on a free port of this machine; options as aiosmtpd's."""
    received = Received()
    controller = _Server(_Mailbox(received), hostname="127.0.0.1", port=0, **options)
    controller.start()
    received.port = controller.port
    try:
        yield received
    finally:
        controller.stop()


@contextmanager
def receive_posts() -> Iterator[Received]:
    """An HTTP server on a free port of this machine."""
    received = Received()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.paths.append(self.path)
            received.bodies.append(body)
            self.send_response(received.status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    received.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield received
    finally:
        server.shutdown()
        server.server_close()
