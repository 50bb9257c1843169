"""An officer's answer is shown whole, however long its cells and however many its columns."""

import pandas as pd
import pytest

from cli.view import show_frame

LONG = "x" * 400 + "end"


@pytest.mark.parametrize("columns", [1, 9])
def test_no_cell_is_cut(columns: int, capsys: pytest.CaptureFixture[str]) -> None:
    show_frame(pd.DataFrame({f"field_{number}": [LONG] for number in range(columns)}))
    said = capsys.readouterr().out
    assert said.count("x") == 400 * columns
    assert "…" not in said
