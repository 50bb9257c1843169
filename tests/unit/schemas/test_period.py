"""Periods as months: what each form covers, and where it ends."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.period import LENGTHS, Frequency, find_end, list_months, list_years, name_period


@pytest.mark.parametrize(
    ("period", "months", "end", "years"),
    [
        ("2024", 12, date(2024, 12, 31), [2024]),
        ("2024-02", 1, date(2024, 2, 29), [2024]),
        ("2023-02", 1, date(2023, 2, 28), [2023]),
        ("2024-12", 1, date(2024, 12, 31), [2024]),
        ("2024-Q1", 3, date(2024, 3, 31), [2024]),
        ("2024-Q4", 3, date(2024, 12, 31), [2024]),
        ("2017-2019", 36, date(2019, 12, 31), [2017, 2018, 2019]),
    ],
)
def test_what_a_period_covers(period, months, end, years):
    assert len(list_months(period)) == months
    assert find_end(period) == end
    assert list(list_years(period)) == years


def test_the_parts_of_a_year_make_the_year():
    year = [*list_months("2024")]
    assert [m for number in range(1, 13) for m in list_months(f"2024-{number:02}")] == year
    assert [m for number in range(1, 5) for m in list_months(f"2024-Q{number}")] == year


def test_a_range_that_runs_backwards_covers_nothing():
    assert len(list_months("2019-2017")) == 0


@pytest.mark.parametrize("word", ["", "24", "2024-13", "2024-Q5", "0000", "2024\n", "2024-1"])
def test_what_is_no_period(word):
    with pytest.raises(ValueError, match="not a period"):
        list_months(word)


@given(st.sampled_from([*LENGTHS]), st.integers(1000 * 12, 9998 * 12))
def test_a_month_lies_in_the_period_that_is_named_after_it(frequency, month):
    period = name_period(frequency, month)
    assert month in list_months(period)
    assert len(list_months(period)) == LENGTHS[frequency]


def test_what_is_handed_in_once_has_no_periods():
    assert Frequency.ONCE not in LENGTHS
