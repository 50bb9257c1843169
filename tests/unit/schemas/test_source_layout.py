"""Mistakes in links, repeated columns and one-hot statements: told with line and remedy, nothing else."""

import pytest

from schemas.description import InvalidDescription, parse_source

SOURCE = """title: Test
publisher: {name: Office, country: SRB}
terms: {licence: none, agreement: none}
schedule: {every: year}
tables:
  cases: {file: "c*", reader: {format: delimited}}
  forms: {file: "f*", reader: {format: delimited}}
  offices: {file: "o*", reader: {format: delimited}}
link:
  - {table: forms, on: nr, many: true}
  - {table: offices, on: office}
columns:
  year: {field: year_of_registration}
  sex: {field: gender}
  forms.form: {field: means_threats}
persons:
  groups: 2
  columns: {sex: "sex{n}"}
one_hot:
  columns: {Seksualna: is_sexual_exploit, Rad: [is_forced_labour, is_servitude], F: {gender: Woman}}
  yes: [x]
constants:
  data_source_type: Hotline
  consent_publication: true
  trafficking_status: ActualVictimOfTrafficking
"""

MISTAKES = [
    (
        "{table: offices, on: office}",
        "{table: office, on: office}",
        [
            "line 8: tables.offices: nothing says how its rows belong to cases; add it under link",
            "line 11: link[2].table: there is no table office under tables; did you mean offices?",
        ],
    ),
    (
        "{table: offices, on: office}",
        "{table: offices, on: forms.office}",
        ["line 11: link[2].on: forms must be linked before, and not as a table of many rows"],
    ),
    (
        "{table: offices, on: office}",
        "{table: cases, on: office}",
        [
            "line 8: tables.offices: nothing says how its rows belong to cases; add it under link",
            "line 11: link[2].table: cases is linked already, or is the case table",
        ],
    ),
    (
        "{table: offices, on: office}",
        "{table: offices, of: office}",
        [
            "line 11: link[2].of: there is no such key; keys are table, on, to, many, optional",
        ],
    ),
    (
        "forms.form: {field: means_threats}",
        "forms.form: {key: true}",
        ["line 15: columns.forms.form: a case has many rows there; give a column of the case table"],
    ),
    (
        'columns: {sex: "sex{n}"}',
        'columns: {sex: "sex{n}", age: "age{n}"}',
        ["line 18: persons.columns.age: say under columns what age means, or list it under ignored"],
    ),
    (
        'columns: {sex: "sex{n}"}',
        "columns: {sex: [sex, sex]}",
        ["line 18: persons.columns.sex: sex stands under sex as well; a column is one of one group"],
    ),
    (
        'columns: {sex: "sex{n}"}',
        "columns: {sex: [a, year]}",
        [
            "line 18: persons.columns.sex: year stands under another section as well; a column is"
            " one of one group"
        ],
    ),
    ("groups: 2", "groups: two", ["line 17: persons.groups: must be a list; write [one, another]"]),
    (
        "Seksualna: is_sexual_exploit",
        "Seksualna: is_sexual_exploitation",
        [
            "line 20: one_hot.columns.Seksualna: there is no field is_sexual_exploitation in the case;"
            " did you mean is_sexual_exploit?"
        ],
    ),
    (
        "Seksualna: is_sexual_exploit",
        "Seksualna: age_at_registration",
        [
            "line 20: one_hot.columns.Seksualna: age_at_registration is no yes/no field; write the"
            " code that a yes means, {age_at_registration: code}"
        ],
    ),
    (
        "F: {gender: Woman}",
        "F: {gender: Women}",
        ["line 20: one_hot.columns.F: Women is no code of gender (column F); did you mean Woman?"],
    ),
    (
        "F: {gender: Woman}",
        "F: {gender: Woman, x: y}",
        [
            "line 20: one_hot.columns.F: give a field, a list of fields, or one field with its code such as"
            " {gender: Woman}"
        ],
    ),
    (
        "F: {gender: Woman}",
        "year: {gender: Woman}",
        ["line 20: one_hot.columns.year: column year stands under columns and one_hot; choose one"],
    ),
    (
        'file: "o*", ',
        "",
        [
            "line 8: tables.offices: any file fits this table; say by file which one holds it, such as"
            " file: persons*"
        ],
    ),
    (
        "constants:",
        "aliases: {Sedualna: Seksualn}\nlabels: {Seksualna: Sex, sex1: Sex, forms.from: Form}\nconstants:",
        [
            "line 22: aliases.Sedualna: no section says what column Seksualn means; did you mean Seksualna?",
            "line 23: labels.forms.from: no section says what column forms.from means;"
            " did you mean forms.form?",
        ],
    ),
    (
        "constants:",
        "bounds:\n  min: {rows: 9, mean: {age_at_registration: 3}}\n"
        "  max: {rows: 8, mean: {age_at_registration: 3}}\n"
        "constants:",
        ["line 23: bounds.min.rows: 9 is above the 8 under max; nothing fits"],
    ),
    ("yes: [x]", "yes: x", ["line 21: one_hot.yes: must be a list; write [one, another]"]),
]


def tell(text):
    with pytest.raises(InvalidDescription) as caught:
        parse_source("srb_office_cases", text)
    return list(caught.value.problems)


def test_the_description_without_mistakes_parses():
    source = parse_source("srb_office_cases", SOURCE)
    assert source.columns["Rad"].flags
    assert source.columns["F"].field == "gender"


@pytest.mark.parametrize(("old", "new", "told"), MISTAKES)
def test_a_mistake_is_told_once(old, new, told):
    assert old in SOURCE
    assert tell(SOURCE.replace(old, new, 1)) == told


def test_one_statement_or_a_list_of_them_are_named_as_written():
    wrong = SOURCE.replace("is_sexual_exploit,", "is_sexual_exploits,")
    as_list = wrong.replace("one_hot:\n  columns", "one_hot:\n- columns")
    assert tell(wrong)[0].startswith("line 20: one_hot.columns.Seksualna: ")
    assert tell(as_list)[0].startswith("line 20: one_hot[1].columns.Seksualna: ")


PARTS = """
title: Test
publisher: {name: Office, country: SRB}
terms: {licence: none, agreement: none}
schedule: {every: once}
cases: cases
tables:
  cases: {reader: {format: delimited, member: "p*.csv"}}
  files: {reader: {format: delimited, member: "f*.csv"}}
link: {table: files, on: nr}
persons: {groups: 2, columns: {role: "role_{n}", sex: "sex_{n}"}}
columns:
  sex: {field: gender}
constants:
  data_source_type: Hotline
  consent_publication: true
  year_of_registration: 2019
  trafficking_status: ActualVictimOfTrafficking
ignored_rows:
  - {column: role, values: [accused], reason: accused person}
"""


def test_members_of_an_archive_need_no_file_and_a_filter_is_a_meaning():
    source = parse_source("srb_office_cases", PARTS)
    assert source.tables["files"].reader.part == (None, "f*.csv")
    said = "any file fits this table; say by file which one holds it, such as file: persons*"
    assert tell(PARTS.replace(', member: "f*.csv"', "")) == [
        f"line 8: tables.cases: {said}",
        f"line 9: tables.files: {said}",
    ]
