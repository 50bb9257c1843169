"""Ladders: ranges of whole numbers, and the finest coded field in which the whole of a range lies."""

import re
from dataclasses import dataclass
from functools import cache

from schemas.codelist import load_codelist
from schemas.precision import Precision

CLOSED = re.compile(r"0*(\d{1,4})\s*(?:[-\u2010-\u2015\u2212]+|to)\s*0*(\d{1,4})")
OPEN = re.compile(r"0*(\d{1,4})\s*(?:\+|(?:and|or) (?:over|older|more))")
COMPARED = re.compile(r"(<=|>=|[<>≤≥]|under)\s*0*(\d{1,4})")
MAJORITY = 18

_AGE = ("age_broad", "age_group", "majority_status")
LADDERS: dict[str, tuple[str, ...]] = {
    "age_at_registration": _AGE,
    "age_broad": _AGE,
    "age_group": _AGE[1:],
    "majority_status": _AGE[2:],
    "age_when_trafficked": ("majority_entry",),
    "majority_entry": ("majority_entry",),
    "majority_status_at_exploit": ("majority_status_at_exploit",),
    "traffick_months_exact": ("traffick_months",),
    "traffick_months": ("traffick_months",),
}
"""Field to the coded fields that can hold a range of it, from fine to coarse."""

CODELISTS = {
    "age_broad": "age_broad",
    "age_group": "age_group",
    "traffick_months": "duration",
    "majority_status": "majority",
    "majority_entry": "majority",
    "majority_status_at_exploit": "majority",
}


@dataclass(frozen=True)
class Range:
    """Whole numbers from `low` to `high`, both included; without `high` there is no end."""

    low: int
    high: int | None

    def lies_in(self, other: "Range") -> bool:
        """Whether every number of this range is one of the other."""
        return self.low >= other.low and (
            other.high is None or (self.high is not None and self.high <= other.high)
        )


@dataclass(frozen=True)
class Rung:
    """Where a range was placed: field, code, and how the code relates to the range."""

    field: str
    code: str
    precision: Precision


def parse_range(text: str) -> Range | None:
    """A range as `9-17`, `9--17`, `60+`, `<18`, `under 18` or `18 and over`; digits are 0 to 9."""
    text = text.strip().casefold()
    if match := CLOSED.fullmatch(text):
        low, high = int(match[1]), int(match[2])
        return Range(low, high) if low <= high else None
    if match := OPEN.fullmatch(text):
        return Range(int(match[1]), None)
    if match := COMPARED.fullmatch(text):
        return _compare(match[1], int(match[2]))
    return None


def level_range(text: str) -> str:
    """A range as code lists write it, `9--17` or `48+`; any other text as it is."""
    found = parse_range(text)
    if found is None:
        return text
    return f"{found.low}+" if found.high is None else f"{found.low}--{found.high}"


def _compare(sign: str, number: int) -> Range | None:
    if sign in (">", ">=", "≥"):
        return Range(number + (sign == ">"), None)
    highest = number - (sign in ("<", "under"))
    return Range(0, highest) if highest >= 0 else None


def place_range(field: str, found: Range) -> Rung | None:
    """The finest rung of the field's ladder with a code in which the whole range lies.

    A single number in its band is exact: it is all that the band can say of it.
    """
    for rung in LADDERS.get(field, ()):
        for code, band in _list_bands(CODELISTS[rung]).items():
            if found.lies_in(band):
                is_own = found.low == found.high and rung == field
                return Rung(rung, code, Precision.EXACT if is_own or found == band else Precision.BROADER)
    return None


@cache
def _list_bands(codelist: str) -> dict[str, Range]:
    """The range of each code of a list of bands."""
    if codelist == "majority":
        return {"Minor": Range(0, MAJORITY - 1), "Adult": Range(MAJORITY, None)}
    bands = {code: parse_range(code) for code in load_codelist(codelist).codes}
    return {code: band for code, band in bands.items() if band}
