"""What a draft finds out of a file's form: format, calendar, persons of a row, tables that are tied."""

import io
import json
import random
import zipfile
from collections import Counter

import openpyxl
import pytest

from schemas.date_form import Calendar
from schemas.reader import Format
from transforms.readers.content import FileUnreadable
from transforms.suggestion.dating import find_dating
from transforms.suggestion.person import find_persons
from transforms.suggestion.profile import Profile
from transforms.suggestion.signature import guess_format
from transforms.suggestion.survey import EncodingUndecided, survey_file
from transforms.suggestion.table import suggest_tables
from transforms.suggestion.tie import tie_tables


def survey(content, extension=".csv", **how):
    return survey_file([content], extension, languages=(), encoding=None, **how)


def pack(**files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.csv", content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "extension", "found"),
    [
        (b"\xd0\xcf\x11\xe0" + bytes(600), ".xls", Format.XLS),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), ".xlsx", Format.XLSX),
        (b"$FL2@(#) SPSS", ".dat", Format.SAV),
        (b"<stata_dta><header>", "", Format.DTA),
        (b"HEADER RECORD*******LIBRARY HEADER", ".txt", Format.XPT),
        (b'\xef\xbb\xbf<?xml version="1.0"?><a/>', ".txt", Format.XML),
        ("<?xml version='1.0'?><a/>".encode("utf-16"), ".xml", Format.XML),
        (b'{"a": 1}\n{"a": 2}\n', ".txt", Format.JSON_LINES),
        (b'{"cases": [{"a": 1}]}', ".json", Format.JSON),
        (b'[{"a": 1}]', ".txt", Format.JSON),
        (b'{"a": 1}', ".json", Format.JSON_LINES),
        (b"[sic];b\n1;2\n", ".csv", Format.DELIMITED),
        ("pol;uzrast\nž;1\n".encode("utf-16"), ".csv", Format.DELIMITED),
        (b"PK\x03\x04cut short", ".ods", Format.ODS),
        (pack(a="x", b="y"), ".zip", None),
    ],
)
def test_a_format_is_told_by_what_is_in_the_file(content, extension, found):
    assert guess_format(content, extension) is found


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7", b"\x89PNG\r\n", b"<html><table>", bytes(range(256)) * 4, b"Rar!\x1a\x07"],
)
def test_what_is_no_table_is_refused_with_the_way_out(content):
    with pytest.raises(FileUnreadable) as refused:
        guess_format(content, ".xls")
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("cells", "forms", "calendar", "language"),
    [
        (["01.02.2019.", "30.11.2020."], ("%d.%m.%Y.",), Calendar.GREGORIAN, None),
        (["13/02/2019", "02/13/2020"], ("%d/%m/%Y", "%m/%d/%Y"), Calendar.GREGORIAN, None),
        (["2019-03-04 12:30", "2020-01-02 08:00"], ("%Y-%m-%d %H:%M",), Calendar.GREGORIAN, None),
        (["5 de marzo de 2020", "11 de enero de 2021"], ("%d de %B de %Y",), Calendar.GREGORIAN, "es"),
        (["3. březen 2020", "14. leden 2021"], ("%d. %B %Y",), Calendar.GREGORIAN, "cs"),
        (["04/05/2562", "๑๒/๐๑/๒๕๖๓"], ("%d/%m/%Y",), Calendar.BUDDHIST, None),
        (["1399/10/11", "1400/01/01"], ("%Y/%m/%d",), Calendar.SOLAR_HIJRI, None),
        (["2562", "2563"], (), Calendar.BUDDHIST, None),
        (["1399", "1400"], (), Calendar.SOLAR_HIJRI, None),
        (["2019", "2020.0"], (), Calendar.GREGORIAN, None),
        (["43525", "44000"], ("excel_1900",), Calendar.GREGORIAN, None),
    ],
)
def test_dates_are_told_with_their_calendar(cells, forms, calendar, language):
    dating = find_dating(Profile(Counter(cells), len(cells)), ["es"])
    assert dating is not None
    assert (dating.forms, dating.calendar, dating.language) == (forms, calendar, language)


@pytest.mark.parametrize(
    "cells", [["12-7", "3-99"], ["seksualna", "radna"], ["17", "31"], ["-", ""], ["A-12/2019"]]
)
def test_what_is_no_date_is_none(cells):
    assert find_dating(Profile(Counter(cells), len(cells)), []) is None


@pytest.mark.parametrize(
    ("names", "columns"),
    [
        (
            ["nr", "pol_1", "uzrast_1", "pol_2", "uzrast_2"],
            {"pol": "pol_{n}", "uzrast": "uzrast_{n}"},
        ),
        (["Victim 1 sex", "Victim 2 sex", "Victim 1 age", "Victim 2 age"], {
            "Victim sex": "Victim {n} sex",
            "Victim age": "Victim {n} age",
        }),
        (["pol", "uzrast", "pol 2", "uzrast 2"], {"pol": ("pol", "pol 2"), "uzrast": ("uzrast", "uzrast 2")}),
        (["sex A", "age A", "sex B", "age B"], {"sex": "sex {n}", "age": "age {n}"}),
    ],
)  # fmt: skip
def test_repeated_columns_are_the_persons_of_a_row(names, columns):
    persons = find_persons(names)
    assert {name: persons.write_columns(name) for name in persons.columns} == columns


@pytest.mark.parametrize("names", [["pol", "oblik 1", "oblik 2"], ["pol 1", "uzrast"], ["Q1", "Q2", "Q3"]])
def test_other_numbered_columns_are_no_persons(names):
    assert find_persons(names) is None


def test_two_files_of_an_archive_are_tied_by_the_number_they_share():
    persons = "pol,starost,predmet\n" + "".join(f"ženski,{17 + n},P-{n // 2}7\n" for n in range(8))
    files = "broj predmeta,godina identifikacije\n" + "".join(f"P-{n}7,2019\n" for n in range(4))
    grids = survey(pack(osobe=persons, predmeti=files, procitaj="ovo je uputstvo\n"), ".zip")
    tied = tie_tables(suggest_tables(grids, languages=(), country="SRB"))
    [other] = tied.others
    assert (tied.cases.reader.member, other.table.reader.member) == ("osobe.csv", "predmeti.csv")
    assert (other.on, other.to, other.many) == ("predmet", "broj predmeta", False)


def test_a_sheet_a_year_is_no_table_of_its_own():
    book = openpyxl.Workbook()
    for year in (2019, 2020):
        sheet = book.create_sheet(str(year))
        sheet.append(["šifra", "pol", "starost"])
        for n in range(12):
            sheet.append([f"A{year}{n}", "ženski", 20 + n])
    stream = io.BytesIO()
    book.save(stream)
    tied = tie_tables(suggest_tables(survey(stream.getvalue(), ".xlsx"), languages=(), country="SRB"))
    assert (tied.others, tied.alike) == ((), 1)


def test_of_long_text_the_beginning_is_read_to_the_end_of_a_line():
    lines = ["pol;starost", *(f"ženski;{random.Random(n).randint(10, 60)}" for n in range(5000))]
    content = "\n".join(lines).encode()
    pieces = (content[start : start + 1000] for start in range(0, len(content), 1000))
    [grid] = survey_file(pieces, ".csv", languages=(), encoding=None, beginning=4000)
    assert grid.is_cut
    assert 100 < len(grid.rows) < 5000
    assert [grid.rows[number] for number in sorted(grid.rows)] == [
        line.split(";") for line in lines[: len(grid.rows)]
    ]


def test_records_are_found_where_they_stand():
    document = {"made": "2020", "data": {"cases": [{"sexo": "F", "edad": 17}, {"sexo": "M", "edad": 20}]}}
    [grid] = survey(json.dumps(document).encode(), ".json")
    assert grid.reader.records == "data.cases"
    cases = b"<case id='1'><sex>F</sex></case><case id='2'><sex>M</sex></case>"
    xml = b"<r><head><n>1</n></head><list>" + cases + b"</list></r>"
    [grid] = survey(xml, ".xml")
    assert (grid.reader.records, grid.rows[0]) == ("list.case", ["@id", "sex"])


def place_columns(content, extension=".csv"):
    [table] = suggest_tables(survey(content, extension), languages=(), country="ZZZ")
    return table, {
        one.column.name: one.placement.target or one.placement.place.value for one in table.columns
    }


def test_a_greek_file_in_its_own_code_page():
    header = (
        "Α/Α;Αριθμός υπόθεσης;Ημερομηνία αναγνώρισης;Φύλο;Ηλικία;Υπηκοότητα;Μορφή εκμετάλλευσης;Ονοματεπώνυμο"
    )
    rows = [
        f"{n};ΕΜΑ-{n}/21;{n}/4/2021;{'Γυναίκα' if n % 3 else 'Άνδρας'};{17 + n};Βουλγαρία;επαιτεία;"
        for n in range(1, 25)
    ]
    text = "\r\n".join(["Μητρώο 2021;;;;;;;", header, *rows, "Σύνολο;24;;;;;;"])
    table, placed = place_columns(text.encode("windows-1253"))
    assert table.reader.encodings == ("windows-1253",)
    assert table.rows == 24
    assert placed == {
        "Α/Α": "running number of the rows",
        "Αριθμός υπόθεσης": "key",
        "Ημερομηνία αναγνώρισης": "year_of_registration",
        "Φύλο": "gender",
        "Ηλικία": "age_at_registration",
        "Υπηκοότητα": "citizenship",
        "Μορφή εκμετάλλευσης": "purpose",
        "Ονοματεπώνυμο": "names a person",
    }


def test_persons_below_merged_names_of_an_italian_workbook():
    book = openpyxl.Workbook()
    book.active.append(["N. pratica", "Anno", "Vittima 1", None, None, "Vittima 2", None, None])
    book.active.append([None, None, *["Sesso", "Età", "Cittadinanza"] * 2])
    for n in range(30):
        second = ["M", 40, "Marocco"] if n % 3 == 0 else [None] * 3
        book.active.append([f"NV{n}", 2022, "F", 20 + n % 9, "Nigeria", *second])
    stream = io.BytesIO()
    book.save(stream)
    table, placed = place_columns(stream.getvalue(), ".xlsx")
    assert table.reader.header_rows == (1, 2)
    assert table.persons.groups == ("1", "2")
    assert [placed[f"Vittima / {name}"] for name in ("Sesso", "Età", "Cittadinanza")] == [
        "gender",
        "age_at_registration",
        "citizenship",
    ]


def test_nested_georgian_records():
    victims = [
        {"საქმის ნომერი": f"GE-{n}", "მსხვერპლი": {"სქესი": "ქალი" if n % 2 else "კაცი", "ასაკი": 20 + n % 7}}
        for n in range(30)
    ]
    content = json.dumps({"საქმეები": victims}, ensure_ascii=False).encode()
    table, placed = place_columns(content, ".json")
    assert table.reader.records == "საქმეები"
    assert placed == {
        "საქმის ნომერი": "key",
        "მსხვერპლი.სქესი": "gender",
        "მსხვერპლი.ასაკი": "age_at_registration",
    }


def test_where_no_word_is_known_under_any_code_page_a_person_is_asked():
    content = "Яһьөң;ғүҳ\nқ;1\n".encode("ptcp154")
    with pytest.raises(EncodingUndecided):
        survey(content)
