"""Forms: what the cells of a column may say, and which of its words somebody meant who wrote another.

What is told here comes from the source description and the code lists, never from the file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd
from rapidfuzz.distance import Levenshtein

from schemas.case import CaseField, case_fields, find_limits
from schemas.codelist import load_codelist
from schemas.correction import list_words
from schemas.date_form import Calendar
from schemas.field import Kind
from schemas.finding import Finding, FindingCode
from schemas.language import find_locale
from schemas.nearest import find_nearest
from schemas.source import Column, Source
from transforms.column import locate_column
from transforms.lookup import fold_list, fold_word, split_cell
from transforms.mapped import RawTable

MISREAD = (FindingCode.WORD_UNKNOWN, FindingCode.WORD_UNPLACED, FindingCode.VALUE_UNREADABLE)
COUNTRY = "country"
SLIP = 0.6
"""Share of letters that must be the same, from which somebody may have meant a word."""
MOST_TRIED = 1_000
"""Different cells of a column for which a word is looked for; nobody reads more."""
DATE_PARTS = {"%d": "31", "%m": "12", "%Y": "2019", "%y": "19", "%H": "00", "%M": "00", "%S": "00"}


class Form(StrEnum):
    """Kinds of answers a column may ask for."""

    WORDS = "words"
    NUMBER = "number"
    DATE = "date"
    YEAR = "year"
    COUNTRY = "country"


@dataclass(frozen=True)
class Asked:
    """What a column asks for; `values` are figures and words of the source description."""

    form: Form
    values: Mapping[str, object] = field(default_factory=dict)


def describe_form(source: Source, column: Column) -> Asked | None:
    """What may be typed in a column; None where nothing short can be said, as of a key."""
    described = case_fields().get(column.field or "")
    if column.date and (example := _write_example(column)):
        return Asked(Form.DATE, {"example": example})
    if words := _list_choices(source, column, described):
        return Asked(Form.WORDS, {"words": words})
    if described is None:
        return None
    if described.codelist == COUNTRY:
        return Asked(Form.COUNTRY)
    if described.kind in (Kind.INTEGER, Kind.YEAR) and not column.date:
        form = Form.YEAR if described.kind is Kind.YEAR else Form.NUMBER
        lowest, highest = find_limits(described.name)
        return Asked(form, {"low": lowest, "high": highest})
    return None


def find_meant(source: Source, tables: Mapping[str, RawTable], finding: Finding) -> dict[int, str]:
    """By row of a finding about words the word of the description that is most like what stands there."""
    column = source.find_column(finding.column or "")
    if finding.code not in MISREAD or column is None or column.key:
        return {}
    table, name = locate_column(source, finding.column or "")
    raw = tables.get(table)
    if raw is None or name not in raw.frame.columns:
        return {}
    cells = raw.frame[name]
    cells = cells[cells.index.isin(finding.rows)]
    nearest = {cell: _find_nearest(source, column, str(cell)) for cell in cells.unique()[:MOST_TRIED]}
    meant: pd.Series = cells.map(nearest).dropna()
    return {int(row): str(word) for row, word in meant.items()}


def _find_nearest(source: Source, column: Column, cell: str) -> str | None:
    """The nearest word; where a cell holds several, that of the first that nobody knows."""
    words = [word for word in _list_typed(source, column) if word]
    labels = _name_countries(source) if _is_country(column) else {}
    for part in _list_strange(column, cell, words):
        for known in (words, list(labels)):
            near = [word for word in find_nearest(part, known) if _is_slip(part, word)]
            if near:
                return labels.get(near[0], near[0])
    return None


def _name_countries(source: Source) -> dict[str, str]:
    """Names of countries, and what to type: the name in the source's language, or the code."""
    entries = load_codelist(COUNTRY).entries
    names = {entry.label: entry.code for entry in entries}
    for language in source.language:
        known = find_locale(language).territories
        own = (known.get(entry.extra["alpha2"]) for entry in entries)
        names |= {name: name for name in own if name}
    return names


def _is_slip(typed: str, word: str) -> bool:
    """Whether few letters differ; a beginning in common, which counts for much elsewhere, is not enough."""
    return Levenshtein.normalized_similarity(fold_word(typed), fold_word(word)) >= SLIP


def _list_strange(column: Column, cell: str, words: list[str]) -> list[str]:
    separator = column.separator
    if not separator:
        return [cell]
    known = {fold_list(word, separator) for word in words}
    parts = fold_word(cell).split(fold_word(separator) or " ")
    strange = [part.strip() for part in parts if part.strip() and split_cell(part, separator, known)[1]]
    return strange or [cell]


def _list_typed(source: Source, column: Column) -> tuple[str, ...]:
    """Every word that may stand in the column: of its lookup, or codes where it has none."""
    described = case_fields().get(column.field or "")
    words = list_words(source, column)
    if described and described.codelist and described.codelist != COUNTRY and not column.lookup:
        return (*words, *load_codelist(described.codelist).codes)
    return words


def _list_choices(source: Source, column: Column, described: CaseField | None) -> tuple[str, ...]:
    """The words with a meaning, where the column takes no other answers."""
    if column.flags or (column.lookup and not _is_country(column)):
        return tuple(source.lookups[column.lookup or column.flags or ""])
    if described and described.codelist and not _is_country(column):
        return load_codelist(described.codelist).codes
    return ()


def _is_country(column: Column) -> bool:
    described = case_fields().get(column.field or "")
    return described is not None and described.codelist == COUNTRY


def _write_example(column: Column) -> str | None:
    """The last day of 2019 in a form of the column, if its parts are all figures."""
    if column.calendar is not Calendar.GREGORIAN:
        return None
    for form in _list_date_forms(column):
        if "%" not in form:
            continue
        for directive, figures in DATE_PARTS.items():
            form = form.replace(directive, figures)
        if "%" not in form:
            return form
    return None


def _list_date_forms(column: Column) -> Iterator[str]:
    yield from (column.date,) if isinstance(column.date, str) else column.date or ()
