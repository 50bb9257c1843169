"""Columns that each say yes or nothing: the same as columns and lookups written one by one."""

import pandas as pd
import pytest
from pydantic import ValidationError

from schemas.finding import FindingCode
from schemas.one_hot import OneHot

FORMS = """
    one_hot:
      columns: {Seksualna: is_sexual_exploit, Radna: is_forced_labour}
      yes: [x, da, 1]
      no: [ne, 0]
      blank: BLANK
    missing: {"?": unknown}
"""


def column(mapped, field):
    return [None if pd.isna(value) else value for value in mapped.cases[field]]


def found(mapped):
    return [(f.code, f.column, f.field, f.rows) for f in mapped.findings]


@pytest.mark.parametrize(
    ("blank", "labour"),
    [("no", [0, 1, 0, 1, None, 0]), ("unknown", [None, 1, 0, 1, None, None])],
)
def test_yes_no_and_blank(blank, labour, describe, map_files):
    source = describe(FORMS.replace("BLANK", blank))
    mapped = map_files(source, "Seksualna,Radna\nX,\nda,1\n1,NE\n0,DA\nx,?\nx,\n")
    assert column(mapped, "is_sexual_exploit") == [1, 1, 1, 0, 1, 1]
    assert column(mapped, "is_forced_labour") == labour
    assert mapped.findings == ()


def test_another_word_holds_the_row_and_its_column_is_named(describe, map_files):
    mapped = map_files(describe(FORMS.replace("BLANK", "no")), "Seksualna,Radna\nmaybe,x\n,0\n")
    assert found(mapped) == [(FindingCode.WORD_UNKNOWN, "Seksualna", "is_sexual_exploit", (2,))]
    assert mapped.held == {2}


# yes = 1, no = 0, blank or ? = not known: one yes is enough, a no needs a no in every column
TOGETHER = [
    ("x,x", 1),
    ("x,0", 1),
    ("0,x", 1),
    ("x,?", 1),
    ("?,x", 1),
    ("0,0", 0),
    ("0,?", None),
    ("?,0", None),
    ("?,?", None),
]


@pytest.mark.parametrize(("cells", "value"), TOGETHER)
def test_several_columns_of_one_field(cells, value, describe, map_files):
    source = describe("""
        one_hot: [{columns: {a: is_sexual_exploit, b: is_sexual_exploit}, yes: [x], no: [0]}]
        missing: {"?": unknown}
    """)
    mapped = map_files(source, f"a,b\n{cells}\n")
    assert column(mapped, "is_sexual_exploit") == [value]
    assert mapped.findings == ()


def test_a_column_of_several_fields_and_one_of_a_code(describe, map_files):
    source = describe("""
        one_hot:
          - columns: {Rad: [is_forced_labour, is_servitude]}
            yes: [x]
            blank: "no"
          - columns: {Ž: {gender: Woman}, M: {gender: Man}}
            yes: [x]
    """)
    mapped = map_files(source, "Rad,Ž,M\nx,x,\n,,x\nx,,\nx,x,x\n")
    assert column(mapped, "is_forced_labour") == column(mapped, "is_servitude") == [1, 0, 1, 1]
    assert column(mapped, "gender")[:3] == ["Woman", "Man", None]
    assert found(mapped) == [(FindingCode.RULE_HELD, "M", "gender", (5,))]


def test_lists_add_up(describe, map_files):
    source = describe("""
        columns:
          c1: {field: citizenship_all, together: any}
          c2: {field: citizenship_all, separator: "/", together: any}
    """)
    mapped = map_files(source, "c1,c2\nSRB,BIH/SRB\n,MKD\nALB,\n,\n")
    assert column(mapped, "citizenship_all") == ["SRB;BIH", "MKD", "ALB", None][:3]
    assert mapped.ignored == {"blank row": 1}


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"columns": {"a": {}}, "yes": ["x"]}, "one field with its code"),
        ({"columns": {"a": {"gender": "Man", "x": "y"}}, "yes": ["x"]}, "one field with its code"),
        ({"columns": {"a": []}, "yes": ["x"]}, "one field with its code"),
        ({"columns": {"a": 1}, "yes": ["x"]}, "one field with its code"),
        ({"columns": {"a": "is_servitude"}, "yes": ["x"], "no": ["X"]}, "x stands under yes and under no"),
    ],
)
def test_statements_that_cannot_be(keys, problem):
    with pytest.raises(ValidationError) as caught:
        OneHot(**keys)
    (error,) = caught.value.errors()
    assert problem in error["msg"]
