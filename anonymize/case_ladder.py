"""Case ladder: the ladders of a release policy over the classes of a pool, whose levels are columns."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from anonymize.distinct import number_distinct
from anonymize.ladder import Codes, Ladder
from anonymize.lattice import LARGEST, Lattice, check_size, combine_ladders
from schemas.extract import COUNT
from schemas.policy import QuasiIdentifier


def build_lattice(
    quasi_identifiers: Mapping[str, QuasiIdentifier], classes: pd.DataFrame, counts: Codes
) -> Lattice:
    """Set up the lattice of a policy over the classes of a pool.

    Raises:
        LatticeTooLarge: the policy allows too many combinations of levels.
    """
    check_size([len(quasi_identifier.levels) for quasi_identifier in quasi_identifiers.values()], LARGEST)
    return combine_ladders([build_ladder(n, qi, classes) for n, qi in quasi_identifiers.items()], counts)


def build_ladder(name: str, quasi_identifier: QuasiIdentifier, classes: pd.DataFrame) -> Ladder:
    """Number what the classes show at every level of one quasi-identifier."""
    columns = np.stack([_number_values(classes[column]) for column in quasi_identifier.ladder])
    codes, value = np.unique(columns, axis=1, return_inverse=True)
    # Two at least, so that losing a column that holds a single value costs something too.
    domain = max(2, len(np.unique(codes[0][codes[0] > 0])))
    return Ladder(
        name,
        quasi_identifier.levels,
        quasi_identifier.weight,
        value.reshape(-1),
        _number_shown(codes),
        _count_covered(codes, domain),
        domain,
    )


def count_cases(classes: pd.DataFrame) -> Codes:
    """The number of cases of each class."""
    return np.asarray(classes[COUNT].to_numpy(dtype=np.int64))


def _number_values(values: pd.Series) -> Codes:
    """Number values in their order from 1; 0 is null."""
    codes, _ = pd.factorize(values, sort=True)
    return np.asarray(codes, dtype=np.int64) + 1


def _number_shown(codes: Codes) -> Codes:
    """At level L the first L columns are null; the last level shows nothing."""
    columns, values = codes.shape
    tables = np.repeat(codes[np.newaxis], columns + 1, axis=0)
    for level in range(1, columns + 1):
        tables[level, :level] = 0
    flat = tables.transpose(1, 0, 2).reshape(columns, -1)
    keys = np.zeros(flat.shape[1], dtype=np.int64)
    for column in flat:
        keys = keys * (int(column.max(initial=0)) + 1) + column
    numbers, _ = number_distinct(keys)
    return np.asarray(numbers, dtype=np.int64).reshape(columns + 1, values)


def _count_covered(codes: Codes, domain: int) -> Codes:
    """The finest value present decides: it covers the leaves seen under it; no value covers all."""
    columns, values = codes.shape
    covered = np.full((columns + 1, values), domain, dtype=np.int64)
    for column in reversed(range(columns)):
        present = codes[column] > 0
        covered[column] = np.where(present, _count_leaves(codes[0], codes[column]), covered[column + 1])
    return covered


def _count_leaves(leaves: Codes, values: Codes) -> Codes:
    """For each value the number of different leaves that occur together with it, at least 1."""
    pairs = np.unique(np.stack([values, leaves])[:, (values > 0) & (leaves > 0)], axis=1)
    per_value = np.bincount(pairs[0], minlength=int(values.max(initial=0)) + 1)
    return np.maximum(per_value[values], 1)
