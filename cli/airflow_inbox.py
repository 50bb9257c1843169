"""The trigger with which Airflow notices files in the inbox; the triggerer imports it by this name."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

POLL_SECONDS = 5.0


class InboxTrigger(BaseEventTrigger):
    """Fires once for each claim: files of one source and period that have stopped changing.

    What it tells are ids, a hash and a number; no file name, which may hold a person's name.
    """

    def __init__(self, poll_seconds: float = POLL_SECONDS) -> None:
        """Look every so many seconds; a file must be the same at two looks."""
        super().__init__()
        self.poll_seconds = poll_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """How the triggerer makes this trigger again."""
        return "cli.airflow_inbox.InboxTrigger", {"poll_seconds": self.poll_seconds}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look for ever."""
        from pipeline.arrival import watch_inbox
        from pipeline.workspace import open_workspace

        arrivals = await asyncio.to_thread(lambda: watch_inbox(open_workspace()))
        while True:
            for claim in await asyncio.to_thread(arrivals.look, time.monotonic()):
                yield TriggerEvent(asdict(claim))
            await asyncio.sleep(self.poll_seconds)
