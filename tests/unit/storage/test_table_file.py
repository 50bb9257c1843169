from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import table_file
from storage.table_file import Text, write_repeated


def number(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int32)


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_each_row_stands_there_as_often_as_it_has_cases(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"out{suffix}"
    columns = {'a "b"': Text(["ž", "", "x"], number(2, -1, 0)), "c": Text(["y"], number(0, 0, -1))}
    write_repeated(out, columns, np.array([2, 1, 3]))
    frame = pd.read_parquet(out) if suffix == ".parquet" else pd.read_csv(out)
    assert frame.fillna("-").to_numpy().tolist() == [["x", "y"]] * 2 + [["-", "y"]] + [["ž", "-"]] * 3
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_no_value_that_no_row_shows_stands_in_the_file(tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    write_repeated(out, {"town": Text(["canary", "b", "c"], number(1, -1, 1))}, np.array([1, 1, 1]))
    kept = pq.read_table(out, read_dictionary=["town"]).column("town").chunk(0)
    assert kept.dictionary.to_pylist() == ["b"]
    write_repeated(out, {"town": Text(["canary"], number(-1))}, np.array([4]))
    kept = pq.read_table(out, read_dictionary=["town"]).column("town").chunk(0)
    assert (kept.dictionary.to_pylist(), len(kept), kept.null_count) == ([], 4, 4)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=9), st.integers(1, 9))
def test_parts_put_together_are_the_whole(cases: list[int], at_once: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_file, "AT_ONCE", at_once)
        parts = list(table_file._repeat(np.array(cases)))
    assert {len(part) for part in parts[:-1]} <= {at_once}
    whole = [row for row, number in enumerate(cases) for _ in range(number)]
    assert np.concatenate(parts).tolist() == whole
