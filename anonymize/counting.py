"""Counting: how the disclosure check counts equal rows, null being a value like any other."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from schemas.case import case_fields
from schemas.codelist import load_codelist

Codes = NDArray[np.int64]


def count_answers(column: str) -> int:
    """How many answers a coded or yes/no field can have."""
    codelist = case_fields()[column].codelist
    return len(load_codelist(codelist).codes) if codelist else 2


def number_values(values: pd.Series) -> Codes:
    """Number the values of a column in their order from 1; 0 is null, of whatever kind."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.dtype.categories.dtype)
    codes, _ = pd.factorize(values, sort=True)
    return np.asarray(codes, dtype=np.int64) + 1


def number_rows(codes: Iterable[Codes], rows: int) -> Codes:
    """Number rows so that two have the same number exactly if they agree in all columns given as codes."""
    numbers = np.zeros(rows, dtype=np.int64)
    for column in codes:
        numbers = np.asarray(pd.factorize(numbers * (int(column.max(initial=0)) + 1) + column)[0])
    return numbers


def number_classes(frame: pd.DataFrame, columns: Iterable[str]) -> Codes:
    """Number the equivalence classes of a table over some columns."""
    return number_rows((number_values(frame[column]) for column in columns), len(frame))
