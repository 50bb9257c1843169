"""Files become raw tables: which table, which columns, which rows are blank."""

import pytest

from schemas.finding import Finding, FindingCode
from transforms.readers.content import FileUnreadable
from transforms.reading import FileForNoTable, name_tables, read_tables

TWO_TABLES = """
    tables:
      persons: {file: "*referidos*", reader: {format: delimited}}
      reports: {file: "rescate-*", reader: {format: delimited}}
    cases: persons
"""


def read(source, text):
    table = read_tables(source, {source.cases: text.encode() if isinstance(text, str) else text})[
        source.cases
    ]
    return table, [(finding.code, finding.column, finding.rows) for finding in table.findings]


def test_everything_is_text_and_rows_have_their_numbers(describe):
    table, findings = read(describe(), "a,b\n007,NA\n,2\n")
    assert table.frame.to_dict("index") == {2: {"a": "007", "b": "NA"}, 3: {"a": "", "b": "2"}}
    assert findings == []
    assert "007" not in repr(table)


def test_names_match_exactly_then_whatever_their_case(describe):
    source = describe("columns: {Gender: {field: gender}, age: {field: age_at_registration}}")
    table, _ = read(source, "GENDER,Age,gender\n1,2,3\n")
    assert list(table.frame.columns) == ["Gender", "age", "Gender 2"]


def test_an_exact_name_wins_over_case(describe):
    source = describe("columns: {gender: {field: gender}}\nignored: {GENDER: not the same}")
    assert list(read(source, "GENDER,gender\n1,2\n")[0].frame.columns) == ["GENDER", "gender"]


def test_nameless_columns_are_numbered(describe):
    table, findings = read(describe(), ",a,,a\n0,1,2,3\n")
    assert list(table.frame.columns) == ["column 1", "a", "column 3", "a 2"]
    assert findings == []


def test_nameless_columns_without_any_cell_at_the_end_are_left_out(describe):
    assert list(read(describe(), "a,b,,\n1,2,,\n")[0].frame.columns) == ["a", "b"]
    assert list(read(describe(), "a,b,,\n1,,,\n")[0].frame.columns) == ["a", "b"]
    assert list(read(describe(), "a,b,,\n1,,3,\n")[0].frame.columns) == ["a", "b", "column 3"]


def test_a_nameless_column_takes_its_label_or_the_name_that_the_source_gives_it(describe):
    source = describe("""
        reader: {format: delimited, label_row: 2}
        labels: {cas_Closure: Reason for closure}
        ignored: {Remarks: free text}
    """)
    table, findings = read(source, ",,x\nReason for Closure,Remarks,Secret\n1,2,3\n")
    assert list(table.frame.columns) == ["cas_Closure", "Remarks", "x"]
    assert findings == [
        (FindingCode.COLUMN_UNNAMED, "cas_Closure", ()),
        (FindingCode.COLUMN_UNNAMED, "Remarks", ()),
    ]


def test_a_label_that_the_source_does_not_know_is_not_quoted(describe):
    source = describe("reader: {format: delimited, label_row: 2}")
    table, findings = read(source, ",a\nSecret,A\n1,2\n")
    assert list(table.frame.columns) == ["Secret", "a"]
    assert findings == [(FindingCode.COLUMN_UNNAMED, "column 1", ())]


def test_misspelt_names_and_labels_that_disagree(describe):
    source = describe("""
        reader: {format: delimited, label_row: 2}
        aliases: {vic_Statu: vic_Status}
        columns: {vic_Status: {field: trafficking_status}}
        ignored: {prs_City: place}
        labels: {prs_City: City, vic_Status: Status}
    """)
    table, findings = read(source, "VIC_statu,prs_City\nstatus ,Street\n1,2\n")
    assert list(table.frame.columns) == ["vic_Status", "prs_City"]
    assert findings == [
        (FindingCode.COLUMN_MISSPELT, "vic_Status", ()),
        (FindingCode.LABEL_DISAGREES, "prs_City", ()),
    ]


def test_rows_with_cells_in_ignored_columns_only_are_blank(describe):
    source = describe("ignored: {column 1: pre-numbered}\ncolumns: {a: {field: gender}}")
    table, findings = read(source, ",a\n1,\n2,x\n3,\n\n4,\n")
    assert list(table.frame.index) == [3]
    assert table.ignored == {"blank row": 4}
    assert findings == []


def test_a_shifted_row_is_kept_whole_for_screening(describe):
    table, findings = read(describe(), "a,b\n1,2,surplus,more\n")
    assert table.frame.to_dict("index") == {2: {"a": "1", "b": "2", "column 3": "surplus\nmore"}}
    assert findings == [(FindingCode.ROW_SHIFTED, None, (2,))]


def test_a_file_of_bad_lines_only(describe):
    table, findings = read(describe("reader: {format: json_lines}"), "x\ny\n")
    assert table.frame.to_dict("index") == {1: {"column 1": "x"}, 2: {"column 1": "y"}}
    assert findings == [(FindingCode.ROW_UNREADABLE, None, (1, 2))]


def test_a_header_alone_is_a_file_of_no_rows(describe):
    table, _ = read(describe(), "a,b\n")
    assert (len(table.frame), list(table.frame.columns), table.ignored) == (0, ["a", "b"], {})


def test_an_unreadable_file_is_named_by_its_table(describe):
    with pytest.raises(FileUnreadable, match="table cases: The file is empty") as caught:
        read(describe(), "")
    assert caught.value.finding == Finding(FindingCode.FILE_UNREADABLE, 1, table="cases")


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("oficina-rescate-denuncias-referidos-202001.csv", "persons"),
        ("rescate-denuncias-202001.csv", "reports"),
        ("RESCATE-x.CSV", "reports"),
        (r"C:\data\rescate-x.csv", "reports"),
    ],
)
def test_name_tables(describe, name, table):
    assert name_tables(describe(TWO_TABLES), name) == (table,)


@pytest.mark.parametrize("name", ["rescate-referidos.csv", "Milica Petrović.csv", "referidos/other.csv"])
def test_a_file_for_no_table_or_for_two_is_refused_without_its_name(describe, name):
    with pytest.raises(FileForNoTable) as caught:
        name_tables(describe(TWO_TABLES), name)
    assert name not in str(caught.value)
    assert "persons (*referidos*)" in str(caught.value)


def test_one_table_takes_any_file(describe):
    assert name_tables(describe(), "anything.bin") == ("cases",)


def test_no_such_table(describe):
    with pytest.raises(FileForNoTable, match="its tables are: persons, reports"):
        read_tables(describe(TWO_TABLES), {"victims": b"a\n1"})


def test_one_workbook_may_hold_a_table_on_each_of_two_sheets(describe):
    sheets = """
        tables:
          cases: {reader: {format: xlsx, sheet: Cases}}
          cover: {reader: {format: xlsx, sheet: Cover}}
        link: {table: cover}
    """
    assert name_tables(describe(sheets), "handed in.xlsx") == ("cases", "cover")


def test_two_tables_on_one_sheet_are_no_two_tables(describe):
    same = """
        tables:
          cases: {reader: {format: xlsx, sheet: Cases}}
          cover: {reader: {format: xlsx, sheet: Cases}}
        link: {table: cover}
    """
    with pytest.raises(FileForNoTable, match="several tables"):
        name_tables(describe(same), "handed in.xlsx")


def test_members_of_one_archive_are_tables(describe):
    members = """
        tables:
          cases: {reader: {format: delimited, member: "p*.csv"}}
          files: {reader: {format: delimited, member: "f*.csv"}}
        link: {table: files, on: nr}
    """
    assert name_tables(describe(members), "handed in.zip") == ("cases", "files")
