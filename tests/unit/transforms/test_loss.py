"""The record of loss: what each cell came to, how exactly, and where values of a coarser level stand."""

import pandas as pd
import pytest

from schemas.finding import FindingCode
from schemas.precision import Carried, Precision, join_precisions, sum_carried
from transforms.derivation import derive_fields


def found(mapped):
    return [(f.code, f.column, f.field, f.rows) for f in mapped.findings]


def column(mapped, field):
    return [None if pd.isna(value) else value for value in mapped.cases[field]]


def reasons(mapped, field):
    return [None if pd.isna(value) else value for value in mapped.reasons[field]]


def carried(mapped):
    return {item.column: item for item in mapped.carried}


def test_a_band_with_other_cuts_is_kept_where_it_is_nested(describe, map_files):
    source = describe("columns: {a: {field: age_broad}}\nmissing: {nn: unknown}")
    mapped = map_files(source, "a\n9-17\n10-14\n0-17\n5-12\n18-30\n15-19\n16\n60+\nnn\nold\n")
    assert column(mapped, "age_broad") == ["9--17", "9--17", *[None] * 4, "9--17", "48+", None, None]
    assert column(mapped, "age_group") == [None, None, "0--17", "0--17", *[None] * 6]
    assert column(mapped, "majority_status") == [*[None] * 4, "Adult", *[None] * 5]
    assert found(mapped) == [
        (FindingCode.LEVEL_COARSER, "a", "age_broad", (5, 6)),
        (FindingCode.RANGE_UNPLACED, "a", "age_broad", (7,)),
        (FindingCode.WORD_UNKNOWN, "a", "age_broad", (11,)),
    ]
    assert mapped.held == {11}
    assert carried(mapped)["a"] == Carried("a", "age_broad", exact=3, broader=4, unanswered=1, unplaced=2)
    derived = derive_fields(mapped)
    assert column(derived, "majority_status") == [*["Minor"] * 4, "Adult", None, "Minor", "Adult", None, None]
    assert reasons(derived, "age_group")[4:6] == ["unknown", "unknown"]


def test_words_for_ranges_through_a_lookup(describe, map_files):
    source = describe("""
        columns:
          age: {field: age_at_registration, lookup: ages}
          months: {field: traffick_months_exact, lookup: months}
          children: {field: number_of_children, lookup: few}
        lookups:
          ages: {18 i više: 18+, maloletno: <18, odraslo: {to: 18+, is: lossy}, ne zna: unknown}
          months: {do 5: 0-5, više od 24: 25+}
          few: {jedno: 1, više: null}
    """)
    rows = "18 i više,do 5,jedno\nmaloletno,više od 24,više\n17,7,2\nodraslo,6-18,3\nne zna,x,<5\n"
    mapped = map_files(source, f"age,months,children\n{rows}")
    assert column(mapped, "age_at_registration") == [None, None, 17, None, None]
    assert column(mapped, "majority_status") == ["Adult", None, None, "Adult", None]
    assert column(mapped, "age_group") == [None, "0--17", None, None, None]
    assert column(mapped, "traffick_months_exact") == [None, None, 7, None, None]
    assert column(mapped, "traffick_months") == ["0--12", "25+", None, None, None]
    assert column(mapped, "number_of_children") == [1, None, 2, 3, None]
    assert mapped.held == {6}
    assert carried(mapped)["age"] == Carried("age", "age_at_registration", exact=3, lossy=1, unanswered=1)
    assert carried(mapped)["months"] == Carried(
        "months", "traffick_months_exact", exact=2, broader=1, unplaced=2
    )


def test_relations_that_the_description_states(describe, map_files):
    source = describe("""
        columns:
          job: {field: gender, lookup: g}
          form: {flags: f, separator: ","}
        lookups:
          g: {w: Woman, other: {to: TransNonConforming, is: narrower}}
          f: {s: is_sexual_exploit, work: {to: [is_forced_labour], is: broader}, mess: []}
    """)
    mapped = map_files(source, 'job,form\nw,s\nother,work\nw,"s,work"\nw,mess\nw,\n')
    assert column(mapped, "gender") == ["Woman", "TransNonConforming", *["Woman"] * 3]
    assert column(mapped, "is_forced_labour") == [None, 1, 1, None, None]
    assert carried(mapped)["job"] == Carried("job", "gender", exact=4, narrower=1)
    assert carried(mapped)["form"] == Carried("form", None, exact=1, broader=2, lossy=1, unanswered=1)


def test_a_field_of_one_code_loses_the_others(describe, map_files):
    source = describe("""
        columns:
          one: {field: citizenship, separator: ";"}
          all: {field: citizenship_all, separator: ";"}
    """)
    mapped = map_files(source, "one,all\nSRB;HRV,SRB;HRV\nSRB;SRB,SRB\n")
    assert column(mapped, "citizenship") == ["SRB", "SRB"]
    assert column(mapped, "citizenship_all") == ["SRB;HRV", "SRB"]
    assert carried(mapped)["one"] == Carried("one", "citizenship", exact=1, lossy=1)
    assert carried(mapped)["all"] == Carried("all", "citizenship_all", exact=2)


def test_a_country_that_is_counted_nowhere_stays_in_its_sub_region(describe, map_files):
    source = describe("""
        language: sr-Latn
        territories: un
        columns: {c: {field: citizenship, country: names}, e: {field: country_of_exploitation}}
    """)
    mapped = map_files(source, "c,e\nKosovo,XKX\nSrbija,TWN\nSFRJ,SRB\nKongo,SUN\nNarnija,SRB\n")
    assert column(mapped, "citizenship") == [None, "SRB", None, None, None]
    assert column(mapped, "citizenship_subregion") == ["Southern Europe", None, "Southern Europe", None, None]
    assert column(mapped, "country_of_exploitation") == [None, "CHN", "SRB", None, "SRB"]
    assert column(mapped, "coe_subregion") == ["Southern Europe", None, None, None, None]
    assert found(mapped) == [
        (FindingCode.COUNTRY_AMBIGUOUS, "c", "citizenship", (5,)),
        (FindingCode.COUNTRY_HISTORIC, "c", "citizenship", (2, 4)),
        (FindingCode.WORD_UNKNOWN, "c", "citizenship", (6,)),
        (FindingCode.COUNTRY_HISTORIC, "e", "country_of_exploitation", (2, 3, 5)),
    ]
    assert mapped.held == {5, 6}
    assert carried(mapped)["c"] == Carried("c", "citizenship", exact=1, broader=2, unplaced=2)
    derived = derive_fields(mapped)
    assert column(derived, "citizenship_region") == ["Europe", "Europe", "Europe", None, None]


def test_yes_no_and_no_answer_in_the_language_of_the_source(describe, map_files):
    source = describe("language: [sr-Latn, sr-Cyrl]\ncolumns: {a: {field: is_forced_labour}}")
    mapped = map_files(source, "a\nda\nНЕ\nx\nnepoznato\nnije pitano\nnema\n-99\nn/a\nyes\n")
    assert column(mapped, "is_forced_labour") == [1, 0, 1, None, None, None, None, None, 1]
    assert reasons(mapped, "is_forced_labour")[3:5] == ["unknown", "not_collected"]
    # what may mean none, unknown or not asked is never taken for one of them
    assert found(mapped) == [(FindingCode.VALUE_UNREADABLE, "a", "is_forced_labour", (7, 8, 9))]
    assert carried(mapped)["a"] == Carried("a", "is_forced_labour", exact=4, unanswered=2, unplaced=3)


def test_words_of_no_declared_language_are_not_read(describe, map_files):
    mapped = map_files(describe("columns: {a: {field: is_forced_labour}}"), "a\nda\nx\nnepoznato\n")
    assert column(mapped, "is_forced_labour") == [None, None, None]
    assert mapped.held == {2, 3, 4}


@pytest.mark.parametrize(
    ("language", "yes", "no"),
    [
        ("sr-Latn", "da", "ne"),
        ("sr-Cyrl", "да", "не"),
        ("mk", "да", "не"),
        ("sq", "po", "jo"),
        ("es", "sí", "no"),
        ("fr", "oui", "non"),
        ("pt", "sim", "não"),
        ("ar", "نعم", "لا"),
        ("ru", "да", "нет"),
        ("uk", "так", "ні"),
        ("ro", "da", "nu"),
        ("tr", "evet", "hayır"),
        ("th", "ใช่", "ไม่"),
        ("en", "yes", "no"),
    ],
)
def test_yes_and_no_of_every_language(describe, map_files, language, yes, no):
    source = describe(f"language: {language}\ncolumns: {{a: {{field: is_forced_labour}}}}")
    mapped = map_files(source, f"a\n{yes}\n{no.upper()}\n✓\n")
    assert column(mapped, "is_forced_labour") == [1, 0, 1]


def test_years_of_other_calendars(describe, map_files):
    source = describe("""
        columns:
          th: {field: year_of_registration, calendar: buddhist}
          ir: {field: exploit_start_year, calendar: solar_hijri}
          day: {field: exploit_end_year, calendar: solar_hijri, date: "%Y/%m/%d"}
    """)
    mapped = map_files(
        source, "th,ir,day\n2563,1399,1399/10/11\n๒๕๖๒.0,1398.0,1399/10/12\n2019,1300,1399/13/01\n"
    )
    assert column(mapped, "year_of_registration") == [2020, 2019, None]
    assert column(mapped, "exploit_start_year") == [2020, 2019, None]
    assert column(mapped, "exploit_end_year") == [2020, 2021, None]  # 1 January 2021 is 12 Dey 1399
    assert carried(mapped)["th"] == Carried("th", "year_of_registration", exact=2, unplaced=1)
    assert carried(mapped)["ir"] == Carried("ir", "exploit_start_year", lossy=2, unplaced=1)
    assert carried(mapped)["day"] == Carried("day", "exploit_end_year", exact=2, unplaced=1)


def test_broader_and_narrower_at_once_is_lossy():
    exact, broader, narrower, lossy = Precision
    assert join_precisions([]) is exact
    assert join_precisions([exact, broader]) is broader
    assert join_precisions([broader, narrower]) is lossy
    assert join_precisions([narrower, narrower]) is narrower


def test_the_counts_of_all_columns():
    total = sum_carried([Carried("a", "x", exact=3, unanswered=2), Carried("b", None, lossy=1, unplaced=4)])
    assert total == Carried("", None, exact=3, lossy=1, unanswered=2, unplaced=4)
    assert total.values == 8
