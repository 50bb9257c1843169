"""Small countries: what Serbia's and North Macedonia's published totals allow, and what they do not.

The totals are GRETA's for 2013 to 2016 (Council of Europe, 2018); how they spread over the years is invented.
"""

import pandas as pd
import pytest

from anonymize.detail import (
    Before,
    Counted,
    build_country_table,
    find_record_sources,
    measure_record_share,
)
from anonymize.disclosure import assess_disclosure
from schemas.detail import Detail, DetailLevel, Window
from schemas.extract import ClassTable, Extract
from schemas.policy import Policy, QuasiIdentifier, Sensitive
from schemas.verdict import Evidence, Outcome

K = 11
DETAIL = Detail(
    windows=(Window(first=2013, last=2016), Window(first=2017, last=2019)),
    keys=(("gender", "majority_status"), ("majority_status",), ("gender",), ()),
    record_share=0.75,
    fewest_sources=3,
)
POLICY = Policy(
    id="test",
    title="Test",
    k=K,
    suppression_limit=0,
    quasi_identifiers={
        "gender": QuasiIdentifier(ladder=("gender",)),
        "majority_status": QuasiIdentifier(ladder=("majority_status",)),
    },
    sensitive=Sensitive(minimum_count=K),
    detail=DETAIL,
    approvals=2,
)
SERBIA = {("Man", "Adult"): 130, ("Woman", "Adult"): 72, ("Woman", "Minor"): 78, ("Man", "Minor"): 16}
# 32 female and 1 male; 21 children and 12 adults.
MACEDONIA = {("Woman", "Minor"): 21, ("Woman", "Adult"): 11, ("Man", "Adult"): 1}


def count(
    country: str,
    people: dict[tuple[str | None, str | None], int],
    *,
    years: tuple[int, ...] = (2013, 2014, 2015, 2016),
    ceiling: DetailLevel = DetailLevel.YEAR,
    name: str = "register",
) -> Counted:
    """The people spread over the years as evenly as they go."""
    rows = [
        (country, year, *values, number // len(years) + (at < number % len(years)))
        for values, number in people.items()
        for at, year in enumerate(years)
    ]
    frame = pd.DataFrame(
        [row for row in rows if row[-1]],
        columns=["reporting_country", "year_of_registration", "gender", "majority_status", "count"],
    )
    title = f"{country} {name}"
    return Counted(f"{country.lower()}_{name}_victims", title, ceiling, 0.0, frame)


def read(table: pd.DataFrame, country: str | None) -> dict[tuple[object, ...], int]:
    """Year, gender and age of each cell of a country, or of the regions, and its cases."""
    rows = table[table["country"].isna() if country is None else table["country"].eq(country)]
    keys = rows[["year", "gender", "majority_status"]].itertuples(index=False, name=None)
    return dict(zip(keys, rows["cases"], strict=True))


def know(*sources: Counted) -> pd.DataFrame:
    parts = [
        s.frame.rename(columns={"reporting_country": "country", "count": "cases"}).assign(
            dataset=s.title,
            window=[DETAIL.find_window(year).name for year in s.frame["year_of_registration"]],
        )
        for s in sources
    ]
    return pd.concat(parts, ignore_index=True)


def judge(
    table: pd.DataFrame, known: pd.DataFrame | None = None, earlier: tuple[pd.DataFrame, ...] = ()
) -> dict[str, Evidence]:
    rows = pd.DataFrame({"gender": ["Woman"] * K, "majority_status": ["Adult"] * K})
    extract = Extract(rows, {}, table)
    verdict = assess_disclosure(extract, POLICY, [Extract(rows, {}, t) for t in earlier], known)
    return {e.check: e for e in verdict.evidence if e.check.startswith(("country", "known"))}


def passes(table: pd.DataFrame, *sources: Counted, earlier: tuple[pd.DataFrame, ...] = ()) -> bool:
    evidence = judge(table, know(*sources), earlier)
    assert len(evidence) == 4 + len(earlier)
    return all(item.outcome is Outcome.PASS for item in evidence.values())


def test_serbia_is_counted_by_sex_and_age_with_nothing_left_out() -> None:
    serbia = count("SRB", SERBIA)
    table, [placed] = build_country_table([serbia], DETAIL, K, Before())
    assert read(table, "SRB") == {
        (None, "Man", "Adult"): 130,
        (None, "Woman", "Adult"): 72,
        (None, "Woman", "Minor"): 78,
        (None, "Man", "Minor"): 16,
    }
    assert (placed.level, placed.keys, placed.cases) == (
        DetailLevel.WINDOW,
        ("gender", "majority_status"),
        296,
    )
    assert passes(table, serbia)


def test_north_macedonia_is_counted_by_age_and_never_by_sex() -> None:
    macedonia = count("MKD", MACEDONIA)
    table, [placed] = build_country_table([macedonia], DETAIL, K, Before())
    assert read(table, "MKD") == {(None, None, "Minor"): 21, (None, None, "Adult"): 12}
    assert (placed.level, placed.keys) == (DetailLevel.WINDOW, ("majority_status",))
    assert table["gender"].isna().all()
    assert passes(table, macedonia)


def test_north_macedonia_year_by_year_publishes_no_record() -> None:
    """At full detail no case of a year is eleven alike, and no year has eleven."""
    macedonia = count("MKD", MACEDONIA)
    columns = ("reporting_country", "year_of_registration", "gender", "majority_status")
    assert measure_record_share(ClassTable(columns, macedonia.frame), K) == 0
    assert find_record_sources([macedonia], DETAIL, Before()) == ()
    yearly = Detail(
        **{**DETAIL.model_dump(), "windows": [{"first": y, "last": y} for y in range(2013, 2017)]}
    )
    table, placements = build_country_table([macedonia], yearly, K, Before())
    assert table.empty
    assert [p.level for p in placements] == [DetailLevel.LISTED] * 4


@pytest.mark.parametrize(("smallest", "level"), [(10, DetailLevel.WINDOW), (11, DetailLevel.YEAR)])
def test_years_are_counted_apart_from_k_cases_in_every_cell(smallest: int, level: DetailLevel) -> None:
    people = {("Man", "Adult"): 40, ("Woman", "Adult"): 40, ("Woman", "Minor"): 40, ("Man", "Minor"): 40}
    source = count("SRB", {**people, ("Man", "Minor"): 33 + smallest}, years=(2013,))
    later = count("SRB", {**people, ("Man", "Minor"): smallest}, years=(2014,))
    both = Counted(**{**vars(source), "frame": pd.concat([source.frame, later.frame], ignore_index=True)})
    table, [placed] = build_country_table([both], DETAIL, K, Before())
    assert placed.level is level
    assert int(table["cases"].sum()) == 40 * 6 + 33 + 2 * smallest
    assert passes(table, both)


@pytest.mark.parametrize(
    ("ceiling", "cells"), [(DetailLevel.WINDOW, 4), (DetailLevel.REGION, 0), (DetailLevel.LISTED, 0)]
)
def test_agency_never_sees_more_published_than_it_allows(ceiling: DetailLevel, cells: int) -> None:
    large = count("SRB", dict.fromkeys(SERBIA, 400), ceiling=ceiling)
    table, [placed] = build_country_table([large], DETAIL, K, Before())
    assert len(table) == cells
    assert placed.level.rank <= ceiling.rank


def test_small_countries_are_counted_with_their_region_and_none_can_be_got_by_subtracting() -> None:
    small = [count(country, {("Woman", "Minor"): 5}) for country in ("MKD", "ALB", "MNE")]
    serbia = count("SRB", SERBIA)
    table, placements = build_country_table([serbia, *small], DETAIL, K, Before())
    assert read(table, None) == {(None, None, None): 15}
    assert table.loc[table["country"].isna(), "sources"].tolist() == [3]
    assert {p.level for p in placements if p.country != "SRB"} == {DetailLevel.REGION}
    assert passes(table, serbia, *small)
    # One or two beside Serbia would be known by whoever knows one of them.
    for few in (small[:1], small[:2]):
        table, placements = build_country_table([serbia, *few], DETAIL, K, Before())
        assert table["country"].eq("SRB").all()
        assert [p.level for p in placements if p.country != "SRB"] == [DetailLevel.LISTED] * len(few)


def test_country_in_which_all_are_alike_is_not_counted_by_it() -> None:
    girls = count("MKD", {("Woman", "Minor"): 20, ("Woman", "Adult"): 20})
    table, [placed] = build_country_table([girls], DETAIL, K, Before())
    assert placed.keys == ("majority_status",)
    assert passes(table, girls)


def test_next_release_says_the_same_until_k_cases_have_joined() -> None:
    serbia = count("SRB", SERBIA)
    first, placements = build_country_table([serbia], DETAIL, K, Before())
    for joined, waits in ((K - 1, True), (K, False)):
        grown = count("SRB", {**SERBIA, ("Man", "Minor"): 16 + joined})
        table, [placed] = build_country_table([grown], DETAIL, K, Before(placements, (first,)))
        assert placed.waits is waits
        assert read(table, "SRB")[None, "Man", "Minor"] == 16 + (0 if waits else joined)
        assert passes(table, grown, earlier=(first,))


def test_every_earlier_release_counts_not_only_the_last() -> None:
    """Twelve joined, then five of them left: seven more than the first release said."""
    first, placements = build_country_table([count("SRB", SERBIA)], DETAIL, K, Before())
    more = count("SRB", {**SERBIA, ("Man", "Minor"): 28})
    second, placements = build_country_table([more], DETAIL, K, Before(placements, (first,)))
    fewer = count("SRB", {**SERBIA, ("Man", "Minor"): 16 + 25})
    third, [placed] = build_country_table([fewer], DETAIL, K, Before(placements, (first, second)))
    assert (placed.waits, read(third, "SRB")[None, "Man", "Minor"]) == (False, 41)
    back = count("SRB", {**SERBIA, ("Man", "Minor"): 17})
    fourth, [placed] = build_country_table([back], DETAIL, K, Before(placements, (first, second, third)))
    assert (placed.waits, read(fourth, "SRB")[None, "Man", "Minor"]) == (True, 41)
    assert passes(fourth, back, earlier=(first, second, third))


def test_source_that_was_a_count_never_becomes_records_by_itself() -> None:
    grown = Counted(**{**vars(count("SRB", SERBIA, ceiling=DetailLevel.RECORD)), "record_share": 0.9})
    assert find_record_sources([grown], DETAIL, Before()) == (grown.source_id,)
    _, placements = build_country_table([grown], DETAIL, K, Before())
    assert find_record_sources([grown], DETAIL, Before(placements)) == ()


def test_windows_that_roll_or_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="never rolling"):
        Detail(
            **{
                **DETAIL.model_dump(),
                "windows": [{"first": 2013, "last": 2016}, {"first": 2016, "last": 2018}],
            }
        )


def sabotage(table: pd.DataFrame, **edits: object) -> pd.DataFrame:
    changed = table.copy()
    for column, value in edits.items():
        changed.loc[changed.index[0], column] = value
    return changed


def test_judge_finds_every_way_in_which_the_table_could_betray_somebody() -> None:
    macedonia = count("MKD", MACEDONIA)
    table, _ = build_country_table([macedonia], DETAIL, K, Before())
    known = know(macedonia)
    wrong = {
        "country cells": sabotage(table, cases=10),
        "country blocks": sabotage(table, window="2014--2017"),
        "country variety": table.iloc[:1],
        # The man is left out of a table by sex and age: the known totals of both give him back.
        "known totals": pd.concat(
            [
                table.assign(gender="Woman", counted_by="gender;majority_status", cases=[11, 21]),
            ]
        ),
    }
    for check, sabotaged in wrong.items():
        assert judge(sabotaged, known)[check].outcome is Outcome.FAIL, check
    assert (
        judge(table.assign(cases=[14, 21]), known, (table,))["country difference to release 1"].outcome
        is Outcome.FAIL
    )
