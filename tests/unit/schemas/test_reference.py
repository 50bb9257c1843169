"""The reference pages say what the schema says; `palermo docs` writes them anew."""

from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.case import case_fields, quasi_identifiers
from schemas.finding import FindingCode
from schemas.reference import render_field_reference, render_finding_catalogue
from schemas.rules import RULES, RULES_ELSEWHERE

PAGES = Path(__file__).parents[3] / "docs" / "reference"


@pytest.mark.parametrize(
    ("page", "render"), [("fields.md", render_field_reference), ("findings.md", render_finding_catalogue)]
)
def test_pages_have_not_drifted(page: str, render: Callable[[], str]) -> None:
    assert (PAGES / page).read_text(encoding="utf-8") == render(), f"run `palermo docs` to renew {page}"


def test_the_reference_names_everything() -> None:
    text = render_field_reference()
    for name in (*case_fields(), *(rule.id for rule in (*RULES, *RULES_ELSEWHERE))):
        assert f"\n| `{name}` |" in text
    quasi = text.split("## Quasi-identifiers")[1].split("## ")[0]
    assert quasi.count("\n| `") == len(quasi_identifiers())
    assert all(code.name in render_finding_catalogue() for code in FindingCode)


def test_every_row_of_a_table_has_the_cells_of_its_header() -> None:
    for table in render_field_reference().split("\n\n"):
        rows = [line for line in table.splitlines() if line.startswith("|")]
        assert len({row.replace("\\|", "").count("|") for row in rows}) <= 1
