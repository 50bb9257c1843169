"""History: the deliveries before, against which one is judged: of the period before, and of its own."""

from pipeline.workspace import Workspace
from schemas.pool import PoolEntry
from schemas.quality import Profile
from schemas.submission import RowAccount


def find_previous_profile(workspace: Workspace, source_id: str, period: str) -> Profile | None:
    """The figures of the delivery of this source that counts for the period before."""
    previous = workspace.ledger.previous_submission(source_id, period)
    if previous is None or previous.report is None:
        return None
    return Profile(**workspace.store.read_document(previous.report)["quality"]["profile"])


def find_pooled_entry(workspace: Workspace, source_id: str, period: str) -> PoolEntry | None:
    """The delivery that counts now for a source and period; not those that joined it."""
    entries = workspace.ledger.pool_entries()
    place = [entry for entry in entries if (entry.source_id, entry.period) == (source_id, period)]
    return next((e for e in place if workspace.ledger.submission(e.submission).joins is None), None)


def find_pooled_account(workspace: Workspace, source_id: str, period: str) -> RowAccount | None:
    """Where the rows of the delivery went that counts now for a source and period."""
    entry = find_pooled_entry(workspace, source_id, period)
    return None if entry is None else workspace.ledger.submission(entry.submission).account


def is_pooled(workspace: Workspace, submission: str) -> bool:
    """Whether cases of a submission count now, whatever its last run came to."""
    return any(entry.submission == submission for entry in workspace.ledger.pool_entries())
