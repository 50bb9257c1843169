"""National telephone numbers, which carry no `+`: valid in the publisher's country and written as one."""

import re
from collections.abc import Iterable
from functools import cache

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberType

from schemas.codelist import load_codelist
from transforms.wording import level_digits

CANDIDATE = re.compile(r"(?<![\w.,:+/\-])\(?\d[\d\s().\-/]{6,18}\d(?![\w:])")
DATE = re.compile(r"\d{1,4}([./\-])\s?\d{1,2}\1\s?\d{1,4}(?!\d)|(19|20)\d\d\s?[-/]\s?\d{2,4}$")
PUBLIC = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.UAN,
    }
)
MANY, ENOUGH = 20, 0.5
"""Where a column has many numbers of which fewer than half are valid, they are something else."""
BARE_ENOUGH, BARE_LEAST, BARE_DIGITS = 0.9, 3, 9
"""Digit groups without the 0 before them: a whole column of them, or one within a sentence."""


def find_phones(cells: Iterable[str], country: str) -> frozenset[str]:
    """Cells with a telephone number as people of a country write it; `country` is an alpha-3 code."""
    region = _name_region(country)
    if region is None:
        return frozenset()
    marked: dict[str, bool] = {}
    bare: dict[str, bool] = {}
    for cell in cells:
        for number in CANDIDATE.findall(level_digits(cell)):
            kind = marked if number[0] in "0(" else bare
            if _may_be_phone(number):
                kind[cell] = _is_valid(number, region, cell)
    return _decide(marked, MANY, ENOUGH) | _decide_bare(bare)


def _may_be_phone(number: str) -> bool:
    digits = sum(sign.isdigit() for sign in number)
    return 8 <= digits <= 15 and not DATE.match(number)


def _decide(valid: dict[str, bool], many: int, enough: float) -> frozenset[str]:
    found = frozenset(cell for cell, is_valid in valid.items() if is_valid)
    return found if len(valid) < many or len(found) / len(valid) >= enough else frozenset()


def _decide_bare(valid: dict[str, bool]) -> frozenset[str]:
    """Without a leading 0 a number counts within words, or where nearly all of a column are valid."""
    found = frozenset(cell for cell, is_valid in valid.items() if is_valid)
    if len(found) >= BARE_LEAST and len(found) / len(valid) >= BARE_ENOUGH:
        return found
    return frozenset(cell for cell in found if any(sign.isalpha() for sign in cell))


def _is_valid(number: str, region: str, cell: str) -> bool:
    """Valid in the region; digits alone are a number only behind the 0 that is dialled in the country."""
    grouped = re.search(r"\d[\s().\-/]+\d", number) is not None
    if number.startswith("00"):
        return _parses("+" + number[2:], None)
    if number.lstrip("(")[0] == "0":
        return _national_prefix(region) == "0" and _parses(number, region)
    digits = sum(sign.isdigit() for sign in number)
    return grouped and digits >= BARE_DIGITS and _national_prefix(region) != "0" and _parses(number, region)


def _parses(number: str, region: str | None) -> bool:
    """Whether the number may be a person's; those of hotlines and services are public."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed) and phonenumbers.number_type(parsed) not in PUBLIC


@cache
def _national_prefix(region: str) -> str | None:
    metadata = PhoneMetadata.metadata_for_region(region)
    return metadata.national_prefix if metadata else None


@cache
def _name_region(country: str) -> str | None:
    """ISO alpha-2 of a country that has telephone numbers of its own."""
    two = {entry.code: entry.extra["alpha2"] for entry in load_codelist("country").entries}.get(country)
    return two if two and PhoneMetadata.metadata_for_region(two) else None
