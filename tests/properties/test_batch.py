"""Batches of any size give what the whole file gives: the same stored bytes, held rows and findings."""

import csv
import io
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.batching import map_batches, validate_batches
from pipeline.report import load_carried, load_findings
from pipeline.room import screen_batches
from pipeline.workspace import Described
from schemas.correction import parse_corrections
from schemas.finding import Finding, FindingCode, join_findings, sort_findings
from schemas.plain_yaml import load_plain_yaml
from schemas.source import Source
from schemas.submission import RowAccount
from storage.store import Store
from transforms.batch import cut_table, list_batches
from transforms.correction import correct_tables
from transforms.drift import check_renames
from transforms.mapped import RawTable
from transforms.mapping import map_cases
from transforms.quality import Figures, measure_figures
from transforms.reading import join_batches, read_batches, read_tables
from transforms.screening import screen_identifiers
from transforms.validation import validate_cases

PERIOD, YEAR = "2019", 2026
SOURCE = Source(
    **load_plain_yaml("""
id: srb_office_cases
title: Test
publisher: {name: Office, country: SRB}
terms: {licence: none, agreement: none}
schedule: {every: once}
reader:
  format: delimited
  skip_rows: [{column: key, words: [total], reason: total, and_below: true}]
columns:
  key: {key: true}
  gender: {field: gender, lookup: gender}
  age: {field: age_at_registration}
  year: {field: year_of_registration}
  country: {field: citizenship, separator: ";"}
  forms: {flags: forms, separator: ";", others: "no"}
constants:
  data_source_type: Hotline
  consent_publication: true
  trafficking_status: ActualVictimOfTrafficking
shared_key: {column: code, scheme: SRB-NRM}
ignored: {note: not part of the case}
ignored_rows: [{column: role, values: [accused], reason: accused person}]
lookups:
  gender: {Female: Woman, Male: Man}
  forms: {work: is_forced_labour, "work; home": labour_domestic_work, none: []}
""")
)
CORRECTIONS = parse_corrections(
    SOURCE,
    """
corrections:
- {id: c1, period: "2019", column: gender, by: a, date: 2026-01-01, reason: r,
   word: {expect: Femal, becomes: Female}}
""",
)
DESCRIBED = Described(SOURCE, "0" * 64, CORRECTIONS)
COLUMNS = ("key", "code", "gender", "age", "year", "country", "forms", "role", "note", "")
CELLS = {
    "key": ["1", "2", "3", "4", "5", "6", "", "total"],
    "code": ["a-1", "A/1", "b", "c", "d", "", "e"],
    "gender": ["Female", "Male", "Femal", "", "?"],
    "age": ["14", "30", "9-17", "18+", "200", ""],
    "year": ["2019", "2018", "", "x"],
    "country": ["RS", "YU", "RS;BA", "", "??"],
    "forms": ["work", "work;home", "none", "", "x"],
    "role": ["", "", "accused"],
    "note": ["", "ok"],
    "": ["", "", "x"],
}
IDENTIFYING = [
    "ana@example.org",
    "0101990710006",
    "0101990710007",
    "064 123 4567",
    "12345678",
    "Male",
    "",
    "14",
]

rows = st.lists(
    st.one_of(
        st.tuples(*(st.sampled_from(CELLS[column]) for column in COLUMNS)),
        st.lists(st.sampled_from(["1", "Male", "RS", "9", ""]), max_size=len(COLUMNS) + 2).map(tuple),
    ),
    min_size=1,
    max_size=6,
)
strange = st.lists(st.tuples(*[st.sampled_from(IDENTIFYING)] * 5), min_size=1, max_size=9)


def write(header: tuple[str, ...], table: list[tuple[str, ...]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows([header, *table])
    return stream.getvalue().encode()


def read(content: bytes, size: int) -> list[RawTable]:
    return list(read_batches(SOURCE, "cases", [content], size))


def settle(findings) -> tuple[Finding, ...]:
    return sort_findings(join_findings(findings))


@settings(max_examples=12)
@given(rows, st.integers(1, 200), st.integers(1, 4), st.integers(1, 4))
@example([("1", *[""] * 9), ("2", *[""] * 9), ("1", *[""] * 9)], 1, 1, 1)
@example(
    [("1", "a", "Female", "9-17", "2019", "YU", "work", "", "", ""), ("2", "b", "Femal", "14", *[""] * 6)],
    1,
    1,
    1,
)
def test_batches_of_any_size_give_the_same(table, size, mapped_at_once, validated_at_once):
    content, keys = write(COLUMNS, table), {"period": PERIOD, "key": b"k" * 32, "scheme_key": b"s" * 32}
    tables = read_tables(SOURCE, {"cases": content})
    corrected = correct_tables(tables, SOURCE, CORRECTIONS, period=PERIOD, key=b"k" * 32)
    mapped = map_cases(corrected, SOURCE, source_version="0" * 64, **keys)
    whole = validate_cases(mapped, current_year=YEAR)
    with TemporaryDirectory() as folder:
        store = Store(Path(folder))
        document = map_batches(
            store, DESCRIBED, read(content, size), previous=None, withdrawn=(), rows=mapped_at_once, **keys
        )
        validated = validate_batches(store, SOURCE, document, YEAR, validated_at_once)
        assert validated["cases"] == store.put_cases(whole.cases, whole.reasons)
        figures = Figures()
        for batch in store.read_case_batches(validated["cases"], validated_at_once):
            figures = figures.add(measure_figures(batch.cases, {"citizenship": ["SRB"]}))
    assert RowAccount(**validated["account"]) == whole.account
    assert load_findings(validated["findings"]) == settle(whole.findings)
    assert load_carried(validated) == mapped.carried
    total = measure_figures(whole.cases, {"citizenship": ["SRB"]})
    assert asdict(figures) == asdict(replace(total, new_codes=join_findings(total.new_codes)))


@settings(max_examples=15)
@given(strange, st.integers(1, 60))
def test_what_must_not_be_stored_is_told_alike_for_batches_of_any_size(table, size):
    content = write(("key", "note", "genders", "age", ""), table)
    tables = read_tables(SOURCE, {"cases": content})
    found = screen_identifiers(SOURCE, tables)
    expected = settle((*found, *check_renames(SOURCE, tables))) if found else ()
    assert screen_batches(SOURCE, lambda: iter(read(content, size))).findings == expected


@settings(max_examples=15)
@given(rows, st.integers(1, 5))
def test_a_table_cut_in_parts_is_the_same_when_joined(table, at_once):
    whole = join_batches(read(write(COLUMNS, table), 10_000))
    told = replace(whole, findings=(*whole.findings, Finding(FindingCode.COLUMN_UNNAMED, 1, "cases", "key")))
    parts = list(cut_table(told, at_once))
    assert all(0 < len(part.frame) <= at_once or len(parts) == 1 for part in parts)
    again = join_batches(parts)
    pd.testing.assert_frame_equal(again.frame, told.frame)
    assert sort_findings(again.findings) == settle(told.findings)
    assert again.ignored == told.ignored


def test_what_is_said_of_a_table_as_a_whole_reaches_every_batch():
    first = RawTable("cases", pd.DataFrame({"key": ["1", "2", "3"]}, index=[2, 3, 4], dtype="str"))
    label = Finding(FindingCode.LABEL_DISAGREES, 1, "cases", "key")
    parts = list(list_batches(SOURCE, [replace(first, findings=(label,))], rows=1))
    assert [part["cases"].findings for part in parts] == [(label,)] * 3
