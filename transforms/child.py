"""Children: what the rows say of which a case may have many in a linked table, added up to one case."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from schemas.case import case_fields
from schemas.field import Kind
from schemas.finding import Finding, FindingCode, Level
from schemas.link import Link
from schemas.missing import MissingReason
from schemas.precision import Carried
from schemas.source import Source
from transforms.column import list_unusable_columns, locate_column, name_target
from transforms.link import list_usable_numbers, take_numbers
from transforms.mapped import RawTable
from transforms.part import Contribution, Part, add_up, map_column, report_difference


@dataclass(frozen=True)
class Children:
    """The parts by case, the findings by row of the linked tables, and the cases that these hold."""

    parts: list[Part]
    findings: list[Finding]
    held: frozenset[int]
    carried: list[Carried]


def map_children(source: Source, tables: Mapping[str, RawTable], index: pd.Index) -> Children:
    """Every column of the linked tables of which a case may have many rows, for the cases of `index`.

    Of flags one yes is enough, and a no needs a no in every row; lists are added up; other fields
    must agree. A case without rows is not known.
    """
    parts: list[Part] = []
    findings: list[Finding] = []
    held: set[int] = set()
    carried: list[Carried] = []
    for link in (link for link in source.link if link.many):
        pairs = _pair(source, tables, link, index)
        findings += _find_orphans(source, tables, link)
        for address in source.columns:
            if locate_column(source, address)[0] == link.table:
                for found in _map_column(source, tables[link.table], address, pairs):
                    parts += [_fold(part, pairs, index) for part in found.parts]
                    findings += [*found.findings, *_find_differing(source, found.parts, pairs)]
                    held |= _list_cases(found.findings, pairs)
                    carried.append(found.carried)
    return Children(parts, findings, frozenset(held), carried)


def _pair(source: Source, tables: Mapping[str, RawTable], link: Link, index: pd.Index) -> pd.DataFrame:
    """Each case with each of its rows, in the order of the rows; columns `case` and `row`."""
    own = take_numbers(source, tables, link).loc[index]
    theirs = list_usable_numbers(source, tables, link)
    left = pd.DataFrame({"number": own.to_numpy(), "case": own.index})
    right = pd.DataFrame({"number": theirs.to_numpy(), "row": theirs.index})
    return left.merge(right, on="number").sort_values(["case", "row"])[["case", "row"]]


def _find_orphans(source: Source, tables: Mapping[str, RawTable], link: Link) -> list[Finding]:
    theirs = list_usable_numbers(source, tables, link)
    lost = tuple(theirs.index[~theirs.isin(take_numbers(source, tables, link))].tolist())
    target = name_target(source, link)
    return [Finding(FindingCode.LINK_UNUSED, len(lost), link.table, target, rows=lost)] if lost else []


def _map_column(source: Source, table: RawTable, address: str, pairs: pd.DataFrame) -> Iterator[Contribution]:
    """What the column gives by row of the linked table, of the rows that belong to a case, if it is there."""
    _, name = locate_column(source, address)
    if name not in table.frame.columns or name in list_unusable_columns(table):
        return
    cells = table.frame.loc[sorted(set(pairs["row"])), name]
    found = map_column(source, address, source.columns[address], cells)
    named = [replace(finding, table=table.name, column=name) for finding in found.findings]
    yield replace(found, findings=named)


def _fold(part: Part, pairs: pd.DataFrame, index: pd.Index) -> Part:
    """One part by case from the rows that each case has."""
    values, reasons = _spread(part.values, pairs), _spread(part.reasons, pairs)
    kind = case_fields()[part.field].kind
    folded = add_up(values, kind) if kind in (Kind.FLAG, Kind.CODES) else _first(values)
    why = _first(reasons).reindex(index)
    unknown = pd.Series(MissingReason.UNKNOWN, index=index, dtype=object)
    folded = folded.reindex(index).astype(object)
    return replace(part, values=folded, reasons=why.where(why.notna(), unknown).where(folded.isna(), None))


def _spread(by_row: pd.Series, pairs: pd.DataFrame) -> pd.Series:
    return pd.Series(by_row.loc[pairs["row"]].to_numpy(), index=pairs["case"].to_numpy(), dtype=object)


def _first(values: pd.Series) -> pd.Series:
    there = values.dropna()
    return there[~there.index.duplicated()]


def _find_differing(source: Source, parts: Iterable[Part], pairs: pd.DataFrame) -> list[Finding]:
    """Cases whose rows contradict each other about a field that holds one value."""
    findings = []
    for part in parts:
        if case_fields()[part.field].kind not in (Kind.FLAG, Kind.CODES):
            values = _spread(part.values, pairs).dropna()
            differing = values.groupby(level=0).nunique().gt(1)
            findings += report_difference(source, part, tuple(differing.index[differing].tolist()))
    return findings


def _list_cases(findings: Iterable[Finding], pairs: pd.DataFrame) -> set[int]:
    """Cases of which a row waits, so that the case must wait too."""
    rows = {row for finding in findings if finding.code.level is Level.HOLD for row in finding.rows}
    return set(pairs.loc[pairs["row"].isin(rows), "case"].tolist())
