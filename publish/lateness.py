"""What a release says of files that were late when it was prepared: contributor and year, no month, no count.

Which periods of which source are in is on the candidate's page and stays in the restricted zone: where one
contributor alone has a year, the country of every row of that year would be told, blanked or not.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from schemas.detail import DetailLevel, Placement
from schemas.period import list_years
from schemas.source import Source

YEARLY = (DetailLevel.YEAR, DetailLevel.RECORD)
"""Levels at which the years of a source are public anyhow."""


def list_late(
    late: Iterable[tuple[Source, str]], placements: Iterable[Placement] = ()
) -> list[dict[str, Any]]:
    """Who was late, as a register has it, and for which years; none where the years of a source stay in."""
    coarse = {placement.source_id for placement in placements if placement.level not in YEARLY}
    years: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for source, period in late:
        is_yearly = source.ceiling in YEARLY and source.id not in coarse
        years[source.publisher.country, source.publisher.name, source.title].update(
            list_years(period) if is_yearly else ()
        )
    return [
        {"country": country, "publisher": publisher, "title": title, "years": sorted(missing)}
        for (country, publisher, title), missing in sorted(years.items())
    ]


def write_late(entry: dict[str, Any]) -> str:
    """One contributor that was late, in words."""
    years = ", ".join(str(year) for year in entry["years"])
    return f"{entry['publisher']} ({entry['country']}): {entry['title']}" + (f", {years}" if years else "")
