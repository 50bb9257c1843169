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


TITLED = """
    reader: {format: delimited, header_row: 3, label_row: 4, first_row: 6}
    columns: {nr: {key: true}, pol: {field: gender}}
"""


@pytest.mark.parametrize("row", [1, 2, 4, 5])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_rows_above_the_data_are_screened_where_they_stand(describe, row, place):
    lines = ["Victims of 2019,,", ",,", "nr,pol,", "Number,Sex,", "1,2,", "7,F,", "8,M,"]
    source = describe(TITLED)
    assert screen(source, "\n".join(lines)) == []
    lines[row - 1] = "," * place + "call Ana: 064/123-4567"
    column = ("nr", "pol", "column 3")[place]
    assert (FindingCode.IDENTIFIER_PATTERN, column, 1, (row,)) in screen(source, "\n".join(lines))


def test_a_title_is_no_undescribed_column_and_counts_as_no_row(describe):
    source = describe("reader: {format: delimited, header_row: 2}\ncolumns: {pol: {field: gender}}")
    table = read_tables(source, {"cases": b"Victims,of,2019\npol\nF\n"})["cases"]
    assert screen_identifiers(source, {"cases": table}) == ()
    assert (len(table.frame), table.ignored) == (1, {})


def test_titles_of_a_workbook_are_screened(describe, make_workbook):
    source = describe("reader: {format: xlsx, header_row: 3}\ncolumns: {pol: {field: gender}}")
    content = make_workbook([["Report"], [None, "ana@example.org"], ["pol"], ["F"]])
    [finding] = screen_identifiers(source, read_tables(source, {"cases": content}))
    assert (finding.code, finding.rows) == (FindingCode.IDENTIFIER_PATTERN, (2,))


@pytest.mark.parametrize("cell", ["0101006500006", "064/123-4567"])
def test_national_numbers_are_found_in_a_first_row_that_is_taken_for_a_header(describe, cell):
    source = describe("columns: {pol: {field: gender}}")
    assert screen(source, f"pol,{cell}\nF,\n") == [(FindingCode.IDENTIFIER_PATTERN, "column 2", 1, (1,))]


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


BIRTHS = ["17.03.2002", "1.12.1988", "24. 06. 1999", "3 maj 2001", "1975-02-28", "٠٧/٠٨/١٩٩٥", "19910203"]


def screen_ignored(describe, name, cells, events=("1.6.2019",) * 9):
    source = describe(f"""
        reader: {{format: delimited, delimiter: ";"}}
        columns: {{upis: {{field: year_of_registration, date: "%d.%m.%Y"}}}}
        ignored: {{"{name}": not used}}
    """)
    rows = "\n".join(f"{event};{cell}" for event, cell in zip(events, cells, strict=False))
    return [(f[0], f[2]) for f in screen(source, f"upis;{name}\n{rows}\n")]


def test_dates_of_birth_that_are_ignored_are_told_by_the_ages_they_give(describe):
    assert screen_ignored(describe, "nr", BIRTHS) == [(FindingCode.IDENTIFIER_PRESENT, 7)]
    assert screen_ignored(describe, "nr", BIRTHS[:5]) == [(FindingCode.IDENTIFIER_PRESENT, 5)]
    assert screen_ignored(describe, "nr", BIRTHS[:4]) == []
    assert screen_ignored(describe, "nr", [*BIRTHS, "x"]) == [(FindingCode.IDENTIFIER_PRESENT, 7)]


def test_ages_are_told_by_a_constant_year_too(describe):
    source = describe("constants: {year_of_registration: 2019}\nignored: {nr: not used}")
    births = [cell for cell in BIRTHS if "maj" not in cell]
    assert len(screen(source, "nr\n" + "\n".join(births))) == 1


@pytest.mark.parametrize(
    "cells",
    [
        ["02.06.2019", "03.06.2019", "04.06.2019", "05.06.2019", "06.06.2018"],
        ["02.06.2014", "03.06.2018", "04.06.2018", "05.06.2018", "06.06.2018", "07.06.2019"],
        ["1988", "1990", "1991", "1992", "1993"],
        ["17.03", "18.03", "19.03", "20.03", "21.03"],
        ["case 1.2.1990", "case 1.2.1991", "case 1.2.1992", "case 1.2.1993", "case 1.2.1994"],
        ["32000001", "19902503", "19901301", "20000000", "19990532"],
    ],
    ids=["this year", "up to five years ago", "years", "days", "words", "numbers"],
)
def test_other_dates_and_numbers_are_no_births(describe, cells):
    assert screen_ignored(describe, "nr", cells) == []


@pytest.mark.parametrize(
    "name", ["Datum rođenja žrtve", "victim_DOB date of birth", "dateOfBirth2", "ปีเกิด วันเกิด"]
)
def test_a_single_date_of_birth_is_told_by_a_word_in_the_name(describe, name):
    assert screen_ignored(describe, name, ["17.03.02"]) == [(FindingCode.IDENTIFIER_PRESENT, 1)]
    assert screen_ignored(describe, name, ["Niš", "Kragujevac", "17.03.2002"]) == []
    assert screen_ignored(describe, "Datum prijave", ["17.03.2002"]) == []
