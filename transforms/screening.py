"""Screening: whether a file identifies people, asked before anything of it is stored."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from schemas.finding import Finding, FindingCode
from schemas.source import Source
from transforms.column import list_columns, list_known_columns, name_column
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

# begins only where a word begins: a long cell must not be searched from each of its characters
EMAIL = r"(?<![^\s@<>,;])[^\s@<>,;]+@[^\s@<>,;]+\.[^\W\d_]{2,}"
PHONE = r"(?<![\w+])\+\(?\d(?:[\s().\-/]{0,2}\d){7,14}(?!\d)"
DEGREES = r"\d{1,3}\s?°\s?\d{1,2}(?:[.,]\d+)?\s?['’′]"
PAIR = re.compile(
    r"(?<![\d.,])([+-]?\d{1,3}[.]\d{3,})\s*[,;/|\s]\s*([+-]?\d{1,3}[.]\d{3,})(?![\d.,])"
    r"|(?<![\d.,])([+-]?\d{1,3}[,]\d{3,})\s*[;/|\s]\s*([+-]?\d{1,3}[,]\d{3,})(?![\d.,])"
)
PATTERN = re.compile(f"{EMAIL}|{PHONE}|{DEGREES}")


def screen_identifiers(source: Source, tables: Mapping[str, RawTable]) -> tuple[Finding, ...]:
    """Columns that must be empty and are not, and cells that look like an address, number or place.

    Rows that are no data are asked as well: the raw zone keeps the whole file. Nothing found: it may
    be stored.
    """
    found = (
        finding
        for table in (replace(table, frame=table.all_rows) for table in tables.values())
        for finding in (*_find_refused(source, table), *_find_patterns(source, table))
    )
    return tuple(found)


def _find_refused(source: Source, table: RawTable) -> Iterator[Finding]:
    refused = list_columns(source, table.name, source.refused)
    for column in table.frame.columns:
        name = column if column in refused else REFUSED.get(fold_word(column))
        filled = table.frame[column].ne("")
        if name and filled.any():
            yield _report(FindingCode.IDENTIFIER_PRESENT, table, name, filled)


def _find_patterns(source: Source, table: RawTable) -> Iterator[Finding]:
    """Also in the names of columns: in a file without a header the first row is taken for one."""
    exempt = _list_exempt(source, table.name)
    known = list_known_columns(source, table.name)
    header_rows = source.tables[table.name].reader.header_rows
    for column in table.frame.columns:
        if column not in known and looks_identifying(column):
            quoted = name_column(source, table, column)
            yield Finding(FindingCode.IDENTIFIER_PATTERN, 1, table.name, quoted, rows=header_rows)
        if column not in exempt:
            cells = table.frame[column]
            matching = cells.isin([cell for cell in cells.unique() if looks_identifying(cell)])
            if matching.any():
                quoted = name_column(source, table, column)
                yield _report(FindingCode.IDENTIFIER_PATTERN, table, quoted, matching)


def looks_identifying(text: str) -> bool:
    """Whether the text has an e-mail address, an international telephone number or a pair of coordinates."""
    return bool(PATTERN.search(text)) or any(_is_place(match) for match in PAIR.finditer(text))


def _is_place(match: re.Match[str]) -> bool:
    first, second = (abs(float(number.replace(",", "."))) for number in match.groups() if number)
    return (first <= 90 and second <= 180) or (first <= 180 and second <= 90)


def _list_exempt(source: Source, table: str) -> frozenset[str]:
    """The key, which is hashed. Ignored columns are searched too: the raw zone would keep what is in them."""
    keys = [name for name, column in source.columns.items() if column.key]
    return frozenset(list_columns(source, table, keys))


def _report(code: FindingCode, table: RawTable, column: str, where: pd.Series) -> Finding:
    rows = tuple(where.index[where].tolist())
    return Finding(code, len(rows), table.name, column, rows=rows)
