"""Countries: ISO codes and names in the language of the source, placed as the source's policy says."""

from dataclasses import dataclass
from functools import cache

from schemas.codelist import load_codelist
from schemas.language import find_locale, is_spoken
from schemas.lexicon import load_country_words
from schemas.precision import Precision
from schemas.territory import TerritoryPolicy, load_territories
from transforms.number import level_number
from transforms.wording import level_name

UNKNOWN_COUNTRIES = frozenset({"0", "00", "ZZ"})
NUMERIC_DIGITS = 3
PREFIXES = {"th": ("ชาว", "คน", "สัญชาติ", "ประเทศ")}
"""What may stand before the name of a country where that makes a word for its people or itself."""


@dataclass(frozen=True)
class Country:
    """ISO alpha-3 code, null where policy or sender leaves it open.

    `placed` tells how the code relates to a territory that policy placed; `sub_region` is the M49
    sub-region of one that is counted in no country.
    """

    code: str | None
    placed: Precision | None = None
    sub_region: str | None = None


@dataclass(frozen=True)
class Ambiguous:
    """A name of several countries, of which none is meant more than another."""


def parse_code(text: str, policy: TerritoryPolicy = TerritoryPolicy.CTDC) -> Country | None:
    """An ISO 3166 alpha-3 or alpha-2 code; `NA` is Namibia. None for anything else."""
    if text in UNKNOWN_COUNTRIES:
        return Country(None)
    code = _index_codes().get(text)
    return place_country(code, policy) if code else None


def parse_numeric(text: str, policy: TerritoryPolicy) -> Country | None:
    """A numeric ISO 3166 code, also without its leading zeros or as `8.0`."""
    number = level_number(text).removesuffix(".0")
    if not number.isdecimal() or len(number) > NUMERIC_DIGITS:
        return None
    entry = load_codelist("country").by_extra("numeric").get(number.zfill(NUMERIC_DIGITS))
    return place_country(entry.code, policy) if entry else None


def parse_name(text: str, languages: tuple[str, ...], policy: TerritoryPolicy) -> Country | Ambiguous | None:
    """A name or nationality in one of the languages, or an alpha-3 code; None if it is neither."""
    code = _index_codes().get(text) if len(text) == len("ISO") else None
    codes = frozenset({code}) if code else find_codes(text, languages)
    if len(codes) > 1:
        return Ambiguous()
    return place_country(next(iter(codes)), policy) if codes else None


def find_codes(name: str, languages: tuple[str, ...]) -> frozenset[str]:
    """Every code of the list that the name may mean."""
    names = index_names(languages)
    word = level_name(name)
    shorter = (word.removeprefix(prefix).strip() for tag in languages for prefix in _prefixes(tag))
    return next((names[w] for w in (word, *shorter) if w in names), frozenset())


def place_country(code: str, policy: TerritoryPolicy) -> Country:
    """Where a code of the list is counted under the policy."""
    territory = load_territories(policy).get(code)
    if territory is None:
        return Country(code)
    sub_region = None if territory.counted_in else load_codelist("country").parents.get(code)
    return Country(territory.counted_in, territory.relation, sub_region)


@cache
def index_names(languages: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """Levelled names to codes: those of CLDR, with and without what they have in brackets, and our own."""
    names: dict[str, set[str]] = {}
    for code, name in _list_names(languages):
        for spelling in _list_spellings(name):
            names.setdefault(level_name(spelling), set()).add(code)
    return {word: frozenset(codes) for word, codes in names.items() if word}


def _list_names(languages: tuple[str, ...]) -> list[tuple[str, str]]:
    by_alpha2 = load_codelist("country").by_extra("alpha2")
    named = [
        (entry.code, territories[two])
        for language in languages
        if (territories := find_locale(language).territories)
        for two, entry in by_alpha2.items()
        if two in territories
    ]
    if any(is_spoken("en", (language,)) for language in languages):
        countries = load_codelist("country")
        named += [(entry.code, entry.label) for entry in countries.entries if entry.code in countries.codes]
    ours = (word for word in load_country_words() if is_spoken(word.language, languages))
    return named + [(code, word.word) for word in ours for code in word.codes]


def _list_spellings(name: str) -> tuple[str, ...]:
    short = name.split("(")[0]
    return name, short, name.replace("&", "and"), name.replace("St.", "Saint")


def _prefixes(language: str) -> tuple[str, ...]:
    return PREFIXES.get(language.split("-")[0], ())


@cache
def _index_codes() -> dict[str, str]:
    """Alpha-3 and alpha-2 codes, former ones among them, to the code of the list."""
    countries = load_codelist("country")
    by_alpha2 = {two: entry.code for two, entry in countries.by_extra("alpha2").items()}
    return {entry.code: entry.code for entry in countries.entries} | by_alpha2
