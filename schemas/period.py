"""A period: the months a delivery speaks of, written 2024, 2024-06, 2024-Q2 or 2019-2021.

Months are counted from the year 0, so that periods of any length can be compared and put together.
"""

import re
from datetime import date, timedelta
from enum import StrEnum

PERIOD = re.compile(r"^[1-9]\d{3}(-(0[1-9]|1[0-2])|-Q[1-4]|-[1-9]\d{3})?$")
YEAR = 12


class Frequency(StrEnum):
    """How often a file is due."""

    MONTH = "month"
    QUARTER = "quarter"
    YEARLY = "year"
    ONCE = "once"


LENGTHS: dict[Frequency, int] = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.YEARLY: YEAR}
"""Months of one period; a source that is handed in once has none."""


def list_months(period: str) -> range:
    """The months of a period; none where a range of years runs backwards.

    Raises:
        ValueError: it is not a period.
    """
    if not PERIOD.fullmatch(period):
        raise ValueError("not a period")
    year, part = int(period[:4]) * YEAR, period[5:]
    if not part:
        return range(year, year + YEAR)
    if part.startswith("Q"):
        return range(year + 3 * int(part[1]) - 3, year + 3 * int(part[1]))
    if len(part) == 2:
        return range(year + int(part) - 1, year + int(part))
    return range(year, int(part) * YEAR + YEAR)


def name_period(frequency: Frequency, month: int) -> str:
    """The period of this frequency that a month lies in.

    Raises:
        KeyError: the frequency has no periods.
    """
    year, number = divmod(month, YEAR)
    names = {
        Frequency.MONTH: f"{year:04}-{number + 1:02}",
        Frequency.QUARTER: f"{year:04}-Q{number // 3 + 1}",
        Frequency.YEARLY: f"{year:04}",
    }
    return names[frequency]


def find_end(period: str) -> date:
    """The last day of a period."""
    year, month = divmod(list_months(period).stop, YEAR)
    return date(year, month + 1, 1) - timedelta(days=1)


def list_years(period: str) -> range:
    """The years that a period touches."""
    months = list_months(period)
    return range(months.start // YEAR, -(-months.stop // YEAR))
