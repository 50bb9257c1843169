"""Countries: what each source puts in, how much the detail ladder lets out, and what its agency knows."""

from collections.abc import Iterable, Sequence

import pandas as pd

from anonymize.detail import Before, Counted, measure_record_share
from pipeline.released import find_last_release
from pipeline.workspace import Workspace
from schemas.country_table import CASES
from schemas.detail import COUNTRY, YEAR, Detail, DetailLevel, Placement
from schemas.extract import COUNT, Extract
from schemas.pool import PoolEntry
from storage.relation import count_classes


def count_sources(workspace: Workspace, entries: Iterable[PoolEntry], detail: Detail) -> tuple[Counted, ...]:
    """The publishable cases of every source of the pool, by country, year and the keys of the ladder."""
    files: dict[str, list[PoolEntry]] = {}
    for entry in entries:
        files.setdefault(entry.source_id, []).append(entry)
    return tuple(_count_source(workspace, source_id, files[source_id], detail) for source_id in sorted(files))


def _count_source(
    workspace: Workspace, source_id: str, entries: Sequence[PoolEntry], detail: Detail
) -> Counted:
    source = workspace.describe(source_id).source
    paths = [workspace.store.cases_file(entry.cases) for entry in entries]
    finest = [qi.ladder[0] for qi in workspace.policy.quasi_identifiers.values()]
    return Counted(
        source_id,
        source.title,
        source.ceiling,
        measure_record_share(count_classes(paths, finest), workspace.policy.k),
        count_classes(paths, (COUNTRY, YEAR, *detail.columns)).frame,
    )


def find_before(workspace: Workspace, earlier: Iterable[Extract]) -> Before:
    """What was decided for the last release and published in the earlier ones, oldest first."""
    last = find_last_release(workspace)
    if last is None:
        return Before()
    tables = (extract.countries for extract in earlier)
    placements = workspace.ledger.candidate(last.candidate).account.placements
    return Before(placements, tuple(table for table in tables if table is not None and len(table)))


def place_records(counted: Iterable[Counted], records: Sequence[str]) -> tuple[Placement, ...]:
    """The sources whose cases are records, as they stand in the account."""
    return tuple(
        Placement(source.source_id, None, None, DetailLevel.RECORD, (), int(source.frame[COUNT].sum()))
        for source in counted
        if source.source_id in records
    )


def list_known(
    workspace: Workspace, entries: Iterable[PoolEntry], placements: Iterable[Placement]
) -> pd.DataFrame | None:
    """What the agencies know of their cases where they are counted: totals for the known-margin attack."""
    detail = workspace.policy.detail
    if detail is None:
        return None
    records = {p.source_id for p in placements if p.level is DetailLevel.RECORD}
    counted = count_sources(workspace, (e for e in entries if e.source_id not in records), detail)
    columns = ["dataset", "country", "window", *detail.columns, CASES]
    parts = [_know(source, detail)[columns] for source in counted]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _know(source: Counted, detail: Detail) -> pd.DataFrame:
    windows = [detail.find_window(int(year)) for year in source.frame[YEAR]]
    names = [window.name if window else None for window in windows]
    known = source.frame.rename(columns={COUNTRY: "country", COUNT: CASES})
    return known.assign(dataset=source.title, window=names)
