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
from transforms.identifier import find_identifying_cells, list_birth_words, name_identifier
from transforms.identifier_birth import find_dates, give_ages, is_called_birth
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


def screen_identifiers(source: Source, tables: Mapping[str, RawTable]) -> tuple[Finding, ...]:
    """Columns that must be empty and are not, and cells that tell who a person is.

    A column that nobody described must be empty too: what is in it nobody knows, and the raw zone
    keeps the whole file. Rows that are no data are asked as well, titles and notes above the header among
    them. Nothing found: it may be stored.
    """
    found: list[Finding] = []
    for table in tables.values():
        whole = replace(table, frame=table.all_rows)
        refused = tuple(_find_refused(source, _without_headings(source, whole)))
        settled = {finding.column for finding in refused}
        found += refused
        found += (finding for finding in _find_births(source, whole) if finding.column not in settled)
        found += (finding for finding in _find_undescribed(source, table) if finding.column not in settled)
        found += _find_in_header(source, table)
        found += _find_patterns(source, whole)
    return tuple(found)


def _without_headings(source: Source, table: RawTable) -> RawTable:
    """The rows without those above the data: a title, a label or a number of a column is nobody's name."""
    reader = source.tables[table.name].reader
    if not reader.format.has_letters:
        return table
    return replace(table, frame=table.frame[table.frame.index >= reader.first_data_row])


def _find_refused(source: Source, table: RawTable) -> Iterator[Finding]:
    """Columns that identify people by the description, by HTCDS, or by a name of their own and no use."""
    refused = list_columns(source, table.name, source.refused)
    unused = _list_unused(source, table.name)
    born = list_columns(source, table.name, [n for n, column in source.columns.items() if column.birth_date])
    for column in table.frame.columns:
        if column in born:
            continue  # declared, on the grounds that the terms name
        name = column if column in refused else REFUSED.get(fold_word(column))
        if column in unused and name_identifier(column):
            name = column
        filled = table.frame[column].ne("")
        if name and filled.any():
            yield _report(FindingCode.IDENTIFIER_PRESENT, table, name, filled)


def _list_unused(source: Source, table: str) -> frozenset[str]:
    ignored = list_columns(source, table, source.ignored)
    return frozenset(ignored) - frozenset(list_used_columns(source, table))


def _find_births(source: Source, table: RawTable) -> Iterator[Finding]:
    """Unused columns of dates of birth, whatever they are called."""
    events = _list_events(source, table)
    for column in table.frame.columns.intersection(list(_list_unused(source, table.name))):
        dates = find_dates(table.frame[column].unique())
        filled = table.frame[column].isin(list(dates))
        is_called = is_called_birth(column, list_birth_words())
        if dates and (is_called or give_ages(table.frame[column][filled].map(dates), events[filled])):
            yield _report(FindingCode.IDENTIFIER_PRESENT, table, column, filled)


def _list_events(source: Source, table: RawTable) -> pd.Series:
    """What stands in each row as the date of registration; blank where another table has it."""
    addresses = [name for name, column in source.columns.items() if column.field == EVENT]
    there = [name for name in list_columns(source, table.name, addresses) if name in table.frame]
    constant = str(source.constants.get(EVENT, ""))
    return table.frame[there[0]] if there else pd.Series(constant, index=table.frame.index, dtype="str")


def _find_undescribed(source: Source, table: RawTable) -> Iterator[Finding]:
    known = {*list_known_columns(source, table.name)}
    for column in list_filled_columns(table):
        filled = table.frame[column].ne("")
        if column not in known and fold_word(column) not in REFUSED and filled.any():
            yield _report(FindingCode.COLUMN_UNDESCRIBED, table, name_column(source, table, column), filled)


def _find_patterns(source: Source, table: RawTable) -> Iterator[Finding]:
    """In all rows, also of ignored columns; of a key only in those that are no data, for it is hashed."""
    keys = _list_keys(source, table.name)
    for column in table.frame.columns:
        cells = table.unused.get(column) if column in keys else table.frame[column]
        if cells is not None:
            kinds = find_identifying_cells(cells.unique(), source.publisher.country)
            matching = cells.isin(list(frozenset().union(*kinds.values())))
            if matching.any():
                quoted = name_column(source, table, column)
                yield _report(FindingCode.IDENTIFIER_PATTERN, table, quoted, matching)


def _find_in_header(source: Source, table: RawTable) -> Iterator[Finding]:
    """Names of columns nobody knows: in a file without a header the first row is taken for one."""
    known = list_known_columns(source, table.name)
    names = [column for column in table.frame.columns if column not in known]
    kinds = find_identifying_cells(names, source.publisher.country)
    rows = source.tables[table.name].reader.header_rows
    for column in names:
        if any(column in found for found in kinds.values()):
            quoted = name_column(source, table, column)
            yield Finding(FindingCode.IDENTIFIER_PATTERN, 1, table.name, quoted, rows=rows)


def _list_keys(source: Source, table: str) -> frozenset[str]:
    keys = [name for name, column in source.columns.items() if column.key]
    return frozenset(list_columns(source, table, keys))


def _report(code: FindingCode, table: RawTable, column: str, where: pd.Series) -> Finding:
    rows = tuple(where.index[where].tolist())
    return Finding(code, len(rows), table.name, column, rows=rows)
