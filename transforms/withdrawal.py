"""Withdrawal: people who asked, or for whom was asked, that their case is no longer held."""

import hmac
from collections.abc import Collection, Iterable
from dataclasses import replace

import pandas as pd

from transforms.mapped import Mapped

WITHDRAWN = "case withdrawn"
PURPOSE = "withdrawn|"


def mark_pseudonym(pseudonym: str, key: bytes) -> str:
    """What is remembered of a withdrawn case: HMAC-SHA-256 of its pseudonym under the source's secret.

    Nothing can be looked up by it, neither in the pool nor in a backup, without that secret.
    """
    return hmac.digest(key, f"{PURPOSE}{pseudonym}".encode(), "sha256").hex()


def drop_withdrawn(mapped: Mapped, key: bytes, marks: Collection[str]) -> Mapped:
    """The cases without the withdrawn ones, which are counted as ignored; `marks` are of `mark_pseudonym`."""
    if not marks:
        return mapped
    cases, people = mapped.cases, mapped.perpetrators
    gone = _are_withdrawn(cases["source_record_key"], key, marks)
    number = int(gone.sum())
    if not number:
        return mapped
    theirs = _are_withdrawn(people["source_record_key"], key, marks)
    return replace(
        mapped,
        cases=cases[~gone],
        reasons=mapped.reasons[~gone],
        perpetrators=people[~theirs],
        held=mapped.held - set(cases.index[gone].tolist()),
        ignored=mapped.ignored | {WITHDRAWN: mapped.ignored.get(WITHDRAWN, 0) + number},
    )


def _are_withdrawn(pseudonyms: Iterable[str], key: bytes, marks: Collection[str]) -> pd.Series:
    given = pd.Series(pseudonyms)
    found = [isinstance(p, str) and mark_pseudonym(p, key) in marks for p in given]
    return pd.Series(found, index=given.index, dtype=bool)
