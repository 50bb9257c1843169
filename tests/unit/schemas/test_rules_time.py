"""Rules T, case by case, worked out by hand. The current year is 2026."""

from collections.abc import Callable
from typing import Any

import pytest

MINOR, ADULT = "Minor", "Adult"


def years(
    entry: int | None, start: int | None, end: int | None, registration: int | None
) -> dict[str, int | None]:
    return {
        "entry_year": entry,
        "exploit_start_year": start,
        "exploit_end_year": end,
        "year_of_registration": registration,
    }


@pytest.mark.parametrize(
    ("case", "kept"),
    [
        (years(2010, 2011, 2012, 2013), True),
        (years(2013, 2013, 2013, 2013), True),
        (years(2012, 2011, 2012, 2013), False),
        (years(2010, 2013, 2012, 2014), False),
        (years(2010, 2011, 2014, 2013), False),
        (years(2010, 2014, None, 2013), False),
        (years(2014, None, None, 2013), False),
        (years(2012, None, 2011, 2013), False),
        (years(None, None, None, 2026), True),
        (years(None, None, None, 2027), False),
        (years(None, None, 2027, None), False),
        (years(None, 2026, None, None), True),
        (years(None, None, None, None), True),
    ],
)
def test_t1_years_follow_each_other(holds: Callable[..., list[bool]], case: dict, kept: bool) -> None:
    assert holds("T1", case) == [kept]


def ages(age: int | None, band: str | None, group: str | None, majority: str | None) -> dict[str, Any]:
    return {
        "age_at_registration": age,
        "age_broad": band,
        "age_group": group,
        "majority_status": majority,
    }


@pytest.mark.parametrize(
    ("case", "kept"),
    [
        (ages(8, "0--8", "0--17", MINOR), True),
        (ages(9, "0--8", None, None), False),
        (ages(9, "9--17", None, None), True),
        (ages(17, "9--17", "0--17", MINOR), True),
        (ages(17, None, None, ADULT), False),
        (ages(18, None, None, MINOR), False),
        (ages(18, "18--20", "18--26", ADULT), True),
        (ages(48, "48+", "39+", ADULT), True),
        (ages(110, "48+", "39+", ADULT), True),
        (ages(47, "48+", None, None), False),
        (ages(30, None, "18--26", None), False),
        (ages(None, "9--17", None, MINOR), True),
        (ages(None, "9--17", None, ADULT), False),
        (ages(None, "18--20", None, MINOR), False),
        (ages(None, "18--20", "0--17", None), False),
        (ages(None, None, "0--17", ADULT), False),
        (ages(None, None, "39+", ADULT), True),
        (ages(None, None, None, MINOR), True),
        (ages(None, None, None, None), True),
    ],
)
def test_t2_ages_agree(holds: Callable[..., list[bool]], case: dict, kept: bool) -> None:
    assert holds("T2a", case) == [kept]


@pytest.mark.parametrize(
    ("registration", "exploit", "entry", "kept"),
    [
        (MINOR, MINOR, MINOR, True),
        (MINOR, ADULT, None, False),
        (MINOR, None, ADULT, False),
        (None, MINOR, ADULT, False),
        (ADULT, MINOR, MINOR, True),
        (ADULT, ADULT, MINOR, True),
        (ADULT, ADULT, ADULT, True),
        (ADULT, MINOR, ADULT, False),
        (None, ADULT, ADULT, True),
        (MINOR, None, None, True),
        (None, None, None, True),
    ],
)
def test_t3_nobody_grows_younger(
    holds: Callable[..., list[bool]],
    registration: str | None,
    exploit: str | None,
    entry: str | None,
    kept: bool,
) -> None:
    case = {
        "majority_status": registration,
        "majority_status_at_exploit": exploit,
        "majority_entry": entry,
    }
    assert holds("T3", case) == [kept]


@pytest.mark.parametrize(
    ("months", "age", "start", "end", "kept"),
    [
        # aged 10, so at most 10 years and 11 completed months have been lived
        (131, 10, None, None, True),
        (132, 10, None, None, False),
        (0, 0, None, None, True),
        (1, 0, None, None, True),
        (11, 0, None, None, True),
        (12, 0, None, None, False),
        (13, 10, 2019, 2019, False),
        (12, None, 2019, 2019, True),
        (13, None, 2019, 2019, False),
        (24, None, 2018, 2019, True),
        (25, None, 2018, 2019, False),
        (25, 40, 2018, 2019, False),
        (900, None, 2018, None, True),
        (None, 3, 2018, 2019, True),
        (900, None, None, None, True),
        # out of range: must not overflow into a large limit that lets everything pass
        (900, None, 20000, 10000, False),
    ],
)
def test_t4_months_fit_into_life_and_years(
    holds: Callable[..., list[bool]],
    months: int | None,
    age: int | None,
    start: int | None,
    end: int | None,
    kept: bool,
) -> None:
    case = {
        "traffick_months_exact": months,
        "age_at_registration": age,
        "exploit_start_year": start,
        "exploit_end_year": end,
    }
    assert holds("T4", case) == [kept]


@pytest.mark.parametrize(
    ("months", "band", "kept"),
    [
        (0, "0--12", True),
        (12, "0--12", True),
        (13, "0--12", False),
        (13, "13--24", True),
        (24, "25+", False),
        (25, "25+", True),
        (25, None, True),
        (None, "25+", True),
        (None, None, True),
    ],
)
def test_t5_band_of_months(
    holds: Callable[..., list[bool]], months: int | None, band: str | None, kept: bool
) -> None:
    assert holds("T5b", {"traffick_months_exact": months, "traffick_months": band}) == [kept]


@pytest.mark.parametrize(
    ("first", "registration", "kept"),
    [(17, 17, True), (18, 17, False), (0, 110, True), (18, None, True), (None, 17, True), (None, None, True)],
)
def test_t6_first_trafficked_before_registered(
    holds: Callable[..., list[bool]], first: int | None, registration: int | None, kept: bool
) -> None:
    assert holds("T6", {"age_when_trafficked": first, "age_at_registration": registration}) == [kept]


@pytest.mark.parametrize(
    ("period", "year", "kept"),
    [
        ("2019", 2019, True),
        ("2019", 2018, False),
        ("2019", 2020, False),
        ("2019-06", 2019, True),
        ("2019-12", 2020, False),
        ("2019-Q1", 2018, False),
        ("2019-Q4", 2019, True),
        ("2017-2019", 2016, False),
        ("2017-2019", 2017, True),
        ("2017-2019", 2019, True),
        ("2017-2019", 2020, False),
        ("2019", None, True),
        (None, 2019, True),
    ],
)
def test_t7_who_is_registered_in_another_year_than_the_period(
    holds: Callable[..., list[bool]], period: str | None, year: int | None, kept: bool
) -> None:
    assert holds("T7", {"period": period, "year_of_registration": year}) == [kept]
