"""Bands: ranges of whole numbers written as codes, such as `18--20` or `48+`."""

from functools import cache

import numpy as np
import pandas as pd

from schemas.codelist import load_codelist


def band_of(numbers: pd.Series, codelist: str) -> pd.Series:
    """The code of the band each number falls into; null for null and outside all bands."""
    edges, codes = _parse_bands(codelist)
    values = numbers.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    return pd.Series(pd.cut(values, edges, right=False, labels=codes), index=numbers.index).astype("str")


def parent_of(codes: pd.Series, codelist: str) -> pd.Series:
    """The parent each code has in its code list; null for null and for a code without parent."""
    return codes.map(load_codelist(codelist).parents).astype("str")


@cache
def _parse_bands(codelist: str) -> tuple[list[float], list[str]]:
    """Lower edges of adjoining bands with the upper edge of the last one, and the bands' codes."""
    codes = list(load_codelist(codelist).codes)
    lowest = [float(code.rstrip("+").split("--")[0]) for code in codes]
    last = codes[-1]
    highest = np.inf if last.endswith("+") else float(last.split("--")[1]) + 1
    return [*lowest, highest], codes
