"""Ages worked out by hand: birthdays, leap days, births known only to the month or year."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.ladder import Range
from transforms.age import list_ages, measure_age
from transforms.date import Span


def year(number):
    return Span(date(number, 1, 1), date(number, 12, 31))


def day(*parts):
    return Span(date(*parts), date(*parts))


@pytest.mark.parametrize(
    ("birth", "event", "age"),
    [
        ((2001, 6, 15), (2019, 6, 14), 17),
        ((2001, 6, 15), (2019, 6, 15), 18),
        ((2001, 6, 15), (2001, 6, 15), 0),
        ((2004, 2, 29), (2022, 2, 28), 17),
        ((2004, 2, 29), (2022, 3, 1), 18),
        ((2004, 2, 29), (2024, 2, 29), 20),
        ((2001, 12, 31), (2019, 1, 1), 17),
    ],
)
def test_completed_years(birth, event, age):
    assert measure_age(date(*birth), date(*event)) == age


@pytest.mark.parametrize(
    ("birth", "event", "ages"),
    [
        (year(2001), year(2019), Range(17, 18)),
        (year(2001), day(2019, 12, 31), Range(18, 18)),
        (year(2001), day(2019, 6, 15), Range(17, 18)),
        (year(2001), day(2019, 1, 1), Range(17, 18)),
        (day(2001, 1, 1), year(2019), Range(18, 18)),
        (day(2001, 1, 2), year(2019), Range(17, 18)),
        (year(2019), year(2019), Range(0, 0)),
        (year(2020), year(2019), None),
        (day(2019, 6, 16), day(2019, 6, 15), None),
    ],
)
def test_ages_that_are_possible(birth, event, ages):
    assert list_ages(birth, event) == ages


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 110), st.integers(0, 364))
def test_an_age_is_that_many_birthdays(birth, years, days):
    """The n-th birthday, counted year by year, is the first day of age n."""
    leaps = birth.month == 2 and birth.day == 29
    year_then = birth.year + years
    is_leap = year_then % 4 == 0 and (year_then % 100 != 0 or year_then % 400 == 0)
    birthday = date(year_then, 3, 1) if leaps and not is_leap else birth.replace(year=year_then)
    event = date.fromordinal(birthday.toordinal() + days)
    assert measure_age(birth, event) == years
