"""Every text an agency reads exists in every language, says the same, and is written in its own script."""

import csv
import re
from collections import Counter

import pytest

from schemas.case import case_fields
from schemas.codelist import load_codelist
from schemas.cyrillic import FOREIGN, write_cyrillic
from schemas.field import Requirement
from schemas.finding import FindingCode, Level
from schemas.perpetrator import Perpetrator
from schemas.quality import Measure
from schemas.rule import Severity
from schemas.rules import RULES, RULES_ELSEWHERE
from schemas.text import (
    FOLDER,
    UNSPOKEN,
    Language,
    UnknownText,
    load_texts,
    name_code,
    name_country,
    text,
    write_figure,
    write_percent,
)
from schemas.unreadable import Remedy, Unreadable

EVERY = list(Language)
PLACEHOLDER = re.compile(r"\{(\w+)\}")
# Serbian words of which one letter is two in Latin, and pieces of a text that stay as they are.
SERBIAN = {
    "nadživeti": "надживети",
    "injekcija": "инјекција",
    "Ljubav, Njegoš, džep": "Љубав, Његош, џеп",
    "NJ i LJ": "Њ и Љ",
    "od {used} do {read}, vidi max.held_share": "од {used} до {read}, види max.held_share",
}


def needed_ids() -> set[str]:
    ids = {f"finding.{code.name}.{part}" for code in FindingCode for part in ("title", "why", "advice")}
    ids |= {f"rule.{rule.id}" for rule in (*RULES, *RULES_ELSEWHERE)}
    ids |= {f"rule.{rule.id}.advice" for rule in RULES if rule.severity is not Severity.DERIVE}
    ids |= {f"unreadable.{reason.name}" for reason in Unreadable}
    ids |= {f"remedy.{remedy.name}" for remedy in Remedy}
    ids |= {f"field.{name}" for name in (*case_fields(), *Perpetrator.to_schema().columns)}
    ids |= {f"level.{level.value}.{part}" for level in Level for part in ("name", "effect")}
    ids |= {f"measure.{measure.value}" for measure in Measure}
    asked = (f for f in case_fields().values() if f.requirement is not Requirement.DERIVED and f.codelist)
    lists = {f.codelist for f in asked} - {"country", *UNSPOKEN} | {"missing_reason"}
    return ids | {f"code.{name}.{code}" for name in lists for code in load_codelist(name or "").codes}


@pytest.mark.parametrize("language", EVERY)
def test_has_every_text_that_can_be_shown(language: Language) -> None:
    assert not needed_ids() - set(load_texts(language))


@pytest.mark.parametrize("language", EVERY)
def test_has_the_texts_of_english_and_no_others(language: Language) -> None:
    assert set(load_texts(language)) == set(load_texts(Language.ENGLISH))


@pytest.mark.parametrize("language", EVERY)
def test_findings_and_rules_that_are_gone_have_no_text_left(language: Language) -> None:
    subjects = ("finding.", "rule.", "field.", "unreadable.", "remedy.")
    kept = {id_ for id_ in load_texts(language) if id_.startswith(subjects)}
    own = re.compile(r"finding\.[a-z]+")  # the report's own words about findings
    assert not {id_ for id_ in kept if not own.match(id_)} - needed_ids()


@pytest.mark.parametrize("language", EVERY)
def test_placeholders_are_those_of_english(language: Language) -> None:
    english = load_texts(Language.ENGLISH)
    differing = {
        id_
        for id_, words in load_texts(language).items()
        if Counter(PLACEHOLDER.findall(words)) != Counter(PLACEHOLDER.findall(english[id_]))
    }
    assert not differing


def test_no_cell_is_blank_and_no_id_stands_twice() -> None:
    seen: list[str] = []
    for path in sorted(FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                seen.append(row["id"])
                assert None not in row, row["id"]
                assert all(cell and cell == cell.strip() for cell in row.values()), row["id"]
    assert [id_ for id_, times in Counter(seen).items() if times > 1] == []


def test_english_has_one_home() -> None:
    """What findings, rules and code lists say in English does not stand in the files a second time."""
    for name in ("finding", "rule", "code", "unreadable"):
        with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert "en" not in (csv.DictReader(file).fieldnames or ())


@pytest.mark.parametrize("language", [Language.SERBIAN_CYRILLIC, Language.MACEDONIAN, Language.ARABIC])
def test_is_written_in_its_own_script(language: Language) -> None:
    """Left over in Latin letters are only placeholders, keys, file names, formats, and our own name."""
    own = re.compile(r"[\u0600-\u06ff]" if language is Language.ARABIC else r"[\u0400-\u04ff]")
    foreign = {
        id_
        for id_, words in load_texts(language).items()
        if re.search(r"[A-Za-z]", FOREIGN.sub("", words).replace("Palermo", ""))
    }
    assert not foreign
    unwritten = {id_ for id_, words in load_texts(language).items() if not own.search(words)}
    assert not unwritten


@pytest.mark.parametrize("language", [Language.SERBIAN_CYRILLIC, Language.MACEDONIAN])
def test_has_no_letter_of_a_neighbour(language: Language) -> None:
    """ћ and ђ are Serbian, ѓ ќ ѕ Macedonian; ы, ь, щ are neither."""
    strange = "ѓќѕ" if language is Language.SERBIAN_CYRILLIC else "ћђ"
    found = {id_ for id_, words in load_texts(language).items() if re.search(f"[{strange}ыьъщэюяйё]", words)}
    assert not found


@pytest.mark.parametrize("language", [item for item in EVERY if item is not Language.ENGLISH])
def test_sentences_are_translated(language: Language) -> None:
    english = load_texts(Language.ENGLISH)
    copied = {
        id_
        for id_, words in load_texts(language).items()
        if words == english[id_] and " " in words.partition("{")[0].strip()
    }
    assert not copied


@pytest.mark.parametrize(("latin", "cyrillic"), SERBIAN.items(), ids=range(len(SERBIAN)))
def test_serbian_is_written_letter_by_letter(latin: str, cyrillic: str) -> None:
    assert write_cyrillic(latin) == cyrillic


def test_fills_placeholders() -> None:
    said = text("outcome.part.text", Language.SPANISH, used=34, read=36, held=2)
    assert said == "Filas usadas: 34 de 36. Filas que esperan: 2."


def test_unknown_text_is_an_error() -> None:
    with pytest.raises(UnknownText, match=r"no text finding\.NO_SUCH\.title in mk"):
        text("finding.NO_SUCH.title", Language.MACEDONIAN)


def test_only_arabic_runs_from_right_to_left() -> None:
    assert [item for item in EVERY if item.direction == "rtl"] == [Language.ARABIC]


@pytest.mark.parametrize(
    ("language", "figure", "share"),
    [
        (Language.ENGLISH, "1,432.5", "2.8 %"),
        (Language.SERBIAN_CYRILLIC, "1.432,5", "2,8 %"),
        (Language.SPANISH, "1.432,5", "2,8 %"),
    ],
)
def test_figures_are_written_as_the_language_does(language: Language, figure: str, share: str) -> None:
    assert write_figure(1432.5, language) == figure
    assert write_percent(0.0283, language) == share


@pytest.mark.parametrize(
    ("share", "shown"), [(0.0, "0 %"), (0.0001, "< 0.1 %"), (0.9999, "> 99.9 %"), (1.0, "100 %")]
)
def test_what_is_not_quite_nothing_or_all_is_not_written_so(share: float, shown: str) -> None:
    assert write_percent(share, Language.ENGLISH) == shown


def test_countries_have_names_in_every_language() -> None:
    named = {language: name_country("SRB", language) for language in EVERY}
    assert named[Language.FRENCH] == "Serbie"
    assert named[Language.SERBIAN_CYRILLIC] == "Србија"
    assert named[Language.ARABIC] == "صربيا"
    assert name_country("YUG", Language.FRENCH)  # CLDR has no name of what is gone: the code list's


def test_codes_have_labels() -> None:
    assert name_code("gender", "Woman", Language.MACEDONIAN) == "Жена"
    assert name_code("country", "MKD", Language.SPANISH) == "Macedonia del Norte"
