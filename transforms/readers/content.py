"""What every reader gives: the cells of one table as clean text, before its columns have names."""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from schemas.finding import Finding, FindingCode
from schemas.unreadable import Unreadable

MOST_COLUMNS = 2000
"""What has more columns is no table of cases, and would be laid out cell by cell."""

UNREADABLE = "#UNREADABLE!"
"""Stands for a formula or an error value: what it would show is never computed and never trusted."""


class FileUnreadable(Exception):
    """The bytes are not a table of the format the source description names. Never quotes them."""

    def __init__(self, reason: Unreadable, table: str | None = None, **values: str | int) -> None:
        """`values` fill the placeholders of the reason: facts of the description, limits, row numbers."""
        self.reason, self.table, self.values = reason, table, values
        where = f"table {table}: " if table else ""
        super().__init__(f"{where}{self.why} {self.remedy}")

    @property
    def why(self) -> str:
        """The reason in English."""
        written = {
            name: f"{value:,}" if isinstance(value, int) else value for name, value in self.values.items()
        }
        return self.reason.why.format(**written)

    @property
    def remedy(self) -> str:
        """What to do about it, in English."""
        return self.reason.remedy.value

    @property
    def finding(self) -> Finding:
        """The same as a finding."""
        return Finding(FindingCode.FILE_UNREADABLE, 1, table=self.table)


@dataclass(frozen=True)
class Columns:
    """Rows of the same number of cells, column by column in Arrow; `first` is the number of the first."""

    first: int
    cells: tuple[Any, ...]

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.cells[0])


@dataclass(frozen=True)
class Content:
    """Header cells, label cells, and the rows by their number; rows may be shorter than the header.

    `overflow` holds the text of held rows that fits no column; it is kept only to be screened
    for identifiers. `findings` names the held rows. `columns` has rows of one length column by column, in
    place of `rows`. `width` is how many columns there are even if the last of them are blank. `above` has the
    rows before the data that are no header: titles, labels, notes; kept only to be screened.
    """

    header: tuple[str, ...]
    rows: dict[int, list[str]] = field(repr=False)
    labels: tuple[str, ...] = ()
    overflow: dict[int, str] = field(default_factory=dict, repr=False)
    findings: tuple[Finding, ...] = ()
    columns: Columns | None = field(default=None, repr=False)
    width: int = 0
    above: dict[int, list[str]] = field(default_factory=dict, repr=False)


def clean_text(text: str) -> str:
    """The text in Unicode normal form C, without space, byte-order mark or zero-width space around it."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).strip("\ufeff\u200b")
    return text.strip()
