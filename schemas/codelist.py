"""Code lists: the values a coded field may take, and the parent each value has in its hierarchy.

A list is a CSV file in `schemas/codelists`. Source spellings do not belong there: they are
lookups of the source. Codes are never reused; a retired code changes its status.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("codelists")
ACTIVE = "active"


@dataclass(frozen=True)
class Code:
    """One value of a code list; `extra` holds the columns only some lists have."""

    code: str
    label: str
    description: str
    status: str
    parent: str | None
    extra: dict[str, str]


@dataclass(frozen=True)
class CodeList:
    """A named list of codes in the order of its file."""

    name: str
    entries: tuple[Code, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that may stand in a case."""
        return tuple(entry.code for entry in self.entries if entry.status == ACTIVE)

    @property
    def parents(self) -> dict[str, str]:
        """Code to parent, for lists that are a level of a generalization hierarchy."""
        return {entry.code: entry.parent for entry in self.entries if entry.parent}

    def by_extra(self, column: str) -> dict[str, Code]:
        """Entries keyed by one of the list's extra columns, blanks left out."""
        return {entry.extra[column]: entry for entry in self.entries if entry.extra.get(column)}


@cache
def load_codelist(name: str) -> CodeList:
    """Read one code list.

    Raises:
        FileNotFoundError: there is no list of that name.
    """
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return CodeList(name, tuple(_parse_code(row) for row in rows))


def list_codelists() -> tuple[str, ...]:
    """Names of all code lists, in alphabetical order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.csv")))


def _parse_code(row: dict[str, str]) -> Code:
    known = ("code", "label", "description", "status", "parent")
    extra = {column: value for column, value in row.items() if column not in known}
    return Code(
        row["code"], row["label"], row["description"], row["status"], row.get("parent") or None, extra
    )
