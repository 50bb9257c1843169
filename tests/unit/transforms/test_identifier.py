"""Identifiers by check digit, by national form and by name; published specimen numbers, none of a person."""

import random
import re
from importlib import import_module

import pytest
from stdnum.exceptions import ValidationError

from schemas.lexicon import load_header_words, load_number_forms, load_value_words
from transforms.identifier import Identifier, find_identifying_cells, name_identifier
from transforms.identifier_number import find_numbers
from transforms.identifier_phone import find_phones
from transforms.wording import level_words

SPECIMENS = {
    "JMBG": ("SRB", "0101006500006"),
    "CNP": ("ROU", "1630615123457"),
    "EGN": ("BGR", "7523169263"),
    "PESEL": ("POL", "44051401359"),
    "TC Kimlik": ("TUR", "17291716060"),
    "CPF": ("BRA", "390.533.447-05"),
    "CURP": ("MEX", "BOXW310820HNERXN09"),
    "Codice fiscale": ("ITA", "RCCMNL83S18D969H"),
}


@pytest.mark.parametrize("name", SPECIMENS)
@pytest.mark.parametrize("sentence", ["{}", "seen with {} at the border"])
def test_one_number_of_the_publishers_country_is_enough(name, sentence):
    country, number = SPECIMENS[name]
    cell = sentence.format(number)
    assert cell in find_numbers([cell, "other"], country)[name]


@pytest.mark.parametrize("name", SPECIMENS)
def test_one_number_of_another_country_is_chance(name):
    assert find_numbers([SPECIMENS[name][1]], "CHE") == {}


def test_a_weak_check_needs_two_numbers():
    first, second = "33392005961", "94577403194"
    assert find_numbers([first], "HRV") == {}
    assert find_numbers([first, second], "HRV")["OIB"] == {first, second}
    spoilt = ["33392005962", "94577403195"]
    assert find_numbers([first, second, *spoilt], "HRV") == {}


def test_digits_of_any_script_and_dashes_count():
    thai = ["1-1017-00234-70-1", "๑-๑๐๑๗-๐๐๒๓๔-๗๐-๑"]
    passing = [_close_thai(body) for body in ("110170023470", "310060099912", "512340011122")]
    written = "".join(chr(ord("๐") + int(digit)) for digit in passing[0])
    assert find_numbers([written, passing[1], passing[2]], "THA")["Thai PIN"] == {written, *passing[1:]}
    assert find_numbers(thai[:1], "THA") == {}


def _close_thai(body):
    """The check digit by the rule of the register: weights 13 to 2, eleven's complement, last digit."""
    total = sum(int(digit) * weight for digit, weight in zip(body, range(13, 1, -1), strict=True))
    return body + str((11 - total % 11) % 10)


def test_running_numbers_are_no_persons():
    for country in ("SRB", "HRV", "POL", "BGR", "UKR", "PRT", "BRA", "THA"):
        for start in (10**8, 10**9, 10**10, 10**11, 10**12):
            assert find_numbers([str(start + n) for n in range(300)], country) == {}


def test_an_account_is_found_in_a_sentence():
    cell = "paid to GB82 WEST 1234 5698 7654 32 weekly"
    assert find_identifying_cells([cell, "GB00 WEST 1234 5698 7654 32"], "CHE") == {
        Identifier.ACCOUNT: frozenset({cell})
    }


@pytest.mark.parametrize("form", load_number_forms(), ids=lambda form: f"{form.name} {form.countries[0]}")
def test_the_stated_chance_is_that_of_random_numbers(form):
    check = import_module(form.module)
    if not form.form.startswith(r"\d{") or not re.fullmatch(r"\\d\{\d+\}", form.form):
        pytest.skip("letters: the stated chance is that of the check letter alone")
    length, rng, tries = int(form.form[3:-1]), random.Random(form.name), 20_000
    passing = 0
    for _ in range(tries):
        try:
            check.validate("".join(rng.choices("0123456789", k=length)))
        except (ValidationError, KeyError):
            continue
        passing += 1
    deviation = (form.chance * (1 - form.chance) / tries) ** 0.5
    assert abs(passing / tries - form.chance) < 4 * deviation


@pytest.mark.parametrize(
    ("country", "cell"),
    [
        ("SRB", "064/123-4567"),
        ("SRB", "0641234567"),
        ("SRB", "call 011 3621-234 after six"),
        ("SRB", "00381641234567"),
        ("ALB", "069 212 3456"),
        ("UKR", "(044) 234-56-78"),
        ("THA", "081-234-5678"),
        ("THA", "๐๘๑-๒๓๔-๕๖๗๘"),
        ("ESP", "su número es 612 345 678"),
        ("ARG", "llamar al 011 4123-4567"),
    ],
)
def test_a_national_telephone_number(country, cell):
    assert find_phones([cell], country) == {cell}


@pytest.mark.parametrize(
    "cell",
    [
        "2019-03-01",
        "2020-01-01 20:27",
        "01.03.2019.",
        "2017-2019",
        "2584554505",
        "584554505",
        "IZM-2019-001",
        "0001234567",
        "06",
        "12345678",
        "18-20",
        "1 000 000 000",
        "0800 222 1717",  # a public hotline
    ],
)
@pytest.mark.parametrize("country", ["SRB", "ARG", "ESP", "CRI", "MKD", "TUR", "USA"])
def test_no_telephone_number(country, cell):
    assert find_phones([cell], country) == frozenset()


def test_a_column_of_case_numbers_with_zeros_is_no_column_of_phones():
    assert find_phones([f"0{n:09}" for n in range(0, 10**9, 10**7)], "SRB") == frozenset()


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Ime i prezime", Identifier.NAME),
        ("IME_I_PREZIME", Identifier.NAME),
        ("ПРЕЗИМЕ", Identifier.NAME),
        ("datum rodjenja", Identifier.BIRTH_DATE),
        ("Número de teléfono", Identifier.PHONE),
        ("numero de telefono", Identifier.PHONE),
        ("رقم الهوية", Identifier.NATIONAL_ID),
        ("หมายเลขโทรศัพท์", Identifier.PHONE),
        ("TC Kimlik No", Identifier.NATIONAL_ID),
        ("dateOfBirth", Identifier.BIRTH_DATE),
        ("dob", None),  # age in Croatian
        ("pol", None),
        ("opština", None),
        ("name of the ministry", None),
    ],
)
def test_the_name_of_a_column_tells_what_identifies(header, kind):
    assert name_identifier(header) is kind


def test_words_of_the_lexicon_are_known_targets():
    kinds = {f"identifier.{kind}" for kind in Identifier}
    named = {word.target for word in load_header_words()}
    assert {target for target in named if target.startswith("identifier.")} <= kinds
    assert all(level_words(word.word) for word in load_header_words())
    assert all(level_words(word.word) or word.word == "/" for word in load_value_words())
