"""Tables that belong together: looked up, passed on, and added up, with other names on the two sides."""

import pandas as pd
import pytest

from schemas.finding import FindingCode

TABLES = """
    tables:
      persons: {file: "p*", reader: {format: delimited}}
      reports: {file: "r*", reader: {format: delimited}}
      offices: {file: "o*", reader: {format: delimited}}
      forms: {file: "f*", reader: {format: delimited}}
    cases: persons
"""
LOOKED_UP = (
    TABLES.replace('      forms: {file: "f*", reader: {format: delimited}}\n', "")
    + """
    link:
      - {table: reports, on: report, to: nr}
      - {table: offices, on: reports.office, to: id, optional: true}
    columns:
      sex: {field: gender}
      reports.year: {field: year_of_registration}
      offices.country: {field: reporting_country}
"""
)
ADDED_UP = (
    TABLES.replace('      reports: {file: "r*", reader: {format: delimited}}\n', "").replace(
        '      offices: {file: "o*", reader: {format: delimited}}\n', ""
    )
    + """
    link: {table: forms, on: nr, to: person, many: true}
    columns:
      sex: {field: gender}
      forms.form: {flags: form, others: "no"}
      forms.debt: {field: means_debt_bondage}
      forms.country: {field: citizenship_all}
      forms.place: {field: country_of_exploitation}
    lookups:
      form: {sexual: is_sexual_exploit, labour: is_forced_labour, both: [is_sexual_exploit, is_forced_labour]}
"""
)


def column(mapped, field):
    return [None if pd.isna(value) else value for value in mapped.cases[field]]


def found(mapped):
    return [(f.code, f.table, f.column, f.rows) for f in mapped.findings]


def test_rows_are_looked_up_through_two_tables_with_other_names(describe, map_files):
    mapped = map_files(
        describe(LOOKED_UP),
        {
            "persons": "report,sex\n1,Man\n1,Woman\n2,Man\n9,Man\n3,Man\n",
            "reports": "nr,year,office\n2,2018,b\n1,2017,a\n3,2016,\n",
            "offices": "id,country\na,SRB\nb,MKD\nc,BIH\n",
        },
    )
    assert column(mapped, "year_of_registration") == [2017, 2017, 2018, None, 2016]
    assert column(mapped, "reporting_country") == ["SRB", "SRB", "MKD", None, None]
    assert found(mapped) == [(FindingCode.LINK_MISSING, "persons", "report", (5,))]
    assert mapped.held == {5}


def test_a_number_that_stands_twice_in_the_linked_table_is_told(describe, map_files):
    mapped = map_files(
        describe(LOOKED_UP),
        {
            "persons": "report,sex\n1,Man\n2,Woman\n",
            "reports": "nr,year,office\n1,2017,a\n1,2018,a\n2,2019,a\n5,1,\n5,2,\n",
            "offices": "id,country\na,SRB\na,MKD\n",
        },
    )
    assert column(mapped, "year_of_registration") == [None, 2019]
    assert column(mapped, "reporting_country") == [None, None]
    assert found(mapped) == [
        (FindingCode.LINK_REPEATED, "persons", "reports.nr", (2,)),
        (FindingCode.LINK_REPEATED, "persons", "offices.id", (3,)),
    ]
    assert mapped.held == {2, 3}


FORMS = "person,form,debt,country,place\n"


def test_the_rows_of_a_case_are_added_up(describe, map_files):
    mapped = map_files(
        describe(ADDED_UP),
        {
            "persons": "nr,sex\n1,Man\n2,Woman\n3,Woman\n4,Man\n",
            "forms": FORMS
            + "2,sexual,0,SRB,ITA\n1,labour,,MKD,\n1,sexual,1,SRB,ITA\n1,sexual,0,MKD,ITA\n"
            + "3,labour,0,,\n4,both,,,\n",
        },
    )
    assert column(mapped, "is_sexual_exploit") == [1, 1, 0, 1]
    assert column(mapped, "is_forced_labour") == [1, 0, 1, 1]
    assert column(mapped, "means_debt_bondage") == [1, 0, 0, None]
    assert column(mapped, "citizenship_all") == ["MKD;SRB", "SRB", None, None]
    assert column(mapped, "country_of_exploitation") == ["ITA", "ITA", None, None]
    assert mapped.findings == ()
    assert (mapped.read, mapped.rows) == (4, None)


def test_a_no_needs_a_no_in_every_row(describe, map_files):
    mapped = map_files(
        describe(ADDED_UP),
        {"persons": "nr,sex\n1,Man\n", "forms": FORMS + "1,labour,0,,\n1,,,,SRB\n"},
    )
    # the second row does not say which form: sexual exploitation is not excluded
    assert column(mapped, "is_sexual_exploit") == [None]
    assert column(mapped, "is_forced_labour") == [1]
    assert column(mapped, "means_debt_bondage") == [None]


def test_findings_of_such_rows_name_them_and_hold_their_case(describe, map_files):
    mapped = map_files(
        describe(ADDED_UP),
        {
            "persons": "nr,sex\n1,Man\n2,Woman\n3,Man\n4,Man\n",
            "forms": FORMS
            + "1,sexual,,,\n2,sexual,,,\n2,what,,,\n3,labour,,,ITA\n3,labour,,,SRB\n"
            + "8,sexual,,,\n9,nonsense,,,\n",
        },
    )
    assert found(mapped) == [
        (FindingCode.LINK_MISSING, "persons", "nr", (5,)),
        (FindingCode.LINK_UNUSED, "forms", "person", (7, 8)),
        (FindingCode.WORD_UNKNOWN, "forms", "form", (4,)),
        (FindingCode.RULE_HELD, "persons", "forms.place", (4,)),
    ]
    assert mapped.held == {3, 4, 5}


def test_a_case_need_not_wait_where_rows_are_optional(describe, map_files):
    source = describe(ADDED_UP.replace("many: true", "many: true, optional: true"))
    mapped = map_files(source, {"persons": "nr,sex\n1,Man\n,Woman\n", "forms": FORMS + "1,both,1,SRB,ITA\n"})
    assert column(mapped, "is_sexual_exploit") == [1, None]
    assert list(mapped.reasons["is_sexual_exploit"].fillna("")) == ["", "unknown"]
    assert (mapped.findings, mapped.held) == ((), frozenset())


def test_a_table_of_many_rows_without_any(describe, map_files):
    mapped = map_files(describe(ADDED_UP), {"persons": "nr,sex\n1,Man\n", "forms": FORMS})
    assert column(mapped, "is_sexual_exploit") == column(mapped, "citizenship_all") == [None]
    assert mapped.held == {2}


@pytest.mark.parametrize("missing", ["form", "person"])
def test_a_column_that_the_linked_table_lacks(missing, describe, map_files):
    header = FORMS.replace(f"{missing},", "")
    mapped = map_files(describe(ADDED_UP), {"persons": "nr,sex\n1,Man\n", "forms": header + "1,1,SRB,ITA\n"})
    assert (FindingCode.COLUMN_MISSING, "forms", missing, ()) in found(mapped)


def test_perpetrators_in_a_table_of_their_own(describe, map_files):
    source = describe("""
        tables:
          victims: {file: "v*", reader: {format: delimited}}
          accused: {file: "a*", reader: {format: delimited}}
        cases: victims
        columns: {nr: {key: true}, sex: {field: gender}}
        perpetrators: {table: accused, link: victim, to: nr, gender: sex}
    """)
    mapped = map_files(
        source, {"victims": "nr,sex\n1,Man\n2,Woman\n", "accused": "victim,sex\n2,Man\n7,Man\n"}
    )
    keys = mapped.cases["source_record_key"]
    assert list(mapped.perpetrators["source_record_key"]) == [keys[3]]
    assert found(mapped) == [(FindingCode.PERPETRATOR_UNPLACED, "accused", "victim", (3,))]


COVERED = """
    tables:
      cases: {file: "c*", reader: {format: delimited}}
      cover: {file: "f*", reader: {format: delimited}}
    link: {table: cover}
    columns:
      sex: {field: gender}
      cover.office: {field: data_source_type}
"""


def test_the_one_row_of_a_cover_holds_for_every_case(describe, map_files):
    mapped = map_files(describe(COVERED), {"cases": "sex\nWoman\nMan\n", "cover": "office\nHotline\n"})
    assert column(mapped, "data_source_type") == ["Hotline", "Hotline"]
    assert mapped.findings == ()


@pytest.mark.parametrize(
    ("cover", "code"),
    [
        ("office\n", FindingCode.LINK_MISSING),
        ("office\nHotline\nOther\n", FindingCode.LINK_REPEATED),
    ],
)
def test_a_cover_without_one_row_holds_every_case(cover, code, describe, map_files):
    mapped = map_files(describe(COVERED), {"cases": "sex\nWoman\nMan\n", "cover": cover})
    assert (mapped.held, {code}) == ({2, 3}, {finding.code for finding in mapped.findings})
    assert column(mapped, "data_source_type") == [None, None]


@pytest.mark.parametrize("keys", ["many: true", "to: number"])
def test_a_table_without_a_number_has_one_row(keys, describe):
    with pytest.raises(ValueError, match="on which column"):
        describe(COVERED.replace("{table: cover}", f"{{table: cover, {keys}}}"))
