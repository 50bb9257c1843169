"""The page by which a source is added: its register becomes what the page says, by the page's description."""

import csv
import io
import re

import pytest

from pipeline.settings import CHECKOUT
from schemas.description import parse_source
from schemas.finding import FindingCode
from transforms.mapping import map_cases
from transforms.reading import read_tables
from transforms.screening import screen_identifiers

PAGE = (CHECKOUT / "docs" / "how-to" / "add-a-source.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.S)


def block(kind: str, number: int = 0) -> str:
    return [text for name, text in BLOCKS if name == kind][number]


@pytest.fixture(scope="module")
def register():
    source = parse_source("srb_office_victims", block("yaml"))
    tables = read_tables(source, {"cases": block("csv").encode()})
    assert screen_identifiers(source, tables) == ()
    return map_cases(tables, source, period="2019", key=b"k", source_version="v")


def test_the_register_of_the_page_becomes_what_the_page_says(register):
    wanted = list(csv.DictReader(io.StringIO(block("csv", 1))))
    assert [str(row) for row in register.cases.index] == [line["row"] for line in wanted]
    for line, row in zip(wanted, register.cases.index, strict=True):
        for field in set(line) - {"row", "held"}:
            reason = register.reasons.at[row, field] if field in register.reasons else None
            said = f"({reason})" if isinstance(reason, str) else str(register.cases.at[row, field])
            assert (field, said) == (field, line[field])
    assert register.ignored == {"totals": 1}
    assert register.held == frozenset()


def test_every_finding_that_the_page_explains_is_one():
    named = set(re.findall(r"\b[A-Z]+_[A-Z]+\b", PAGE)) - {"PALERMO_HOME", "FILE", "SOURCE_ID"}
    assert named == {
        "COLUMN_MISSING",
        "COLUMN_UNDESCRIBED",
        "COLUMN_UNKNOWN",
        "WORD_UNKNOWN",
        "VALUE_UNREADABLE",
        "NOTHING_ACCEPTED",
        "RANGE_UNPLACED",
        "ROW_SHIFTED",
        "LINK_MISSING",
        "LINK_REPEATED",
    }
    assert named <= {code.name for code in FindingCode}


def test_links_of_the_page_lead_somewhere():
    targets = re.findall(r"\]\(([^)#]+)", PAGE)
    assert targets
    for target in targets:
        assert (CHECKOUT / "docs" / "how-to" / target).resolve().is_file()
