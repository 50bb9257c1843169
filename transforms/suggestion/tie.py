"""Tie: which of several tables has the cases, and by which column the rows of the others belong to them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from transforms.suggestion.placement import Place, PlacedColumn, Placement
from transforms.suggestion.profile import Profile
from transforms.suggestion.table import SuggestedTable

PERSONAL = frozenset({"gender", "age_at_registration", "age_broad", "citizenship", "citizenship_all"})
SHARED = 0.9
"""Share of the different numbers of one table that must stand in the other."""
SAME_NAME = 0.5
"""The same where both columns have one name."""
FEWEST = 3
"""Different numbers that tie two tables whose columns have different names."""
TOLD_TWICE = "the table of cases tells it already"


@dataclass(frozen=True)
class Tied:
    """A further table; `on` is the column of the cases and `to` that of this table, `many` as in a link."""

    table: SuggestedTable
    on: str | None
    to: str | None = None
    many: bool = False


@dataclass(frozen=True)
class TiedTables:
    """The table of cases, those that belong to it, and how many others were looked at in vain.

    `alike` counts those of them that have the same columns as the table of cases, such as a sheet a year.
    """

    cases: SuggestedTable
    others: tuple[Tied, ...] = field(default=())
    left_out: int = 0
    alike: int = 0


def tie_tables(tables: Sequence[SuggestedTable]) -> TiedTables:
    """The table whose rows are persons first; a table that is tied to it by no column is left out.

    A table that stands alone in its file is never left out: somebody gave it on purpose.
    """
    cases = max(tables, key=lambda table: (_count_personal(table), table.used, table.rows))
    tied, left_out, alike = [], 0, 0
    for table in tables:
        if table is cases:
            continue
        same = [one.column.name for one in table.columns] == [one.column.name for one in cases.columns]
        found = None if same else _find_tie(cases, table)
        given = table.file != cases.file and not any(one.table.file == table.file for one in tied)
        if found or (given and not same):
            tied.append(found or Tied(table, None))
        else:
            left_out, alike = left_out + 1, alike + same
    links = {one.on for one in tied}
    kept = replace(cases, columns=tuple(_free_link(one, links) for one in cases.columns))
    others = tuple(replace(one, table=_drop_told(one, cases)) for one in tied)
    return TiedTables(kept, others, left_out, alike)


def _count_personal(table: SuggestedTable) -> int:
    places = [one.placement for one in table.columns]
    return sum(place.place is Place.FIELD and place.target in PERSONAL for place in places)


def _find_tie(cases: SuggestedTable, other: SuggestedTable) -> Tied | None:
    """The pair of columns that share most values, of which one has every value once; the same name first."""
    best: tuple[tuple[bool, float], Tied] | None = None
    for left in (one.column for one in cases.columns if one.column.name and not one.column.sources):
        for right in (one.column for one in other.columns if one.column.name):
            same = left.name.casefold() == right.name.casefold()
            share, many = _measure_tie(left.profile, right.profile)
            if share < (SAME_NAME if same else SHARED) or (not same and not _may_tie(left.profile)):
                continue
            rank = (same, share)
            if best is None or rank > best[0]:
                best = rank, Tied(other, left.name, None if same else right.name, many)
    return best[1] if best else None


def _measure_tie(left: Profile, right: Profile) -> tuple[float, bool]:
    """The share of the numbers of the cases that the other table has, once each; or the other way round."""
    if right.filled and right.different == right.filled:
        return len(left.counts.keys() & right.counts.keys()) / max(left.different, 1), False
    if left.filled and left.different == left.filled:
        return len(left.counts.keys() & right.counts.keys()) / max(right.different, 1), True
    return 0.0, False


def _may_tie(profile: Profile) -> bool:
    """Running numbers, ages and years are shared by chance; codes and long numbers are not."""
    return profile.different >= FEWEST and profile.within(0, 9999) < SHARED


def _free_link(one: PlacedColumn, links: set[str | None]) -> PlacedColumn:
    """A column that ties tables needs no other place; a key it may be as well."""
    if one.column.name not in links or one.placement.is_used:
        return one
    return PlacedColumn(one.column, Placement(Place.LINK, "", 1.0, "ties the tables"))


def _drop_told(tied: Tied, cases: SuggestedTable) -> SuggestedTable:
    """Columns of further tables give no field that the table of cases gives, and no key of a case."""
    given = {one.placement.target for one in cases.columns if one.placement.is_used}
    columns = []
    for one in tied.table.columns:
        placement = one.placement
        if one.column.name == (tied.to or tied.on):
            placement = Placement(Place.LINK, "", 1.0, "ties the tables")
        elif placement.is_used and (placement.target in given or placement.place is Place.KEY):
            placement = Placement(Place.IGNORED, TOLD_TWICE, placement.confidence, placement.reason)
        columns.append(PlacedColumn(one.column, placement))
    return replace(tied.table, columns=tuple(columns))
