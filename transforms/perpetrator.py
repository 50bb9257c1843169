"""Perpetrators: rows that describe who exploited, each tied to the one case it belongs to.

A report that names several victims and several accused does not say who exploited whom, so a
perpetrator is kept only where exactly one case carries the same link. The others are counted.
"""

from collections.abc import Mapping

import pandas as pd

from schemas.band import band_of, parent_of
from schemas.finding import Finding, FindingCode
from schemas.perpetrator import Perpetrator
from schemas.source import Column, Perpetrators, Source
from transforms.column import list_held_rows
from transforms.mapped import RawTable
from transforms.part import map_column
from transforms.row import select_rows

DTYPES = {name: str(column.dtype) for name, column in Perpetrator.to_schema().columns.items()}


def map_perpetrators(
    source: Source, tables: Mapping[str, RawTable], keys: pd.Series
) -> tuple[pd.DataFrame, list[Finding]]:
    """Perpetrators with the key of their case, numbered within it; and how many belong to no single case."""
    people = source.perpetrators
    if people is None or not _is_complete(people, source, tables):
        return _build_frame({}, pd.Index([])), []
    raw = tables[people.table]
    usable = raw.frame.drop(index=list(list_held_rows(raw.findings)))
    chosen = usable
    if people.rows:
        chosen = usable[select_rows(usable[people.rows.column], people.rows.values)]
    links = tables[source.cases].frame[people.to or people.link].loc[keys.index]
    found = chosen[people.link].map(_list_single_cases(links, keys))
    kept = found.dropna()
    columns, findings = _map_attributes(source, people, chosen.loc[kept.index])
    columns |= {"source_record_key": kept, "perp_seq": kept.groupby(kept).cumcount() + 1}
    unplaced = tuple(found.index[found.isna()].tolist())
    if unplaced:
        code = FindingCode.PERPETRATOR_UNPLACED
        findings.append(Finding(code, len(unplaced), people.table, people.link, rows=unplaced))
    return _build_frame(columns, kept.index), findings


def _is_complete(people: Perpetrators, source: Source, tables: Mapping[str, RawTable]) -> bool:
    """Whether the files have the columns that tell perpetrators and tie them to a case."""
    there, at_cases = tables[people.table].frame.columns, tables[source.cases].frame.columns
    needed = {people.link, *([people.rows.column] if people.rows else [])}
    return needed <= set(there) and (people.to or people.link) in at_cases


def _list_single_cases(links: pd.Series, keys: pd.Series) -> pd.Series:
    """The key of the case for every link that only one case carries."""
    single = links[~links.duplicated(keep=False) & links.ne("")]
    return pd.Series(keys.loc[single.index].to_numpy(), index=single.to_numpy(), dtype="str")


def _map_attributes(
    source: Source, people: Perpetrators, rows: pd.DataFrame
) -> tuple[dict[str, pd.Series], list[Finding]]:
    """Gender, age band and region of citizenship, with the lookups that the same columns have for victims."""
    columns: dict[str, pd.Series] = {}
    findings: list[Finding] = []
    fields = {"gender": people.gender, "age_at_registration": people.age, "citizenship": people.citizenship}
    for field, name in fields.items():
        if name and name in rows.columns:
            column = source.columns.get(name, Column(field=field))
            if column.field == field:
                found = map_column(source, name, column, rows[name])
                columns[field] = found.parts[0].values
                findings += found.findings
    return _generalize(columns), findings


def _generalize(columns: Mapping[str, pd.Series]) -> dict[str, pd.Series]:
    generalized = {}
    if "gender" in columns:
        generalized["perp_gender"] = columns["gender"]
    if "age_at_registration" in columns:
        generalized["perp_age"] = band_of(columns["age_at_registration"].astype("Int16"), "perpetrator_age")
    if "citizenship" in columns:
        subregion = parent_of(columns["citizenship"].astype("str"), "country")
        generalized["perp_citizenship_region"] = parent_of(subregion, "m49_subregion")
    return generalized


def _build_frame(columns: Mapping[str, pd.Series], index: pd.Index) -> pd.DataFrame:
    typed = {
        name: pd.Series(columns.get(name), index=index).astype("str" if dtype.startswith("str") else dtype)
        for name, dtype in DTYPES.items()
    }
    return pd.DataFrame(typed, index=index)
