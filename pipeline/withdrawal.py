"""Withdrawal: a case goes from every zone but the public one, from the next release on, and stays away.

What is remembered is a mark by which the case is known when it comes again: in a file that is sent again,
in an older file that is mapped anew, or in a backup that is put back. Every part can be run again after it
was cut off; `apply_withdrawals` finishes what was begun.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pipeline.candidate import move_candidate
from pipeline.step import Refusal, safe_errors
from pipeline.workspace import Workspace
from publish.transition import can_change
from schemas.release import CandidateState
from schemas.submission import RowAccount
from storage.case_file import (
    IsWithdrawn,
    erase_file,
    holds_withdrawn,
    list_case_files,
    list_documents,
    rewrite_without,
)
from storage.erasure import ChangedReport, ErasureReason, Rewritten
from transforms.key import list_pseudonyms
from transforms.withdrawal import WITHDRAWN, mark_pseudonym

ARTEFACTS = ("cases", "perpetrators")


class KeyMissing(Refusal):
    """No key of a case was given."""


@dataclass(frozen=True)
class Erased:
    """What applying withdrawals came to: files of cases written anew, files as handed in erased."""

    rewritten: int
    raw: int


@dataclass(frozen=True)
class Withdrawn:
    """What a withdrawal came to; `is_new` is False where the case was withdrawn before."""

    is_new: bool
    releases: tuple[str, ...]
    erased: Erased


def withdraw_case(workspace: Workspace, source_id: str, key: str, actor: str) -> Withdrawn:
    """Withdraw one case by the key its source knows it by; no reason is asked.

    Raises:
        UnknownSource: there is no such source.
        KeyUnknown: the source has no column that is a key.
        KeyMissing: the key is blank.
    """
    if not key.strip():
        raise KeyMissing("give the key of the case, alone in the file or on standard input")
    with safe_errors("withdraw"):
        secret = workspace.store.source_key(source_id)
        pseudonyms = list_pseudonyms(workspace.describe(source_id).source, key.strip(), secret)
        releases = _find_releases(workspace, source_id, frozenset(pseudonyms))
        marks = [mark_pseudonym(pseudonym, secret) for pseudonym in pseudonyms]
        identity = workspace.ledger.record_withdrawal(source_id, marks, releases, actor)
        return Withdrawn(identity is not None, releases, apply_withdrawals(workspace, actor))


def apply_withdrawals(workspace: Workspace, actor: str) -> Erased:
    """Erase every withdrawn case from wherever it is held now; where there is none, nothing changes.

    Cases are written anew without it, reports and pool follow, candidates that nobody has released are
    superseded, and the files it was handed in with are erased.
    """
    with safe_errors("withdrawals"):
        is_withdrawn = _make_test(workspace)
        if is_withdrawn is None:
            return Erased(0, 0)
        store = workspace.store
        holding = [sha for sha in list_case_files(store) if holds_withdrawn(store, sha, is_withdrawn)]
        if holding:
            _rewrite(workspace, holding, is_withdrawn, actor)
        return Erased(len(holding), _erase_raw(workspace, actor))


def _make_test(workspace: Workspace) -> IsWithdrawn | None:
    """Tells a withdrawn key; None where nobody was withdrawn."""
    tombstones = workspace.ledger.tombstones()
    if not tombstones:
        return None
    secrets = {source_id: workspace.store.source_key(source_id) for source_id in tombstones}

    def is_withdrawn(source_id: str | None, pseudonym: str) -> bool:
        sources = tombstones if source_id is None else tombstones.keys() & {source_id}
        return any(mark_pseudonym(pseudonym, secrets[s]) in tombstones[s] for s in sources)

    return is_withdrawn


def _find_releases(workspace: Workspace, source_id: str, pseudonyms: frozenset[str]) -> tuple[str, ...]:
    """The releases whose pool or rows held one of the pseudonyms, as far as its cases are still kept."""
    ledger, store = workspace.ledger, workspace.store
    instead, kept, held = ledger.rewritings(), set(list_case_files(store)), {}
    versions = []
    for release in ledger.releases():
        candidate = ledger.candidate(release.candidate)
        entries = candidate.entries
        files = {follow_rewriting(entry.cases, instead) for entry in entries if entry.source_id == source_id}
        if candidate.account.appearance:
            files.add(follow_rewriting(candidate.account.appearance, instead))
        for sha in (files & kept) - held.keys():
            held[sha] = holds_withdrawn(store, sha, lambda _, pseudonym: pseudonym in pseudonyms)
        if any(held.get(sha) for sha in files):
            versions.append(release.version)
    return tuple(versions)


def follow_rewriting(sha: str, instead: Mapping[str, str]) -> str:
    """The artefact that stands for this one now, by the ledger's rewritings."""
    seen = {sha}
    while (following := instead.get(sha)) is not None and following not in seen:
        seen.add(following)
        sha = following
    return sha


def _rewrite(workspace: Workspace, holding: Sequence[str], is_withdrawn: IsWithdrawn, actor: str) -> None:
    """First everything new, then the ledger, then the old is erased: a run that is cut off loses nothing."""
    store, ledger = workspace.store, workspace.ledger
    written = {sha: rewrite_without(store, sha, is_withdrawn) for sha in holding}
    documents = {
        sha: document
        for sha, document in list_documents(store)
        if any(document.get(name) in written for name in ARTEFACTS)
    }
    told = {sha for record in ledger.submissions() for sha in (record.report, record.failed_report)}
    reports = [
        _rewrite_report(workspace, sha, document, written)
        for sha, document in documents.items()
        if sha in told
    ]
    ledger.mark_raw_due(_list_raw(workspace, documents.values(), holding))
    _supersede(workspace, holding, actor)
    ledger.record_rewriting(list(written.values()), reports, actor)
    for sha in documents:
        erase_file(store.zones.document_file(sha))
    for sha in holding:
        erase_file(store.zones.cases_file(sha))


def _rewrite_report(
    workspace: Workspace, sha: str, document: Mapping[str, Any], written: Mapping[str, Rewritten]
) -> ChangedReport:
    """The report with the new artefacts, the withdrawn cases counted as ignored."""
    changed = {name: written[document[name]].after for name in ARTEFACTS if document.get(name) in written}
    account = RowAccount(**document["account"])
    if document["cases"] in written:
        dropped = written[document["cases"]].dropped
        ignored = account.ignored | {WITHDRAWN: account.ignored.get(WITHDRAWN, 0) + dropped}
        account = RowAccount(account.read, account.accepted - dropped, account.held, ignored, account.rows)
    store = workspace.store.like(workspace.store.document(sha))
    after = store.put_document({**document, **changed, "account": asdict(account)})
    return ChangedReport(sha, after, account)


def _list_raw(
    workspace: Workspace, documents: Iterable[Mapping[str, Any]], holding: Sequence[str]
) -> list[str]:
    """The files with which the cases were handed in: of every submission that the artefacts are of."""
    submissions = {document["submission"] for document in documents if "submission" in document}
    return [
        file.sha256
        for record in workspace.ledger.submissions()
        if record.submission.id in submissions or record.cases in holding
        for file in record.submission.files
    ]


def _supersede(workspace: Workspace, holding: Sequence[str], actor: str) -> None:
    """A candidate that holds the case and that nobody has released is not released any more."""
    for candidate in workspace.ledger.candidates():
        files = {candidate.account.appearance, *(entry.cases for entry in candidate.entries)}
        if files & set(holding) and can_change(candidate.state, CandidateState.SUPERSEDED):
            move_candidate(workspace, candidate.id, CandidateState.SUPERSEDED, actor)


def _erase_raw(workspace: Workspace, actor: str) -> int:
    """Erase the files that hold a withdrawn case; those of a run that is under way wait for its end.

    A file that was erased for that once and lies there again, out of a backup, is erased again.
    """
    zones, erased = workspace.store.zones, workspace.ledger.erased_files(ErasureReason.WITHDRAWN)
    due = workspace.ledger.raw_due() | {sha for sha in erased if zones.raw_file(sha).is_file()}
    for record in workspace.ledger.submissions():
        if record.is_under_way:
            due -= {file.sha256 for file in record.submission.files}
    for sha in due:
        erase_file(zones.raw_file(sha))
    workspace.ledger.record_raw_erasure(sorted(due), ErasureReason.WITHDRAWN, actor)
    return len(due)
