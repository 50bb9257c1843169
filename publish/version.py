"""Versions of releases: `YYYY.MM.N`, year and month of publication and a count within the month."""

import re
from collections.abc import Iterable
from datetime import date

PATTERN = re.compile(r"^(\d{4})\.(0[1-9]|1[0-2])\.([1-9]\d*)$", re.ASCII)


class InvalidVersion(Exception):
    """A word that is not a version stands where one should."""


def parse_version(version: str) -> tuple[int, int, int]:
    """Year, month and count; sorts releases, because 2026.11.10 comes after 2026.11.9.

    Raises:
        InvalidVersion: it is not written `YYYY.MM.N`.
    """
    match = PATTERN.fullmatch(version)
    if match is None:
        raise InvalidVersion("a version is year, month and count, such as 2026.11.1")
    year, month, count = match.groups()
    return int(year), int(month), int(count)


def next_version(existing: Iterable[str], today: date) -> str:
    """The version after the last one of this month; gaps are never filled.

    Where the clock stands in a month before that of the last release, it counts on in that one: no
    version comes twice, and none sorts before one that was published earlier.

    Raises:
        InvalidVersion: an existing version is not written `YYYY.MM.N`.
    """
    last = max((parse_version(version) for version in existing), default=(0, 0, 0))
    year, month, count = max(last, (today.year, today.month, 0))
    return f"{year:04}.{month:02}.{count + 1}"
