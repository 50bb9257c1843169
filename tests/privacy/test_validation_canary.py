"""A victim's name in any column comes back from validation in no finding and no exception."""

import logging
import traceback
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest

from schemas.case import case_fields
from schemas.field import Kind
from schemas.finding import FindingCode
from schemas.perpetrator import Perpetrator
from schemas.rules_hygiene import REASONED
from transforms.mapped import Mapped, Validated
from transforms.validation import CasesMistyped, validate_cases

CANARY = "Zzyzx Canary-Victim"
# A number that no count, row or position in these tests can be.
NUMBER = 31_337

TEXTS = [f.name for f in case_fields().values() if f.kind in (Kind.TEXT, Kind.CODE, Kind.CODES)]
CHECKED = [f.name for f in case_fields().values() if f.kind in (Kind.CODE, Kind.CODES)]
NUMBERS = [f.name for f in case_fields().values() if f.kind in (Kind.INTEGER, Kind.YEAR)]
MakeCases = Callable[..., pd.DataFrame]


@pytest.fixture(autouse=True)
def _nothing_is_logged_or_warned(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with warnings.catch_warnings(), caplog.at_level(logging.DEBUG):
        warnings.simplefilter("error")
        yield
    assert CANARY not in caplog.text
    assert str(NUMBER) not in caplog.text


def validate(cases: pd.DataFrame, perpetrators: pd.DataFrame | None = None) -> Validated:
    reasons = pd.DataFrame(index=cases.index, columns=list(REASONED), dtype="str")
    people = pd.DataFrame() if perpetrators is None else perpetrators
    return validate_cases(Mapped(cases, reasons, people, (), frozenset(), len(cases), {}), current_year=2026)


def test_a_name_in_every_text_column_at_once(make_cases: MakeCases) -> None:
    validated = validate(make_cases([dict.fromkeys(TEXTS, CANARY), {}]))
    told = {f.field for f in validated.findings if f.code is FindingCode.FIELD_INVALID}
    assert told == set(CHECKED) - {"year_band"}  # which is overridden, because the year is known
    assert CANARY not in repr(validated)


def test_a_name_in_one_text_column_a_row(make_cases: MakeCases) -> None:
    validated = validate(make_cases([{field: CANARY} for field in CHECKED]))
    assert validated.account.accepted == 1  # the one with a year band, which is overridden
    assert CANARY not in repr(validated)


def test_a_number_in_every_number_column(make_cases: MakeCases) -> None:
    row = dict.fromkeys(NUMBERS, NUMBER) | {"number_of_children": 99}
    validated = validate(make_cases([row, row, {}]))
    assert validated.account.held == 2
    assert str(NUMBER) not in repr(validated)


def test_a_name_in_a_perpetrator(make_cases: MakeCases) -> None:
    types = {"str": "str", "Int8": "Int8", "Int16": "Int16"}
    columns = Perpetrator.to_schema().columns
    row: dict[str, Any] = {name: CANARY for name, column in columns.items() if "Int" not in str(column.dtype)}
    people = pd.DataFrame(
        {
            name: pd.array([row.get(name)], dtype=types.get(str(column.dtype), "str"))
            for name, column in columns.items()
        }
    )
    validated = validate(make_cases([{}]), people)
    assert len(validated.perpetrators) == 0
    assert CANARY not in repr(validated)


@pytest.mark.parametrize("field", ["age_at_registration", "is_abduction", "consent_publication", "gender"])
def test_a_name_in_a_column_of_another_type(make_cases: MakeCases, field: str) -> None:
    cases = make_cases([{}, {}])
    for column in ([CANARY, CANARY], [CANARY, NUMBER], [CANARY, None]):
        typed = pd.Series(column, index=cases.index, dtype=object)
        with pytest.raises(CasesMistyped) as caught:
            validate(cases.assign(**{field: typed}))
        assert_says_nothing(caught.value)


def test_a_name_as_a_column(make_cases: MakeCases) -> None:
    with pytest.raises(CasesMistyped) as caught:
        validate(make_cases([{}]).assign(**{CANARY: CANARY}))
    assert_says_nothing(caught.value)


def assert_says_nothing(error: BaseException) -> None:
    assert error.__cause__ is None
    assert error.__context__ is None
    said = "".join(traceback.format_exception(error)) + repr(error)
    assert CANARY not in said
    assert str(NUMBER) not in said
