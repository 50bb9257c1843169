"""The description of one national dataset, as a data officer writes it in `source.yml`.

Everything Palermo knows of a source is here: how its file is laid out, what each column
means, which words stand for which code, and how many rows are plausible. A column that is
neither mapped, ignored nor refused becomes a finding; a word that is in no lookup holds its row.
"""

import re
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from schemas.case import case_fields
from schemas.missing import MissingReason
from schemas.reader import Reader, Table
from schemas.source_check import list_unknown_names
from schemas.strict import FieldName, Strict

SOURCE_ID = re.compile(r"^[a-z]{3}_[a-z0-9]+(_[a-z0-9]+)+$")
PERIOD = re.compile(r"^\d{4}(-(0[1-9]|1[0-2])|-Q[1-4]|-\d{4})?$")


class Link(Strict):
    """How rows of another table are found: both tables carry the column `on`."""

    table: str
    on: str


class RowFilter(Strict):
    """Rows that are not cases: those whose `column` holds one of `values`; counted under `reason`."""

    column: str
    values: tuple[str, ...]
    reason: str


class Column(Strict):
    """What one column means.

    Exactly one of `field` (one field of the case), `flags` (name of a lookup from words to flag
    fields) or `key` (the source's own case number, kept only as a keyed hash) is given.
    """

    field: FieldName | None = None
    flags: str | None = None
    key: bool = False
    lookup: str | None = Field(None, description="lookup from words to codes, for coded and yes/no fields")
    separator: str | None = Field(None, description="what joins several values in one cell")
    date: str | None = Field(None, description="strptime format of a date of which only the year is kept")
    others: Literal["no", "unknown"] = Field(
        "unknown", description="flags of the lookup that a cell leaves out"
    )
    unplaced: Literal["unknown"] | None = Field(
        None,
        description="what typed words of a flags column count as that no lookup places; else the row waits",
    )
    missing: dict[str, MissingReason] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _has_one_target(self) -> "Column":
        if sum((self.field is not None, self.flags is not None, self.key)) != 1:
            raise ValueError("give exactly one of field, flags or key")
        if self.field is not None and self.field not in case_fields():
            raise ValueError(f"there is no field {self.field} in the case; see docs/reference/fields.md")
        if self.unplaced and self.flags is None:
            raise ValueError("unplaced is for columns with flags; other columns need every word in a lookup")
        return self


class Concatenated(Strict):
    """Text that names the flags which are 1; it fills no field and must agree with them (rule H8).

    `flags` is a lookup from labels, broken spellings among them, to the flags that are compared.
    """

    flags: str
    separator: str

    @property
    def column(self) -> Column:
        """The same text as a column of flags, of which none is 1 that the text leaves out."""
        return Column(flags=self.flags, separator=self.separator, others="no")


class Perpetrators(Strict):
    """Rows of a table that describe perpetrators instead of victims, linked to a case by a column."""

    table: str
    rows: RowFilter
    link: str
    gender: str | None = None
    age: str | None = None
    citizenship: str | None = None


class Limits(Strict):
    """Plausible lowest or highest values of one submission."""

    rows: int | None = None
    held_share: float | None = Field(None, ge=0, le=1)
    null_share: dict[FieldName, float] = Field(default_factory=dict)
    mean: dict[FieldName, float] = Field(default_factory=dict)


class Bounds(Strict):
    """What falls below `min` fails, what rises above `max` warns; a broken bound asks for an explanation."""

    min: Limits = Limits()
    max: Limits = Limits()


class Publisher(Strict):
    """Who answers for the data."""

    name: str
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Terms(Strict):
    """On what grounds the data are here; a release is blocked without an agreement."""

    licence: str
    agreement: str


class Schedule(Strict):
    """How often a file is due, and how late it may be."""

    every: Literal["month", "quarter", "year", "once"]
    grace_days: int = Field(30, ge=0)


Constant = str | int | bool
LookupTarget = str | int | tuple[str, ...] | None


class Source(Strict):
    """One national dataset. The id is the name of its folder."""

    id: Annotated[str, StringConstraints(pattern=SOURCE_ID.pattern)]
    title: str
    publisher: Publisher
    terms: Terms
    schedule: Schedule
    reader: Reader | None = None
    tables: dict[str, Table] = Field(default_factory=dict)
    cases: str = Field("cases", description="the table of which one row is one case")
    link: Link | None = None
    labels: dict[str, str] = Field(
        default_factory=dict, description="column to the label that should stand above it"
    )
    aliases: dict[str, str] = Field(default_factory=dict, description="misspelt column to its right name")
    columns: dict[str, Column]
    concatenated: dict[str, Concatenated] = Field(
        default_factory=dict, description="column of labels to the flags it must agree with"
    )
    constants: dict[FieldName, Constant] = Field(default_factory=dict)
    not_collected: tuple[FieldName, ...] = ()
    ignored: dict[str, str] = Field(default_factory=dict, description="column to the reason it is not mapped")
    refused: dict[str, str] = Field(
        default_factory=dict, description="column that must arrive empty, and why"
    )
    ignored_rows: tuple[RowFilter, ...] = ()
    missing: dict[str, MissingReason] = Field(default_factory=dict)
    lookups: dict[str, dict[str, LookupTarget]] = Field(default_factory=dict)
    perpetrators: Perpetrators | None = None
    bounds: Bounds = Bounds()

    @model_validator(mode="before")
    @classmethod
    def _one_table_needs_no_name(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values.get("reader") and not values.get("tables"):
            values = {**values, "tables": {values.get("cases", "cases"): {"reader": values["reader"]}}}
        return values

    @model_validator(mode="after")
    def _names_exist(self) -> "Source":
        if problems := list_unknown_names(self):
            raise ValueError("; ".join(problems))
        return self
