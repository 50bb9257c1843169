"""Arrival: which files in the inbox are complete, so that they can be claimed and ingested."""

from collections.abc import Collection

from pipeline.workspace import Workspace
from storage.inbox import Claim, Inbox, Look, Place
from storage.zone import Zones

REMIND_SECONDS = 600.0
"""After this a claim is told again: the run that was to receive it may have been lost."""


class Arrivals:
    """Somebody who looks into the inbox again and again, and claims what has stopped changing."""

    def __init__(self, inbox: Inbox, sources: Collection[str]) -> None:
        """Look for files of these sources; what an earlier watcher was claiming is put back first."""
        self._inbox = inbox
        self._sources = frozenset(sources)
        self._seen: dict[Place, Look] = {}
        self._told: dict[Claim, float] = {}
        inbox.mend()

    def look(self, now: float) -> list[Claim]:
        """The claims to tell of, at `now` seconds of a clock that only goes forward.

        Files are claimed when names, sizes and times of change are as at the look before. Claims that are
        still there after `REMIND_SECONDS` are told again, and so are those that were there before the first.
        """
        looks = {place: look for place, look in self._inbox.arrivals().items() if place[0] in self._sources}
        for place, look in looks.items():
            if self._seen.get(place) == look:
                self._inbox.claim(*place)
        self._seen = looks
        claims = [claim for claim in self._inbox.claims() if claim.source_id in self._sources]
        due = [claim for claim in claims if now - self._told.get(claim, -REMIND_SECONDS) >= REMIND_SECONDS]
        self._told = {claim: now if claim in due else self._told[claim] for claim in claims}
        return due


def watch_inbox(workspace: Workspace) -> Arrivals:
    """Somebody who looks into the inbox of a workspace; opens no ledger."""
    return Arrivals(Inbox(Zones(workspace.settings.home)), workspace.source_ids())
