"""Rule H8 is about sets: neither the order of the labels nor their case or spacing changes what is found."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from schemas.plain_yaml import load_plain_yaml
from schemas.source import Source
from transforms.mapping import map_cases
from transforms.reading import read_tables

SOURCE = Source(
    **load_plain_yaml("""
id: xyz_office_cases
title: Test
publisher: {name: Office, country: SRB}
terms: {licence: none, agreement: none}
schedule: {every: once}
reader: {format: delimited}
columns:
  threats: {field: means_threats}
  other: {field: means_other}
  unnamed: {field: means_not_specified}
concatenated: {text: {flags: labels, separator: ";"}}
missing: {"-99": unknown}
lookups:
  labels:
    Threats: means_threats
    Other: means_other
    Not specified: means_not_specified
    OtherNot specified: [means_other, means_not_specified]
    Minor abused: []
""")
)
NAMED = {
    "Threats": {"threats"},
    "Other": {"other"},
    "Not specified": {"unnamed"},
    "OtherNot specified": {"other", "unnamed"},
    "Minor abused": set(),
}

known = st.lists(st.sampled_from(sorted(NAMED)), min_size=1, max_size=6)
flags = st.fixed_dictionaries(dict.fromkeys(SOURCE.columns, st.sampled_from(["1", "0", "-99", ""])))


def _find(labels: Sequence[str], answers: dict[str, str]) -> list[tuple[str, str | None]]:
    """Codes and rules of what is found in a row."""
    text = f"{','.join(answers)},text\n{','.join(answers.values())},{';'.join(labels)}\n"
    tables = read_tables(SOURCE, {"cases": text.encode()})
    mapped = map_cases(tables, SOURCE, period="2019", key=b"k", source_version="v")
    assert mapped.held == ({2} if mapped.findings else set())
    return [(finding.code.name, finding.rule) for finding in mapped.findings]


@given(known, flags)
def test_a_row_is_held_exactly_where_the_sets_differ(labels, answers):
    named = set().union(*(NAMED[label] for label in labels))
    given_ = {name for name, answer in answers.items() if answer == "1"}
    assert _find(labels, answers) == ([] if named == given_ else [("RULE_HELD", "H8")])


@given(known, st.lists(st.just("Curses"), max_size=1), flags, st.data())
def test_order_case_and_spacing_of_the_labels_change_nothing(labels, strange, answers, data):
    labels = labels + strange
    other = data.draw(st.permutations(labels))
    spelt = [data.draw(st.sampled_from([label, label.upper(), f" {label.lower()}  "])) for label in other]
    assert _find(spelt, answers) == _find(labels, answers)
