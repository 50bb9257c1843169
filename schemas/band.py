"""Bands: ranges of whole numbers written as codes, such as `18--20` or `48+`."""

from functools import cache

import numpy as np
import pandas as pd

from schemas.codelist import load_codelist


def band_of(numbers: pd.Series, codelist: str) -> pd.Series:
    """The code of the band each number falls into; null for null and outside all bands."""
    edges, codes = _parse_bands(codelist)
    values = numbers.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    places = np.searchsorted(edges, values, side="right") - 1
    places[~(values < edges[-1])] = -1
    return pd.Series(pd.array(codes, dtype="str").take(places, allow_fill=True), index=numbers.index)


def parent_of(codes: pd.Series, codelist: str) -> pd.Series:
    """The parent each code has in its code list; null for null and for a code without parent."""
    parents = load_codelist(codelist).parents
    places, words = pd.factorize(codes)
    by_word = pd.array([parents.get(word) for word in words], dtype="str")
    return pd.Series(by_word.take(places, allow_fill=True), index=codes.index)


@cache
def _parse_bands(codelist: str) -> tuple[list[float], list[str]]:
    """Lower edges of adjoining bands with the upper edge of the last one, and the bands' codes."""
    codes = list(load_codelist(codelist).codes)
    lowest = [float(code.rstrip("+").split("--")[0]) for code in codes]
    last = codes[-1]
    highest = np.inf if last.endswith("+") else float(last.split("--")[1]) + 1
    return [*lowest, highest], codes
