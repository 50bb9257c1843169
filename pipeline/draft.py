"""Drafts: room 7 and 8, from the pool to a judged extract. New cases are anonymized as an increment."""

from collections.abc import Sequence
from dataclasses import asdict, replace

import pandas as pd

from anonymize.detail import build_country_table, find_record_sources
from anonymize.disclosure import assess_disclosure
from anonymize.recoding import anonymize_cases
from anonymize.suppression import protect_answers
from pipeline.bundle import load_entries
from pipeline.codeversion import find_code_version
from pipeline.country import count_sources, find_before, list_known, place_records
from pipeline.lateness import find_late
from pipeline.released import find_last_release, name_as_released, read_releases
from pipeline.repetition import check_counted_once
from pipeline.step import Refusal, safe_errors, step
from pipeline.succession import IDENTITY, succeed
from pipeline.verdict import dump_verdict
from pipeline.withdrawal import apply_withdrawals
from pipeline.workspace import Workspace
from publish.version import next_version
from schemas.case import SCHEMA_VERSION
from schemas.detail import DetailLevel, Placement
from schemas.extract import K_ANONYMITY, Account, Awaited, Extract, FooterFact
from schemas.pool import PoolEntry, pool_id
from schemas.release import Release
from storage.extract import have_same_rows, read_counts, read_extract, write_counts, write_extract
from storage.record import Candidate
from storage.relation import apply_recoding, count_classes


class NothingToRelease(Refusal):
    """The pool is empty."""


class NothingChanged(Refusal):
    """The pool is the one that was released last, under the same policy."""


def anonymize_pool(workspace: Workspace, actor: str) -> str:
    """Room 7: the pool, recoded under the policy in force; gives the hash of the draft.

    Raises:
        NothingToRelease: the pool is empty.
        NothingChanged: it would be the last release again.
        CountedTwice: a case counts in two periods of its source.
        PolicyNotMet: too few cases can be published.
    """
    apply_withdrawals(workspace, actor)
    with safe_errors("anonymize"):
        entries = name_as_released(workspace, workspace.ledger.pool_entries())
        if not entries:
            raise NothingToRelease("the pool is empty: ingest a submission first")
        last = find_last_release(workspace)
        if last is not None and _is_current(workspace, last, entries):
            raise NothingChanged(f"the pool has not changed since release {last.version}")
    return _anonymize(workspace, pool_id(entries), actor)


def _is_current(workspace: Workspace, last: Release, entries: tuple[PoolEntry, ...]) -> bool:
    """Whether pool and policy are those of the release, and nobody who stands in it was withdrawn since.

    Nor may an agency have changed the most that it lets be published of its cases.
    """
    account = workspace.ledger.candidate(last.candidate).account
    same = (last.pool, last.policy) == (pool_id(entries), workspace.policy.sha256)
    if not same or account.appearance in workspace.ledger.rewritings():
        return False
    return _place_countries(workspace, entries, read_releases(workspace))[1] == account.placements


@step("anonymize")
def _anonymize(workspace: Workspace, pool: str, actor: str) -> str:
    entries = name_as_released(workspace, workspace.ledger.pool_entries())
    check_counted_once(workspace, entries)
    earlier = read_releases(workspace)
    countries, placements = _place_countries(workspace, entries, earlier)
    frame, account = _anonymize_records(workspace, _select_records(entries, placements), earlier)
    _check_changed(workspace, frame, countries, earlier)
    appearance = workspace.store.put_case_file(
        write_extract(frame, (*IDENTITY, *workspace.policy.published_columns), {})
    )
    version = next_version((release.version for release in workspace.ledger.releases()), workspace.today())
    draft = {
        "version": version,
        "pool": pool_id(entries),  # which may have changed since the step was asked for
        "policy": workspace.policy.sha256,
        "entries": [asdict(entry) for entry in entries],
        "account": asdict(
            replace(account, placements=placements, appearance=appearance, awaited=_list_awaited(workspace))
        ),
        "code_version": find_code_version(),
        "extract": workspace.store.put_draft(
            write_extract(frame, workspace.policy.published_columns, _build_facts(workspace, version))
        ),
    }
    return workspace.store.put_document(draft if countries is None else {**draft, "countries": countries})


def _list_awaited(workspace: Workspace) -> tuple[Awaited, ...]:
    return tuple(Awaited(late.source_id, late.period) for late in find_late(workspace))


def _check_changed(
    workspace: Workspace, frame: pd.DataFrame, countries: str | None, earlier: Sequence[Extract]
) -> None:
    last, columns = find_last_release(workspace), workspace.policy.published_columns
    if last is None or last.policy != workspace.policy.sha256:
        return
    released = earlier[-1]
    counts = None if released.countries is None else write_counts(released.countries).decode()
    if counts == countries and have_same_rows(frame, released.frame, columns):
        raise NothingChanged(
            f"it would be release {last.version} again: what has changed concerns too few cases, and waits"
        )


def _place_countries(
    workspace: Workspace, entries: tuple[PoolEntry, ...], earlier: Sequence[Extract]
) -> tuple[str | None, tuple[Placement, ...]]:
    """The table of countries as CSV, and what is published of each source; nothing without a ladder."""
    detail = workspace.policy.detail
    if detail is None:
        return None, ()
    counted, before = count_sources(workspace, entries, detail), find_before(workspace, earlier)
    records = find_record_sources(counted, detail, before)
    small = [source for source in counted if source.source_id not in records]
    table, placements = build_country_table(small, detail, workspace.policy.k, before)
    return write_counts(table).decode(), (*place_records(counted, records), *placements)


def _select_records(
    entries: tuple[PoolEntry, ...], placements: tuple[Placement, ...]
) -> tuple[PoolEntry, ...]:
    """The deliveries whose cases are records: all of them where there is no detail ladder."""
    counted = {p.source_id for p in placements if p.level is not DetailLevel.RECORD}
    return tuple(entry for entry in entries if entry.source_id not in counted)


def _anonymize_records(
    workspace: Workspace, entries: tuple[PoolEntry, ...], earlier: Sequence[Extract]
) -> tuple[pd.DataFrame, Account]:
    """The published rows, each with the identity of its case, and what they cost."""
    base = _find_base(workspace)
    if base is None:
        return _recode(workspace, entries)
    succession = succeed(workspace, base, entries, earlier)
    return succession.rows, succession.account


def _find_base(workspace: Workspace) -> Candidate | None:
    """The last release, if it was made under this policy: its rows stay as they are where they can."""
    last = find_last_release(workspace)
    if last is None or last.policy != workspace.policy.sha256:
        return None
    candidate = workspace.ledger.candidate(last.candidate)
    return candidate if candidate.account.appearance else None


def _recode(workspace: Workspace, entries: tuple[PoolEntry, ...]) -> tuple[pd.DataFrame, Account]:
    policy = workspace.policy
    paths = [workspace.store.cases_file(entry.cases) for entry in entries]
    recoding, account = anonymize_cases(count_classes(paths, policy.quasi_identifier_columns), policy)
    recoded = apply_recoding(paths, recoding, (*policy.sensitive.columns, *IDENTITY))
    frame, blanked = protect_answers(recoded, policy)
    known = {column: int(recoded[column].notna().sum()) for column in policy.sensitive.columns}
    return frame, replace(account, blanked=blanked, known=known)


def _build_facts(workspace: Workspace, version: str) -> dict[str, str]:
    return {
        FooterFact.PROTECTION: K_ANONYMITY,
        FooterFact.K: str(workspace.policy.k),
        FooterFact.POLICY_SHA256: workspace.policy.sha256,
        "version": version,
        "policy": workspace.policy.id,
        "schema_version": SCHEMA_VERSION,
    }


@step("assess")
def assess_draft(workspace: Workspace, draft: str, actor: str) -> str:
    """Room 8: the finished extract, judged as a stranger would; gives the hash of draft and verdict."""
    document = workspace.store.read_document(draft)
    extract = read_extract(workspace.store.read_draft(document["extract"]))
    if "countries" in document:
        extract = replace(extract, countries=read_counts(document["countries"].encode()))
    placements = Account.load(document["account"]).placements
    known = list_known(workspace, load_entries(document["entries"]), placements)
    verdict = assess_disclosure(extract, workspace.policy, read_releases(workspace), known)
    return workspace.store.put_document({**document, "verdict": dump_verdict(verdict)})
