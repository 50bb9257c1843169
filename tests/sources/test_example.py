"""Example files become exactly the cases that stand beside them: a test case is data, not code.

`expected.csv` has one line a case: its row in the file, whether it is held, and every field the
source fills. A null stands as its reason in brackets, blank where the value follows from a finer level;
a field without a column was not collected.
`expected_findings.csv`, where there is one, counts what Palermo has to say about the example.
"""

import csv
import io
from collections import Counter

import pandas as pd
import pytest
from invented_country import COUNTRIES

from samples.submission import SUBMISSIONS, make_example
from schemas.case import case_fields
from schemas.finding import Level
from schemas.missing import MissingReason
from transforms.mapped import Mapped
from transforms.person import person_of, row_of
from transforms.reading import name_tables, read_tables
from transforms.screening import screen_identifiers

WRITTEN_BY_PALERMO = {"source_id", "source_record_key", "schema_version", "source_version", "period"}
MOST_BYTES = 30_000
PACKED = (".xlsx", ".ods", ".zip", ".sav")


def test_the_example_becomes_the_expected_cases(source_id, example, expected, map_files):
    mapped = map_files(source_id, example)
    wanted = list(csv.DictReader(io.StringIO(expected)))
    assert _render(mapped, list(wanted[0])) == wanted


def test_what_the_example_does_not_expect_was_not_collected(source_id, example, expected, map_files):
    mapped = map_files(source_id, example)
    header = expected.splitlines()[0].split(",")
    others = [name for name in case_fields() if name not in {*header, *WRITTEN_BY_PALERMO}]
    assert mapped.cases[others].isna().all(axis=None)
    assert mapped.reasons[others].eq(MissingReason.NOT_COLLECTED).all(axis=None)


def test_the_example_gives_no_other_findings_than_foreseen(source_id, example, map_files, expected_findings):
    counts: Counter[str] = Counter()
    for finding in map_files(source_id, example).findings:
        counts[finding.code.name] += finding.count
    assert dict(counts) == expected_findings


def test_rows_are_held_for_a_reason(source_id, example, map_files):
    mapped = map_files(source_id, example)
    holding = {finding.code for finding in mapped.findings if finding.code.level is Level.HOLD}
    assert bool(mapped.held) == bool(holding)


def test_examples_are_tiny(example, expected):
    assert all(len(content) < MOST_BYTES for content in (*example.values(), expected.encode()))


def test_the_example_is_what_the_generator_makes(source_id, example, map_files):
    """Text is compared byte by byte, packed files by their cases: another zlib packs other bytes."""
    if source_id not in {*SUBMISSIONS, *COUNTRIES}:
        pytest.skip("the example of this source is not made by the generator")
    files = COUNTRIES[source_id]() if source_id in COUNTRIES else make_example(source_id)[1]
    assert files.keys() == example.keys()
    assert _texts(files) == _texts(example)
    pd.testing.assert_frame_equal(map_files(source_id, files).cases, map_files(source_id, example).cases)


def _texts(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if not name.endswith(PACKED)}


def _render(mapped: Mapped, header: list[str]) -> list[dict[str, str]]:
    fields = [name for name in header if name not in ("row", "held")]
    return [
        {
            "row": _name_row(row),
            "held": "yes" if row in mapped.held else "",
            **{name: _cell(mapped, row, name) for name in fields},
        }
        for row in mapped.cases.index
    ]


def _name_row(case: int) -> str:
    """The row in the file; `7/2` is the second person of row 7."""
    return f"{row_of(case)}/{person_of(case)}" if person_of(case) else str(case)


def _cell(mapped: Mapped, row: int, name: str) -> str:
    value = mapped.cases.at[row, name]
    if not pd.isna(value):
        return str(value)
    reason = mapped.reasons.at[row, name] if name in mapped.reasons else None
    return "" if pd.isna(reason) else f"({reason})"


def test_the_example_passes_the_door(source_id, example, describe):
    """Nothing in an invented file identifies a person, also not in the rows above its data."""
    source = describe(source_id)
    files = {table: content for name, content in example.items() for table in name_tables(source, name)}
    assert screen_identifiers(source, read_tables(source, files)) == ()
