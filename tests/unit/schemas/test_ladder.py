"""Ranges stand in the finest code that holds the whole of them, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.ladder import Range, Rung, parse_range, place_range
from schemas.precision import Precision

EXACT, BROADER = Precision.EXACT, Precision.BROADER


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("09--17", Range(9, 17)),
        ("9-17", Range(9, 17)),
        ("9–17", Range(9, 17)),
        ("9 — 17", Range(9, 17)),
        ("00--08", Range(0, 8)),
        ("15 to 17", Range(15, 17)),
        ("48 +", Range(48, None)),
        ("18 and over", Range(18, None)),
        ("18 or older", Range(18, None)),
        ("<18", Range(0, 17)),
        ("< 5", Range(0, 4)),
        ("≤17", Range(0, 17)),
        ("<=17", Range(0, 17)),
        ("under 18", Range(0, 17)),
        (">60", Range(61, None)),
        ("≥60", Range(60, None)),
        ("17-9", None),
        ("<0", None),
        ("adult", None),
        ("18", None),
        ("+60", None),  # sixty and more, or more than sixty
        ("2019-05-01", None),
        ("", None),
    ],
)
def test_parse_range(text, found):
    assert parse_range(text) == found


@pytest.mark.parametrize(
    ("field", "text", "rung"),
    [
        ("age_broad", "9-17", Rung("age_broad", "9--17", EXACT)),
        ("age_broad", "10-14", Rung("age_broad", "9--17", BROADER)),
        ("age_broad", "60+", Rung("age_broad", "48+", BROADER)),
        ("age_broad", "0-17", Rung("age_group", "0--17", EXACT)),
        ("age_broad", "5-12", Rung("age_group", "0--17", BROADER)),
        ("age_broad", "18-25", Rung("age_group", "18--26", BROADER)),
        ("age_broad", "18-30", Rung("majority_status", "Adult", BROADER)),
        ("age_broad", "18+", Rung("majority_status", "Adult", EXACT)),
        ("age_broad", "15-19", None),
        ("age_broad", "17-18", None),
        ("age_at_registration", "12-16", Rung("age_broad", "9--17", BROADER)),
        ("age_when_trafficked", "<18", Rung("majority_entry", "Minor", EXACT)),
        ("traffick_months_exact", "<6", Rung("traffick_months", "0--12", BROADER)),
        ("traffick_months_exact", "6-18", None),
        ("number_of_children", "2-3", None),
    ],
)
def test_place_range(field, text, rung):
    assert place_range(field, parse_range(text)) == rung


@given(st.integers(0, 110), st.integers(0, 40))
def test_nothing_is_placed_that_the_code_does_not_cover(low, width):
    high = low + width
    rung = place_range("age_broad", Range(low, high))
    if rung is None:
        assert low < 18 <= high
    elif rung.field == "majority_status":
        assert (high < 18) == (rung.code == "Minor")
        assert (low < 18) == (high < 18)
    else:
        band = parse_range(rung.code)
        assert band.low <= low
        assert band.high is None or high <= band.high
