"""Whole numbers and years, in the digits of any script; what is not clearly whole is not read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.number import parse_whole, parse_year

DIGITS = ["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "๐๑๒๓๔๕๖๗๘๙", "०१२३४५६७८९", "0123456789"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("14", 14),
        ("14.0", 14),
        ("14,0", 14),
        ("14٫0", 14),
        ("0", 0),
        ("-99", -99),
        ("\u221299", -99),
        ("014", 14),
        ("١٤", 14),
        ("14.5", None),
        ("14,5", None),
        ("14.10", None),
        ("1.000", None),  # a thousand in some countries, one in others
        ("1,000", None),
        ("", None),
        ("14 y", None),
        ("1e3", None),
        ("½", None),
    ],
)
def test_parse_whole(text, number):
    assert parse_whole(text) == number


@pytest.mark.parametrize(
    ("text", "thousands", "number"),
    [
        ("1.000", ".", 1000),
        ("12.345.678", ".", 12345678),
        ("1.000,0", ".", 1000),
        ("1,000", ",", 1000),
        ("1\u00a0000", " ", 1000),
        ("1'000", "'", 1000),
        ("14", ".", 14),
        ("1.00", ".", 1),
        ("1.0000", ".", 1),
        ("1.000", ",", None),
    ],
)
def test_thousands_are_parted_only_as_declared(text, thousands, number):
    assert parse_whole(text, thousands) == number


@given(st.integers(0, 999_999_999), st.sampled_from(DIGITS))
def test_every_script_counts_alike(number, digits):
    written = "".join(digits[int(digit)] for digit in str(number))
    assert parse_whole(written) == number


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2002", 2002),
        ("2002.0", 2002),
        ("2002,0", 2002),
        ("٢٠٠٢", 2002),
        ("2002.5", None),
        ("02", None),
        ("20020", None),
        ("-99", None),
    ],
)
def test_parse_year(text, year):
    assert parse_year(text) == year
