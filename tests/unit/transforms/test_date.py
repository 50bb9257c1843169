"""Dates in the orders, calendars and languages of ministries; pairs are from published tables."""

from datetime import date

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from schemas.date_form import Calendar
from transforms.date import Span, build_date_reading, index_months

LANGUAGES = ["sr-Latn", "sr-Cyrl", "mk", "sq", "es", "fr", "pt", "ar", "ru", "uk", "ro", "tr", "th", "en"]
GREGORIAN, BUDDHIST, HIJRI = Calendar.GREGORIAN, Calendar.BUDDHIST, Calendar.SOLAR_HIJRI


def read(text, *forms, calendar=GREGORIAN, pivot=None, language=()):
    return build_date_reading(forms, calendar, pivot, language)(text)


def day(year, month, number):
    return Span(date(year, month, number), date(year, month, number))


@pytest.mark.parametrize(
    ("text", "form", "read_as"),
    [
        ("31.12.2019", "%d.%m.%Y", day(2019, 12, 31)),
        ("1.2.2019", "%d.%m.%Y", day(2019, 2, 1)),
        ("31.12.2019.", "%d.%m.%Y.", day(2019, 12, 31)),
        ("5/3/2019", "%d/%m/%Y", day(2019, 3, 5)),
        ("5/3/2019", "%m/%d/%Y", day(2019, 5, 3)),
        ("2019/03/05", "%Y/%m/%d", day(2019, 3, 5)),
        ("٢٠١٩/٠٣/٠٥", "%Y/%m/%d", day(2019, 3, 5)),
        ("\u200f٠٥/٠٣/٢٠١٩", "%d/%m/%Y", day(2019, 3, 5)),
        ("31.12.2019 23:59", "%d.%m.%Y %H:%M", day(2019, 12, 31)),
        ("2019-12-31", "%d.%m.%Y", day(2019, 12, 31)),  # a true date of a workbook comes as ISO 8601
        ("2019-12-31 08:15:00", "%d.%m.%Y", day(2019, 12, 31)),
        ("2019-12-31T08:15:00.000Z", "%d.%m.%Y", day(2019, 12, 31)),
        ("29.02.2020", "%d.%m.%Y", day(2020, 2, 29)),
        ("29.02.2019", "%d.%m.%Y", None),
        ("31.02.2019", "%d.%m.%Y", None),
        ("12/31/2019", "%d.%m.%Y", None),
        ("12/31/2019", "%d/%m/%Y", None),
        ("00.12.2019", "%d.%m.%Y", None),  # a day of 0 is no part that was left out
        ("2019", "%d.%m.%Y", None),
        ("20191231", "%d.%m.%Y", None),
        ("2019-13-01", "%d.%m.%Y", None),
        ("03/2019", "%m/%Y", Span(date(2019, 3, 1), date(2019, 3, 31))),
        ("12/2019", "%m/%Y", Span(date(2019, 12, 1), date(2019, 12, 31))),
        ("2019", "%Y", Span(date(2019, 1, 1), date(2019, 12, 31))),
        ("00/2019", "%m/%Y", None),
    ],
)
def test_the_declared_order(text, form, read_as):
    assert read(text, form) == read_as


@pytest.mark.parametrize(
    ("text", "pivot", "year"),
    [("5.3.19", 2029, 2019), ("5.3.29", 2029, 2029), ("5.3.30", 2029, 1930), ("5.3.63", 2570, 2563)],
)
def test_two_digits_mean_the_latest_year_up_to_the_pivot(text, pivot, year):
    assert read(text, "%d.%m.%y", pivot=pivot).first.year == year


@pytest.mark.parametrize(
    ("text", "language", "form", "read_as"),
    [
        ("15. januara 2019.", "sr-Latn", "%d. %B %Y.", day(2019, 1, 15)),
        ("15. јануара 2019.", "sr-Cyrl", "%d. %B %Y.", day(2019, 1, 15)),
        ("15 јануари 2019", "mk", "%d %B %Y", day(2019, 1, 15)),
        ("15 shkurt 2019", "sq", "%d %B %Y", day(2019, 2, 15)),
        ("12 de marzo de 2019", "es", "%d de %B de %Y", day(2019, 3, 12)),
        ("1 de setiembre de 2019", "es", "%d de %B de %Y", day(2019, 9, 1)),
        ("15 février 2019", "fr", "%d %B %Y", day(2019, 2, 15)),
        ("15 FEVRIER 2019", "fr", "%d %B %Y", day(2019, 2, 15)),
        ("15 de março de 2019", "pt", "%d de %B de %Y", day(2019, 3, 15)),
        ("15 مارس 2019", "ar", "%d %B %Y", day(2019, 3, 15)),
        ("15 كانون الثاني 2019", "ar-IQ", "%d %B %Y", day(2019, 1, 15)),
        ("15 марта 2019", "ru", "%d %B %Y", day(2019, 3, 15)),
        ("15 березня 2019", "uk", "%d %B %Y", day(2019, 3, 15)),
        ("15 martie 2019", "ro", "%d %B %Y", day(2019, 3, 15)),
        ("15 Ağustos 2019", "tr", "%d %B %Y", day(2019, 8, 15)),
        ("15 มีนาคม 2019", "th", "%d %B %Y", day(2019, 3, 15)),
        ("March 15, 2019", "en", "%B %d, %Y", day(2019, 3, 15)),
        ("15-Sep-2019", "en", "%d-%b-%Y", day(2019, 9, 15)),
        ("15 Sept. 2019", "en", "%d %b %Y", day(2019, 9, 15)),
        ("15 märz 2019", "en", "%d %B %Y", None),
    ],
)
def test_months_by_name(text, language, form, read_as):
    assert read(text, form, language=(language,)) == read_as


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_month(language):
    assert set(index_months((language,), GREGORIAN).values()) == set(range(1, 13))


@given(st.dates(date(1930, 1, 1), date(2100, 12, 31)), st.sampled_from(LANGUAGES))
def test_what_cldr_writes_is_read_back(when, language):
    form = "d MMMM y"
    written = format_date(when, form, locale=language.replace("-", "_"))
    assert read(written, "%d %B %Y", language=(language,)) == Span(when, when)


@pytest.mark.parametrize(
    ("text", "form", "read_as"),
    [
        ("1400/01/01", "%Y/%m/%d", day(2021, 3, 21)),  # Nowruz of 1400
        ("1403/12/30", "%Y/%m/%d", day(2025, 3, 20)),  # 1403 is a leap year
        ("1402/12/30", "%Y/%m/%d", None),
        ("1357/11/22", "%Y/%m/%d", day(1979, 2, 11)),  # the day of the revolution
        ("۱۴۰۰/۰۱/۰۱", "%Y/%m/%d", day(2021, 3, 21)),
        ("1 فروردین 1400", "%d %B %Y", day(2021, 3, 21)),
        ("1 حمل 1400", "%d %B %Y", day(2021, 3, 21)),
        ("1399", "%Y", Span(date(2020, 3, 20), date(2021, 3, 20))),
        ("2021-03-21", "%Y/%m/%d", day(2021, 3, 21)),
    ],
)
def test_solar_hijri(text, form, read_as):
    assert read(text, form, calendar=HIJRI) == read_as


@pytest.mark.parametrize(
    ("text", "form", "read_as"),
    [
        ("05/01/2563", "%d/%m/%Y", day(2020, 1, 5)),
        ("29/02/2563", "%d/%m/%Y", day(2020, 2, 29)),
        ("29/02/2562", "%d/%m/%Y", None),
        ("๕ มกราคม ๒๕๖๓", "%d %B %Y", day(2020, 1, 5)),
        ("5 ม.ค. 63", "%d %b %y", day(2020, 1, 5)),
    ],
)
def test_buddhist_era(text, form, read_as):
    assert read(text, form, calendar=BUDDHIST, pivot=2570, language=("th",)) == read_as


@pytest.mark.parametrize(
    ("text", "form", "read_as"),
    [
        ("43831", "excel_1900", day(2020, 1, 1)),
        ("43831.75", "excel_1900", day(2020, 1, 1)),
        ("1", "excel_1900", day(1900, 1, 1)),
        ("59", "excel_1900", day(1900, 2, 28)),
        ("60", "excel_1900", None),  # 29 February 1900 never was
        ("61", "excel_1900", day(1900, 3, 1)),
        ("0", "excel_1900", None),
        ("9999999", "excel_1900", None),
        ("42369", "excel_1904", day(2020, 1, 1)),
        ("0", "excel_1904", day(1904, 1, 1)),
        ("01.01.2020", "excel_1900", None),
    ],
)
def test_serials_of_a_workbook(text, form, read_as):
    assert read(text, form) == read_as


def test_a_list_of_forms_never_guesses():
    forms = ("%d/%m/%Y", "%m/%d/%Y")
    assert read("31/12/2019", *forms) == day(2019, 12, 31)
    assert read("12/31/2019", *forms) == day(2019, 12, 31)
    assert read("04/04/2019", *forms) == day(2019, 4, 4)
    assert read("05/03/2019", *forms) is None  # May in one of them, March in the other
    assert read("43831", "%d.%m.%Y", "excel_1900") == day(2020, 1, 1)
