"""Ingestion: rooms 1 to 6, from the files an agency hands in to accepted cases in the pool.

Each step takes the id or hash that the step before gave and gives back one; every artefact is
content-addressed, so a step that is run again gives the same and changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.batching import count_figures, map_batches, validate_batches
from pipeline.clue import load_clues
from pipeline.history import find_pooled_account, find_pooled_entry, find_previous_profile, is_pooled
from pipeline.joining import count_joined, settle_joining, tell_joining
from pipeline.repetition import COUNTED, leave_out_repeated
from pipeline.report import dump_findings, load_findings
from pipeline.retention import check_files_kept
from pipeline.room import (
    SubmissionRefused,
    check_period,
    judge_delivery,
    open_files,
    screen_batches,
)
from pipeline.sandbox import prepare_room, read_batches_sandboxed
from pipeline.step import Refusal, log_facts, safe_errors, step
from pipeline.workspace import Workspace
from schemas.case import SCHEMA_VERSION
from schemas.finding import Finding, FindingCode, Level
from schemas.pool import PoolEntry, pool_id
from schemas.source import Source
from schemas.submission import RowAccount, Submission, SubmissionState, SubmittedFile
from storage.erasure import ErasureReason
from storage.error import beside
from storage.handed import HandedFile, NotPlain
from storage.inbox import Inbox
from storage.match import compare_cases
from storage.record import Action, SubmissionRecord
from transforms.mapped import RawTable
from transforms.pooling import pool_cases
from transforms.readers.content import FileUnreadable
from transforms.reading import FileForNoTable
from transforms.withdrawal import WITHDRAWN


class NothingInInbox(Refusal):
    """There is no file to receive."""


class NotChecked(Refusal):
    """The submission has not come far enough to be pooled."""


@dataclass(frozen=True)
class Receipt:
    """What receiving gave: the submission's id, and whether nothing is left to do with it."""

    submission: str
    settled: bool


def receive_files(
    workspace: Workspace, source_id: str, period: str, paths: Sequence[Path], actor: str
) -> Receipt:
    """Take the files of one source and period in, unless they identify people.

    Raises:
        FileUnreadable: a file is not a table of the format that the source description names.
        FileForNoTable: a file fits no table of the source.
        FileNotThere: a file cannot be opened, or is no plain file.
        FileChanged: a file was written to meanwhile.
        SubmissionRefused: a table is missing, or a column that identifies people is not empty;
            nothing of the files was stored.
        WrongPeriod: the period is not a year, month, quarter or range of years.
    """
    check_period(period)
    prepare_room()
    with safe_errors("receive"):
        described = workspace.describe(source_id)
        workspace.ledger.record_description(source_id, described.version, actor)
        with ExitStack() as opened:
            files = open_files(described.source, paths, opened)
            submission = _screen_files(workspace, described.source, period, files, actor)
            for file in files.values():
                workspace.store.of(source_id).put_raw_file(file)
            _mark_returned(workspace, submission)
        if not workspace.ledger.register_submission(submission, actor):
            return Receipt(submission.id, is_settled(workspace, submission.id, described.version))
    log_facts("received", submission=submission.id, source=source_id, period=period)
    return Receipt(submission.id, settled=False)


def receive_inbox(workspace: Workspace, source_id: str, period: str, actor: str) -> Receipt:
    """Take in what lies in `inbox/<source>/<period>/`, and clear it once the raw zone holds it.

    Raises:
        SubmissionRefused: as receive_files; the files stay in the inbox, they are the sender's. Those
            that were claimed are put aside, so that they are not offered again.
        NothingInInbox: there is no file, and no submission that a killed run left half-way.
    """
    paths = workspace.store.inbox_files(source_id, period)
    if not paths:
        return _resume(workspace, source_id, period)
    try:
        receipt = receive_files(workspace, source_id, period, paths, actor)
    except (SubmissionRefused, FileUnreadable, FileForNoTable, NotPlain):
        Inbox(workspace.store.zones).refuse(source_id, period)
        raise
    workspace.store.clear_inbox(source_id, period)
    return receipt


def _resume(workspace: Workspace, source_id: str, period: str) -> Receipt:
    unfinished = (SubmissionState.RECEIVED, SubmissionState.MAPPED, SubmissionState.VALIDATED)
    for record in reversed(workspace.ledger.submissions(source_id, period)):
        if record.state in unfinished:
            return Receipt(record.submission.id, settled=False)
    raise NothingInInbox(f"put the files of the period into inbox/{source_id}/{period}/ first")


def is_settled(workspace: Workspace, submission: str, source_version: str) -> bool:
    """Pooled or replaced under description and schema in force: the same bytes would change nothing.

    A changed description or schema re-maps what is in the pool. So does a case that was left out because
    another delivery had the person, which may have changed since. A submission that was replaced by a
    corrected one never comes back by being sent again: see `restoration`.
    """
    record = workspace.ledger.submission(submission)
    if record.state is SubmissionState.REPLACED:
        return True
    if record.state is not SubmissionState.POOLED or record.report is None or record.account is None:
        return False
    if COUNTED in record.account.ignored:
        return False
    return is_mapped_as_now(workspace, record.report, source_version)


def is_mapped_as_now(workspace: Workspace, report: str, source_version: str) -> bool:
    """Whether a report is of a run under this description and the schema in force."""
    document = workspace.store.read_document(report)
    return (document["source_version"], document.get("schema_version")) == (source_version, SCHEMA_VERSION)


def _screen_files(
    workspace: Workspace, source: Source, period: str, files: Mapping[str, HandedFile], actor: str
) -> Submission:
    """Let the files pass if they identify nobody; they are read once where they do."""
    screened = screen_batches(source, lambda: _read(workspace, source, files))
    submitted = (SubmittedFile(file.sha256, table, file.size) for table, file in files.items())
    submission = Submission(source.id, period, tuple(submitted))
    if found := screened.findings:
        refusal = SubmissionRefused(found, source, screened.clues)
        with beside(refusal):
            workspace.ledger.audit(actor, Action.SUBMISSION_REFUSED, submission.id, findings=len(found))
        raise refusal
    return submission


def _read(workspace: Workspace, source: Source, files: Mapping[str, HandedFile]) -> Iterator[RawTable]:
    contents = {table: file.pieces() for table, file in files.items()}
    return read_batches_sandboxed(source, contents, workspace.settings.caps)


def _mark_returned(workspace: Workspace, submission: Submission) -> None:
    """Files that were erased as they held a withdrawn case, and have come again, are to be erased again."""
    erased = workspace.ledger.erased_files(ErasureReason.WITHDRAWN)
    workspace.ledger.mark_raw_due(f.sha256 for f in submission.files if f.sha256 in erased)


@step("map")
def map_submission(workspace: Workspace, submission: str, actor: str) -> str:
    """Room 2 and 3: raw files, corrected, to cases; gives the hash of what was mapped.

    Raises:
        FilesErased: the files are not kept any more.
    """
    record = workspace.ledger.submission(submission)
    received = record.submission
    described = workspace.describe(received.source_id)
    workspace.ledger.record_description(received.source_id, described.version, actor)
    check_files_kept(workspace, record)
    store = workspace.store.of(received.source_id)
    contents = {file.table: store.raw_pieces(file.sha256) for file in received.files}
    mapped = map_batches(
        store,
        described,
        read_batches_sandboxed(described.source, contents, workspace.settings.caps),
        period=received.period,
        key=store.source_key(received.source_id),
        scheme_key=_find_scheme_key(workspace, described.source),
        previous=find_previous_profile(workspace, received.source_id, received.period),
        withdrawn=workspace.ledger.list_marks(received.source_id),
    )
    if WITHDRAWN in mapped["ignored"]:
        workspace.ledger.mark_raw_due(file.sha256 for file in received.files)
    if not is_pooled(workspace, submission):
        workspace.ledger.set_submission(submission, SubmissionState.MAPPED, actor)
    return store.put_document({"submission": submission, **mapped})


def _find_scheme_key(workspace: Workspace, source: Source) -> bytes | None:
    return workspace.store.scheme_key(source.shared_key.scheme) if source.shared_key else None


@step("validate")
def validate_submission(workspace: Workspace, mapped: str, actor: str) -> str:
    """Room 4: mapped cases to accepted cases; gives the hash of what was validated.

    Raises:
        SubmissionRefused: the submission breaks a rule that no case may break.
    """
    document = workspace.store.read_document(mapped)
    received = workspace.ledger.submission(document["submission"]).submission
    source = workspace.describe(received.source_id).source
    validated = validate_batches(workspace.store.of(source.id), source, document, workspace.today().year)
    result = {"submission": document["submission"], **validated}
    return _record(workspace, SubmissionState.VALIDATED, result, actor)


def check_submission(workspace: Workspace, validated: str, actor: str, join: bool | None = None) -> str:
    """Room 5: is this delivery plausible? Gives the hash of the report.

    `join` says whether it has the repaired rows of the delivery that counts, alone; None: its keys tell.

    Raises:
        NothingToJoin: it is said to join a delivery, and cannot.
        SubmissionRefused: the delivery is below what is plausible for its source, or a file of it
            counts in another place already.
    """
    return step("check")(partial(_check, join=join))(workspace, validated, actor)


def _check(workspace: Workspace, validated: str, actor: str, join: bool | None) -> str:
    document = workspace.store.read_document(validated)
    record = workspace.ledger.submission(document["submission"])
    received = record.submission
    source = workspace.describe(received.source_id).source
    base = settle_joining(workspace, document, source, join, actor)
    document = leave_out_repeated(workspace, document, received, workspace.ledger.pool_entries())
    account = RowAccount(**document["account"])
    place = (received.source_id, received.period)
    previous = find_previous_profile(workspace, *place)
    counted = find_pooled_account(workspace, *place)
    figures = count_figures(workspace.store, document["cases"], previous.codes if previous else {})
    revision = _compare(workspace, record, document["cases"], find_pooled_entry(workspace, *place))
    told: tuple[Finding, ...] = ()
    if base and account.accepted:
        joined, revision = tell_joining(base, account.accepted)
        told = (joined,)
        figures, account = count_joined(workspace, base, figures, account, previous)
    report, findings = judge_delivery(
        source, received.period, figures, account, previous, counted, document["columns"]
    )
    result = {
        **document,
        "findings": [*document["findings"], *dump_findings((*told, *findings))],
        "quality": asdict(report),
        "revision": revision,
    }
    return _record(workspace, SubmissionState.CHECKED, result, actor)


def _compare(
    workspace: Workspace, record: SubmissionRecord, cases: str, pooled: PoolEntry | None
) -> dict[str, int] | None:
    """What the delivery changes against the one that it would replace; run again, what it changed then."""
    if pooled is None:
        return None
    if record.report and (pooled.submission, pooled.cases) == (record.submission.id, cases):
        changed: dict[str, int] | None = workspace.store.read_document(record.report).get("revision")
        return changed
    return asdict(compare_cases(workspace.store.cases_file(cases), workspace.store.cases_file(pooled.cases)))


@step("pool")
def pool_submission(workspace: Workspace, submission: str, actor: str) -> str:
    """Room 6: the accepted cases of a checked submission take the place of their source and period.

    Raises:
        NotChecked: the submission has not passed the rooms before.
        SubmissionRefused: since its check, all of its cases were pooled in another place.
    """
    record = workspace.ledger.submission(submission)
    if record.state not in (SubmissionState.CHECKED, SubmissionState.POOLED) or record.report is None:
        raise NotChecked("only a submission that passed its checks can be pooled")
    received, pool = record.submission, workspace.ledger.pool_entries()
    report = workspace.store.read_document(record.report)
    left = leave_out_repeated(workspace, report, received, pool)
    rows = left["account"]["accepted"]
    if not rows:
        left["findings"] = [*left["findings"], *dump_findings([Finding(FindingCode.NOTHING_ACCEPTED, 1)])]
    if left != report:
        _record(workspace, SubmissionState.CHECKED, left, actor)
    entry = PoolEntry(received.source_id, received.period, submission, left["cases"], rows)
    if record.state is SubmissionState.CHECKED or pool_cases(pool, entry) != pool:
        workspace.ledger.replace_pool_entry(entry, actor)
    return submission


def pool_checked(workspace: Workspace, actor: str) -> str:
    """Pool every submission that has passed its checks, oldest first; gives the id of the pool.

    Raises:
        SubmissionRefused: a file of one was pooled in another place meanwhile; the others are pooled.
    """
    refused: list[Finding] = []
    for record in workspace.ledger.submissions():
        if record.state is SubmissionState.CHECKED:
            try:
                pool_submission(workspace, record.submission.id, actor)
            except SubmissionRefused as refusal:
                refused += refusal.findings
    if refused:
        raise SubmissionRefused(refused)
    return pool_id(workspace.ledger.pool_entries())


def _record(workspace: Workspace, state: SubmissionState, report: Mapping[str, Any], actor: str) -> str:
    """Write down how far the submission came; stop it where a finding says so.

    While its cases count as an earlier run made them, what is known of them stays until the new ones
    have passed their checks.
    """
    findings, submission = load_findings(report["findings"]), report["submission"]
    source_id = workspace.ledger.submission(submission).submission.source_id
    sha = workspace.store.of(source_id).put_document(report)
    facts = {"account": RowAccount(**report["account"]), "cases": report["cases"], "report": sha}
    workspace.ledger.record_findings(submission, findings, actor)
    if any(finding.code.level is Level.FAIL for finding in findings):
        workspace.ledger.fail_submission(submission, actor, **facts)
        source = workspace.describe(source_id).source
        raise SubmissionRefused(findings, source, load_clues(report))
    if state is SubmissionState.CHECKED or not is_pooled(workspace, submission):
        workspace.ledger.set_submission(submission, state, actor, **facts)
    return sha


def ingest_files(
    workspace: Workspace,
    source_id: str,
    period: str,
    paths: Sequence[Path],
    actor: str,
    join: bool | None = None,
) -> Receipt:
    """All of ingestion in one go, as the command line runs it; `join` is that of `check_submission`.

    Raises:
        NothingToJoin: it is said to join a delivery, and cannot.
        SubmissionRefused: the submission is not used.
    """
    receipt = receive_files(workspace, source_id, period, paths, actor)
    if receipt.settled and not join:
        return receipt
    mapped = map_submission(workspace, receipt.submission, actor)
    validated = validate_submission(workspace, mapped, actor)
    check_submission(workspace, validated, actor, join)
    pool_submission(workspace, receipt.submission, actor)
    return receipt
