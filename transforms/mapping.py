"""Mapping: one source's columns as fields of the case, and what could not be placed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

import pandas as pd

from schemas.case import SCHEMA_VERSION, case_fields
from schemas.field import Requirement
from schemas.finding import Finding, Level
from schemas.missing import MissingReason
from schemas.source import Constant, Source
from transforms.birth import map_births
from transforms.child import map_children
from transforms.column import check_columns, list_held_rows
from transforms.concatenation import check_concatenations
from transforms.key import find_repeated, map_keys, map_shared_keys, report_repeated
from transforms.link import check_links, join_tables
from transforms.mapped import Mapped, RawTable
from transforms.part import (
    Contribution,
    Part,
    fill_part,
    group_parts,
    join_parts,
    list_dtypes,
    map_column,
    report_difference,
)
from transforms.perpetrator import map_perpetrators
from transforms.person import restore_places, split_persons
from transforms.row import check_filters, drop_ignored_rows
from transforms.statement import check_statements

FIRST_OF = {"citizenship": "citizenship_all"}
"""Fields that hold the first code of a list, where a source gives only the list."""


def map_cases(
    tables: Mapping[str, RawTable],
    source: Source,
    *,
    period: str,
    key: bytes,
    source_version: str,
    scheme_key: bytes | None = None,
) -> Mapped:
    """Turn one source's tables into cases; report what could not be placed, never what it was.

    `key` is the secret of the source, `scheme_key` that of the scheme whose codes it shares with others.
    """
    mapped = map_batch(
        tables, source, period=period, key=key, source_version=source_version, scheme_key=scheme_key
    )
    return hold_repeated(source, mapped)


def hold_repeated(source: Source, mapped: Mapped) -> Mapped:
    """All cases of a submission, those held too that share a key."""
    repeated = find_repeated(mapped.cases)
    findings = restore_places(source, report_repeated(source, repeated))
    held = mapped.held.union(*repeated.values())
    return replace(mapped, findings=(*mapped.findings, *findings), held=held)


def map_batch(
    tables: Mapping[str, RawTable],
    source: Source,
    *,
    period: str,
    key: bytes,
    source_version: str,
    scheme_key: bytes | None = None,
) -> Mapped:
    """The same for some rows of the case table; whether cases share a key is not asked."""
    given, tables = tables, split_persons(source, tables)
    raw = tables[source.cases]
    frame, ignored = drop_ignored_rows(source, join_tables(source, tables))
    children = map_children(source, tables, frame.index)
    contributions = list(_map_columns(source, frame))
    parts, differences = _join_columns(source, [*children.parts, *_list_parts(contributions)], frame.index)
    keys, key_findings = map_keys(source, frame, period, key, list_held_rows(raw.findings))
    shared, shared_findings = map_shared_keys(source, frame, scheme_key)
    parts |= {part.field: part for part in shared}
    facts = {
        "source_id": source.id,
        "period": period,
        "source_version": source_version,
        "schema_version": SCHEMA_VERSION,
    }
    cases, reasons = _build_cases(parts, {**source.constants, **facts}, keys)
    perpetrators, perpetrator_findings = map_perpetrators(source, tables, keys)
    findings = (
        *(finding for table in tables.values() for finding in table.findings),
        *check_columns(source, given),
        *check_links(source, tables, frame.index),
        *check_statements(source, frame, cases, period),
        *check_filters(source, frame),
        *(finding for found in contributions for finding in found.findings),
        *differences,
        *children.findings,
        *check_concatenations(source, frame, cases),
        *key_findings,
        *shared_findings,
        *perpetrator_findings,
    )
    held = (_list_held(source, findings) | children.held) & frozenset(cases.index.tolist())
    return Mapped(
        cases,
        reasons,
        perpetrators,
        findings=tuple(restore_places(source, findings)),
        held=held,
        read=_count_rows(raw),
        ignored=_add(raw.ignored, ignored),
        rows=_count_rows(given[source.cases]) if source.persons else None,
        carried=(*(found.carried for found in contributions), *children.carried),
    )


def _count_rows(table: RawTable) -> int:
    return len(table.frame) + sum(table.ignored.values())


def _map_columns(source: Source, frame: pd.DataFrame) -> Iterator[Contribution]:
    """What every mapped column of the frame gives."""
    for address, column in source.columns.items():
        if column.key or address not in frame.columns:
            continue
        if column.birth_date:
            yield map_births(source, address, frame)
        else:
            yield map_column(source, address, column, frame[address])


def _list_parts(contributions: Iterable[Contribution]) -> Iterator[Part]:
    return (part for found in contributions for part in found.parts)


def _join_columns(
    source: Source, parts: Iterable[Part], index: pd.Index
) -> tuple[dict[str, Part], list[Finding]]:
    """One part a field, and the rows in which columns contradict each other.

    A constant fills what a field has left that other columns only imply.
    """
    joined: dict[str, Part] = {}
    findings: list[Finding] = []
    for field, several in group_parts(parts).items():
        if field in source.constants and all(part.is_implied for part in several):
            several.append(replace(fill_part(field, index, source.constants[field]), is_implied=True))
        joined[field], differing = join_parts(several)
        findings += report_difference(source, joined[field], differing)
    return joined, findings


def _build_cases(
    parts: Mapping[str, Part], facts: Mapping[str, Constant], keys: pd.Series
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All fields of the case in their order, and for each field that may be missing its reasons.

    A field that no column is mapped to was not collected.
    """
    index, dtypes = keys.index, list_dtypes()
    filled = {name: fill_part(name, index, value) for name, value in facts.items()} | dict(parts)
    for first, several in FIRST_OF.items():
        if several in filled and first not in filled:
            filled[first] = _take_first(filled[several])
    blank = {dtype: pd.Series(None, index=index, dtype=dtype) for dtype in set(dtypes.values())}
    not_collected = pd.Series(MissingReason.NOT_COLLECTED.value, index=index, dtype="str")
    cases = {n: filled[n].values.astype(d) if n in filled else blank[d] for n, d in dtypes.items()}
    cases["source_record_key"] = keys
    reasons = {n: filled[n].reasons.astype("str") if n in filled else not_collected for n in _list_nullable()}
    return pd.DataFrame(cases, index=index), pd.DataFrame(reasons, index=index)


@cache
def _list_nullable() -> tuple[str, ...]:
    """Fields that may be missing, for a reason."""
    fields = case_fields().values()
    return tuple(field.name for field in fields if field.requirement is not Requirement.MANDATORY)


def _take_first(part: Part) -> Part:
    return replace(part, values=part.values.str.split(";", n=1).str[0])


def _list_held(source: Source, findings: Iterable[Finding]) -> frozenset[int]:
    holding = (f for f in findings if f.code.level is Level.HOLD and f.table == source.cases)
    return frozenset(row for finding in holding for row in finding.rows)


def _add(left: Mapping[str, int], right: Mapping[str, int]) -> dict[str, int]:
    return dict(Counter(left) + Counter(right))
