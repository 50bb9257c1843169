"""Persons: a row that describes several is one case for each, and findings lead back to row and column."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pandas as pd

from schemas.finding import Finding
from schemas.persons import Persons
from schemas.source import Source
from transforms.column import list_held_rows, list_unusable_columns
from transforms.mapped import RawTable

STEP = 10**9
"""A case of person 3 in row 7 has the index 3 * STEP + 7; where one row is one case the index is the row."""

NO_PERSON = "row without a person"


def row_of(case: int) -> int:
    """The row of the file that a case stands in."""
    return case % STEP


def person_of(case: int) -> int:
    """Which person of its row a case is, counted from 1; 0 where one row is one case."""
    return case // STEP


def split_persons(source: Source, tables: Mapping[str, RawTable]) -> dict[str, RawTable]:
    """The tables with one row a person in the case table, under the names that the description uses.

    A row whose cells cannot be told apart stays one case, with blank cells.
    """
    if source.persons is None:
        return dict(tables)
    table = tables[source.cases]
    held = list_held_rows(table.findings)
    told_apart = table.frame.drop(index=list(held), errors="ignore")
    groups = [
        _take_group(source, table, told_apart, number) for number in range(1, len(source.persons.groups) + 1)
    ]
    unclear = _number_cases(groups[0].reindex(pd.Index(sorted(held), dtype="int64")).fillna(""), 1)
    people = [_number_cases(group[_is_filled(source, group)], n) for n, group in enumerate(groups, 1)]
    cases = _in_order(pd.concat([*people, unclear]))
    empty = len(table.frame) - len({row_of(case) for case in cases.index})
    ignored = table.ignored | ({NO_PERSON: empty} if empty else {})
    findings = tuple(replace(f, rows=tuple(STEP + row for row in f.rows)) for f in table.findings)
    return {**tables, source.cases: replace(table, frame=cases, ignored=ignored, findings=findings)}


def restore_places(source: Source, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings about cases, with the rows of the file and the columns as they stand there.

    A finding about a cell that several persons share counts the cell once.
    """
    persons = source.persons
    for finding in findings:
        if persons and finding.table == source.cases and finding.column in persons.columns:
            yield from _name_groups(persons, finding)
        elif persons and finding.table == source.cases and finding.column and finding.rows:
            rows = restore_rows(finding.rows)
            yield replace(finding, rows=rows, count=len(rows))
        else:
            yield replace(finding, rows=restore_rows(finding.rows)) if persons else finding


def restore_rows(cases: Iterable[int]) -> tuple[int, ...]:
    """The rows of the file in which some cases stand, each once."""
    return tuple(dict.fromkeys(row_of(case) for case in cases))


def _name_groups(persons: Persons, finding: Finding) -> Iterator[Finding]:
    for number, column in enumerate(persons.name_columns(finding.column or ""), 1):
        rows = restore_rows(case for case in finding.rows if person_of(case) == number)
        if rows:
            yield replace(finding, column=column, rows=rows, count=len(rows))


def _take_group(source: Source, table: RawTable, frame: pd.DataFrame, number: int) -> pd.DataFrame:
    """The cells of one person in every row, beside those that all persons of a row share."""
    persons, unusable = source.persons, list_unusable_columns(table)
    if persons is None:
        return frame
    repeated = {name: persons.name_columns(name) for name in persons.columns}
    shared = frame.drop(columns=[c for several in repeated.values() for c in several], errors="ignore")
    own = {}
    for name, several in repeated.items():
        column = several[number - 1]
        is_there = column in frame.columns and column not in unusable
        own[name] = frame[column] if is_there else pd.Series("", index=frame.index, dtype="str")
    return shared.assign(**own)


def _is_filled(source: Source, group: pd.DataFrame) -> pd.Series:
    """Whether a person stands in the group: a cell outside the ignored columns says something."""
    repeated = source.persons.columns if source.persons else {}
    telling = [name for name in repeated if name not in source.ignored]
    return group[telling].ne("").any(axis=1)


def _number_cases(group: pd.DataFrame, person: int) -> pd.DataFrame:
    return group.set_axis(group.index + person * STEP, axis=0)


def _in_order(cases: pd.DataFrame) -> pd.DataFrame:
    """By row, and within it by person."""
    return cases.loc[sorted(cases.index, key=lambda case: (row_of(case), person_of(case)))]
