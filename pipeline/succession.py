"""Succession: the records of the next release, case by case from those of the last, and what has to wait."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from anonymize.measure import measure_account
from anonymize.recoding import anonymize_cases
from anonymize.refusal import PolicyNotMet
from anonymize.sequence import hold_back
from anonymize.suppression import protect_answers
from pipeline.withdrawal import follow_rewriting
from pipeline.workspace import Workspace
from schemas.case import CASE_KEY
from schemas.extract import (
    COUNT,
    ORIGINAL_PREFIX,
    SUPPRESSED,
    Account,
    ClassTable,
    Extract,
    Recoding,
    Waiting,
)
from schemas.policy import Policy
from schemas.pool import PoolEntry
from storage.extract import read_extract
from storage.record import Candidate
from storage.relation import list_cases

KEY = list(CASE_KEY)
IDENTITY = (*KEY, "period")
"""What tells which case a published row is; kept in the restricted zone beside the row."""


@dataclass(frozen=True)
class Succession:
    """The rows of the next release with the identity of each, what they cost, and how many cases wait."""

    rows: pd.DataFrame
    account: Account


@dataclass(frozen=True)
class Standing:
    """Which rows of the last release stay; `waits` would have to change but can wait, if that is too dear."""

    stays: np.ndarray
    waits: np.ndarray
    corrected: np.ndarray
    dropped: np.ndarray


@dataclass(frozen=True)
class Composed:
    """Rows that no difference betrays, each with its identity, and how many cases wait for it."""

    rows: pd.DataFrame
    waiting: Waiting


def succeed(
    workspace: Workspace, base: Candidate, entries: Sequence[PoolEntry], releases: Sequence[Extract]
) -> Succession:
    """Rows of the last release stay as they are; new, corrected and withdrawn cases change it in steps of k.

    Raises:
        PolicyNotMet: more cases would have to wait or stay out than the policy allows.
        ArtefactMissing: what was kept of the last release is gone.
    """
    policy = workspace.policy
    columns = list(policy.published_columns)
    appearance = follow_rewriting(base.account.appearance, workspace.ledger.rewritings())
    before = read_extract(workspace.store.cases_file(appearance).read()).frame
    paths = [workspace.store.cases_file(entry.cases) for entry in entries]
    cases = list_cases(paths, (*IDENTITY, *columns), publishable=True)
    refused = list_cases(paths, tuple(KEY), publishable=False)
    delivered = {(entry.source_id, entry.period) for entry in entries}
    standing = examine_cases(before, cases, refused, delivered, policy)
    earlier = [extract.frame for extract in releases if set(columns) <= set(extract.frame)]
    return _settle(compose(before, cases, standing, earlier, policy), cases, policy)


def _settle(composed: Composed, cases: pd.DataFrame, policy: Policy) -> Succession:
    if composed.rows.empty:
        raise PolicyNotMet("what could be published would show who came or went; wait for more cases")
    account = _measure(composed.rows, cases, policy)
    _check_limit(account, policy)
    return Succession(composed.rows, replace(account, waiting=composed.waiting))


def compose(
    before: pd.DataFrame,
    cases: pd.DataFrame,
    standing: Standing,
    earlier: Sequence[pd.DataFrame],
    policy: Policy,
) -> Composed:
    """The next release beside all earlier ones; steps of k wait too, if they would cost too many answers."""
    applied = _combine(before, cases, standing, earlier, policy)
    if not standing.waits.any():
        return applied
    patient = replace(standing, stays=standing.stays | standing.waits)
    waiting = _combine(before, cases, patient, earlier, policy)
    least = (1 - policy.suppression_limit) * _count_answers(waiting, policy)
    return waiting if _count_answers(applied, policy) < least else applied


def _count_answers(composed: Composed, policy: Policy) -> int:
    return int(composed.rows[list(policy.sensitive.columns)].notna().to_numpy().sum())


def _combine(
    before: pd.DataFrame,
    cases: pd.DataFrame,
    standing: Standing,
    earlier: Sequence[pd.DataFrame],
    policy: Policy,
) -> Composed:
    old = before[standing.stays]
    fresh = cases[~_has_key(cases, old)]
    new = _anonymize_fresh(fresh, policy)
    rows = pd.concat([old, new], ignore_index=True) if len(new) else old.reset_index(drop=True)
    is_new = np.arange(len(rows)) >= len(old)
    protected, kept = hold_back(rows, is_new, earlier, policy)
    published = pd.concat([rows.loc[kept, list(IDENTITY)].reset_index(drop=True), protected], axis=1)
    waiting = Waiting(
        new=int((~_has_key(fresh, published)).sum()),
        corrections=int((standing.corrected & standing.stays).sum()),
        dropped=int((standing.dropped & standing.stays).sum()),
        held_back=int((~kept & ~is_new).sum()),
    )
    return Composed(published, waiting)


def examine_cases(
    before: pd.DataFrame,
    cases: pd.DataFrame,
    refused: pd.DataFrame,
    delivered: set[tuple[str, str]],
    policy: Policy,
) -> Standing:
    """A case without consent leaves at once; corrected and dropped ones when k of a class do so together.

    A withdrawn case is not in `before` any more, from which `palermo withdraw` erases it. `delivered` are the
    sources and periods whose cases are records now: who belongs to none of them leaves at once as well.
    """
    columns = list(policy.published_columns)
    now = before[KEY].merge(cases[[*KEY, *columns]], on=KEY, how="left", indicator=True)
    there = now["_merge"].eq("both").to_numpy()
    agrees = np.ones(len(before), dtype=bool)
    for column in columns:
        shown = before[column].reset_index(drop=True)
        agrees &= (shown.isna() | shown.eq(now[column]).fillna(False)).to_numpy(dtype=bool)
    places = list(zip(before["source_id"], before["period"], strict=True))
    in_delivered = np.array([place in delivered for place in places], dtype=bool)
    dropped = ~there & in_delivered & ~_has_key(before, refused)
    corrected = there & ~agrees
    changed = dropped | corrected
    groups = before.groupby(list(policy.quasi_identifier_columns), dropna=False, observed=True, sort=False)
    number = groups.ngroup().to_numpy()
    many = np.bincount(number, weights=changed)[number] >= policy.k
    return Standing((there & agrees) | (changed & ~many), changed & many, corrected, dropped)


def _has_key(frame: pd.DataFrame, other: pd.DataFrame) -> np.ndarray:
    known = set(zip(other[KEY[0]], other[KEY[1]], strict=True))
    return np.array([key in known for key in zip(frame[KEY[0]], frame[KEY[1]], strict=True)], dtype=bool)


def _anonymize_fresh(fresh: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """The new cases, k alike among themselves; those that are not wait."""
    columns = list(policy.quasi_identifier_columns)
    if len(fresh) < policy.k:
        return fresh.head(0)
    sizes = fresh.groupby(columns, dropna=False, observed=True).size().rename(COUNT).reset_index()
    alone = policy.model_copy(update={"suppression_limit": 1.0})
    try:
        recoding, _ = anonymize_cases(ClassTable(tuple(columns), sizes), alone)
    except PolicyNotMet:
        return fresh.head(0)
    originals = {column: ORIGINAL_PREFIX + column for column in columns}
    joined = fresh.rename(columns=originals).merge(recoding.frame, on=list(originals.values()), how="left")
    kept = joined[~joined[SUPPRESSED].astype(bool)]
    protected, _ = protect_answers(kept[[*IDENTITY, *policy.published_columns]], policy)
    return protected.reset_index(drop=True)


def _measure(published: pd.DataFrame, cases: pd.DataFrame, policy: Policy) -> Account:
    """What is published against what the pool knows now; a row that waits to change counts as it is."""
    columns, answers = list(policy.quasi_identifier_columns), list(policy.sensitive.columns)
    shown = published[[*KEY, *columns, *answers]]
    both = cases[[*KEY, *columns, *answers]].merge(
        shown, on=KEY, how="outer", suffixes=("__now", ""), indicator=True
    )
    gone = both["_merge"].eq("right_only")
    frame = pd.DataFrame(
        {ORIGINAL_PREFIX + c: both[f"{c}__now"].where(~gone, both[c]) for c in columns}
    ).assign(**{c: both[c] for c in columns}, **{SUPPRESSED: both["_merge"].eq("left_only")})
    classes = frame[[ORIGINAL_PREFIX + c for c in columns]].rename(
        columns={ORIGINAL_PREFIX + c: c for c in columns}
    )
    account = measure_account(Recoding(tuple(columns), frame), classes.assign(**{COUNT: 1}), policy)
    there = ~frame[SUPPRESSED]
    known = {c: int((both[f"{c}__now"].notna() | both[c].notna())[there].sum()) for c in answers}
    lost = {c: known[c] - int(both[c].notna().sum()) for c in answers}
    return replace(account, known=known, blanked={c: number for c, number in lost.items() if number})


def _check_limit(account: Account, policy: Policy) -> None:
    share = account.suppressed / account.cases
    if share > policy.suppression_limit:
        raise PolicyNotMet(
            f"{account.suppressed} of {account.cases} cases ({share:.1%}) would have to wait or stay out; "
            f"policy {policy.id} allows {policy.suppression_limit:.1%}: wait for more cases"
        )
