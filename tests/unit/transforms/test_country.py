"""Countries by code and by name, in fourteen languages; territories as the named policy says."""

import re
from pathlib import Path

import country_converter
import pandas as pd
import pytest
from babel import Locale

from schemas.codelist import load_codelist
from schemas.lexicon import load_country_words
from schemas.precision import Precision
from schemas.territory import TerritoryPolicy, load_territories
from transforms.country import Ambiguous, Country, find_codes, parse_code, parse_name, parse_numeric

LANGUAGES = ["sr-Latn", "sr-Cyrl", "mk", "sq", "es", "fr", "pt", "ar", "ru", "uk", "ro", "tr", "th", "en"]
CTDC, UN, SUB_REGION = TerritoryPolicy.CTDC, TerritoryPolicy.UN, TerritoryPolicy.SUB_REGION
EXACT, BROADER = Precision.EXACT, Precision.BROADER
UNCERTAIN = {"COD", "COG", "GIN", "KOR", "NGA", "NER", "DOM", "DMA", "MAF", "SXM"}
"""Countries of which a name is taken for another's; two may share one name in CLDR."""


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("NA", Country("NAM")),
        ("NO", Country("NOR")),
        ("SRB", Country("SRB")),
        ("TWN", Country("TWN")),
        ("XK", Country("SRB", BROADER)),
        ("XKX", Country("SRB", BROADER)),
        ("ZR", Country("COD", EXACT)),
        ("TMP", Country("TLS", EXACT)),
        ("YU", Country(None, BROADER, "Southern Europe")),
        ("SUN", Country(None, BROADER)),
        ("00", Country(None)),
        ("0", Country(None)),
        ("ZZ", Country(None)),
        ("no", None),  # a word, not a code
        ("Serbia", None),
        ("-99", None),
    ],
)
def test_parse_code(text, country):
    assert parse_code(text, CTDC) == country


@pytest.mark.parametrize(
    ("code", "policy", "country"),
    [
        ("XKX", CTDC, Country("SRB", BROADER)),
        ("XKX", UN, Country(None, BROADER, "Southern Europe")),
        ("XKX", SUB_REGION, Country(None, BROADER, "Southern Europe")),
        ("TWN", CTDC, Country("TWN")),
        ("TWN", UN, Country("CHN", BROADER)),
        ("TWN", SUB_REGION, Country(None, BROADER, "Eastern Asia")),
        ("PSE", UN, Country("PSE")),
        ("PSE", SUB_REGION, Country(None, BROADER, "Western Asia")),
        ("ESH", SUB_REGION, Country(None, BROADER, "Northern Africa")),
        ("XCR", UN, Country("UKR", BROADER)),
        ("ZAR", SUB_REGION, Country("COD", EXACT)),
        ("FRA", SUB_REGION, Country("FRA")),
    ],
)
def test_territories_by_policy(code, policy, country):
    assert parse_code(code, policy) == country


@pytest.mark.parametrize("policy", TerritoryPolicy)
def test_a_policy_counts_only_in_countries_that_a_case_may_have(policy):
    countries = load_codelist("country")
    territories = load_territories(policy)
    assert {t.counted_in for t in territories.values()} <= {*countries.codes, None}
    assert {entry.code for entry in countries.entries} - {*countries.codes} <= set(territories)


@pytest.mark.parametrize(
    ("text", "code"),
    [("688", "SRB"), ("008", "ALB"), ("8", "ALB"), ("8.0", "ALB"), ("٦٨٨", "SRB"), ("516", "NAM")],
)
def test_numeric_codes(text, code):
    assert parse_numeric(text, CTDC) == Country(code)


@pytest.mark.parametrize("text", ["999", "0", "-99", "1688", "SRB", "6 88", ""])
def test_what_is_no_numeric_code(text):
    assert parse_numeric(text, CTDC) is None


def test_numeric_codes_are_those_of_country_converter():
    """The library's own file, since its reader fails under pandas 3."""
    path = Path(country_converter.__file__).with_name("country_data.tsv")
    theirs = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False).query("obsolete == ''")
    by_code = dict(zip(theirs["ISO3"], theirs["ISOnumeric"], strict=True))
    ours = {e.code: e.extra["numeric"] for e in load_codelist("country").entries if e.extra["numeric"]}
    assert len(ours) > 240
    assert {code: int(number) for code, number in ours.items()} == {c: int(by_code[c]) for c in ours}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_of_cldr_comes_back_or_is_ambiguous(language):
    territories = Locale.parse(language, sep="-").territories
    for alpha2, entry in load_codelist("country").by_extra("alpha2").items():
        if alpha2 in territories:
            for name in (territories[alpha2], territories[alpha2].upper(), f" {territories[alpha2]} "):
                codes = find_codes(name, (language,))
                assert entry.code in codes
                assert len(codes) == 1 or entry.code in UNCERTAIN


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("sr-Latn", "Severna Makedonija", "MKD"),
        ("sr-Latn", "srpsko", "SRB"),
        ("sr-Latn", "mađarsko", "HUN"),
        ("sr-Cyrl", "Мађарска", "HUN"),
        ("sr", "Мађарска", "HUN"),
        ("sr", "Mađarska", "HUN"),
        ("mk", "Филипини", "PHL"),
        ("sq", "Maqedonia e Veriut", "MKD"),
        ("es", "Peru", "PER"),
        ("es", "Camerun", "CMR"),
        ("es", "República Dominicana", "DOM"),
        ("es", "nigeriana", "NGA"),
        ("es", "EE. UU.", "USA"),
        ("fr", "Côte d'Ivoire", "CIV"),
        ("fr", "marocaine", "MAR"),
        ("pt", "moçambicana", "MOZ"),
        ("ar", "المغرب", "MAR"),
        ("ar", "سوريا", "SYR"),
        ("ar", "أثيوبية", "ETH"),
        ("ru", "Белоруссия", "BLR"),
        ("uk", "Польща", "POL"),
        ("ro", "Republica Moldova", "MDA"),
        ("tr", "Türkiye", "TUR"),
        ("tr", "Suriyeli", "SYR"),
        ("th", "ลาว", "LAO"),
        ("th", "ชาวลาว", "LAO"),
        ("en", "Bosnia and Herzegovina", "BIH"),
        ("en", "Saint Lucia", "LCA"),
        ("en", "Burma", "MMR"),
        ("en", "Ivory Coast", "CIV"),
        ("en", "NAM", "NAM"),
    ],
)
def test_names_and_nationalities(language, text, code):
    assert parse_name(text, (language,), CTDC) == Country(code)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Congo"),
        ("en", "Korea"),
        ("en", "Guinea"),
        ("en", "Nigerian"),
        ("en", "Dominican"),
        ("es", "Congo"),
        ("es", "Corea"),
        ("es", "Guinea"),
        ("es", "Dominicana"),
        ("fr", "Guinée"),
        ("fr", "nigérienne"),
        ("sr-Latn", "Koreja"),
    ],
)
def test_names_of_several_countries_are_not_guessed(language, text):
    assert parse_name(text, (language,), CTDC) == Ambiguous()


@pytest.mark.parametrize(
    ("language", "text"),
    [("es", "Yugoslavia"), ("sr-Latn", "SFRJ"), ("ru", "Югославия"), ("en", "Yugoslavia")],
)
def test_former_countries_by_name(language, text):
    assert parse_name(text, (language,), CTDC) == Country(None, BROADER, "Southern Europe")


@pytest.mark.parametrize(
    ("language", "text"),
    [("es", "Serbia y"), ("en", "Deutschland"), ("sr-Latn", "Germany"), ("en", "near Serbia"), ("en", "")],
)
def test_what_is_no_name_in_the_language(language, text):
    assert parse_name(text, (language,), CTDC) is None


def test_english_words_agree_with_country_converter():
    """Its patterns are a judge of our list that was made by others."""
    path = Path(country_converter.__file__).with_name("country_data.tsv")
    theirs = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False).query("obsolete == ''")
    patterns = dict(zip(theirs["ISO3"], theirs["regex"], strict=True))
    active = set(load_codelist("country").codes)
    for word in load_country_words():
        if word.language == "en" and len(word.codes) == 1 and word.codes[0] in active:
            found = {code for code, form in patterns.items() if re.search(form, word.word, re.IGNORECASE)}
            assert found <= set(word.codes)
