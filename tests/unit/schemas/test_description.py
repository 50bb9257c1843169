"""A description is read as it stands, and an error says where, what, and what to do."""

from textwrap import dedent

import pytest

from schemas.description import InvalidDescription, parse_policy, parse_source
from schemas.missing import MissingReason

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


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "title: Test",
            "title: Test\ntitle: Again",
            "line 3: the key title stands twice; correct the YAML there",
        ),
        ("  pol: {žensko", "  pol: {a: Man, a: Man, žensko", "line 16: the key a stands twice"),
        (
            "{field: gender, lookup: pol}",
            "{field: gendr}",
            "columns.pol: there is no field gendr in the case",
        ),
        ("{field: gender, lookup: pol}", "{field: gendr}", "did you mean gender?"),
        ("field: gender", "feld: gender", "columns.pol.feld: there is no such key; did you mean field?"),
        ("title: Test", "titel: Test", "title: is missing; add it"),
        ("title: Test", "titel: Test", "titel: there is no such key; did you mean title?"),
        (
            "format: delimited",
            "format: csv",
            "reader.format: input should be 'delimited', 'xlsx'",
        ),
        ("format: delimited", "format: delimited, encoding: utf8x", "there is no encoding utf8x"),
        ("format: delimited", "format: delimited, encoding: rot13", "there is no encoding rot13"),
        ("format: delimited", "format: delimited, delimiter: ';;'", "a delimiter is one character"),
        ("reader: {format: delimited}", "", "describe the file: give reader, or tables with a reader each"),
        ("lookup: pol", "lookup: pl", "there is no lookup pl under lookups; did you mean pol?"),
        ("žensko: Woman", "žensko: Women", "lookup of column pol: Women is not allowed there"),
        ("radna: is_forced_labour", "radna: gender", "lookup of column oblik: gender is not allowed there"),
        (
            "radna: is_forced_labour",
            "radna: {a: b}",
            "lookups.oblik.radna: give a code, a number, a list of fields",
        ),
        ("žensko: Woman, muško", "žensko: Woman, Žensko : Man, muško", "the word žensko has two meanings"),
        (
            "title: Test",
            "id: srb_office_cases\ntitle: Test",
            "id: the folder's name is the id; remove this key",
        ),
        ("title: Test", "title: [Test", "correct the YAML there"),
        ("title: Test", "title: !!python/object:os.system x", "line 2: could not determine a constructor"),
        ("  data_source_type: Hotline\n", "", "constants: data_source_type is mandatory; map a column to it"),
        (
            "title: Test",
            "title: Test\nnot_collected: [gender]",
            "gender: only one of columns, constants and not_co",
        ),
        ("title: Test", "title: Test\nnot_collected: [is_servitude]", "is_servitude: only one of columns"),
        (
            "title: Test",
            "title: Test\nignored: {pol: why}",
            "column pol: stands under two of columns, concatenated, ignored",
        ),
        (
            "constants:",
            "concatenated: {pol: {flags: oblik, separator: ';'}}\nconstants:",
            "column pol: stands under two of columns, concatenated, ignored",
        ),
        (
            "constants:",
            "concatenated: {t: {flags: oblik}}\nconstants:",
            "concatenated.t.separator: is missing",
        ),
        (
            "constants:",
            "concatenated: {t: {lookup: oblik, separator: ';'}}\nconstants:",
            "concatenated.t.lookup: there is no such key; keys are flags, separator",
        ),
        (
            "constants:",
            "concatenated: {t: {flags: oblk, separator: ';'}}\nconstants:",
            "there is no lookup oblk under lookups; did you mean oblik?",
        ),
        (
            "constants:",
            "concatenated: {t: {flags: pol, separator: ';'}}\nconstants:",
            "lookup of column t: Woman is not allowed there",
        ),
        (
            "  oblik: {flags: oblik}\n",
            "  a: {field: is_servitude}\nconcatenated: {t: {flags: oblik, separator: ';'}}\n",
            "concatenated.t: nothing fills is_forced_labour; map a column to it or drop it there",
        ),
        ("field: gender, lookup: pol", "field: period", "period: Palermo fills this field itself"),
        (
            "  godina:",
            "  a: {key: true}\n  b: {key: true}\n  godina:",
            "several columns are the key; keep one",
        ),
        (
            "lookup: pol}",
            "lookup: pol, date: '%Y'}",
            "columns.pol.date: give a form such as %d.%m.%Y, and only",
        ),
        ("year_of_registration}", "year_of_registration, date: '%d.%m'}", "columns.godina.date: give a form"),
        ("year_of_registration}", "year_of_registration, date: '%Q'}", "columns.godina.date: give a form"),
        (
            "year_of_registration}",
            "year_of_registration, lookup: pol}",
            "columns.godina.lookup: only fields with",
        ),
        (
            "lookup: pol}",
            "lookup: pol, others: 'no'}",
            "columns.pol.others: only a column with flags has others",
        ),
        ("žensko: Woman", "žensko: [Woman, Man]", "gives several codes, but gender holds one"),
        ("country: SRB", "country: Serbia", "publisher.country: string should match pattern"),
        ("every: year", "every: 5", "schedule.every: input should be 'month'"),
        ("name: Office", "name: 5", "publisher.name: must be text; put it in quotes"),
    ],
)
def test_errors_say_where_and_what_to_do(old, new, problem):
    assert old in SOURCE
    assert any(problem in one for one in problems(SOURCE.replace(old, new, 1))), problems(
        SOURCE.replace(old, new, 1)
    )


def test_all_problems_are_told_at_once():
    text = SOURCE.replace("field: gender", "feld: gender").replace("every: year", "evry: year")
    assert len(problems(text)) == 3


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
        ("k: 11", "k: 1", "policy: k: input should be greater than or equal to 2"),
        (
            "ladder: [gender]",
            "lader: [gender]",
            "quasi_identifiers.gender.lader: there is no such key; did you mean",
        ),
        ("[gender]", "[sex]", "may never be published: sex"),
        ("k: 11", "k: eleven", "k: input should be a valid integer"),
    ],
)
def test_errors_of_a_policy(old, new, problem):
    with pytest.raises(InvalidDescription) as caught:
        parse_policy(POLICY.replace(old, new))
    assert problem in str(caught.value)
