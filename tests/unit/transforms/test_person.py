"""Several persons in one row: cases, keys, findings and the account, worked out by hand."""

import hashlib
import hmac

import pandas as pd
import pytest
from pydantic import ValidationError

from schemas.finding import FindingCode
from schemas.persons import Persons
from transforms.person import person_of, row_of
from transforms.validation import validate_cases

GROUPS = """
    persons:
      groups: 3
      columns: {pol: "pol_{n}", uzrast: "uzrast_{n}", rb: "rb_{n}"}
    columns:
      predmet: {key: true}
      godina: {field: year_of_registration}
      pol: {field: gender, lookup: pol}
      uzrast: {field: age_at_registration}
    ignored: {rb: running number within the row}
    lookups: {pol: {ž: Woman, m: Man}}
"""
HEADER = "predmet,godina,rb_1,pol_1,uzrast_1,rb_2,pol_2,uzrast_2,rb_3,pol_3,uzrast_3\n"


def places(mapped):
    return [(row_of(case), person_of(case)) for case in mapped.cases.index]


def column(mapped, field):
    return [None if pd.isna(value) else value for value in mapped.cases[field]]


def found(mapped):
    return [(f.code, f.table, f.column, f.count, f.rows) for f in mapped.findings]


def test_each_filled_group_is_a_case(describe, map_files):
    mapped = map_files(
        describe(GROUPS),
        HEADER + "A,2019,1,ž,14,2,m,30,3,,\nB,2018,1,,,2,,,3,m,\nC,2017,1,,,2,,,3,,\n,,,,,,,,,,\n",
    )
    assert places(mapped) == [(2, 1), (2, 2), (3, 3)]
    assert column(mapped, "gender") == ["Woman", "Man", "Man"]
    assert column(mapped, "age_at_registration") == [14, 30, None]
    assert column(mapped, "year_of_registration") == [2019, 2019, 2018]
    assert mapped.ignored == {"row without a person": 1, "blank row": 1}
    assert (mapped.read, mapped.rows) == (5, 4)
    assert mapped.findings == ()


def test_keys_tell_the_persons_of_a_row_apart(describe, map_files):
    mapped = map_files(
        describe(GROUPS), HEADER + "A,2019,,ž,14,,m,30,,,\nB,2019,,ž,1,,,,,,\nB,2019,,m,2,,m,3,,,\n"
    )
    digests = [
        hmac.new(b"test secret", text.encode(), hashlib.sha256).hexdigest()
        for text in ("A|person:1", "A|person:2", "B|person:1", "B|person:1", "B|person:2")
    ]
    assert column(mapped, "source_record_key") == digests
    # the same number in two rows: the first persons stand twice, the second person of row 4 once
    assert found(mapped) == [(FindingCode.KEY_REPEATED, "cases", "predmet", 2, (3, 4))]


def test_without_a_key_row_and_person_are_the_key(describe, map_files):
    text = GROUPS.replace("predmet: {key: true}", "predmet: {field: number_of_children}")
    mapped = map_files(describe(text), HEADER + "1,2019,,ž,14,,m,30,,,\n")
    digests = [
        hmac.new(b"test secret", text.encode(), hashlib.sha256).hexdigest()
        for text in ("2019|row:2|person:1", "2019|row:2|person:2")
    ]
    assert column(mapped, "source_record_key") == digests


def test_a_key_of_the_persons_own_stays_as_it_is(describe, map_files):
    source = describe("""
        persons: {groups: 2, columns: {id: "id{n}", g: "g{n}"}}
        columns: {id: {key: true}, g: {field: gender}}
    """)
    mapped = map_files(source, "id1,g1,id2,g2\n7,Man,8,Woman\n7,Man,,Man\n")
    plain = map_files(describe("columns: {id: {key: true}, g: {field: gender}}"), "id,g\n7,Man\n8,Woman\n")
    assert column(mapped, "source_record_key")[1] == column(plain, "source_record_key")[1]
    assert found(mapped) == [
        (FindingCode.KEY_MISSING, "cases", "id2", 1, (3,)),
        (FindingCode.KEY_REPEATED, "cases", "id1", 2, (2, 3)),
    ]


def test_findings_name_the_row_and_the_column_as_it_stands(describe, map_files):
    mapped = map_files(
        describe(GROUPS),
        HEADER + "A,2019,,ž,x,,q,30,,,\nB,19,,q,14,,m,y,,,\n",
    )
    assert found(mapped) == [
        (FindingCode.VALUE_UNREADABLE, "cases", "godina", 1, (3,)),
        (FindingCode.WORD_UNKNOWN, "cases", "pol_1", 1, (3,)),
        (FindingCode.WORD_UNKNOWN, "cases", "pol_2", 1, (2,)),
        (FindingCode.VALUE_UNREADABLE, "cases", "uzrast_1", 1, (2,)),
        (FindingCode.VALUE_UNREADABLE, "cases", "uzrast_2", 1, (3,)),
    ]
    assert len(mapped.held) == 4


def test_a_row_whose_cells_cannot_be_told_apart_waits_as_one_case(describe, map_files):
    mapped = map_files(describe(GROUPS), HEADER + "A,2019,,ž\nB,2019,,m,3,,,,,,\n")
    assert places(mapped) == [(2, 1), (3, 1)]
    assert [row_of(case) for case in mapped.held] == [2]
    assert found(mapped) == [(FindingCode.ROW_SHIFTED, "cases", None, 1, (2,))]


def test_groups_that_no_row_needs_may_be_missing_but_not_half_a_group(describe, map_files):
    source = describe(
        GROUPS.replace("ignored: {rb: running number within the row}", "").replace(', rb: "rb_{n}"', "")
    )
    mapped = map_files(source, "predmet,godina,pol_1,uzrast_1\nA,2019,ž,14\n")
    assert (places(mapped), found(mapped)) == ([(2, 1)], [])
    mapped = map_files(source, "predmet,godina,pol_1,uzrast_1,pol_3\nA,2019,ž,14,\n")
    assert found(mapped) == [(FindingCode.COLUMN_MISSING, "cases", "uzrast_3", 1, ())]
    mapped = map_files(source, "predmet,godina,pol_2,uzrast_2\nA,2019,ž,14\n")
    assert {f[2] for f in found(mapped)} == {"pol_1", "uzrast_1"}


def test_nested_names_and_listed_names(describe, map_files):
    source = describe("""
        reader: {format: json_lines}
        persons: {groups: [a, b], columns: {g: "persons.{n}.sex", age: [age, age 2]}}
        columns: {g: {field: gender}, age: {field: age_at_registration}}
    """)
    mapped = map_files(source, '{"persons.a.sex": "Man", "age": 4, "persons.b.sex": "Woman", "age 2": 5}\n')
    assert column(mapped, "gender") == ["Man", "Woman"]
    assert column(mapped, "age_at_registration") == [4, 5]


def test_persons_who_are_no_cases_are_ignored(describe, map_files):
    source = describe("""
        persons: {groups: 2, columns: {role: "role{n}", g: "g{n}"}}
        columns: {g: {field: gender}}
        ignored: {role: decides who is a case}
        ignored_rows: [{column: role, values: [accused], reason: accused person}]
    """)
    mapped = map_files(source, "role1,g1,role2,g2\nvictim,Man,accused,Man\naccused,Woman,,\n,,,\n")
    assert places(mapped) == [(2, 1)]
    assert mapped.ignored == {"accused person": 2, "blank row": 1}
    assert (mapped.read, mapped.rows) == (4, 3)


def test_rules_name_the_row_and_the_account_counts_persons(describe, map_files):
    source = describe("""
        persons: {groups: 2, columns: {age: "age{n}", band: "band{n}"}}
        columns:
          age: {field: age_at_registration}
          band: {field: age_broad}
          y: {field: year_of_registration}
        constants: {data_source_type: Hotline, consent_publication: true,
                    trafficking_status: PossibleVictimOfTrafficking, is_servitude: 1}
    """)
    mapped = map_files(
        source, "y,age1,band1,age2,band2\n2019,14,09--17,30,09--17\n2019,,,,\n2019,50,09--17,5,48+\n"
    )
    validated = validate_cases(mapped, current_year=2026)
    account = validated.account
    assert (account.read, account.accepted, account.held) == (5, 1, 3)
    assert (account.ignored, account.rows) == ({"row without a person": 1}, 3)
    broken = [f for f in validated.findings if f.code is FindingCode.RULE_HELD and f.rule and f.count == 3]
    assert [f.rows for f in broken] == [(2, 4)]


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"groups": 0, "columns": {"a": "a{n}"}}, "write how many groups"),
        ({"groups": 2, "columns": {"a": "a"}}, "a: write {n} where the number stands"),
        ({"groups": 2, "columns": {"a": ["a", "b", "c"]}}, "a lists 3 columns for 2 groups"),
    ],
)
def test_groups_that_cannot_be(keys, problem):
    with pytest.raises(ValidationError) as caught:
        Persons(**keys)
    (error,) = caught.value.errors()
    assert problem in error["msg"]
