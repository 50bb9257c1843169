"""Births: the column of dates or years of birth, which becomes an age at registration and goes no further."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from schemas.case import case_fields
from schemas.case_core import OLDEST
from schemas.source import Column, Source
from transforms.age import list_ages
from transforms.answer import GARBLED, UNKNOWN, Answer
from transforms.cell import build_missing
from transforms.date import Span
from transforms.lookup import fold_word
from transforms.notation import build_span_reading, place_numbers
from transforms.part import Contribution, Words, spread_answers
from transforms.readers.content import UNREADABLE

AGE, EVENT = "age_at_registration", "year_of_registration"


def map_births(source: Source, address: str, frame: pd.DataFrame) -> Contribution:
    """The age at registration from a column of births; a coarser field where two ages are possible.

    An event that is not known leaves the age unknown; its own column tells what is wrong with it.
    """
    column = source.columns[address]
    event_address, event = find_event(source)
    births, born = pd.factorize(frame[address])
    events, happened = pd.factorize(_take_events(frame, event_address))
    step = max(1, len(happened))
    pairs, places = np.unique(births * step + events, return_inverse=True)
    read_event = build_span_reading(source, event)
    at_birth = _read_births(source, column, born)
    at_event = [read_event(cell) for cell in happened]
    answers = [_tell_age(at_birth[pair // step], at_event[pair % step]) for pair in pairs.tolist()]
    words = Words(address, places, frame.index)
    return spread_answers(source, column.model_copy(update={"field": AGE}), words, answers)


def find_event(source: Source) -> tuple[str, Column]:
    """The column of the date at which the age is told."""
    return next((name, column) for name, column in source.columns.items() if column.field == EVENT)


def _take_events(frame: pd.DataFrame, address: str) -> pd.Series:
    """The dates of the events; blank where their table may have several rows for one case."""
    return frame[address] if address in frame.columns else pd.Series("", index=frame.index, dtype="str")


def _read_births(source: Source, column: Column, cells: Iterable[str]) -> list[Span | Answer]:
    """What each cell says of a birth, or the answer where it tells none."""
    read, missing = build_span_reading(source, column), build_missing(source, column)

    def read_one(cell: str) -> Span | Answer:
        reason = missing.get(fold_word(cell))
        if reason and cell != UNREADABLE:
            return Answer(reason=reason)
        return read(cell) or GARBLED

    return [read_one(cell) for cell in cells]


def _tell_age(birth: Span | Answer, event: Span | None) -> Answer:
    if isinstance(birth, Answer):
        return birth
    if event is None:
        return UNKNOWN
    ages = list_ages(birth, event)
    if ages is None or ages.low > OLDEST:
        return GARBLED
    return Answer(ages.low) if ages.low == ages.high else place_numbers(ages, case_fields()[AGE])
