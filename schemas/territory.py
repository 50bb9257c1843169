"""Territories: in which country one that is contested or has ceased to exist is counted, by named policy."""

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from schemas.precision import Precision

FILE = Path(__file__).with_name("territory.csv")


class TerritoryPolicy(StrEnum):
    """What a source may say under `territories`; the columns of `territory.csv`."""

    CTDC = "ctdc"
    UN = "un"
    SUB_REGION = "sub_region"

    @property
    def statement(self) -> str:
        """What the policy does, in words for those who read the data."""
        return STATEMENTS[self]


STATEMENTS = {
    TerritoryPolicy.CTDC: "as in the CTDC global data set: Serbia includes Kosovo, China includes Tibet,"
    " Taiwan stands for itself; breakaway regions are counted in the country of which the UN General Assembly"
    " holds them to be part",
    TerritoryPolicy.UN: "as in the statistics of the United Nations (M49): China includes Taiwan and Tibet, "
    "Kosovo is counted in no country but in Southern Europe; breakaway regions are counted in the country of"
    " which the UN General Assembly holds them to be part",
    TerritoryPolicy.SUB_REGION: "contested territories are counted in no country, only in their sub-region",
}
COMMON = (
    "A country that was renamed or joined another is counted in its successor; one that broke up is counted"
    " in no country, and in a sub-region only if all its successors lie there."
)
"""What all policies do with countries that have ceased to exist."""


@dataclass(frozen=True)
class Territory:
    """The code that a territory is counted under, None for none, and how that relates to the territory."""

    counted_in: str | None
    relation: Precision


@cache
def load_territories(policy: TerritoryPolicy) -> dict[str, Territory]:
    """Each contested or former country that the policy does not let stand for itself, by its code."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Territory(row[policy.value] or None, Precision(row["relation"]))
            for row in csv.DictReader(file)
            if row[policy.value] != row["code"]
        }
