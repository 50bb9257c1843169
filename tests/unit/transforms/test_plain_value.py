"""Plain values of every format stand in cells alike."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pandas as pd
import pytest

from transforms.readers.plain_value import write_plain


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (pd.NaT, ""),
        (float("nan"), ""),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (14.0, "14"),
        (-99.0, "-99"),
        (2.5, "2.5"),
        (Decimal("14.0"), "14.0"),
        (" a\u0308 ", "ä"),
        (date(2019, 3, 1), "2019-03-01"),
        (datetime(2019, 3, 1), "2019-03-01"),
        (pd.Timestamp(2019, 3, 1), "2019-03-01"),
        (datetime(2019, 3, 1, 8, 15), "2019-03-01 08:15:00"),
        (pd.Timestamp(2019, 3, 1, 8, 15), "2019-03-01 08:15:00"),
        (time(8, 15), "08:15:00"),
        (timedelta(hours=30), "1 day, 6:00:00"),
    ],
)
def test_value_as_text(value: object, cell: str) -> None:
    assert write_plain(value) == cell
