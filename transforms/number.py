"""Numbers: whole numbers and years, in the digits of any script, read from the text of a cell.

Each function gives None for what it cannot read; the caller turns that into a finding.
"""

import re

from transforms.wording import level_digits

WHOLE = re.compile(r"([+-]?\d{1,9})(?:[.,\u066b](0*))?")
YEAR = re.compile(r"([12]\d{3})(?:[.,\u066b]0*)?")
AMBIGUOUS = 3
"""Zeros behind a point that may as well be thousands: `1.000`."""


def parse_whole(text: str, thousands: str | None = None) -> int | None:
    """A whole number, also as `14.0` or `14,0`; `1.000` only where it is declared what parts thousands."""
    text = level_number(text)
    if thousands:
        text = _join_thousands(text, thousands)
    match = WHOLE.fullmatch(text)
    if match is None or (match[2] and len(match[2]) == AMBIGUOUS):
        return None
    return int(match[1])


def parse_year(text: str) -> int | None:
    """A year of four digits, also as `2002.0`."""
    match = YEAR.fullmatch(level_number(text))
    return int(match[1]) if match else None


def level_number(text: str) -> str:
    """Digits of any script as 0 to 9, and one kind of minus."""
    return level_digits(text.strip()).replace("\u2212", "-")


def _join_thousands(text: str, thousands: str) -> str:
    """The text without separators, where they part groups of three digits and nothing else."""
    space = "[ \u00a0\u202f]" if thousands == " " else re.escape(thousands)
    match = re.fullmatch(rf"([+-]?\d{{1,3}}(?:{space}\d{{3}})+)((?:[.,]0*)?)", text)
    return re.sub(space, "", match[1]) + match[2] if match else text
