"""The description of one national dataset, as a data officer writes it in `source.yml`.

Everything Palermo knows of a source is here: how its file is laid out, what each column
means, which words stand for which code, and how many rows are plausible. A column that is
neither mapped, ignored nor refused becomes a finding; a word that is in no lookup holds its row.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from schemas.date_form import Calendar, DateForms
from schemas.detail import DetailLevel
from schemas.language import Languages
from schemas.link import Link
from schemas.missing import MissingReason
from schemas.one_hot import OneHot
from schemas.period import PERIOD, Frequency
from schemas.persons import Persons
from schemas.precision import Precision
from schemas.reader import Reader, Table
from schemas.strict import FieldName, Several, Strict, Word, written_like
from schemas.territory import TerritoryPolicy
from schemas.variant import Variant

SOURCE_ID = re.compile(r"^[a-z]{3}_[a-z0-9]+(_[a-z0-9]+)+$")


class RowFilter(Strict):
    """Rows that are not cases; they are counted as ignored under `reason`."""

    column: str = Field(description="column that tells them")
    values: tuple[Word, ...] = Field(description="what the column says in these rows")
    reason: str = Field(description="why they are no cases; the report counts them under it")


class Column(Strict):
    """What one column means: exactly one of `field`, `flags`, `key` and `birth_date` is given."""

    field: FieldName | None = Field(None, description="the one field of the case that the column fills")
    flags: str | None = Field(None, description="lookup from words to the flag fields that they set to 1")
    key: bool = Field(False, description="true: the source's own case number, kept only as a keyed hash")
    birth_date: bool = Field(
        False,
        description="true: the date or year of birth. With the column of year_of_registration it gives the"
        " age at registration and goes no further; terms must say where birth_dates are allowed",
    )
    lookup: str | None = Field(
        None, description="lookup from words to codes, or to ranges such as 10-14 or 60+ for ages and months"
    )
    separator: str | None = Field(None, description="what joins several values in one cell")
    date: DateForms | None = Field(
        None,
        description="form of a date of which only the year is kept, such as `%d.%m.%Y`, `%d %B %Y` with the"
        " month in the source's language, `excel_1900` or `excel_1904`; or a list of forms, where a cell"
        " must mean the same day in all that fit it. ISO 8601 is always read",
    )
    calendar: Calendar = Field(
        Calendar.GREGORIAN, description="calendar in which dates and years are counted"
    )
    pivot: int | None = Field(
        None,
        ge=1,
        le=9999,
        description="last year that two digits can mean: with 2029, 29 is 2029 and 30 is 1930",
    )
    thousands: Literal[".", ",", " ", "'"] | None = Field(
        None, description="what parts the thousands of a number; without it `1.000` is not read"
    )
    country: Literal["codes", "names", "numeric"] = Field(
        "codes",
        description="how countries are written: ISO alpha-2 and alpha-3 codes; names and nationalities in the"
        " source's language, or alpha-3; numeric ISO codes",
    )
    others: Literal["no", "unknown"] = Field(
        "unknown", description="flags of the lookup that a cell leaves out"
    )
    unplaced: Literal["unknown"] | None = Field(
        None,
        description="what typed words of a flags column count as that no lookup places; else the row waits",
    )
    optional: bool = Field(
        False,
        description="true: a file may lack the column, as records of JSON and XML leave out what nobody"
        " answered; else such a file fails",
    )
    together: Literal["same", "any"] = Field(
        "same",
        description="how columns of one field go together: `same`, they must not contradict each other;"
        " `any`, one yes is enough, a no needs all of them, and lists are added up",
    )
    missing: dict[str, MissingReason] = Field(
        default_factory=dict, description="word that stands for no answer in this column, to the reason"
    )

    @model_validator(mode="after")
    def _has_one_target(self) -> "Column":
        if sum((self.field is not None, self.flags is not None, self.key, self.birth_date)) != 1:
            raise ValueError("give exactly one of field, flags, key or birth_date")
        if self.unplaced and self.flags is None:
            raise ValueError("unplaced is for columns with flags; other columns need every word in a lookup")
        return self


class Concatenated(Strict):
    """Text that names the flags which are 1; it fills no field and must agree with them (rule H8)."""

    flags: str = Field(
        description="lookup from labels, broken spellings among them, to the flags that are compared"
    )
    separator: str = Field(description="what joins the labels in one cell")

    @property
    def column(self) -> Column:
        """The same text as a column of flags, of which none is 1 that the text leaves out."""
        return Column(flags=self.flags, separator=self.separator, others="no")


class Perpetrators(Strict):
    """Rows of a table that describe perpetrators instead of victims, linked to a case by a column."""

    table: str = Field(description="the table, by its name under `tables`")
    rows: RowFilter | None = Field(None, description="which of its rows are perpetrators; without it all")
    link: str = Field(description="column by which its rows are tied to cases")
    to: str | None = Field(
        None, description="column of the case table that has the same number, if it has another name"
    )
    gender: str | None = Field(None, description="column of the gender")
    age: str | None = Field(None, description="column of the age in years")
    citizenship: str | None = Field(None, description="column of the citizenship")


class Limits(Strict):
    """Plausible lowest or highest values of one submission."""

    rows: int | None = Field(None, description="number of accepted cases")
    held_share: float | None = Field(None, ge=0, le=1, description="share of held cases, 0 to 1")
    null_share: dict[FieldName, float] = Field(
        default_factory=dict, description="field to the share of its nulls, 0 to 1"
    )
    mean: dict[FieldName, float] = Field(
        default_factory=dict, description="field that is a number to its mean"
    )


class Bounds(Strict):
    """What falls below `min` fails, what rises above `max` warns; a broken bound asks for an explanation."""

    min: Limits = Field(Limits(), description="lowest plausible values")
    max: Limits = Field(Limits(), description="highest plausible values")


class SharedKey(Strict):
    """A code that several agencies give the same person; it is kept only as a keyed hash of the scheme.

    Never a number that the state gave the person: that is refused at the door.
    """

    column: str = Field(description="the column that holds the code")
    scheme: Annotated[
        str,
        written_like(r"[A-Z]{3}-[A-Z0-9]{2,16}", "the country and the scheme, such as SRB-NRM"),
    ] = Field(description="whose code it is; sources that name the same scheme share persons")


class Publisher(Strict):
    """Who answers for the data."""

    name: str = Field(description="name of the office")
    country: Annotated[
        str, written_like(r"[A-Z]{3}", "the three capital letters of the country, such as SRB")
    ] = Field(description="its country, ISO 3166 alpha-3")


class Terms(Strict):
    """On what grounds the data are here; a release is blocked without an agreement."""

    licence: str = Field(description="under which terms the data were handed over")
    agreement: str = Field(description="the agreement that says so, by its number")
    birth_dates: str | None = Field(
        None, description="where it allows dates of birth to be sent, such as DSA-2026-01 article 4"
    )


class Stated(Strict):
    """What a file says of itself, such as on a cover; a delivery that contradicts it fails."""

    period: str | None = Field(None, description="column of the period, written as --period is")
    country: str | None = Field(
        None, description="column that is mapped to reporting_country and must be the publisher's"
    )

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are named."""
        return tuple(name for name in (self.period, self.country) if name)


Period = Annotated[Word, written_like(PERIOD.pattern, "a period such as 2024, 2024-Q2 or 2024-06")]


class Schedule(Strict):
    """How often a file is due, and how late it may be.

    A period whose file is not in the pool when its days of grace are over is late: the desk and
    `palermo status` list it, and a release without it says so.
    """

    every: Frequency = Field(
        description="how often a file is due; a source that delivers once has no calendar"
    )
    due_days: int = Field(0, ge=0, description="days after the end of a period on which its file is due")
    grace_days: int = Field(
        30, ge=0, description="days that a file may be late before people are told, and a release says so"
    )
    first: Period | None = Field(
        None, description="first period that is due; without it, the first one that was delivered"
    )
    last: Period | None = Field(
        None, description="last period that is due, for a source that has come to its end"
    )


class Placement(Strict):
    """What a word stands for, and how exactly."""

    to: str | int | tuple[str, ...] = Field(description="the code, number, range or fields")
    relation: Precision = Field(
        alias="is",
        description="how it relates to the word: broader covers more than the word, narrower less, lossy"
        " leaves a part of it out",
    )


Constant = str | int | bool
LookupTarget = str | int | tuple[str, ...] | Placement | None


class Source(Strict):
    """One national dataset. The id is the name of its folder."""

    id: Annotated[
        str,
        written_like(SOURCE_ID.pattern, "country_publisher_dataset, such as srb_centre_identified_victims"),
    ]
    title: str = Field(description="what the data are, for people")
    publisher: Publisher = Field(description="who answers for the data")
    terms: Terms = Field(description="on what grounds the data are here")
    schedule: Schedule = Field(description="how often a file is due")
    stated: Stated | None = Field(None, description="columns that must agree with how a file is handed in")
    template: Variant | None = Field(
        None,
        description="the form of `palermo template` that is handed in; it says what stands in it, and only"
        " bounds may be added",
    )
    ceiling: DetailLevel = Field(
        DetailLevel.RECORD,
        description="the most that the agency lets be published of its cases: `record`, records of the"
        " extract; `year`, counts of its country year by year; `window`, counts for a fixed window of years;"
        " `region`, the total of its region; `listed`, its name as contributor. Small counts make it less",
    )
    language: Languages = Field(
        (),
        description="language of the words in the file, such as sr-Latn, mk or ar-IQ, or several; names of"
        " months and countries, yes, no and not known are read in it",
    )
    territories: TerritoryPolicy = Field(
        TerritoryPolicy.CTDC,
        description="where contested territories and former countries are counted",
    )
    reader: Reader | None = Field(None, description="how the file is laid out, where there is one table")
    tables: dict[str, Table] = Field(
        default_factory=dict, description="name to file and layout, where there are several tables"
    )
    cases: str = Field("cases", description="the table of which one row is one case")
    link: Several[Link] = Field((), description="other tables whose rows belong to cases; one, or a list")
    persons: Persons | None = Field(None, description="columns that repeat because a row has several persons")
    labels: dict[str, str] = Field(
        default_factory=dict, description="column to the label that should stand above it"
    )
    aliases: dict[str, str] = Field(default_factory=dict, description="misspelt column to its right name")
    columns: dict[str, Column] = Field(
        description="column to what it means; `table.column` for a column of a linked table"
    )
    one_hot: Several[OneHot] = Field(
        (), description="columns that each say yes or nothing; one statement, or a list"
    )
    shared_key: SharedKey | None = Field(
        None, description="a code of the person that other agencies use too, so that nobody counts twice"
    )
    concatenated: dict[str, Concatenated] = Field(
        default_factory=dict, description="column of labels to the flags it must agree with"
    )
    constants: dict[FieldName, Constant] = Field(
        default_factory=dict, description="field to the value that it has in every case of the source"
    )
    not_collected: tuple[FieldName, ...] = Field(
        (), description="fields that the source does not ask for, so that nobody looks for them"
    )
    ignored: dict[str, str] = Field(default_factory=dict, description="column to the reason it is not mapped")
    refused: dict[str, str] = Field(
        default_factory=dict, description="column that must arrive empty, and why"
    )
    ignored_rows: tuple[RowFilter, ...] = Field((), description="rows of the case table that are no cases")
    missing: dict[str, MissingReason] = Field(
        default_factory=dict, description="word that stands for no answer, in any column, to the reason"
    )
    lookups: dict[str, dict[str, LookupTarget]] = Field(
        default_factory=dict,
        description="name to the words of the source and what each stands for: a code, 1 or 0, a list of"
        " fields, a range such as 60+, a reason such as unknown, or null; or {to: ..., is: broader}; case and"
        " spacing do not count",
    )
    perpetrators: Perpetrators | None = Field(None, description="rows that describe perpetrators")
    bounds: Bounds = Field(Bounds(), description="what is plausible of one delivery")

    @model_validator(mode="before")
    @classmethod
    def _one_table_needs_no_name(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values.get("reader") and not values.get("tables"):
            values = {**values, "tables": {str(values.get("cases", "cases")): {"reader": values["reader"]}}}
        return values

    @model_validator(mode="after")
    def _write_one_hot_columns_out(self) -> "Source":
        """Mapping and every check see one-hot columns as if they had been written one by one."""
        for _, name, column, words in self.list_one_hot():
            if name not in self.columns:
                self.columns[name] = column
                self.lookups[column.flags or column.lookup or ""] = words
        return self

    def find_column(self, address: str) -> Column | None:
        """What a column of the file means; one of a repeated group by the name of the group's column."""
        if self.persons and address not in self.columns:
            names = self.persons.columns
            address = next((n for n in names if address in self.persons.name_columns(n)), address)
        return self.columns.get(address)

    def list_one_hot(self) -> Iterator[tuple[int, str, Column, dict[str, LookupTarget]]]:
        """Each one-hot column: number of its statement, name, meaning, and what its words stand for."""
        for number, one_hot in enumerate(self.one_hot):
            for name, keys, words in one_hot.expand(f"one_hot {number + 1}:"):
                yield number, name, Column(**keys), words
