"""Corrections: drafting the sealed correction of one cell, for the officer to put into `corrections.yml`."""

import yaml

from pipeline.history import find_pooled_entry
from pipeline.restoration import check_reason
from pipeline.sandbox import read_sandboxed
from pipeline.step import Refusal, safe_errors
from pipeline.workspace import Workspace
from storage.record import Action
from transforms.correction import seal_cell


class NotReceived(Refusal):
    """There is no submission of this source and period."""


def draft_correction(
    workspace: Workspace,
    place: tuple[str, str],
    row: int,
    column: str,
    becomes: str,
    reason: str,
    person: str,
) -> str:
    """One entry of `corrections.yml`: it holds no case value, and is open to nobody without the secret.

    `place` is source and period; `row` is the row of the file as a spreadsheet numbers it.

    Raises:
        NotReceived: there is no submission of that source and period.
        NotCorrectable: the cell cannot be corrected so.
        ReasonMissing: there is no reason.
    """
    check_reason(reason)
    with safe_errors("correct"):
        submission = _find_submission(workspace, place)
        described = workspace.describe(place[0])
        files = workspace.ledger.submission(submission).submission.files
        contents = {file.table: workspace.store.raw_pieces(file.sha256) for file in files}
        raw = read_sandboxed(described.source, contents, workspace.settings.caps)[described.source.cases]
        key = workspace.store.source_key(place[0])
        sealed = seal_cell(raw, described.source, column, row, becomes, key)
        workspace.ledger.audit(person, Action.CORRECTION_DRAFTED, submission)
    entry = {
        "id": f"c{len(described.corrections) + 1}",
        "period": place[1],
        "column": column,
        "by": person,
        "date": workspace.today().isoformat(),
        "reason": reason.strip(),
        "cell": sealed.model_dump(),
    }
    return yaml.safe_dump([entry], sort_keys=False, allow_unicode=True)


def _find_submission(workspace: Workspace, place: tuple[str, str]) -> str:
    """The submission that counts, or the last one received."""
    if entry := find_pooled_entry(workspace, *place):
        return entry.submission
    records = workspace.ledger.submissions(*place)
    if not records:
        raise NotReceived("no file of this source and period was received; ingest it first")
    return records[-1].submission.id
