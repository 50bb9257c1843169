"""Whatever stands in a file: no row is lost, nothing breaks, and every value is one its field allows."""

import csv
import io

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.case import case_fields
from schemas.codelist import load_codelist
from schemas.missing import MissingReason
from schemas.plain_yaml import load_plain_yaml
from schemas.source import Source
from transforms.lookup import fold_list, split_cell
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
  key: {key: true}
  gender: {field: gender, lookup: gender}
  again: {field: gender, lookup: gender}
  age: {field: age_at_registration}
  band: {field: age_broad}
  year: {field: year_of_registration, date: "%d.%m.%Y"}
  country: {field: citizenship, separator: ";"}
  forms: {flags: forms, separator: ";", others: "no"}
ignored_rows: [{column: role, values: [accused], reason: accused person}]
missing: {"-99": unknown}
lookups:
  gender: {F: Woman, M: Man}
  forms: {work: is_forced_labour, "work; home": labour_domestic_work, none: []}
""")
)
COLUMNS = (*SOURCE.columns, "role")
FIELDS = (
    "gender",
    "age_at_registration",
    "age_broad",
    "year_of_registration",
    "citizenship",
    "is_forced_labour",
)
WORDS = (
    "",
    "F",
    "m",
    "14",
    "111",
    "9-17",
    "01.02.2019",
    "RS",
    "XK",
    "YU",
    "RS;BA",
    "work",
    "work;home",
    "-99",
)

cells = st.one_of(st.sampled_from((*WORDS, "accused")), st.text(max_size=8))
rows = st.lists(st.lists(cells, min_size=len(COLUMNS) - 1, max_size=len(COLUMNS) + 1), max_size=8)


def _write(table: list[list[str]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows([COLUMNS, *table])
    return stream.getvalue().replace("\0", "").encode("utf-8", "ignore")


def _map(content: bytes):
    tables = read_tables(SOURCE, {"cases": content})
    return map_cases(tables, SOURCE, period="2019", key=b"k", source_version="v")


@given(rows)
def test_no_row_is_lost_and_every_case_is_sound(table):
    mapped = _map(_write(table))
    assert mapped.read == len(mapped.cases) + sum(mapped.ignored.values())
    assert mapped.held <= set(mapped.cases.index)
    assert mapped.cases.index.equals(mapped.reasons.index)
    for name in FIELDS:
        field = case_fields()[name]
        values = mapped.cases[name].dropna()
        if field.codelist and ";" not in "".join(values.astype(str)):
            assert set(values) <= set(load_codelist(field.codelist).codes)
        if name in mapped.reasons:
            assert (mapped.cases[name].isna() == mapped.reasons[name].notna()).all()
            assert set(mapped.reasons[name].dropna()) <= set(MissingReason)


@settings(max_examples=10)
@given(rows)
def test_the_same_file_gives_the_same_cases(table):
    first, second = _map(_write(table)), _map(_write(table))
    pd.testing.assert_frame_equal(first.cases, second.cases)
    assert (first.findings, first.held) == (second.findings, second.held)


parts = st.text(alphabet="ab é", min_size=1, max_size=4).filter(str.strip)
labels = st.lists(parts, min_size=1, max_size=3).map(", ".join)


@given(st.lists(labels, min_size=1, max_size=5), st.data())
def test_a_cell_made_of_words_has_no_part_left_over(words, data):
    chosen = data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=6))
    known = {fold_list(word, ", ") for word in words}
    found, left_over = split_cell(", ".join(chosen), ", ", known)
    assert left_over == 0
    assert set(found) <= known
