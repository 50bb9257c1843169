"""Bands at their edges."""

from itertools import pairwise

import pandas as pd
import pytest

from schemas.band import band_of, parent_of
from schemas.codelist import load_codelist


@pytest.mark.parametrize(
    ("codelist", "numbers", "bands"),
    [
        ("age_broad", [0, 8, 9, 17, 18], ["0--8", "0--8", "9--17", "9--17", "18--20"]),
        ("age_broad", [20, 21, 47], ["18--20", "21--23", "39--47"]),
        ("age_broad", [48, 110, -1], ["48+", "48+", None]),
        ("duration", [0, 12, 13, 24, 25, 900], ["0--12", "0--12", "13--24", "13--24", "25+", "25+"]),
        ("year_band", [1998, 1999, 2001], [None, "1999--2001", "1999--2001"]),
        ("year_band", [2002, 2034, 2035], ["2002--2004", "2032--2034", None]),
    ],
)
def test_edges(codelist: str, numbers: list[int], bands: list[str | None]) -> None:
    result = band_of(pd.Series([*numbers, None], dtype="Int16"), codelist)
    assert result.dtype == "str"
    assert [None if pd.isna(band) else band for band in result] == [*bands, None]


@pytest.mark.parametrize("codelist", ["age_broad", "duration", "year_band"])
def test_bands_adjoin(codelist: str) -> None:
    bounds = [code.rstrip("+").split("--") for code in load_codelist(codelist).codes]
    assert all(int(left[-1]) + 1 == int(right[0]) for left, right in pairwise(bounds))


def test_parents() -> None:
    countries = pd.Series(["SRB", "ARG", None, "not a country"], dtype="str")
    subregions = parent_of(countries, "country")
    assert list(subregions.dropna()) == ["Southern Europe", "South America"]
    assert list(parent_of(subregions, "m49_subregion").dropna()) == ["Europe", "Americas"]
    assert parent_of(countries.head(0), "country").dtype == "str"
