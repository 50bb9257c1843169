"""Nothing that identifies a person passes; what only looks similar does."""

import pytest

from schemas.finding import FindingCode
from transforms.identifier_pattern import looks_identifying
from transforms.reading import read_tables
from transforms.screening import screen_identifiers


def screen(source, text):
    findings = screen_identifiers(source, read_tables(source, {"cases": text.encode()}))
    return [(finding.code, finding.column, finding.count, finding.rows) for finding in findings]


@pytest.mark.parametrize(
    "text",
    [
        "ana@example.org",
        "write to ana.b+c@mail.example.rs, please",
        "+381641234567",
        "call +381 64 123-45-67 at night",
        "+1 (202) 555-0143",
        "44.8125,20.4612",
        "44.8125, 20.4612",
        "-34.60372 -58.38159",
        "44,8125; 20,4612",
        "lon 20.461 / 44.812 lat",
        "44°48' N",
        "44 ° 48,5′",
    ],
)
def test_identifying(text):
    assert looks_identifying(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2019-03-01",
        "2019-03-01 08:15:00",
        "01.03.2019",
        "18--20",
        "48+",
        "0+12",
        "2584554505",
        "06",
        "1.5",
        "12.50, 13.75",
        "999.123, 998.456",
        "Explotación sexual niñas, niños y adolescentes",
        "Mining, Quarrying, Oil/Gas Extraction",
        "A & B @ home",
        "@handle",
        "a@b",
        "Takes/Withholds Earnings",
        "1,2,3",
        "3 + 12345678",
    ],
)
def test_not_identifying(text):
    assert not looks_identifying(text)


def test_refused_columns_must_be_blank(describe):
    source = describe("refused: {Ime: name, Prezime: name}\ncolumns: {pol: {field: gender}}")
    assert screen(source, "ime,Prezime,pol\n,,F\n ,,M\n") == []
    assert screen(source, "ime,Prezime,pol\n,,F\nx,,M\ny,,M\n") == [
        (FindingCode.IDENTIFIER_PRESENT, "Ime", 2, (3, 4))
    ]


@pytest.mark.parametrize("name", ["prs_FirstName", "PRS_FIRSTNAME", "cco_CaseComment", "hte_Latitude"])
def test_direct_identifiers_of_htcds_are_refused_whatever_the_source_says(describe, name):
    source = describe(f"ignored: {{{name}: forgotten, a: nothing}}")
    ((code, column, count, rows),) = screen(source, f"{name},a\n1,2\n,3\n")
    assert (code, column.casefold(), count, rows) == (
        FindingCode.IDENTIFIER_PRESENT,
        name.casefold(),
        1,
        (2,),
    )


def test_the_country_of_an_organisation_is_no_identifier(describe):
    source = describe("ignored: {org_ShippingCountry: always the same}")
    assert screen(source, "org_ShippingCountry\nRS\n") == []


def test_patterns_are_found_in_any_column_but_keys(describe):
    source = describe("""
        columns: {nr: {key: true}, pol: {field: gender}}
        ignored: {note: free text}
    """)
    found = screen(source, "nr,pol,note,other\na@b.org,x,a@b.org,\n2,a@b.org,,+381641234567\n")
    assert found == [
        (FindingCode.COLUMN_UNDESCRIBED, "column 4", 1, (3,)),
        (FindingCode.IDENTIFIER_PATTERN, "pol", 1, (3,)),
        (FindingCode.IDENTIFIER_PATTERN, "note", 1, (2,)),
        (FindingCode.IDENTIFIER_PATTERN, "column 4", 1, (3,)),
    ]


def test_a_file_without_header_is_searched_in_its_first_row_too(describe):
    assert screen(describe(), "M,ana@example.org\nF,x\n") == [
        (FindingCode.COLUMN_UNDESCRIBED, "column 1", 1, (2,)),
        (FindingCode.COLUMN_UNDESCRIBED, "column 2", 1, (2,)),
        (FindingCode.IDENTIFIER_PATTERN, "column 2", 1, (1,)),
    ]


def test_cells_that_fit_no_column_are_searched(describe):
    ab = "ignored: {a: nothing, b: nothing}"
    assert screen(describe(ab), "a,b\n1,2,+381641234567\n") == [
        (FindingCode.IDENTIFIER_PATTERN, "column 3", 1, (2,))
    ]
    lines = describe("reader: {format: json_lines}\n" + ab)
    assert screen(lines, '{"a": 1}\n{"a": "ana@example.org"\n') == [
        (FindingCode.IDENTIFIER_PATTERN, "column 2", 1, (2,))
    ]


def test_a_long_cell_is_searched_in_a_moment():
    assert not looks_identifying("a" * 100_000 + "@" + "b" * 20_000)
    assert not looks_identifying("1" * 100_000 + "." + "1" * 20_000)
    assert not looks_identifying("+1 " * 30_000)


@pytest.mark.parametrize("cell", ["Report by office@example.org", "+381 11 234 5678"])
def test_rows_that_are_no_data_are_screened_too(cell, describe):
    source = describe("""
        reader: {format: delimited, last_row: 2}
        columns: {a: {field: age_at_registration}}
        ignored: {remarks: free text}
    """)
    text = f"a,remarks\n1,x\n,{cell}\n"
    (finding,) = screen_identifiers(source, read_tables(source, {"cases": text.encode()}))
    assert (finding.code, finding.column, finding.rows) == (FindingCode.IDENTIFIER_PATTERN, "remarks", (3,))
    source = describe("columns: {a: {field: age_at_registration}}\nignored: {remarks: free text}")
    assert len(screen_identifiers(source, read_tables(source, {"cases": text.encode()}))) == 1


def test_a_column_that_nobody_described_must_be_empty(describe):
    source = describe("columns: {pol: {field: gender}}")
    assert screen(source, "pol,beleska\nF,\nM,\n") == []
    assert screen(source, "pol,beleska\nF,\nM,Ana\n") == [
        (FindingCode.COLUMN_UNDESCRIBED, "column 2", 1, (3,))
    ]
    assert screen(source, "pol\nF\nM,Ana\n") == []  # a shifted row is held, not a column


@pytest.mark.parametrize(
    "cell", ["064/123-4567", "0101006500006", "zvati na 0641234567", "jmbg 0101006500006"]
)
def test_national_numbers_are_refused_in_every_column_but_the_key(describe, cell):
    source = describe("""
        columns: {nr: {key: true}, pol: {field: gender}}
        ignored: {beleska: free text}
    """)
    assert screen(source, f"nr,pol,beleska\n{cell},F,\n") == []
    assert screen(source, f"nr,pol,beleska\n1,{cell},\n") == [
        (FindingCode.IDENTIFIER_PATTERN, "pol", 1, (2,))
    ]
    assert screen(source, f"nr,pol,beleska\n1,F,\n2,M,{cell}\n") == [
        (FindingCode.IDENTIFIER_PATTERN, "beleska", 1, (3,))
    ]


def test_an_ignored_column_whose_name_identifies_must_be_empty(describe):
    source = describe("columns: {pol: {field: gender}}\nignored: {Prezime: not used}")
    assert screen(source, "pol,Prezime\nF,\n") == []
    assert screen(source, "pol,Prezime\nF,x\n") == [(FindingCode.IDENTIFIER_PRESENT, "Prezime", 1, (2,))]


def test_a_birth_date_that_is_mapped_is_used(describe):
    source = describe('columns: {Datum rodjenja: {field: entry_year, date: "%d.%m.%Y"}}')
    assert screen(source, "Datum rodjenja\n01.02.1999\n") == []


BORN = """
    terms: {{licence: none, agreement: none, birth_dates: article 4}}
    columns: {{a: {{field: year_of_registration}}, {column}}}
    {rest}
"""


@pytest.mark.parametrize("name", ["datum rođenja", "prs_Birthdate"])
def test_a_birth_date_passes_only_where_it_is_declared(describe, name):
    text = f"a,{name}\n2019,01.02.2001\n"
    declared = describe(BORN.format(column=f"{name}: {{birth_date: true, date: '%d.%m.%Y'}}", rest=""))
    ignored = describe(BORN.format(column="b: {field: sex}", rest=f"ignored: {{{name}: not used here}}"))
    unknown = describe(BORN.format(column="b: {field: sex}", rest=""))
    assert screen(declared, text) == []
    assert [(code, count) for code, _, count, _ in screen(ignored, text)] == [
        (FindingCode.IDENTIFIER_PRESENT, 1)
    ]
    assert len(screen(unknown, text)) == 1
