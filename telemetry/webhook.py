"""Webhook: a letter posted as JSON; `text` is what chat servers show, `alerts` is for programs."""

import httpx

from telemetry.letter import Letter

PATIENCE_SECONDS = 10


def send_webhook(address: str, letter: Letter) -> None:
    """Post a letter. A redirect is refused: it could lead out of the ministry.

    Raises:
        httpx.HTTPError: the server cannot be reached or does not take it.
    """
    body = {"text": f"{letter.subject}\n\n{letter.text}", "alerts": letter.facts}
    answer = httpx.post(address, json=body, timeout=PATIENCE_SECONDS, follow_redirects=False)
    if not answer.is_success:
        # raise_for_status would quote the address, which is a secret.
        raise httpx.HTTPError(f"the server answered {answer.status_code}")
