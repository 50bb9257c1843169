"""Plain values as text: how a number, date or yes of any format stands in a cell."""

import math
from datetime import date, datetime, time
from typing import Any

import pandas as pd

from transforms.readers.content import clean_text


def write_plain(value: Any) -> str:
    """Whole numbers without a point, dates as ISO 8601 without midnight, yes as `true`, nothing blank."""
    match value:
        case str():
            return clean_text(value)
        case _ if value is None or value is pd.NaT:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if math.isnan(value):
            return ""
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time.min:
            return value.date().isoformat()
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
    return clean_text(str(value))
