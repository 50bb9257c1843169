"""Forms of dates: the order and notation in which a source writes its dates, as `date:` names them."""

import re
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator

TOKEN = re.compile(r"%(.)|(\s+)|([^%\s]+)")
PARTS = {
    "d": "day",
    "m": "month",
    "B": "month",
    "b": "month",
    "Y": "year",
    "y": "year",
    "H": "hour",
    "M": "minute",
    "S": "second",
}
"""Directives that a form may have, and the part of a date each writes."""


class Serial(StrEnum):
    """Forms that are no pattern: days since the beginning of a workbook's count, and ISO 8601."""

    EXCEL_1900 = "excel_1900"
    EXCEL_1904 = "excel_1904"


class Calendar(StrEnum):
    """Calendars in which a source may count its years."""

    GREGORIAN = "gregorian"
    BUDDHIST = "buddhist"
    SOLAR_HIJRI = "solar_hijri"


def split_form(form: str) -> tuple[tuple[str, str, str], ...]:
    """The tokens of a form from left to right: directive, space and other text, of which one is filled."""
    return tuple((found[1] or "", found[2] or "", found[3] or "") for found in TOKEN.finditer(form))


def find_fault(form: str, pivot: int | None) -> str | None:
    """Why a date written in the form could not be read back; None if it can."""
    if form in tuple(Serial):
        return None
    directives = [directive for directive, _, _ in split_form(form) if directive]
    unknown = [directive for directive in directives if directive not in PARTS]
    parts = [PARTS[directive] for directive in directives if directive in PARTS]
    if "".join("".join(token) for token in split_form(form)).replace(" ", "") == "" or form.endswith("%"):
        return "give a form such as %d.%m.%Y"
    if unknown:
        return f"%{unknown[0]} is no part of a date; write %d, %m, %B, %Y, %y, %H, %M or %S"
    if len(set(parts)) < len(parts):
        return "names a part of the date twice"
    if "year" not in parts:
        return "give a form such as %d.%m.%Y; it must have the year"
    if "day" in parts and "month" not in parts:
        return "has a day and no month"
    if "y" in directives and pivot is None:
        return "%y leaves the century open; say with pivot which is the last year that two digits can mean"
    return None


def _check_forms(value: Any) -> Any:
    forms = list(value) if isinstance(value, list | tuple) else [value]
    if not forms or not all(isinstance(form, str) for form in forms):
        raise ValueError("give a form such as %d.%m.%Y, or several, such as [%d.%m.%Y, excel_1900]")
    return tuple(forms)


DateForms = Annotated[tuple[str, ...], BeforeValidator(_check_forms)]
"""One form or several."""
