"""Screening: whether a file identifies people, asked before anything of it is stored."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from schemas.finding import Finding, FindingCode
from schemas.source import Source
from transforms.birth import EVENT
from transforms.column import (
    list_columns,
    list_filled_columns,
    list_known_columns,
    list_used_columns,
    name_column,
)
from transforms.identifier import (
    find_identifying_cells,
    list_birth_words,
    may_identify,
    name_identifier,
)
from transforms.identifier_birth import Dates, is_called_birth
from transforms.lookup import fold_word
from transforms.mapped import RawTable

IDENTIFYING = """
    prs_Salutation prs_Title prs_FirstName prs_SecondName prs_MiddleName prs_LastName prs_Birthdate
    prs_Email prs_HomePhone prs_MobilePhone prs_IdentityNumber
    prs_MailingStreet prs_MailingCity prs_MailingState prs_MailingPostalCode prs_MailingCountry
    prs_MailingLongitude prs_MailingLatitude
    org_Name org_Phone org_ShippingStreet org_ShippingCity org_ShippingState org_ShippingPostalCode
    org_ShippingLongitude org_ShippingLatitude
    cas_CaseOwner cas_ReferringPrimaryCaseWorker cas_ReferredPrimaryCaseWorker
    cas_IncomingReferralDetails cas_OutgoingReferralDetails cas_ReasonForCaseClosure
    vic_DetailsOfVulnerabilities vic_RecruitmentWebsitesAndApps vic_ExploitationWebsitesAndApps
    per_RoleDetails cco_CaseComment hte_Street hte_City hte_State hte_PostalCode hte_Longitude
    hte_Latitude hte_Description spl_Objectives spl_ActionPlan
"""
"""HTCDS names of direct identifiers and free text: refused whatever a source description says."""

REFUSED = {fold_word(name): name for name in IDENTIFYING.split()}


MOST_GATHERED = 500_000
"""Different cells of a column that are judged together; a column with more is judged by so many at a time."""

Place = tuple[str, str]
"""Table and column."""


class Screening:
    """What must not be stored in the tables of one submission, which are looked at batch by batch.

    Whether numbers are those of persons, or dates those of births, shows only over all cells of a column, so
    what was found is told when every batch was seen: each is then shown again for its rows.
    """

    def __init__(self, source: Source) -> None:
        """Nothing was seen yet."""
        self._source = source
        self._refused: dict[Place, str] = {}
        self._dates: dict[Place, Dates] = {}
        self._births: set[Place] = set()
        self._undescribed: set[Place] = set()
        self._headings: set[Place] = set()
        self._gathered: dict[Place, set[str]] = {}
        self._identifying: dict[Place, set[str]] = {}

    def look_at(self, table: RawTable) -> None:
        """See one batch of a table; rows that are no data too, titles and notes above the header among them.

        A column that nobody described must be empty: what is in it nobody knows, and the raw zone keeps
        the whole file.
        """
        source, name, whole = self._source, table.name, replace(table, frame=table.all_rows)
        refused = _find_refused(source, _without_headings(source, whole))
        self._refused |= {(name, column): told for column, told in refused}
        self._undescribed |= {(name, column) for column in _find_undescribed(source, table)}
        self._headings |= {(name, column) for column in _find_headings(source, table)}
        self._look_at_dates(whole)
        for column, cells in _list_searched(source, table).items():
            self._gather((name, column), cells)

    def is_clean(self) -> bool:
        """Whether nothing was found; judges what was gathered."""
        for place in [place for place, cells in self._gathered.items() if cells]:
            self._judge(place)
        self._births = {place for place, dates in self._dates.items() if _are_births(place[1], dates)}
        found = (self._refused, self._births, self._undescribed, self._headings, self._identifying)
        return not any(found)

    def report(self, table: RawTable) -> tuple[Finding, ...]:
        """What was found, with the rows of one batch; to be asked after `is_clean`."""
        source, name, whole = self._source, table.name, replace(table, frame=table.all_rows)
        found: list[Finding] = []
        for column, cells in _name_columns(_without_headings(source, whole).frame):
            if told := self._refused.get((name, column)):
                found += _report(FindingCode.IDENTIFIER_PRESENT, name, told, cells.ne(""))
        for column, cells in _name_columns(whole.frame):
            if (name, column) in self._births and (name, column) not in self._refused:
                born = self._dates[name, column].among(cells)
                found += _report(FindingCode.IDENTIFIER_PRESENT, name, column, born)
        for column, cells in _name_columns(table.frame):
            if (name, column) in self._undescribed:
                told = name_column(source, table, column)
                found += _report(FindingCode.COLUMN_UNDESCRIBED, name, told, cells.ne(""))
        for column, cells in _list_searched(source, table).items():
            if identifying := self._identifying.get((name, column)):
                told = name_column(source, whole, column)
                found += _report(FindingCode.IDENTIFIER_PATTERN, name, told, cells.isin(list(identifying)))
        return tuple(found)

    def report_headings(self, table: RawTable) -> tuple[Finding, ...]:
        """Names of columns that are no names; told once for a table, whatever batch of it is shown."""
        rows = self._source.tables[table.name].reader.header_rows
        named = (name_column(self._source, table, c) for n, c in sorted(self._headings) if n == table.name)
        return tuple(Finding(FindingCode.IDENTIFIER_PATTERN, 1, table.name, c, rows=rows) for c in named)

    def _look_at_dates(self, table: RawTable) -> None:
        unused, events = _list_unused(self._source, table.name), _list_events(self._source, table)
        for column, cells in _name_columns(table.frame):
            if column in unused:
                self._dates.setdefault((table.name, column), Dates()).look_at(cells, events)

    def _gather(self, place: Place, cells: pd.Series) -> None:
        telling = [cell for cell in cells.unique() if may_identify(cell)]
        if telling:
            gathered = self._gathered.setdefault(place, set())
            gathered.update(telling)
            if len(gathered) > MOST_GATHERED:
                self._judge(place)

    def _judge(self, place: Place) -> None:
        kinds = find_identifying_cells(sorted(self._gathered[place]), self._source.publisher.country)
        if kinds:
            self._identifying.setdefault(place, set()).update(*kinds.values())
        self._gathered[place] = set()


def screen_identifiers(source: Source, tables: Mapping[str, RawTable]) -> tuple[Finding, ...]:
    """Columns that must be empty and are not, and cells that tell who a person is, in whole tables.

    Nothing found: they may be stored.
    """
    screening = Screening(source)
    for table in tables.values():
        screening.look_at(table)
    if screening.is_clean():
        return ()
    return tuple(
        finding
        for table in tables.values()
        for finding in (*screening.report(table), *screening.report_headings(table))
    )


def _without_headings(source: Source, table: RawTable) -> RawTable:
    """The rows without those above the data: a title, a label or a number of a column is nobody's name."""
    reader = source.tables[table.name].reader
    if not reader.format.has_letters:
        return table
    return replace(table, frame=table.frame[table.frame.index >= reader.first_data_row])


def _find_refused(source: Source, table: RawTable) -> Iterator[tuple[str, str]]:
    """Columns that identify people by the description, by HTCDS, or by a name of their own and no use.

    Beside each the name under which it is told.
    """
    refused = list_columns(source, table.name, source.refused)
    unused = _list_unused(source, table.name)
    born = list_columns(source, table.name, [n for n, column in source.columns.items() if column.birth_date])
    for column in table.frame.columns:
        if column in born:
            continue  # declared, on the grounds that the terms name
        name = column if column in refused else REFUSED.get(fold_word(column))
        if column in unused and name_identifier(column):
            name = column
        if name and table.frame[column].ne("").any():
            yield column, name


def _list_unused(source: Source, table: str) -> frozenset[str]:
    ignored = list_columns(source, table, source.ignored)
    return frozenset(ignored) - frozenset(list_used_columns(source, table))


def _are_births(column: str, dates: Dates) -> bool:
    """Whether an unused column has dates of birth, whatever it is called."""
    return dates.are_dates() and (is_called_birth(column, list_birth_words()) or dates.are_births())


def _list_events(source: Source, table: RawTable) -> pd.Series:
    """What stands in each row as the date of registration; blank where another table has it."""
    addresses = [name for name, column in source.columns.items() if column.field == EVENT]
    there = [name for name in list_columns(source, table.name, addresses) if name in table.frame]
    constant = str(source.constants.get(EVENT, ""))
    return table.frame[there[0]] if there else pd.Series(constant, index=table.frame.index, dtype="str")


def _find_undescribed(source: Source, table: RawTable) -> Iterator[str]:
    known = {*list_known_columns(source, table.name)}
    for column in list_filled_columns(table):
        if column not in known and fold_word(column) not in REFUSED and table.frame[column].ne("").any():
            yield column


def _list_searched(source: Source, table: RawTable) -> dict[str, pd.Series]:
    """All cells, also of ignored columns; of a key only those in rows that are no data, for it is hashed."""
    keys, whole = _list_keys(source, table.name), table.all_rows
    return {
        column: table.unused[column] if column in keys else cells
        for column, cells in _name_columns(whole)
        if column not in keys or column in table.unused
    }


def _find_headings(source: Source, table: RawTable) -> Iterator[str]:
    """Names of columns nobody knows: in a file without a header the first row is taken for one."""
    known = list_known_columns(source, table.name)
    names = [column for column in table.frame.columns if column not in known]
    kinds = find_identifying_cells(names, source.publisher.country)
    return (column for column in names if any(column in found for found in kinds.values()))


def _name_columns(frame: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    return ((str(name), column) for name, column in frame.items())


def _list_keys(source: Source, table: str) -> frozenset[str]:
    keys = [name for name, column in source.columns.items() if column.key]
    return frozenset(list_columns(source, table, keys))


def _report(code: FindingCode, table: str, column: str, where: pd.Series) -> list[Finding]:
    rows = tuple(where.index[where].tolist())
    return [Finding(code, len(rows), table, column, rows=rows)] if rows else []
