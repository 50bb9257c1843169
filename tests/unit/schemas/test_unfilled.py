"""What a draft leaves to a person is told by its line, and hides no other mistake."""

import pytest

from schemas.description import parse_source
from schemas.problem import InvalidDescription

DRAFT = """\
title: {title}
publisher: {{name: Office, country: SRB}}
terms: {{licence: none, agreement: none}}
schedule: {{every: year}}
reader: {{format: delimited}}
columns:
  pol: {{field: gender, lookup: pol}}
  nesto: {column}
  godina: {{field: year_of_registration}}
constants:
  data_source_type: {kind}
  trafficking_status: ActualVictimOfTrafficking
  consent_publication: true
lookups:
  pol: {{ž: Woman, m: {word}}}
"""
FILLED = {
    "title": "Test",
    "column": "{field: age_at_registration}",
    "kind": "Hotline",
    "word": "Man",
}


def list_problems(**left):
    with pytest.raises(InvalidDescription) as refused:
        parse_source("srb_office_victims", DRAFT.format(**{**FILLED, **left}))
    return refused.value.problems


def test_a_filled_draft_is_a_description():
    assert parse_source("srb_office_victims", DRAFT.format(**FILLED)).title == "Test"


@pytest.mark.parametrize(
    ("place", "line", "path"),
    [
        ("title", 1, "title"),
        ("column", 8, "columns.nesto"),
        ("kind", 11, "constants.data_source_type"),
        ("word", 15, "lookups.pol.m"),
    ],
)
def test_each_place_is_told_once_with_its_line(place, line, path):
    [said] = list_problems(**{place: "TODO"})
    assert said.startswith(f"line {line}: {path}: still says TODO")


def test_other_mistakes_are_told_in_the_same_pass():
    said = list_problems(title="TODO", column="{field: age}")
    assert [problem.split(":")[0] for problem in said] == ["line 1", "line 8"]
    assert "there is no field age" in said[1]


def test_a_word_of_the_source_may_be_todo():
    """`Todo` is Spanish for all, and a word on the left is the source's."""
    text = DRAFT.format(**FILLED).replace("m: Man", "TODO: Man, Todo el: Woman")
    assert parse_source("srb_office_victims", text).lookups["pol"]["TODO"] == "Man"
