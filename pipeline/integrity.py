"""Integrity: every artefact read again, the ledger compared with the zones, the audit trail verified."""

from pipeline.step import Refusal, safe_errors
from pipeline.trail import verify_trail
from pipeline.workspace import Workspace
from storage.inventory import find_damaged
from storage.record import Action

MOST_NAMED = 5


class IntegrityBroken(Refusal):
    """Artefacts are damaged or gone; the message names the first of each by id."""

    def __init__(self, damaged: set[str], missing: set[str]) -> None:
        """Keep the ids."""
        self.damaged, self.missing = damaged, missing
        said = [_name("damaged", damaged), _name("gone", missing)]
        super().__init__(f"{'; '.join(part for part in said if part)}: restore them from the backup")


def check_integrity(workspace: Workspace, actor: str) -> int:
    """Read everything that is kept and everything the ledger says is kept; the number of sound artefacts.

    Raises:
        TrailFaulty: the audit trail was edited, reordered or cut.
        IntegrityBroken: an artefact is damaged or gone.
    """
    with safe_errors("integrity"):
        verify_trail(workspace)
        sound, damaged = find_damaged(workspace.store)
        missing = _list_expected(workspace) - sound - damaged - workspace.ledger.erased_files()
        workspace.ledger.audit(
            actor,
            Action.INTEGRITY_CHECKED,
            "store",
            sound=len(sound),
            damaged=len(damaged),
            missing=len(missing),
        )
    if damaged or missing:
        raise IntegrityBroken(damaged, missing)
    return len(sound)


def _list_expected(workspace: Workspace) -> set[str]:
    """Every artefact the ledger counts on: files, cases that count, reports, candidates, releases."""
    ledger = workspace.ledger
    records = ledger.submissions()
    files = {file.sha256 for record in records for file in record.submission.files}
    reports = {sha for record in records for sha in (record.report, record.failed_report) if sha}
    cases = {entry.cases for entry in ledger.pool_entries()}
    candidates = {candidate.id for candidate in ledger.candidates()}
    return files | reports | cases | candidates | {release.version for release in ledger.releases()}


def _name(what: str, ids: set[str]) -> str:
    if not ids:
        return ""
    more = f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else ""
    return f"{what}: {', '.join(sorted(ids)[:MOST_NAMED])}{more}"
