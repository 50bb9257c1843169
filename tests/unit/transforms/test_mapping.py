"""A source's rows become cases: values, reasons, held rows and findings worked out by hand."""

import hashlib
import hmac

import pandas as pd
import pytest

from schemas.case import SCHEMA_VERSION, case_fields, case_schema
from schemas.field import Requirement
from schemas.finding import FindingCode


def found(mapped):
    return [(f.code, f.column, f.field, f.rows) for f in mapped.findings]


def column(mapped, field):
    return [None if pd.isna(value) else value for value in mapped.cases[field]]


def reasons(mapped, field):
    return [None if pd.isna(value) else value for value in mapped.reasons[field]]


def test_cases_have_every_field_in_order_and_type(describe, map_files):
    mapped = map_files(describe("columns: {a: {field: gender}}"), "a\nWoman\n")
    fields = case_fields()
    assert list(mapped.cases.columns) == list(fields)
    assert list(mapped.reasons.columns) == [
        name for name, field in fields.items() if field.requirement is not Requirement.MANDATORY
    ]
    expected = {name: str(column.dtype) for name, column in case_schema().columns.items()}
    found = {name: str(dtype) for name, dtype in mapped.cases.dtypes.items()}
    assert found == {name: "str" if dtype.startswith("str") else dtype for name, dtype in expected.items()}
    assert set(mapped.reasons.dtypes.astype(str)) == {"str"}


def test_an_empty_file_maps_to_typed_nothing(describe, map_files):
    mapped = map_files(
        describe("columns: {a: {field: gender}, b: {flags: f}}\nlookups: {f: {x: is_servitude}}"), "a,b\n"
    )
    assert len(mapped.cases) == len(mapped.reasons) == len(mapped.perpetrators) == mapped.read == 0
    assert str(mapped.cases["is_servitude"].dtype) == "Int8"
    assert str(mapped.cases["gender"].dtype) == "str"


def test_constants_and_facts_of_the_submission(describe, map_files):
    source = describe(
        "constants: {data_source_type: Hotline, consent_publication: true, reporting_country: SRB}"
    )
    mapped = map_files(source, "a\nx\n")
    for field, value in {
        "data_source_type": "Hotline",
        "consent_publication": True,
        "reporting_country": "SRB",
        "source_id": "xyz_office_cases",
        "period": "2019",
        "source_version": "0" * 64,
        "schema_version": SCHEMA_VERSION,
    }.items():
        assert column(mapped, field) == [value]
    assert reasons(mapped, "reporting_country") == [None]


def test_a_field_that_nobody_maps_was_not_collected(describe, map_files):
    mapped = map_files(
        describe("not_collected: [recruiter_family]\ncolumns: {a: {field: gender}}"), "a\nMan\n"
    )
    for field in ("recruiter_family", "is_servitude", "age_broad"):
        assert column(mapped, field) == [None]
        assert reasons(mapped, field) == ["not_collected"]


def test_lookups_compare_words_and_have_no_default(describe, map_files):
    source = describe("""
        columns: {pol: {field: gender, lookup: pol}}
        lookups: {pol: {žensko: Woman, muško: Man, ne želi: refused, drugo: null}}
    """)
    mapped = map_files(source, "pol\nŽENSKO \nz\u030censko\nne  želi\ndrugo\n\nWoman\nne zna\n")
    assert column(mapped, "gender") == ["Woman", "Woman", None, None, None, None]
    assert reasons(mapped, "gender") == [None, None, "refused", "unknown", "unknown", "unknown"]
    assert found(mapped) == [(FindingCode.WORD_UNKNOWN, "pol", "gender", (7, 8))]
    assert mapped.held == {7, 8}
    assert mapped.read == 7
    assert mapped.ignored == {"blank row": 1}


def test_codes_without_lookup(describe, map_files):
    source = describe("columns: {a: {field: age_broad}, d: {field: data_source_type}}")
    mapped = map_files(source, "a,d\n09--17,hotline\n9–17,Hotline\n48+,LawEnforcement\n9--18,x\n")
    assert column(mapped, "age_broad") == ["9--17", "9--17", "48+", None]
    assert column(mapped, "data_source_type") == ["Hotline", "Hotline", "LawEnforcement", None]
    assert mapped.held == {5}


def test_missing_tokens_of_column_and_source(describe, map_files):
    source = describe("""
        columns:
          age: {field: age_at_registration, missing: {"0": unknown, "999": not_applicable}}
          means: {field: means_threats}
          pol: {field: gender, lookup: pol, missing: {odbijeno: refused}}
        missing: {"-99": unknown, Unknown: unknown, "N/A": not_applicable}
        lookups: {pol: {F: Woman, unknown: TransNonConforming}}
    """)
    mapped = map_files(source, "age,means,pol\n0,0,F\n-99,-99,-99\n999,UNKNOWN,unknown\n34,n/a,Odbijeno\n")
    assert column(mapped, "age_at_registration") == [None, None, None, 34]
    assert reasons(mapped, "age_at_registration") == ["unknown", "unknown", "not_applicable", None]
    assert column(mapped, "means_threats") == [0, None, None, None]
    assert reasons(mapped, "means_threats") == [None, "unknown", "unknown", "not_applicable"]
    # a lookup is more particular than the tokens of the whole source
    assert column(mapped, "gender") == ["Woman", None, "TransNonConforming", None]
    assert reasons(mapped, "gender") == [None, "unknown", None, "refused"]
    assert mapped.findings == ()


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("age_at_registration", "0", 0),
        ("age_at_registration", "110", 110),
        ("number_of_children", "20", 20),
        ("year_of_registration", "2002.0", 2002),
        ("entry_year", "1950", 1950),
        ("traffick_months_exact", "900", 900),
        ("consent_publication", "TRUE", True),
        ("consent_publication", "no", False),
        ("is_forced_labour", "1.0", 1),
        ("is_forced_labour", "false", 0),
        ("citizenship", "NA", "NAM"),
        ("citizenship", "CO", "COL"),
        ("citizenship", "COL", "COL"),
    ],
)
def test_values_by_kind(describe, map_files, field, text, value):
    mapped = map_files(describe(f"columns: {{a: {{field: {field}}}}}"), f"a\n{text}\n")
    assert column(mapped, field) == [value]
    assert mapped.findings == ()


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("age_at_registration", "111"),
        ("age_at_registration", "-1"),
        ("age_at_registration", "14 years"),
        ("number_of_children", "21"),
        ("number_of_children", "300"),
        ("year_of_registration", "1999"),
        ("year_of_registration", "2019-05-01"),
        ("traffick_months_exact", "999999999"),
        ("consent_publication", "maybe"),
        ("is_forced_labour", "False promises"),
        ("citizenship", "Colombia"),
        ("citizenship", "co"),
    ],
)
def test_what_cannot_be_read_holds_the_row(describe, map_files, field, text):
    mapped = map_files(describe(f"columns: {{a: {{field: {field}}}}}"), f"a\n{text}\n")
    assert column(mapped, field) == [None]
    assert found(mapped) == [(FindingCode.VALUE_UNREADABLE, "a", field, (2,))]
    assert mapped.held == {2}


def test_dates_give_their_year_only(describe, map_files):
    source = describe('columns: {d: {field: year_of_registration, date: "%d.%m.%Y"}}')
    mapped = map_files(source, "d\n31.12.2019\n2019-01-01\n2019\n")
    assert column(mapped, "year_of_registration") == [2019, 2019, None]
    assert mapped.held == {4}


def test_countries_by_lookup_by_code_and_by_policy(describe, map_files):
    source = describe("""
        columns: {c: {field: citizenship, lookup: c}}
        lookups: {c: {Kosovo: XKX, Srbija: SRB, Jugoslavija: YUG, bez: unknown}}
    """)
    mapped = map_files(source, "c\nkosovo\nSrbija\nBA\nXK\nJugoslavija\nZZ\nbez\nNemačka\n")
    assert column(mapped, "citizenship") == ["SRB", "SRB", "BIH", "SRB", None, None, None, None]
    assert reasons(mapped, "citizenship")[4:] == ["unknown"] * 4
    assert found(mapped) == [
        (FindingCode.COUNTRY_HISTORIC, "c", "citizenship", (2, 5, 6)),
        (FindingCode.WORD_UNKNOWN, "c", "citizenship", (9,)),
    ]
    assert mapped.held == {9}


def test_lists_of_codes(describe, map_files):
    source = describe("""
        columns:
          c: {field: citizenship_all, separator: ";"}
          m: {field: recruitment_method, lookup: m, separator: ";"}
        lookups: {m: {At work: AtWork, "Trade; repair": Other}}
    """)
    mapped = map_files(source, "c,m\nRS; BA;RS,at work;trade;  repair\nXK,Trade; repair\n,\nRS;x,At work;y\n")
    assert column(mapped, "citizenship_all") == ["SRB;BIH", "SRB", None]
    assert column(mapped, "recruitment_method") == ["AtWork;Other", "Other", None]
    # the first citizenship of the list, where the source gives only the list
    assert column(mapped, "citizenship") == ["SRB", "SRB", None]
    assert reasons(mapped, "citizenship") == [None, None, "unknown"]
    assert mapped.held == {5}


def test_one_code_of_several_is_the_first(describe, map_files):
    mapped = map_files(describe('columns: {c: {field: citizenship, separator: ";"}}'), "c\nZZ;BA;RS\nRS\n")
    assert column(mapped, "citizenship") == ["BIH", "SRB"]


FLAGS = """
    columns: {o: {flags: oblik, separator: ", ", others: %s, missing: {nema: not_applicable}}}
    lookups:
      oblik:
        seksualna: is_sexual_exploit
        seksualna, prema deci: [is_sexual_exploit, sex_prostitution]
        radna: [is_forced_labour]
        ostalo: []
"""


def test_one_cell_sets_several_flags(describe, map_files):
    source = describe(FLAGS % "unknown")
    text = 'o\n"Seksualna,  prema deci"\n"radna, seksualna"\nostalo\n\nnema\n"radna, x"\n'
    mapped = map_files(source, text)
    assert mapped.ignored == {"blank row": 1}
    assert column(mapped, "is_sexual_exploit") == [1, 1, None, None, None]
    assert column(mapped, "sex_prostitution") == [1, None, None, None, None]
    assert column(mapped, "is_forced_labour") == [None, 1, None, None, None]
    assert reasons(mapped, "is_forced_labour") == ["unknown", None, "unknown", "not_applicable", "unknown"]
    assert reasons(mapped, "is_servitude") == ["not_collected"] * 5
    assert found(mapped) == [(FindingCode.WORD_UNKNOWN, "o", None, (7,))]
    assert mapped.held == {7}


def test_flags_that_a_cell_leaves_out_may_mean_no(describe, map_files):
    mapped = map_files(describe(FLAGS % '"no"'), "o,x\nradna,1\nostalo,1\n,1\nnema,1\n")
    assert column(mapped, "is_forced_labour") == [1, 0, None, None]
    assert column(mapped, "is_sexual_exploit") == [0, 0, None, None]
    assert reasons(mapped, "is_sexual_exploit") == [None, None, "unknown", "not_applicable"]


def test_an_explicit_answer_outweighs_an_implied_no(describe, map_files):
    source = describe("""
        columns:
          first: {flags: form, others: "no"}
          second: {flags: form, others: "no"}
          labour: {field: is_forced_labour}
        lookups: {form: {s: is_sexual_exploit, l: is_forced_labour, m: is_forced_marriage}}
    """)
    mapped = map_files(source, "first,second,labour\ns,m,\ns,,1\ns,,0\nl,,0\n")
    assert column(mapped, "is_sexual_exploit") == [1, 1, 1, 0]
    assert column(mapped, "is_forced_marriage") == [1, 0, 0, 0]
    assert column(mapped, "is_forced_labour") == [0, 1, 0, 1]
    assert found(mapped) == [(FindingCode.RULE_HELD, "labour", "is_forced_labour", (5,))]
    assert mapped.held == {5}


def test_typed_words_may_count_as_not_known(describe, map_files):
    source = describe("""
        columns: {o: {flags: form, separator: ",", others: "no", unplaced: unknown}}
        lookups: {form: {s: is_sexual_exploit, l: is_forced_labour}}
    """)
    mapped = map_files(source, 'o\n"s,typed"\ntyped too\ns\n')
    assert column(mapped, "is_sexual_exploit") == [1, None, 1]
    assert column(mapped, "is_forced_labour") == [None, None, 0]  # the typed word may name it
    assert reasons(mapped, "is_forced_labour") == ["unknown", "unknown", None]
    assert found(mapped) == [(FindingCode.WORD_UNPLACED, "o", None, (2, 3))]
    assert mapped.held == frozenset()


def test_two_columns_for_one_field(describe, map_files):
    source = describe("columns: {a: {field: gender}, b: {field: gender, missing: {x: refused}}}")
    mapped = map_files(source, "a,b\nMan,\n,Woman\nMan,Man\nMan,Woman\n,x\n")
    assert column(mapped, "gender") == ["Man", "Woman", "Man", "Man", None]
    assert reasons(mapped, "gender") == [None, None, None, None, "unknown"]
    assert found(mapped) == [(FindingCode.RULE_HELD, "b", "gender", (5,))]
    assert mapped.held == {5}


def test_columns_that_are_missing_or_unknown(describe, map_files):
    source = describe("columns: {a: {field: gender}, b: {field: sex}}\nignored: {c: why}")
    mapped = map_files(source, "a,Milica,c,\nMan,1,2,\n")
    assert found(mapped) == [
        (FindingCode.COLUMN_MISSING, "b", None, ()),
        (FindingCode.COLUMN_UNKNOWN, "column 2", None, ()),
    ]
    assert reasons(mapped, "sex") == ["unknown"]


def test_a_column_whose_label_disagrees_is_not_used(describe, map_files):
    source = describe("""
        reader: {format: delimited, label_row: 2}
        columns: {a: {field: gender}, b: {field: age_at_registration}}
        labels: {a: Gender, b: Age}
    """)
    mapped = map_files(source, "a,b\nCity,Age\nWoman,14\n")
    assert column(mapped, "gender") == [None]
    assert column(mapped, "age_at_registration") == [14]
    assert found(mapped) == [(FindingCode.LABEL_DISAGREES, "a", None, ())]
    assert mapped.held == frozenset()


def test_a_shifted_row_is_held_and_not_interpreted(describe, map_files):
    source = describe("""
        columns: {k: {key: true}, a: {field: gender}}
        ignored_rows: [{column: a, values: [drop], reason: dropped}]
    """)
    mapped = map_files(source, "k,a\n1,Man\n2,drop,x\n3\n,drop\n")
    assert found(mapped) == [(FindingCode.ROW_SHIFTED, None, None, (3, 4))]
    assert mapped.held == {3, 4}
    assert (mapped.read, len(mapped.cases), mapped.ignored) == (4, 3, {"dropped": 1})
    assert column(mapped, "gender") == ["Man", None, None]


def test_bad_lines_are_held(describe, map_files):
    source = describe("reader: {format: json_lines}\ncolumns: {a: {field: gender}}")
    mapped = map_files(source, '{"a": "Man"}\n{"a": \n{"a": null}\n')
    assert (mapped.read, mapped.held, mapped.ignored) == (3, {2}, {"blank row": 1})
    assert found(mapped) == [(FindingCode.ROW_UNREADABLE, None, None, (2,))]


def test_formulas_hold_their_row(describe, map_files, make_workbook):
    source = describe("""
        reader: {format: xlsx}
        columns: {k: {key: true}, a: {field: gender, lookup: g}, b: {flags: f}}
        ignored: {c: not used}
        ignored_rows: [{column: d, values: [drop], reason: dropped}]
        lookups: {g: {w: Woman}, f: {x: is_servitude}}
    """)
    rows = [list("kabcd"), ["1", "w", "x", "=1", ""], ["2", "=A1", "x"], ["3", "w", "=A1"], ["=A1", "w", "x"]]
    mapped = map_files(source, make_workbook([*rows, ["5", "w", "x", "", "=A1"]]))
    assert mapped.held == {3, 4, 5, 6}
    assert {f.code for f in mapped.findings} == {FindingCode.VALUE_UNREADABLE}
    assert sorted((f.column, f.rows) for f in mapped.findings) == [
        ("a", (3,)),
        ("b", (4,)),
        ("d", (6,)),
        ("k", (5,)),
    ]


def test_ignored_rows_are_counted_by_reason(describe, map_files):
    source = describe("""
        columns: {a: {field: gender}}
        ignored_rows:
          - {column: role, values: [Accused, accused 2], reason: accused person}
          - {column: role, values: [witness], reason: other person}
          - {column: a, values: [Man], reason: other person}
    """)
    mapped = map_files(
        source, "a,role\nMan,accused\nWoman,victim\nMan,Witness\nMan,victim\nWoman,ACCUSED  2\n"
    )
    assert list(mapped.cases.index) == [3]
    assert mapped.ignored == {"accused person": 2, "other person": 2}
    assert mapped.read == 5


def _digest(text):
    return hmac.new(b"test secret", text.encode(), hashlib.sha256).hexdigest()


def test_keys_are_keyed_hashes(describe, map_files):
    source = describe("columns: {nr: {key: true, missing: {unknown: unknown}}, a: {field: gender}}")
    mapped = map_files(source, "nr,a\n A-1 ,Man\nA-2,Man\n,Man\nA-2,Man\nunknown,Man\na-1,Man\n")
    assert column(mapped, "source_record_key") == [
        *[_digest(text) for text in ("A-1", "A-2")],
        None,
        _digest("A-2"),
        None,
        _digest("a-1"),
    ]
    assert found(mapped) == [
        (FindingCode.KEY_MISSING, "nr", None, (4, 6)),
        (FindingCode.KEY_REPEATED, "nr", None, (3, 5)),
    ]
    assert mapped.held == {3, 4, 5, 6}


def test_without_a_key_the_row_number_is_the_key(describe, map_files):
    mapped = map_files(describe("columns: {a: {field: gender}}"), "a\nMan\n\nMan\n")
    assert column(mapped, "source_record_key") == [_digest("2019|row:2"), _digest("2019|row:4")]


TWO_TABLES = """
    tables:
      persons: {file: "p*", reader: {format: delimited}}
      reports: {file: "r*", reader: {format: delimited}}
    cases: persons
    link: {table: reports, on: nr}
    columns:
      sex: {field: gender, lookup: sex}
      age: {field: age_at_registration, missing: {"0": unknown}}
      from: {field: citizenship}
      reports.year: {field: year_of_registration}
    ignored: {reports.note: free text, role: decides which rows are cases}
    ignored_rows: [{column: role, values: [accused], reason: accused person}]
    perpetrators:
      table: persons
      rows: {column: role, values: [accused], reason: accused person}
      link: nr
      gender: sex
      age: age
      citizenship: from
    lookups: {sex: {F: Woman, M: Man}}
"""


def test_the_linked_table_adds_its_columns(describe, map_files):
    rows = ["1,victim,F,14,RS", "2,victim,F,15,RS", "9,victim,F,16,RS", "9,accused,F,,", "3,victim,F,,"]
    persons = "\n".join(["nr,role,sex,age,from", *rows])
    reports = "nr,year,note,x\n2,2018,,1\n1,2017,,1\n3,2016,,\n3,2015,,\n7,2000,,\n,1,,\n"
    mapped = map_files(describe(TWO_TABLES), {"persons": persons, "reports": reports})
    assert column(mapped, "year_of_registration") == [2017, 2018, None, None]
    assert [f for f in found(mapped) if f[0] is not FindingCode.PERPETRATOR_UNPLACED] == [
        (FindingCode.COLUMN_UNKNOWN, "column 4", None, ()),
        (FindingCode.LINK_REPEATED, "reports.nr", None, (6,)),
        (FindingCode.LINK_MISSING, "nr", None, (4,)),
    ]
    assert mapped.held == {4, 6}
    assert (mapped.read, mapped.ignored) == (5, {"accused person": 1})


def test_a_perpetrator_is_tied_to_the_one_case_of_a_report(describe, map_files):
    persons = (
        "nr,role,sex,age,from\n"
        "1,victim,F,14,RS\n1,accused,M,36,BA\n1,accused,,0,\n"  # one victim, two accused
        "2,victim,F,15,RS\n2,victim,F,16,RS\n2,accused,M,40,\n"  # two victims: who exploited whom is not said
        "3,accused,F,50,XX\n"  # no victim
        "4,victim,F,17,RS\n4,accused,M,47,NG\n"
    )
    reports = "nr,year,note\n" + "".join(f"{n},2019,\n" for n in range(1, 5))
    mapped = map_files(describe(TWO_TABLES), {"persons": persons, "reports": reports})
    people = mapped.perpetrators
    assert list(people.index) == [3, 4, 10]
    keys = mapped.cases["source_record_key"]
    assert list(people["source_record_key"]) == [keys[2], keys[2], keys[9]]
    assert list(people["perp_seq"]) == [1, 2, 1]
    assert people["perp_gender"].fillna("").tolist() == ["Man", "", "Man"]
    assert people["perp_age"].fillna("").tolist() == ["30--38", "", "39--47"]
    assert people["perp_citizenship_region"].fillna("").tolist() == ["Europe", "", "Africa"]
    assert people["role_exploiter"].isna().all()
    assert found(mapped) == [(FindingCode.PERPETRATOR_UNPLACED, "nr", None, (7, 8))]
    assert (mapped.read, len(mapped.cases), mapped.ignored) == (9, 4, {"accused person": 5})
    assert mapped.held == frozenset()


def test_every_source_without_perpetrators_has_an_empty_typed_table(describe, map_files):
    people = map_files(describe("columns: {a: {field: gender}}"), "a\nMan\n").perpetrators
    assert len(people) == 0
    assert str(people["perp_seq"].dtype) == "Int16"
    assert str(people["perp_gender"].dtype) == "str"


def test_a_file_may_lack_a_column_that_is_optional(describe, map_files):
    text = "columns: {a: {field: gender}, b: {field: age_at_registration, optional: true}}"
    mapped = map_files(describe(text), "a\nWoman\n")
    assert mapped.findings == ()
    assert mapped.cases["age_at_registration"].isna().all()
    assert mapped.reasons["age_at_registration"].tolist() == ["unknown"]
