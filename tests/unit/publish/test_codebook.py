"""The codebook names what the file holds, and counts nothing small."""

import re
from dataclasses import replace

from publish.codebook import Coverage, build_codebook
from publish.manifest import Draft
from schemas.codelist import load_codelist
from schemas.missing import MissingReason
from schemas.territory import TerritoryPolicy

MISSING = {
    "gender": {MissingReason.UNKNOWN: 11, MissingReason.REFUSED: 10, MissingReason.NOT_COLLECTED: 0},
    "is_forced_labour": {MissingReason.NOT_COLLECTED: 12_345, MissingReason.UNKNOWN: 39},
    "citizenship_all": {MissingReason.UNKNOWN: 5_000},
}


def write(draft: Draft, years: tuple[int, ...] = (2019, 2017)) -> str:
    return build_codebook(draft, Coverage(years, MISSING))


def row_of(codebook: str, column: str, after: str) -> list[str]:
    lines = codebook.partition(after)[2].splitlines()
    (row,) = [line for line in lines if line.startswith(f"| `{column}` ")]
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_every_published_column_is_described_and_no_other(draft: Draft) -> None:
    columns = write(draft).partition("## Why values are missing")[0]
    described = re.findall(r"^\|(?: \d of \d \|)? `(\w+)` \|", columns, re.MULTILINE)
    assert described == list(draft.policy.published_columns)


def test_the_policy_of_territories_is_stated(draft: Draft) -> None:
    stated = write(draft).partition("## Territories")[2].partition("## ")[0]
    assert "`ctdc`: as in the CTDC global data set: Serbia includes Kosovo" in " ".join(stated.split())
    assert "`un`" not in stated
    first, *others = draft.sources
    mixed = replace(draft, sources=(first.model_copy(update={"territories": TerritoryPolicy.UN}), *others))
    assert f"`un`{f' ({first.title})' if others else ''}: as in the statistics" in write(mixed)


def test_ladder_position_and_where_to_look_when_null(draft: Draft) -> None:
    rows = [line for line in write(draft).splitlines() if " of 3 |" in line]
    assert [row.split("|")[1].strip() for row in rows] == ["1 of 3", "2 of 3", "3 of 3"]
    assert [row.split("|")[-2].strip() for row in rows] == [
        "see `citizenship_subregion`",
        "see `citizenship_region`",
        "missing or protected",
    ]


def test_reasons_are_rounded_down_and_small_ones_look_like_none(draft: Draft) -> None:
    head = "## Why values are missing"
    assert row_of(write(draft), "gender", head)[1:] == [
        "fewer than 11",  # none
        "10 or more",  # 11
        "fewer than 11",  # 10
        "fewer than 11",
        "fewer than 11",
    ]
    assert row_of(write(draft), "is_forced_labour", head)[1:3] == ["12340 or more", "30 or more"]


def test_reasons_of_columns_that_are_not_published_stay_inside(draft: Draft) -> None:
    assert "citizenship_all" not in write(draft)


def test_codes_are_those_of_the_lists_each_list_once(draft: Draft) -> None:
    codes = write(draft).partition("## Codes")[2]
    assert re.findall(r"^### (\w+)$", codes, re.MULTILINE) == [
        "country",
        "gender",
        "m49_region",
        "m49_subregion",
    ]
    for name in ("country", "gender"):
        section = codes.partition(f"### {name}\n")[2].partition("### ")[0]
        assert re.findall(r"^\| `([^`]+)` ", section, re.MULTILINE) == list(load_codelist(name).codes)


def test_coverage_is_years_and_contributors_without_ids(draft: Draft) -> None:
    codebook = write(draft)
    assert "Datasets that contributed: 2." in codebook
    assert "Years in the rows: 2017 to 2019." in codebook
    assert not [source.id for source in draft.sources if source.id in codebook]


def test_where_no_year_is_published_none_is_named(draft: Draft) -> None:
    assert "Years in the rows" not in write(draft, years=())


def test_names_version_protection_and_limits(draft: Draft) -> None:
    codebook = write(draft)
    assert codebook.startswith("# Registered victims\n\nCodebook of version 2026.11.1: 98 rows")
    assert "k = 11" in codebook
    assert "not a person" in codebook


def test_tables_are_even(draft: Draft) -> None:
    """Every row of a table has as many cells as its head."""
    widths: list[int] = []
    for line in write(draft).splitlines():
        widths = [*widths, line.count("|")] if line.startswith("|") else []
        assert len(set(widths)) <= 1, line


def test_the_same_draft_gives_the_same_codebook(draft: Draft) -> None:
    assert write(draft) == write(draft, years=(2017, 2019))
