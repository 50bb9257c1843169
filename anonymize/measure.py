"""Measure: what a recoding costs, counted case by case from the values before and after."""

import numpy as np
import pandas as pd

from anonymize.case_ladder import build_ladder, count_cases
from anonymize.ladder import Codes
from schemas.extract import COUNT, ORIGINAL_PREFIX, SUPPRESSED, Account, Recoding
from schemas.policy import Policy, QuasiIdentifier


def measure_account(recoding: Recoding, classes: pd.DataFrame, policy: Policy) -> Account:
    """Count what is published, coarser, and left out. `classes` has the rows of the recoding, in order."""
    counts = count_cases(classes)
    frame = recoding.frame
    kept = ~frame[SUPPRESSED].to_numpy(dtype=bool)
    columns, identifiers = list(recoding.columns), policy.quasi_identifiers
    sizes = classes[COUNT][kept].groupby([frame.loc[kept, column] for column in columns], dropna=False).sum()
    return Account(
        cases=int(counts.sum()),
        published=int(counts[kept].sum()),
        generalized=int(counts[kept & _is_coarser(frame, columns)].sum()),
        suppressed=int(counts[~kept].sum()),
        classes=len(sizes),
        smallest_class=int(sizes.min()) if len(sizes) else 0,
        levels={n: _count_levels(frame[kept], counts[kept], qi) for n, qi in identifiers.items()},
        information_kept={n: _measure_kept(frame, classes, n, qi) for n, qi in identifiers.items()},
        blanked={},
    )


def _is_coarser(frame: pd.DataFrame, columns: list[str]) -> np.ndarray:
    lost = [frame[ORIGINAL_PREFIX + column].notna() & frame[column].isna() for column in columns]
    return np.asarray(np.any(lost, axis=0))


def _find_level(frame: pd.DataFrame, quasi_identifier: QuasiIdentifier) -> Codes:
    """The position of the finest value present; the length of the ladder where there is none."""
    absent = np.stack([frame[column].isna().to_numpy() for column in quasi_identifier.ladder])
    return np.asarray(np.logical_and.accumulate(absent, axis=0).sum(axis=0), dtype=np.int64)


def _count_levels(frame: pd.DataFrame, counts: Codes, quasi_identifier: QuasiIdentifier) -> dict[int, int]:
    cases = np.bincount(
        _find_level(frame, quasi_identifier), weights=counts, minlength=len(quasi_identifier.ladder) + 1
    )
    return {level: int(number) for level, number in enumerate(cases)}


def _measure_kept(
    frame: pd.DataFrame, classes: pd.DataFrame, name: str, quasi_identifier: QuasiIdentifier
) -> float:
    """1 - Loss (ARX; Iyengar 2002), against what the pool itself knew; a case left out keeps nothing."""
    ladder = build_ladder(name, quasi_identifier, classes)
    counts = count_cases(classes)
    level = _find_level(frame, quasi_identifier)
    covered = ladder.covered[level, ladder.value]
    known = int((counts * (ladder.domain - ladder.covered[0, ladder.value])).sum())
    kept = int((counts * (ladder.domain - covered)).sum())
    return kept / known if known else 1.0
