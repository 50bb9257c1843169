"""Detail: at which step of the detail ladder each country's cases are published, and the table of countries.

A count is published by a choice of keys for all cases of a country or not at all: nobody is left out of a
country that is counted, so that whoever knows its totals finds nobody by subtracting. Every cell has k
cases, every value of a key occurs with every value of the others, and no key has one value only. A country
too small for that is counted with enough other small sources of its region, whose own counts stand nowhere.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from math import prod

import pandas as pd

from schemas.codelist import load_codelist
from schemas.country_table import BY, CASES, JOINT, SOURCES, list_columns
from schemas.detail import COUNTRY, YEAR, Detail, DetailLevel, Placement, Window
from schemas.extract import COUNT, ClassTable

Unit = tuple[str, str | None, str | None]
"""Source, country, window."""


@dataclass(frozen=True)
class Counted:
    """The cases of one source, by country, year and keys, and the most that its agency lets be published.

    `frame` has reporting_country, year_of_registration, the key columns and `count`. `title` names the
    dataset in public. `record_share` is the share of its cases that are k alike at full detail.
    """

    source_id: str
    title: str
    ceiling: DetailLevel
    record_share: float
    frame: pd.DataFrame


@dataclass(frozen=True)
class Before:
    """What was decided for the last release, and the tables of countries of all releases, oldest first."""

    placements: tuple[Placement, ...] = ()
    tables: tuple[pd.DataFrame, ...] = ()


@dataclass(frozen=True)
class _Block:
    """What is published of one country and window, or of one region and window."""

    level: DetailLevel
    keys: tuple[str, ...]
    rows: pd.DataFrame
    waits: bool = False


def measure_record_share(classes: ClassTable, k: int) -> float:
    """The share of a source's cases that share all their finest values with k - 1 others of it (A.1a)."""
    counts = classes.frame[COUNT]
    return float(counts[counts >= k].sum() / max(1, counts.sum()))


def find_record_sources(counted: Iterable[Counted], detail: Detail, before: Before) -> tuple[str, ...]:
    """The sources whose cases become records: those that were, or are large enough and never a mere count."""
    levels: dict[str, set[DetailLevel]] = {}
    for placement in before.placements:
        levels.setdefault(placement.source_id, set()).add(placement.level)
    return tuple(
        source.source_id
        for source in counted
        if source.ceiling is DetailLevel.RECORD
        and _may_be_records(source, levels.get(source.source_id, set()), detail)
    )


def _may_be_records(source: Counted, levels: set[DetailLevel], detail: Detail) -> bool:
    if levels <= {DetailLevel.LISTED}:
        return source.record_share >= detail.record_share
    return DetailLevel.RECORD in levels


def build_country_table(
    counted: Sequence[Counted], detail: Detail, k: int, before: Before
) -> tuple[pd.DataFrame, tuple[Placement, ...]]:
    """The table of countries, for sources that are no records, and where each country and window stands.

    The columns of the table are those of schemas/country_table.py.
    """
    blocks: dict[Unit, _Block | None] = {}
    cases: dict[Unit, pd.DataFrame] = {}
    for source in counted:
        for unit, frame, window in _split_units(source, detail):
            cases[unit] = frame
            blocks[unit] = _place(source, unit, frame, window, detail, k, before) if window else None
    regional = {s.source_id for s in counted if s.ceiling.rank >= DetailLevel.REGION.rank}
    small = [unit for unit, block in blocks.items() if block is None and unit[2] and unit[0] in regional]
    totals = list(_add_regions(small, cases, detail, k, before))
    rows = [block.rows for block in [*blocks.values(), *(total for total, _ in totals)] if block is not None]
    joined = {unit: block for block, units in totals for unit in units}
    placements = tuple(
        _describe(unit, blocks[unit] or joined.get(unit), int(cases[unit][COUNT].sum())) for unit in blocks
    )
    return _join_rows(rows, detail), placements


def _split_units(source: Counted, detail: Detail) -> Iterator[tuple[Unit, pd.DataFrame, Window | None]]:
    """The cases of a source by country and window; those of no country or in no window are never counted."""
    windows = source.frame[YEAR].map(lambda year: detail.find_window(int(year)))
    names = windows.map(lambda window: window.name if window else None)
    known = {window.name: window for window in detail.windows}
    countries = source.frame[COUNTRY].astype(object).where(source.frame[COUNTRY].notna(), None)
    for country, name in sorted(set(zip(countries, names, strict=True)), key=str):
        here = _equals(countries, country) & _equals(names, name)
        window = known[name] if name and country else None
        yield (source.source_id, country, window.name if window else None), source.frame[here], window


def _equals(values: pd.Series, value: str | None) -> pd.Series:
    return values.isna() if value is None else values.eq(value).fillna(False).astype(bool)


def _place(
    source: Counted,
    unit: Unit,
    frame: pd.DataFrame,
    window: Window,
    detail: Detail,
    k: int,
    before: Before,
) -> _Block | None:
    """The finest block that the counts and the agency allow and that no earlier release gives away."""
    if _was(unit, before) is DetailLevel.REGION:
        return None
    labels = {"country": str(unit[1]), "dataset": source.title, "region": _find_region(unit[1])}
    earlier = [_select(table, labels, window) for table in before.tables]
    for level, keys in list_choices(detail, source.ceiling):
        counts = _count(frame, level, keys)
        if is_publishable(counts, keys, k):
            block = _Block(level, keys, _write_rows(counts, level, keys, window, labels))
            if all(_compatible(block.rows, table, k) for table in earlier if len(table)):
                return block
    return _keep(earlier, source.ceiling)


def list_choices(detail: Detail, ceiling: DetailLevel) -> Iterator[tuple[DetailLevel, tuple[str, ...]]]:
    """The ways to count a country, from fine to coarse: all keys year by year come first."""
    for keys in detail.keys:
        for level in (DetailLevel.YEAR, DetailLevel.WINDOW):
            if level.rank <= ceiling.rank:
                yield level, keys


def is_publishable(counts: pd.DataFrame, keys: Sequence[str], k: int) -> bool:
    """Whether every cell has k cases and no cell, and no key, says that all or none are so."""
    if counts.empty or (counts[COUNT] < k).any():
        return False
    return all(_is_varied(group, keys) for _, group in counts.groupby(YEAR, dropna=False))


def _is_varied(counts: pd.DataFrame, keys: Sequence[str]) -> bool:
    values = [counts[key].nunique(dropna=False) for key in keys]
    return all(number > 1 for number in values) and len(counts) == prod(values)


def _count(frame: pd.DataFrame, level: DetailLevel, keys: Sequence[str]) -> pd.DataFrame:
    """Cases by year, null for the whole window, and by keys."""
    years = frame[YEAR] if level is DetailLevel.YEAR else pd.array([pd.NA] * len(frame), dtype="Int16")
    counted = frame.assign(**{YEAR: years}).groupby([YEAR, *keys], dropna=False, observed=True)[COUNT].sum()
    return counted.reset_index()


def _keep(earlier: Sequence[pd.DataFrame], ceiling: DetailLevel) -> _Block | None:
    """What the last release said, where nothing newer may be said and the agency still allows it."""
    if not earlier or earlier[-1].empty:
        return None
    rows = earlier[-1]
    level = DetailLevel(rows["level"].iloc[0])
    if level.rank > ceiling.rank:
        return None
    return _Block(level, tuple(filter(None, rows[BY].iloc[0].split(JOINT))), rows, waits=True)


def _was(unit: Unit, before: Before) -> DetailLevel | None:
    found = (p.level for p in before.placements if (p.source_id, p.country, p.window) == unit)
    return next(found, None)


def _select(table: pd.DataFrame, labels: Mapping[str, str | None], window: Window) -> pd.DataFrame:
    """The rows of an earlier table that are about the same country and dataset, or region, and window."""
    here = table["window"].eq(window.name)
    for name in ("country", "dataset", "region"):
        here &= _equals(table[name].astype(object), labels.get(name))
    return table[here]


def _compatible(rows: pd.DataFrame, earlier: pd.DataFrame, k: int) -> bool:
    """Whether no count over columns that both have differs by 1 to k - 1."""
    one, other = (set(filter(None, table[BY].iloc[0].split(JOINT))) for table in (rows, earlier))
    both = {table["level"].iloc[0] for table in (rows, earlier)}
    shared = sorted(one & other) + (["year"] if both == {DetailLevel.YEAR.value} else [])
    for some in chain.from_iterable(combinations(shared, size) for size in range(len(shared) + 1)):
        change = _sum(rows, some).sub(_sum(earlier, some), fill_value=0).abs()
        if ((change > 0) & (change < k)).any():
            return False
    return True


def _sum(rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    if not columns:
        return pd.Series({"all": int(rows[CASES].sum())})
    words = rows[list(columns)].astype("string").fillna("")
    return rows[CASES].astype("int64").groupby([words[column] for column in columns]).sum()


def _add_regions(
    small: Sequence[Unit], cases: Mapping[Unit, pd.DataFrame], detail: Detail, k: int, before: Before
) -> Iterator[tuple[_Block, list[Unit]]]:
    """Totals of small countries by region and window, each with the units that it counts."""
    groups: dict[tuple[str, str], list[Unit]] = {}
    for unit in small:
        if region := _find_region(unit[1]):
            groups.setdefault((region, str(unit[2])), []).append(unit)
    windows = {window.name: window for window in detail.windows}
    for (region, name), units in groups.items():
        numbers = {unit: int(cases[unit][COUNT].sum()) for unit in units}
        found = _total_region(region, windows[name], numbers, detail.fewest_sources, k, before)
        if found is not None:
            yield found


def _total_region(
    region: str, window: Window, numbers: Mapping[Unit, int], fewest: int, k: int, before: Before
) -> tuple[_Block, list[Unit]] | None:
    """At least k cases, of enough sources that no country stands alone; later only in steps of k."""
    labels = {"region": region, "country": None, "dataset": None}
    earlier = [_select(table, labels, window) for table in before.tables]
    stayed = [unit for unit in numbers if _was(unit, before) is DetailLevel.REGION]
    for units in (list(numbers), stayed):
        total, sources = sum(numbers[unit] for unit in units), len({unit[0] for unit in units})
        if total >= k and sources >= fewest:
            counts = pd.DataFrame({YEAR: [pd.NA], COUNT: [total]})
            rows = _write_rows(counts, DetailLevel.REGION, (), window, labels).assign(**{SOURCES: sources})
            if all(_compatible(rows, table, k) for table in earlier if len(table)):
                return _Block(DetailLevel.REGION, (), rows), units
    kept = _keep(earlier, DetailLevel.REGION)
    return (kept, stayed) if kept and stayed else None


def _find_region(country: str | None) -> str | None:
    subregion = load_codelist("country").parents.get(country or "")
    return load_codelist("m49_subregion").parents.get(subregion or "")


def _write_rows(
    counts: pd.DataFrame,
    level: DetailLevel,
    keys: Sequence[str],
    window: Window,
    labels: Mapping[str, str | None],
) -> pd.DataFrame:
    years = counts[YEAR].astype("Int16")
    said = {"level": level.value, **labels, BY: JOINT.join(keys), "window": window.name}
    return pd.DataFrame(
        {**said, "year": years, **{key: counts[key] for key in keys}, CASES: counts[COUNT], SOURCES: 1}
    )


def _join_rows(rows: Sequence[pd.DataFrame], detail: Detail) -> pd.DataFrame:
    """All rows with all columns, sorted by everything that they say."""
    columns = list_columns(detail)
    if not rows:
        return pd.DataFrame(columns=list(columns))
    table = pd.concat([block.reindex(columns=columns).astype(object) for block in rows], ignore_index=True)
    table = table.where(table.notna(), None)
    lines = [[str(cell or "") for cell in row] for row in table.to_numpy().tolist()]
    order = sorted(range(len(table)), key=lines.__getitem__)
    return table.iloc[order].reset_index(drop=True)


def _describe(unit: Unit, block: _Block | None, cases: int) -> Placement:
    level, keys, waits = (block.level, block.keys, block.waits) if block else (DetailLevel.LISTED, (), False)
    return Placement(*unit, level=level, keys=keys, cases=cases, waits=waits)
