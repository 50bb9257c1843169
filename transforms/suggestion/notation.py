"""Notation: the keys of a column that say how its dates, years and countries are written."""

from collections.abc import Sequence

from schemas.case import case_fields
from schemas.date_form import Calendar
from schemas.territory import TerritoryPolicy
from transforms.country import parse_code, parse_numeric
from transforms.suggestion.dating import Dating
from transforms.suggestion.placement import Place, PlacedColumn
from transforms.suggestion.scalar import quote, write_words
from transforms.suggestion.vocabulary import COUNTRY, is_missing, list_parts

CODES, NUMERIC, NAMES = "codes", "numeric", "names"


def describe_notation(one: PlacedColumn) -> dict[str, str]:
    """The keys, with YAML for their values; none where the cells are read without."""
    keys: dict[str, str] = {}
    placement = one.placement
    if placement.words and placement.words.separator and placement.place is not Place.CONCATENATED:
        keys["separator"] = quote(placement.words.separator)
    if placement.dating:
        keys |= describe_dating(placement.dating)
    if (style := tell_country_style(one)) not in (None, CODES):
        keys["country"] = str(style)
    return keys


def describe_dating(dating: Dating) -> dict[str, str]:
    """Form, calendar and pivot."""
    keys: dict[str, str] = {}
    if dating.forms:
        keys["date"] = quote(dating.forms[0]) if len(dating.forms) == 1 else write_words(dating.forms)
    if dating.calendar is not Calendar.GREGORIAN:
        keys["calendar"] = dating.calendar.value
    if dating.pivot:
        keys["pivot"] = str(dating.pivot)
    return keys


def tell_country_style(one: PlacedColumn) -> str | None:
    """How the countries of a column are written; None for other columns, and those without a cell."""
    placement = one.placement
    if placement.place is not Place.FIELD or case_fields()[placement.target].codelist != COUNTRY:
        return None
    separator = placement.words.separator if placement.words else None
    cells = [cell for cell in list_parts(one.column.profile, separator) if not is_missing(cell)]
    if not cells:
        return None
    if all(parse_code(cell) for cell in cells):
        return CODES
    return NUMERIC if all(parse_numeric(cell, TerritoryPolicy.CTDC) for cell in cells) else NAMES


def need_languages(columns: Sequence[PlacedColumn]) -> list[str]:
    """Languages without which a column of names or months is not read, the most asked first."""
    named = [
        one.placement.words.language
        for one in columns
        if one.placement.words and tell_country_style(one) == NAMES
    ]
    dated = [one.placement.dating.language for one in columns if one.placement.dating]
    return [language for language in [*dated, *named] if language]
