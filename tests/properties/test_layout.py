"""Whatever the layout: the long and the wide form of a register give the same cases, and no row is lost."""

import csv
import io
from collections import Counter
from itertools import chain

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from schemas.plain_yaml import load_plain_yaml
from schemas.source import Source
from transforms.mapped import Mapped
from transforms.mapping import map_cases
from transforms.person import NO_PERSON, person_of, row_of
from transforms.readers.layout import JOINT, join_names
from transforms.reading import read_tables
from transforms.selection import BELOW_TABLE, BLANK_ROW
from transforms.validation import validate_cases

BASE = """
id: xyz_office_cases
title: Test
publisher: {name: Office, country: SRB}
terms: {licence: none, agreement: none}
schedule: {every: once}
reader: {format: delimited}
constants:
  data_source_type: Hotline
  consent_publication: true
  trafficking_status: ActualVictimOfTrafficking
columns:
  year: {field: year_of_registration}
  sex: {field: gender, lookup: sex}
  age: {field: age_at_registration}
lookups: {sex: {F: Woman, M: Man}}
"""
GROUPS = 3
LONG = Source(**load_plain_yaml(BASE))
REPEATED = 'persons: {groups: 3, columns: {sex: "sex_{n}", age: "age_{n}"}}\n'
WIDE = Source(**load_plain_yaml(BASE + REPEATED))

people = st.tuples(st.sampled_from(["F", "M", ""]), st.integers(0, 99).map(str))
families = st.lists(
    st.tuples(st.integers(2000, 2020).map(str), st.lists(people, min_size=1, max_size=GROUPS)), max_size=6
)


def _write(header: list[str], rows: list[list[str]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows([header, *rows])
    return stream.getvalue().encode()


def _map(source: Source, content: bytes) -> Mapped:
    tables = read_tables(source, {"cases": content})
    return map_cases(tables, source, period="2019", key=b"k", source_version="v")


@given(families)
def test_wide_and_long_files_give_the_same_cases(register):
    long_rows = [[year, *person] for year, persons in register for person in persons]
    names = [f"{name}_{n}" for n in range(1, GROUPS + 1) for name in ("sex", "age")]
    wide_rows = [
        [year, *chain.from_iterable(persons), *[""] * 2 * (GROUPS - len(persons))]
        for year, persons in register
    ]
    long, wide = (
        _map(LONG, _write(["year", "sex", "age"], long_rows)),
        _map(WIDE, _write(["year", *names], wide_rows)),
    )
    fields = ["year_of_registration", "gender", "age_at_registration"]
    pd.testing.assert_frame_equal(
        wide.cases[fields].reset_index(drop=True), long.cases[fields].reset_index(drop=True)
    )
    assert [(row_of(case), person_of(case)) for case in wide.cases.index] == [
        (row, n) for row, (_, persons) in enumerate(register, 2) for n in range(1, len(persons) + 1)
    ]
    assert wide.cases["source_record_key"].is_unique
    assert (wide.read, wide.rows) == (len(long_rows), len(wide_rows))


LAYOUT = BASE.replace(
    "reader: {format: delimited}",
    """
reader:
  format: delimited
  last_row: 9
  skip_rows:
    - {words: [total], reason: totals}
    - {words: ["end*"], column: note, reason: remarks, and_below: true}
ignored_rows: [{column: role, values: [accused], reason: accused person}]
ignored: {note: remarks}
persons: {groups: 2, columns: {role: "role{n}", sex: "sex{n}", age: "age{n}"}}
""",
)
ACCOUNTED = Source(**load_plain_yaml(LAYOUT))
HEADER = ["year", "note", "role1", "sex1", "age1", "role2", "sex2", "age2"]
cells = st.sampled_from(["", "", "2019", "F", "m", "14", "total", "End of it", "accused", "x"])
tables = st.lists(st.lists(cells, min_size=7, max_size=9), max_size=12)


@given(tables)
def test_every_row_and_every_person_is_accounted_for(table):
    content = _write(HEADER, table)
    mapped = _map(ACCOUNTED, content)
    account = validate_cases(mapped, current_year=2026).account
    assert account.read == account.accepted + account.held + sum(account.ignored.values())
    assert set(account.ignored) <= {"totals", "remarks", "accused person", BLANK_ROW, BELOW_TABLE, NO_PERSON}
    # rows, counted without the code: each is data with one case or more, or ignored as a whole
    given_rows = len(table)
    while given_rows and not any(table[given_rows - 1]) and len(table[given_rows - 1]) <= 1:
        given_rows -= 1
    assert account.rows == given_rows
    whole = Counter(account.ignored)
    del whole["accused person"]
    persons_of = {row_of(case) for case in mapped.cases.index}
    assert len(persons_of) + whole.total() <= account.rows <= len(persons_of) + sum(account.ignored.values())
    assert all(2 <= row <= len(table) + 1 for finding in mapped.findings for row in finding.rows)


words = st.text("abč", min_size=1, max_size=3)


@given(
    st.lists(st.tuples(words, st.lists(words, min_size=1, max_size=4, unique=True)), min_size=1, max_size=5)
)
def test_merged_headers_read_back(groups):
    """Groups written as a spreadsheet stores merged cells give each name its group."""
    upper, lower, wanted = [], [], []
    for number, (group, names) in enumerate(groups):
        upper += [f"{group}{number}", *[""] * (len(names) - 1)]
        lower += [f"{name}." for name in names]
        wanted += [f"{group}{number}{JOINT}{name}." for name in names]
    assert list(join_names([upper, lower])) == wanted
