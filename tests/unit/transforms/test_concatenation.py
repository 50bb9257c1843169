"""Rule H8: text that names flags against the flags of the case, a truth table by hand."""

import pytest

from schemas.finding import FindingCode

SOURCE = """
    columns:
      threats: {field: means_threats}
      physical: {field: means_physical_abuse}
      other: {field: means_other}
      unnamed: {field: means_not_specified}
    concatenated:
      text: {flags: labels, separator: ";"}
    missing: {"-99": unknown}
    lookups:
      labels:
        Threats: means_threats
        Physical abuse: means_physical_abuse
        Other: means_other
        Not specified: means_not_specified
        OtherNot specified: [means_other, means_not_specified]
        Minor abused: []
"""

HELD, STRANGE = (FindingCode.RULE_HELD, "H8"), (FindingCode.WORD_UNKNOWN, None)


def judge(source, map_files, cells: str) -> list[tuple[FindingCode, str | None]]:
    """What is found in one row of text, threats, physical, other, unnamed."""
    mapped = map_files(source, f"text,threats,physical,other,unnamed\n{cells}\n")
    assert mapped.held == (frozenset({2}) if mapped.findings else frozenset())
    assert all((f.column, f.field, f.rows, f.count) == ("text", None, (2,), 1) for f in mapped.findings)
    return [(f.code, f.rule) for f in mapped.findings]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        # equal; what is not 1 need not be an explicit 0
        ("Threats;Physical abuse,1,1,0,0", []),
        ("Threats,1,-99,,0", []),
        ("Not specified,-99,-99,-99,1", []),
        # the text names one that is not 1
        ("Threats;Physical abuse,1,0,0,0", [HELD]),
        ("Threats;Physical abuse,1,-99,0,0", [HELD]),
        # the text leaves out one that is 1
        ("Threats,1,1,0,0", [HELD]),
        # as many of both, but others
        ("Threats,0,1,0,0", [HELD]),
        # order, case, space and repetition do not count
        ("Physical abuse;Threats,1,1,0,0", []),
        ("Physical Abuse,0,1,0,0", []),
        ("  threats ; PHYSICAL  ABUSE;,1,1,0,0", []),
        ("Threats;Threats,1,0,0,0", []),
        # known breakage: one word, two flags
        ("OtherNot specified,0,0,1,1", []),
        ("Threats;OtherNot specified,1,0,1,1", []),
        ("OtherNot specified,0,0,1,0", [HELD]),
        # a label without a flag of its own
        ("Minor abused,0,0,0,0", []),
        ("Minor abused;Threats,1,0,0,0", []),
        ("Minor abused,1,0,0,0", [HELD]),
        # missing text is not compared
        (",1,1,0,0", []),
        ("-99,1,0,0,1", []),
        ("  ,1,0,0,0", []),
        (";,1,0,0,0", []),
        # a label that nobody knows is told as such, whatever the flags say
        ("Curses,0,0,0,0", [STRANGE]),
        ("Threats;Curses,0,0,0,0", [STRANGE]),
        ("Threats;Curses,1,0,0,0", [STRANGE]),
        ("ThreatsPhysical abuse,1,1,0,0", [STRANGE]),
    ],
)
def test_the_text_names_exactly_the_flags_that_are_1(cells, expected, describe, map_files):
    assert judge(describe(SOURCE), map_files, cells) == expected


def test_each_column_is_judged_by_itself_and_names_all_its_rows(describe, map_files):
    source = describe("""
        columns: {threats: {field: means_threats}, friend: {field: recruiter_friend}}
        concatenated:
          means: {flags: means, separator: ";"}
          recruiter: {flags: recruiter, separator: ", "}
        lookups: {means: {Threats: means_threats}, recruiter: {Friend: recruiter_friend, Other: []}}
    """)
    rows = ["Threats,Friend,0,1", "Threats,x,1,0", ',"Other, Friend",1,0', "Threats,,0,1"]
    mapped = map_files(source, "\n".join(["means,recruiter,threats,friend", *rows]))
    assert [(f.code, f.table, f.column, f.rule, f.rows) for f in mapped.findings] == [
        (FindingCode.RULE_HELD, "cases", "means", "H8", (2, 5)),
        (FindingCode.WORD_UNKNOWN, "cases", "recruiter", None, (3,)),
        (FindingCode.RULE_HELD, "cases", "recruiter", "H8", (4,)),
    ]
    assert mapped.held == {2, 3, 4, 5}


def test_the_text_fills_no_field(describe, map_files):
    mapped = map_files(describe(SOURCE), "text,threats,physical,other,unnamed\nThreats,,,,\n")
    assert mapped.cases[["means_threats", "means_physical_abuse"]].isna().all(axis=None)
    assert set(mapped.reasons["means_threats"]) == {"unknown"}


def test_a_flag_that_a_column_of_words_sets_is_compared_too(describe, map_files):
    source = describe("""
        columns: {both: {flags: both}}
        concatenated: {text: {flags: labels, separator: ";"}}
        lookups:
          both: {"1": [is_sexual_exploit, is_forced_labour], "0": []}
          labels: {Sex: is_sexual_exploit, Labour: is_forced_labour}
    """)
    mapped = map_files(source, "both,text\n1,Labour;Sex\n1,Labour\n0,Labour\n")
    assert [(f.rule, f.rows) for f in mapped.findings] == [("H8", (3, 4))]


def test_text_that_is_not_in_the_file_is_told_and_compared_with_nothing(describe, map_files):
    mapped = map_files(describe(SOURCE), "threats,physical,other,unnamed\n1,0,0,0\n")
    assert [(f.code, f.column) for f in mapped.findings] == [(FindingCode.COLUMN_MISSING, "text")]
    assert mapped.held == frozenset()


def test_a_row_of_nothing_but_text_is_no_blank_row(describe, map_files):
    mapped = map_files(describe(SOURCE), "text,threats,physical,other,unnamed\nThreats,,,,\n")
    assert (mapped.read, mapped.ignored, mapped.held) == (1, {}, {2})


def test_a_shifted_row_is_not_compared(describe, map_files):
    mapped = map_files(describe(SOURCE), "text,threats,physical,other,unnamed\nThreats,0,0\n")
    assert [f.code for f in mapped.findings] == [FindingCode.ROW_SHIFTED]


def test_a_formula_in_the_text_holds_its_row(describe, map_files, make_workbook):
    source = describe("\n    reader: {format: xlsx}" + SOURCE)
    header = ["text", "threats", "physical", "other", "unnamed"]
    mapped = map_files(source, make_workbook([header, ["=B2", "1", "0", "0", "0"]]))
    assert [(f.code, f.column, f.rows) for f in mapped.findings] == [
        (FindingCode.VALUE_UNREADABLE, "text", (2,))
    ]


def test_text_and_flags_may_stand_in_two_tables(describe, map_files):
    source = describe("""
        tables:
          persons: {file: "p*", reader: {format: delimited}}
          means: {file: "m*", reader: {format: delimited}}
        cases: persons
        link: {table: means, on: nr}
        columns: {threats: {field: means_threats}}
        concatenated: {means.text: {flags: labels, separator: ";"}}
        lookups: {labels: {Threats: means_threats}}
    """)
    mapped = map_files(
        source, {"persons": "nr,threats\n1,1\n2,0\n", "means": "nr,text\n2,Threats\n1,Threats\n"}
    )
    assert [(f.table, f.column, f.rule, f.rows) for f in mapped.findings] == [
        ("persons", "means.text", "H8", (3,))
    ]
