"""A description is read as it stands, and an error says where, what, and what to do."""

from textwrap import dedent

import pytest

from schemas.description import InvalidDescription, parse_policy, parse_source
from schemas.missing import MissingReason
from schemas.reader import Format

SOURCE = """
title: Test
publisher: {name: Office, country: SRB}
terms: {licence: none, agreement: none}
schedule: {every: year}
reader: {format: delimited}
columns:
  pol: {field: gender, lookup: pol}
  godina: {field: year_of_registration}
  oblik: {flags: oblik}
constants:
  data_source_type: Hotline
  consent_publication: true
  trafficking_status: ActualVictimOfTrafficking
lookups:
  pol: {žensko: Woman, muško: Man}
  oblik: {radna: is_forced_labour, druga: [is_servitude, is_slavery_and_practices], ništa: []}
"""

POLICY = """
id: test
title: Test
k: 11
suppression_limit: 0.05
approvals: 2
quasi_identifiers:
  gender: {ladder: [gender]}
sensitive: {columns: [is_forced_labour], minimum_count: 11}
"""


def problems(text: str, source_id: str = "srb_office_cases") -> tuple[str, ...]:
    with pytest.raises(InvalidDescription) as caught:
        parse_source(source_id, text)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(f"source {source_id}: ")
    return caught.value.problems


def with_lines(text: str) -> str:
    return SOURCE + dedent(text)


def test_a_source_is_named_after_its_folder():
    source = parse_source("srb_office_cases", SOURCE)
    assert source.id == "srb_office_cases"
    assert list(source.tables) == ["cases"]
    assert source.lookups["oblik"]["druga"] == ("is_servitude", "is_slavery_and_practices")
    assert source.lookups["oblik"]["ništa"] == ()
    assert source.constants["consent_publication"] is True


def test_words_stay_what_they_are():
    text = SOURCE.replace(
        "žensko: Woman, muško: Man", "NO: Woman, yes: Man, 08: Man, 1: Man, ~: unknown, 1.0: Man"
    )
    lines = "missing: {-99: unknown, 0: refused, null: not_applicable, 2019-01-01: unknown, off: unknown}\n"
    source = parse_source("srb_office_cases", text + lines)
    assert list(source.lookups["pol"]) == ["NO", "yes", "08", "1", "~", "1.0"]
    assert list(source.missing) == ["-99", "0", "null", "2019-01-01", "off"]
    assert source.missing["0"] is MissingReason.REFUSED


def test_the_code_of_norway_and_dates_stay_text():
    text = SOURCE.replace("country: SRB", "country: NOR").replace("title: Test", "title: 2019-01-01")
    text += "ignored_rows: [{column: a, values: [NO, off, 2019-01-01, 010, 1_000, 1:30], reason: no}]\n"
    source = parse_source("nor_office_cases", text)
    assert source.title == "2019-01-01"
    assert source.ignored_rows[0].values == ("NO", "off", "2019-01-01", "010", "1_000", "1:30")
    assert source.ignored_rows[0].reason == "no"


MISTAKES = [
    (
        "title: Test",
        "title: Test\ntitle: Again",
        ["line 3: title: the key stands twice, in line 2 as well; keep one"],
    ),
    (
        "  pol: {žensko",
        "  pol: {a: Man, a: Man, žensko",
        ["line 16: lookups.pol.a: the key stands twice, in line 16 as well; keep one"],
    ),
    (
        "{field: gender, lookup: pol}",
        "{field: gendr}",
        [
            "line 8: columns.pol.field: there is no field gendr in the case; did you mean gender?",
            "line 16: lookups.pol: no column uses this lookup; name it in a column as lookup or"
            " flags, or remove it",
        ],
    ),
    (
        "field: gender",
        "feld: gender",
        ["line 8: columns.pol.feld: there is no such key; did you mean field?"],
    ),
    ("title: Test", "titel: Test", ["line 2: titel: there is no such key; did you mean title?"]),
    (
        "format: delimited",
        "format: csv",
        [f"line 6: reader.format: must be one of {', '.join(Format)}"],
    ),
    (
        "format: delimited",
        "format: delimited, encoding: utf8x",
        ["line 6: reader.encoding: there is no encoding utf8x; write utf-8, utf-16 or windows-1250"],
    ),
    (
        "format: delimited",
        "format: delimited, encoding: rot13",
        ["line 6: reader.encoding: there is no encoding rot13; write utf-8, utf-16 or windows-1250"],
    ),
    (
        "format: delimited",
        "format: delimited, delimiter: ';;'",
        ['line 6: reader.delimiter: a delimiter is one character, such as "," or ";" or "\\t"'],
    ),
    ("reader: {format: delimited}", "", ["describe the file: give reader, or tables with a reader each"]),
    (
        "lookup: pol",
        "lookup: pl",
        [
            "line 8: columns.pol.lookup: there is no lookup pl under lookups",
            "line 16: lookups.pol: no column uses this lookup; name it in a column as lookup or"
            " flags, or remove it",
        ],
    ),
    (
        "žensko: Woman",
        "žensko: Women",
        ["line 16: lookups.pol.žensko: Women is no code of gender (column pol); did you mean Woman?"],
    ),
    (
        "radna: is_forced_labour",
        "radna: gender",
        ["line 17: lookups.oblik.radna: gender is no yes/no field (column oblik)"],
    ),
    (
        "radna: is_forced_labour",
        "radna: {a: b}",
        [
            "line 17: lookups.oblik.radna: give a code, a number, a range, a list of fields, null,"
            " or {to: CODE, is: broader}"
        ],
    ),
    (
        "žensko: Woman, muško",
        "žensko: Woman, Žensko : Man, muško",
        ["line 16: lookups.pol.Žensko: the word žensko has two meanings; case and spacing do not count"],
    ),
    (
        "title: Test",
        "id: srb_office_cases\ntitle: Test",
        ["line 2: id: the folder's name is the id; remove this key"],
    ),
    ("title: Test", "title: [Test", ["line 3 (begun in line 2): a [ is not closed, or a comma is missing"]),
    (
        "title: Test",
        "title: !!python/object:os.system x",
        ["line 2: a word after ! is no text; put it in quotes"],
    ),
    (
        "  data_source_type: Hotline\n",
        "",
        ["line 11: constants: data_source_type is mandatory; map a column to it or give it here"],
    ),
    (
        "title: Test",
        "title: Test\nnot_collected: [gender]",
        [
            "line 3: not_collected[1]: gender: only one of columns, constants and not_collected may"
            " fill a field; choose one"
        ],
    ),
    (
        "title: Test",
        "title: Test\nnot_collected: [is_servitude]",
        [
            "line 3: not_collected[1]: is_servitude: only one of columns, constants and"
            " not_collected may fill a field; choose one"
        ],
    ),
    (
        "title: Test",
        "title: Test\nignored: {pol: why}",
        ["line 3: ignored.pol: column pol stands under columns and ignored; choose one"],
    ),
    (
        "constants:",
        "concatenated: {pol: {flags: oblik, separator: ';'}}\nconstants:",
        ["line 11: concatenated.pol: column pol stands under columns and concatenated; choose one"],
    ),
    (
        "constants:",
        "concatenated: {t: {flags: oblik}}\nconstants:",
        ["line 11: concatenated.t.separator: is missing; add it"],
    ),
    (
        "constants:",
        "concatenated: {t: {lookup: oblik, separator: ';'}}\nconstants:",
        [
            "line 11: concatenated.t.flags: is missing; add it",
            "line 11: concatenated.t.lookup: there is no such key; keys are flags, separator",
        ],
    ),
    (
        "constants:",
        "concatenated: {t: {flags: oblk, separator: ';'}}\nconstants:",
        ["line 11: concatenated.t.flags: there is no lookup oblk under lookups; did you mean oblik?"],
    ),
    (
        "constants:",
        "concatenated: {t: {flags: pol, separator: ';'}}\nconstants:",
        [
            "line 17: lookups.pol.žensko: Woman is no yes/no field (column t)",
            "line 17: lookups.pol.muško: Man is no yes/no field (column t)",
        ],
    ),
    (
        "  oblik: {flags: oblik}\n",
        "  a: {field: is_servitude}\nconcatenated: {t: {flags: oblik, separator: ';'}}\n",
        [
            "line 11: concatenated.t: nothing fills is_forced_labour; map a column to it or drop it there",
            "line 11: concatenated.t: nothing fills is_slavery_and_practices; map a column to it or"
            " drop it there",
        ],
    ),
    (
        "field: gender, lookup: pol",
        "field: period",
        [
            "line 8: columns.pol.field: Palermo fills period itself; map the column elsewhere or"
            " list it under ignored",
            "line 16: lookups.pol: no column uses this lookup; name it in a column as lookup or"
            " flags, or remove it",
        ],
    ),
    (
        "  godina:",
        "  a: {key: true}\n  b: {key: true}\n  godina:",
        ["line 10: columns.b.key: column a is the key already; keep one"],
    ),
    (
        "lookup: pol}",
        "lookup: pol, date: '%Y'}",
        ["line 8: columns.pol.date: give a form such as %d.%m.%Y, and only for a field that is a year"],
    ),
    (
        "year_of_registration}",
        "year_of_registration, date: '%d.%m'}",
        ["line 9: columns.godina.date: give a form such as %d.%m.%Y; it must have the year"],
    ),
    (
        "year_of_registration}",
        "year_of_registration, date: '%Q'}",
        [
            "line 9: columns.godina.date: %Q is no part of a date; write %d, %m, %B, %Y, %y, %H, %M or %S",
        ],
    ),
    (
        "year_of_registration}",
        "year_of_registration, lookup: pol}",
        [
            "line 9: columns.godina.lookup: only fields with codes, numbers, yes and no have a lookup;"
            " remove it"
        ],
    ),
    (
        "lookup: pol}",
        "lookup: pol, others: 'no'}",
        ["line 8: columns.pol.others: only a column with flags has others; remove it"],
    ),
    (
        "žensko: Woman",
        "žensko: [Woman, Man]",
        ["line 8: columns.pol.lookup: gives several codes, but gender holds one"],
    ),
    (
        "country: SRB",
        "country: Serbia",
        ["line 3: publisher.country: write the three capital letters of the country, such as SRB"],
    ),
    ("every: year", "every: 5", ["line 5: schedule.every: must be one of month, quarter, year, once"]),
    (
        "every: year",
        "every: year, first: 2024-06",
        ["line 5: schedule.first: with every: year a period is written as 2024 is"],
    ),
    (
        "every: year",
        "every: quarter, last: 2024",
        ["line 5: schedule.last: with every: quarter a period is written as 2024-Q1 is"],
    ),
    (
        "every: year",
        "every: month, first: 2024-06, last: 2024-05",
        ["line 5: schedule.last: it is before the first one; swap them"],
    ),
    (
        "every: year",
        "every: once, first: 2024",
        ["line 5: schedule.first: what is handed in once has no calendar; remove it"],
    ),
    (
        "every: year",
        "every: year, first: 2024-13",
        ["line 5: schedule.first: write a period such as 2024, 2024-Q2 or 2024-06"],
    ),
    (
        "every: year",
        "every: year, due_days: -1",
        ["line 5: schedule.due_days: must be at least 0"],
    ),
    ("name: Office", "name: 5", ["line 3: publisher.name: must be text; put it in quotes"]),
    (
        "data_source_type: Hotline",
        "data_source_type: Hotlin",
        ["line 12: constants.data_source_type: Hotlin is no code of data_source_type; did you mean Hotline?"],
    ),
    (
        "data_source_type: Hotline",
        "data_source_type: Hotline\n  reporting_country: Serbia",
        ["line 13: constants.reporting_country: Serbia is no code of reporting_country; did you mean SRB?"],
    ),
    (
        "data_source_type: Hotline",
        "data_source_type: Hotline\n  reporting_country: RS",
        ["line 13: constants.reporting_country: RS is no code of reporting_country; did you mean SRB?"],
    ),
    (
        "data_source_type: Hotline",
        "data_source_type: Hotline\n  reporting_country: YUG",
        ["line 13: constants.reporting_country: YUG is no code of reporting_country"],
    ),
    (
        "consent_publication: true",
        "consent_publication: yes",
        ["line 13: constants.consent_publication: must be true or false, without quotes"],
    ),
    (
        "consent_publication: true",
        "consent_publication: true\n  means_threats: true",
        ["line 14: constants.means_threats: must be 1 (yes) or 0 (no)"],
    ),
    (
        "consent_publication: true",
        "consent_publication: true\n  means_threats: 2",
        ["line 14: constants.means_threats: must be 1 (yes) or 0 (no)"],
    ),
    (
        "consent_publication: true",
        'consent_publication: true\n  age_at_registration: "12"',
        ["line 14: constants.age_at_registration: must be a whole number, without quotes"],
    ),
    (
        "consent_publication: true",
        "consent_publication: true\n  citizenship_all: SRB;XXX",
        ["line 14: constants.citizenship_all: XXX is no code of citizenship_all"],
    ),
    (
        "consent_publication: true",
        "consent_publication: true\n  Age: 12",
        ["line 14: constants.Age: write the name of a field of docs/reference/fields.md, such as gender"],
    ),
    (
        "consent_publication: true",
        "consent_publication: true\n  agee: 12",
        ["line 14: constants.agee: there is no field agee in the case; did you mean age_at_registration?"],
    ),
    (
        "country: SRB",
        "country: SRP",
        ["line 3: publisher.country: SRP is no code of a country; did you mean SUR or SRB?"],
    ),
    (
        "columns:\n  pol: {field: gender, lookup: pol}\n  godina: {field:"
        " year_of_registration}\n  oblik: {flags: oblik}\n",
        "columns:\n",
        [
            "line 7: columns: must hold keys of its own; write them below it, indented, as key: value",
            "line 8: constants: year_of_registration is mandatory; map a column to it or give it here",
            "line 13: lookups.pol: no column uses this lookup; name it in a column as lookup or"
            " flags, or remove it",
            "line 14: lookups.oblik: no column uses this lookup; name it in a column as lookup or"
            " flags, or remove it",
        ],
    ),
    (
        "  oblik: {flags: oblik}\n",
        "  oblik: {flags: oblik}\n  pol:\n    {field: gender}\n",
        ["line 11: columns.pol: the key stands twice, in line 8 as well; keep one"],
    ),
    (
        "lookups:",
        "bounds: {max: {mean: {gender: 1}, null_share: {gendre: 0.1}, held_share: 2}}\nlookups:",
        [
            "line 15: bounds.max.held_share: must be at most 1.0",
            "line 15: bounds.max.mean.gender: bounds of a mean need a number, gender is none",
            "line 15: bounds.max.null_share.gendre: there is no field gendre in the case; did you"
            " mean gender?",
        ],
    ),
    (
        "lookups:",
        "ignored_rows: [{column: a, values: x, reason: y}]\nlookups:",
        ["line 15: ignored_rows[1].values: must be a list; write [one, another]"],
    ),
    (
        "reader: {format: delimited}",
        "reader: delimited",
        ["line 6: reader: must hold keys of its own; write them below it, indented, as key: value"],
    ),
    (
        "reader: {format: delimited}",
        "tables: {cases: {reader: {format: delimited, header_row: [2, 1]}}}\nlink: {table: other, on: a}",
        [
            "line 6: tables.cases.reader.header_row: list the rows of the header from top to bottom,"
            " each once",
            "line 7: link.table: there is no table other under tables",
        ],
    ),
    (
        "lookups:",
        "lookups:\n  idle: {a: b}",
        [
            "line 16: lookups.idle: no column uses this lookup; name it in a column as lookup or"
            " flags, or remove it"
        ],
    ),
    (
        "lookup: pol}",
        "lookup: pol, missing: {x: unknwn}}",
        [
            "line 8: columns.pol.missing.x: must be one of not_collected, unknown, refused,"
            " not_applicable, suppressed; did you mean unknown?"
        ],
    ),
    (
        "lookup: pol}",
        "lookup: pol, key: true}",
        ["line 8: columns.pol: give exactly one of field, flags, key or birth_date"],
    ),
]


@pytest.mark.parametrize(("old", "new", "told"), MISTAKES)
def test_a_mistake_is_told_once_with_its_line_and_its_remedy(old, new, told):
    assert old in SOURCE
    assert list(problems(SOURCE.replace(old, new, 1))) == told


def test_all_problems_are_told_at_once():
    text = SOURCE
    for old, new in {
        "title: Test": "titel: Test",
        "SRB": "Serbia",
        "every: year": "every: yearly",
        "delimited}": "delimited, encoding: utf9}",
        "{field: year_of_registration}": "{field: year_of_registration, date: 'd.m.Y'}",
        "  oblik: {flags": "  more: {feld: gender}\n  oblik: {flags",
        "Hotline": "Hotlin",
        "muško: Man": "muško: Mann",
        "radna: is_forced_labour": "radna: is_forced_labor",
        "ništa: []}": "ništa: []}\n  idle: {x: 1}",
    }.items():
        assert old in text
        text = text.replace(old, new, 1)
    text += "not_collected: [is_servitude]\nignored: {godina: why}\n"
    where = [problem.split(": ")[:2] for problem in problems(text)]
    assert where == [
        ["line 2", "titel"],
        ["line 3", "publisher.country"],
        ["line 5", "schedule.every"],
        ["line 6", "reader.encoding"],
        ["line 9", "columns.godina.date"],
        ["line 10", "columns.more.feld"],
        ["line 13", "constants.data_source_type"],
        ["line 17", "lookups.pol.muško"],
        ["line 18", "lookups.oblik.radna"],
        ["line 19", "lookups.idle"],
        ["line 20", "not_collected[1]"],
        ["line 21", "ignored.godina"],
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title: Test\n\tcases: a\n", "line 2: a tab stands here; indent with spaces only"),
        ("columns:\n\ta: {field: gender}\n", "line 2: a tab stands here; indent with spaces only"),
        ("columns:\n  a:\n    key: true\n   b: {}\n", "line 4 (begun in line 2): the indent differs"),
        ("title: Test\n  cases: a\n", "line 2: a second colon, too deep an indent"),
        ("title: Test: one\n", "line 1: a second colon"),
        ("title\nterms: {}\n", "line 2: a second colon, too deep an indent, or no colon in the line above"),
        ("columns:\n  a: {field: gender\n  b: {field: x}\n", "line 3 (begun in line 2): a { is not closed"),
        ("not_collected: [a, b\ntitle: Test\n", "line 2 (begun in line 1): a [ is not closed"),
        ("title: 'Test\nterms: {}\n", "line 3 (begun in line 1): a quotation mark is not closed"),
        ('date: "\\d"\n', "line 1: a backslash in double quotes; use single quotes"),
        ("date: %d.%m.%Y\n", "line 1: text that begins with this character must stand in quotes"),
        ("file: *persons*\n", "line 1: text that begins with * or & must stand in quotes"),
        ("title: !x y\n", "line 1: a word after ! is no text"),
        ("ignored:\n  {n}: x\n", "line 2: a key must be one word; put it in quotes"),
        ("---\ntitle: a\n---\ntitle: b\n", "line 3 (begun in line 2): --- begins a second description"),
    ],
)
def test_slips_of_yaml_give_their_line_and_a_remedy(text, told):
    (problem,) = problems(text)
    assert problem.startswith(told)


def test_norway_needs_no_quotes_and_a_list_of_words_no_quotes_around_numbers():
    text = SOURCE.replace("data_source_type: Hotline", "data_source_type: Hotline\n  reporting_country: NOR")
    text = text.replace("žensko: Woman", "NO: Woman")
    text += "ignored_rows: [{column: a, values: [1, NO, true], reason: no case}]\n"
    source = parse_source("nor_office_cases", text)
    assert source.lookups["pol"]["NO"] == "Woman"
    assert source.ignored_rows[0].values == ("1", "NO", "true")


CANARY = "Maribel Inventada"


@pytest.mark.parametrize(
    "text",
    [
        f"title: '{CANARY}\nterms: a\n",
        f"title: {CANARY}: {CANARY}\n",
        f"title: *{CANARY}\n",
        f"title: !{CANARY} a\n",
        f"title: [{CANARY}\nterms: a\n",
        f"\t{CANARY}\n",
        SOURCE.replace("every: year", f"every: [{CANARY}]"),
        SOURCE.replace("{name: Office, country: SRB}", CANARY),
        SOURCE.replace("country: SRB", f"country: {CANARY}"),
        SOURCE.replace("{field: gender, lookup: pol}", CANARY),
        SOURCE.replace("{field: gender, lookup: pol}", f"{{field: gender, lookup: pol, date: {CANARY}}}"),
        SOURCE.replace("{field: gender, lookup: pol}", f"{{field: gender, lookup: pol, key: {CANARY}}}"),
        SOURCE.replace("delimited}", f"delimited, header_row: {CANARY}, delimiter: {CANARY}}}"),
        SOURCE.replace("muško: Man", f"muško: {{a: {CANARY}}}"),
        SOURCE + f"ignored_rows: {CANARY}\nbounds: {{min: {{rows: {CANARY}}}}}\n",
    ],
)
def test_what_stands_where_it_does_not_belong_is_not_quoted(text):
    with pytest.raises(InvalidDescription) as caught:
        parse_source("srb_office_cases", text)
    assert CANARY.split()[0] not in repr(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("text", ["", "just text", "- a\n- b", "a: \x00", "---\na: 1\n---\nb: 2"])
def test_what_is_no_description(text):
    assert len(problems(text)) == 1


def test_the_folder_must_be_named_as_a_source():
    assert problems(SOURCE, "Serbia")[0].startswith("id: ")


def test_a_policy():
    assert parse_policy(POLICY).k == 11


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("k: 11", "k: 1", "policy: line 4: k: must be at least 2"),
        (
            "ladder: [gender]",
            "lader: [gender]",
            "quasi_identifiers.gender.lader: there is no such key; did you mean",
        ),
        ("[gender]", "[sex]", "may never be published: sex"),
        ("k: 11", "k: eleven", "k: must be a whole number, without quotes"),
    ],
)
def test_errors_of_a_policy(old, new, problem):
    with pytest.raises(InvalidDescription) as caught:
        parse_policy(POLICY.replace(old, new))
    assert problem in str(caught.value)
