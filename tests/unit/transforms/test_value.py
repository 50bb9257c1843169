"""Values are read as the files of CTDC, HTCDS and Argentina write them."""

import pytest

from transforms.value import (
    Country,
    parse_band,
    parse_country,
    parse_whole,
    parse_year,
    parse_year_of_date,
    parse_yes_no,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("14", 14),
        ("14.0", 14),
        ("0", 0),
        ("-99", -99),
        ("014", 14),
        ("14.5", None),
        ("", None),
        ("14 y", None),
    ],
)
def test_parse_whole(text, number):
    assert parse_whole(text) == number


@pytest.mark.parametrize(
    ("text", "year"),
    [("2002", 2002), ("2002.0", 2002), ("2002.5", None), ("02", None), ("20020", None), ("-99", None)],
)
def test_parse_year(text, year):
    assert parse_year(text) == year


@pytest.mark.parametrize(
    ("text", "form", "year"),
    [
        ("31.12.2019", "%d.%m.%Y", 2019),
        ("2019-12-31", "%d.%m.%Y", 2019),  # a true date of a workbook comes as ISO 8601
        ("2019-12-31 08:15:00", "%d.%m.%Y", 2019),
        ("31.02.2019", "%d.%m.%Y", None),
        ("12/31/2019", "%d.%m.%Y", None),
        ("2019", "%d.%m.%Y", None),
    ],
)
def test_parse_year_of_date(text, form, year):
    assert parse_year_of_date(text, form) == year


@pytest.mark.parametrize(
    ("text", "answer"),
    [("1", True), ("1.0", True), ("TRUE", True), ("Yes", True), ("0", False), ("0.0", False), ("no", False)],
)
def test_parse_yes_no(text, answer):
    assert parse_yes_no(text) is answer


@pytest.mark.parametrize("text", ["", "2", "-99", "ja", "False promises", "10"])
def test_parse_yes_no_guesses_nothing(text):
    assert parse_yes_no(text) is None


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("09--17", "9--17"),
        ("9-17", "9--17"),
        ("9–17", "9--17"),
        ("9 — 17", "9--17"),
        ("00--08", "0--8"),
        ("48 +", "48+"),
        ("adult", "adult"),
    ],
)
def test_parse_band(text, band):
    assert parse_band(text) == band


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("NA", Country("NAM")),
        ("NO", Country("NOR")),
        ("SRB", Country("SRB")),
        ("XK", Country("SRB", is_placed=True)),
        ("XKX", Country("SRB", is_placed=True)),
        ("ZR", Country("COD", is_placed=True)),
        ("TMP", Country("TLS", is_placed=True)),
        ("YU", Country(None, is_placed=True)),
        ("00", Country(None)),
        ("0", Country(None)),
        ("ZZ", Country(None)),
        ("no", None),  # a word, not a code
        ("Serbia", None),
        ("-99", None),
    ],
)
def test_parse_country(text, country):
    assert parse_country(text) == country
