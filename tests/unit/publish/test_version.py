"""Versions count up within a month and sort as numbers."""

from datetime import date

import pytest

from publish.version import InvalidVersion, next_version, parse_version

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("existing", "version"),
    [
        ([], "2026.11.1"),
        (["2026.11.1"], "2026.11.2"),
        (["2026.11.1", "2026.11.3"], "2026.11.4"),
        (["2026.11.9", "2026.11.10"], "2026.11.11"),
        (["2026.10.7", "2025.11.3"], "2026.11.1"),
        (["2026.12.2", "2026.11.5"], "2026.12.3"),
        (["2027.01.9", "2026.11.1"], "2027.01.10"),
    ],
)
def test_next_version(existing: list[str], version: str) -> None:
    assert next_version(existing, TODAY) == version


def test_a_clock_that_goes_back_and_forth_repeats_no_version() -> None:
    days = [date(2026, 11, 24), date(2026, 9, 1), date(2099, 1, 1), date(2026, 11, 25), date(2026, 11, 25)]
    existing: list[str] = []
    for day in days:
        existing.append(next_version(existing, day))
    assert existing == ["2026.11.1", "2026.11.2", "2099.01.1", "2099.01.2", "2099.01.3"]


def test_a_month_has_two_digits() -> None:
    assert next_version([], date(2027, 1, 31)) == "2027.01.1"


def test_versions_sort_as_numbers() -> None:
    assert sorted(["2026.11.10", "2026.11.9", "2026.02.11"], key=parse_version) == [
        "2026.02.11",
        "2026.11.9",
        "2026.11.10",
    ]


@pytest.mark.parametrize(
    "word",
    ["", "2026.1.1", "2026.13.1", "2026.11.0", "2026.11.01", "2026.11", "v2026.11.1", "2026.11.1\n", "../x"],
)
def test_what_is_no_version(word: str) -> None:
    with pytest.raises(InvalidVersion):
        next_version([word], TODAY)
