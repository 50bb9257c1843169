"""Drafts: room 7 and 8, from the pool to a judged extract. New cases are anonymized as an increment."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import pandas as pd

from anonymize.disclosure import assess_disclosure
from anonymize.recoding import anonymize_cases
from anonymize.suppression import protect_answers
from pipeline.codeversion import find_code_version
from pipeline.released import find_last_release, name_as_released, read_released, read_releases
from pipeline.repetition import check_counted_once
from pipeline.step import Refusal, safe_errors, step
from pipeline.verdict import dump_verdict
from pipeline.workspace import Workspace
from publish.version import next_version
from schemas.case import SCHEMA_VERSION
from schemas.extract import K_ANONYMITY, Account, FooterFact
from schemas.pool import PoolEntry, pool_id
from storage.extract import read_extract, write_extract
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
    with safe_errors("anonymize"):
        entries = name_as_released(workspace, workspace.ledger.pool_entries())
        if not entries:
            raise NothingToRelease("the pool is empty: ingest a submission first")
        last = find_last_release(workspace)
        if last is not None and (last.pool, last.policy) == (pool_id(entries), workspace.policy.sha256):
            raise NothingChanged(f"the pool has not changed since release {last.version}")
    return _anonymize(workspace, pool_id(entries), actor)


@step("anonymize")
def _anonymize(workspace: Workspace, pool: str, actor: str) -> str:
    entries = name_as_released(workspace, workspace.ledger.pool_entries())
    check_counted_once(workspace, entries)
    base = _find_base(workspace, entries)
    added = tuple(entry for entry in entries if base is None or entry not in base.entries)
    frame, account = _recode(workspace, added)
    if base is not None:
        released = read_released(workspace, base.version).frame
        columns = workspace.policy.quasi_identifier_columns
        frame, account = _append(released, base.account, frame, account, columns)
    version = next_version((release.version for release in workspace.ledger.releases()), workspace.today())
    draft = {
        "version": version,
        "pool": pool_id(entries),  # which may have changed since the step was asked for
        "policy": workspace.policy.sha256,
        "entries": [asdict(entry) for entry in entries],
        "account": asdict(account),
        "code_version": find_code_version(),
        "extract": workspace.store.put_draft(
            write_extract(frame, workspace.policy.published_columns, _build_facts(workspace, version))
        ),
    }
    return workspace.store.put_document(draft)


def _find_base(workspace: Workspace, entries: tuple[PoolEntry, ...]) -> Candidate | None:
    """The last release, if the pool has only grown since, under this policy: new cases are an increment."""
    last = find_last_release(workspace)
    if last is None or last.policy != workspace.policy.sha256:
        return None
    candidate = workspace.ledger.candidate(last.candidate)
    return candidate if set(candidate.entries) <= set(entries) else None


def _recode(workspace: Workspace, entries: tuple[PoolEntry, ...]) -> tuple[pd.DataFrame, Account]:
    policy = workspace.policy
    paths = [workspace.store.cases_path(entry.cases) for entry in entries]
    recoding, account = anonymize_cases(count_classes(paths, policy.quasi_identifier_columns), policy)
    recoded = apply_recoding(paths, recoding, policy.sensitive.columns)
    frame, blanked = protect_answers(recoded, policy)
    known = {column: int(recoded[column].notna().sum()) for column in policy.sensitive.columns}
    return frame, replace(account, blanked=blanked, known=known)


def _append(
    released: pd.DataFrame,
    before: Account,
    added: pd.DataFrame,
    account: Account,
    columns: tuple[str, ...],
) -> tuple[pd.DataFrame, Account]:
    """Released rows as they are, and the increment."""
    total = before.cases + account.cases
    kept = {
        name: (before.information_kept[name] * before.cases + share * account.cases) / total
        for name, share in account.information_kept.items()
    }
    frame = pd.concat([released, added], ignore_index=True)
    sizes = frame.groupby(list(columns), dropna=False, observed=True).size()
    return frame, Account(
        cases=total,
        published=before.published + account.published,
        generalized=before.generalized + account.generalized,
        suppressed=before.suppressed + account.suppressed,
        classes=len(sizes),
        smallest_class=int(sizes.min()),
        levels={name: _sum_counts(before.levels[name], counts) for name, counts in account.levels.items()},
        information_kept=kept,
        blanked=_sum_counts(before.blanked, account.blanked),
        known=_sum_counts(before.known, account.known),
    )


def _sum_counts(left: Mapping[Any, int], right: Mapping[Any, int]) -> dict[Any, int]:
    return {name: left.get(name, 0) + right.get(name, 0) for name in sorted({*left, *right})}


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
    verdict = assess_disclosure(extract, workspace.policy, read_releases(workspace))
    return workspace.store.put_document({**document, "verdict": dump_verdict(verdict)})
