"""How the file of one table is laid out: format, encoding, and where its header and its rows stand."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator, model_validator

from schemas.strict import Strict, Word


def _check_rows(value: Any) -> Any:
    """Row numbers as a person writes them, refused before a union of types makes two errors of one."""
    numbers = value if isinstance(value, list | tuple) else [value]
    if not numbers or any(type(number) is not int or number < 1 for number in numbers):
        raise ValueError("give the number of a row, such as 2, or of several, such as [3, 4]")
    if list(numbers) != sorted(set(numbers)):
        raise ValueError("list the rows of the header from top to bottom, each once")
    return tuple(value) if isinstance(value, list) else value


HeaderRows = Annotated[int | tuple[int, ...], BeforeValidator(_check_rows)]
RowNumber = Annotated[int, Field(ge=1)]


class Format(StrEnum):
    """File formats that have a reader."""

    DELIMITED = "delimited"
    XLSX = "xlsx"
    XLS = "xls"
    XLSB = "xlsb"
    ODS = "ods"
    JSON = "json"
    JSON_LINES = "json_lines"
    XML = "xml"
    SAV = "sav"
    DTA = "dta"
    XPT = "xpt"

    @property
    def is_workbook(self) -> bool:
        """Whether its tables stand on sheets."""
        return self in (Format.XLSX, Format.XLS, Format.XLSB, Format.ODS)

    @property
    def has_letters(self) -> bool:
        """Whether people open it in a spreadsheet, which names columns by letters."""
        return self.is_workbook or self is Format.DELIMITED


class SkippedRows(Strict):
    """Rows that are no data, such as totals and remarks below the table; each is counted under `reason`."""

    words: tuple[Word, ...] = Field(
        min_length=1, description="what the cell says; `*` at the end of a word stands for anything"
    )
    column: str | None = Field(
        None, description="column in which the words stand; without it the first filled cell of the row"
    )
    reason: str = Field(description="why the rows are no data")
    and_below: bool = Field(False, description="true: every row below the first such row is no data either")

    @model_validator(mode="after")
    def _leaves_rows(self) -> "SkippedRows":
        if self.column is None and "*" in self.words:
            raise ValueError("a word of * alone fits every row; say in which column it stands")
        return self


class Reader(Strict):
    """Where the table stands in its file. Row numbers count from 1, as a spreadsheet shows them."""

    format: Format = Field(description="format of the file")
    encoding: str | tuple[str, ...] = Field(
        "utf-8-sig",
        description="encoding of a text file, such as windows-1250; of several, the one is taken in which"
        " the file is text and has most of the described columns, the first of these",
    )
    delimiter: str = Field(",", description="what separates the cells of delimited text")
    sheet: str | None = Field(None, description="sheet of a workbook; without it the first")
    member: str | None = Field(
        None, description="the file is a ZIP: name of the file in it, with * for what changes"
    )
    records: str | None = Field(
        None,
        description="where the records of JSON or XML stand, such as `data.cases`; in XML below the root. A"
        " value inside another is the column `victim.age`, an attribute `place@code`, the text beside it"
        " `place`, the text of the record itself `text()`",
    )
    repeated: tuple[str, ...] = Field(
        (), description="elements of XML that are numbered even if a file has one of each only"
    )
    header_row: HeaderRows = Field(
        1,
        description="row of the columns' names; of several rows such as [3, 4] the names are joined by ` / `",
    )
    label_row: RowNumber | None = Field(
        None, description="row of visible labels beside machine names in header_row"
    )
    first_row: RowNumber | None = Field(
        None, description="first row of data, if it is not the one after the last header row"
    )
    last_row: RowNumber | None = Field(None, description="last row of data; what stands below is ignored")
    skip_rows: tuple[SkippedRows, ...] = Field((), description="rows among the data that are no data")

    @field_validator("encoding")
    @classmethod
    def _are_encodings(cls, written: str | tuple[str, ...]) -> str | tuple[str, ...]:
        names = (written,) if isinstance(written, str) else written
        if not names:
            raise ValueError("name at least one encoding, such as utf-8")
        for name in names:
            try:
                "a".encode(name)
            except LookupError:
                said = f"there is no encoding {name}; write utf-8, utf-16 or windows-1250"
                raise ValueError(said) from None
        return written

    @field_validator("delimiter")
    @classmethod
    def _is_one_character(cls, delimiter: str) -> str:
        if len(delimiter) != 1 or delimiter in '"\r\n':
            raise ValueError('a delimiter is one character, such as "," or ";" or "\\t"')
        return delimiter

    @model_validator(mode="after")
    def _rows_in_order(self) -> "Reader":
        heading = max(*self.header_rows, self.label_row or 0)
        if self.first_row is not None and self.first_row <= heading:
            raise ValueError(f"first_row must be below the header, which ends in row {heading}")
        if self.last_row is not None and self.last_row < self.first_data_row:
            raise ValueError(f"last_row must not be above the first row of data, {self.first_data_row}")
        return self

    @property
    def part(self) -> tuple[str | None, str | None] | None:
        """Sheet and member that tell the table from others of its file; none where it is all of the file."""
        return (self.sheet, self.member) if self.sheet or self.member else None

    @property
    def encodings(self) -> tuple[str, ...]:
        """The encodings in which the file may be, in the order of trying."""
        return (self.encoding,) if isinstance(self.encoding, str) else self.encoding

    @property
    def header_rows(self) -> tuple[int, ...]:
        """The rows of the header from top to bottom."""
        return self.header_row if isinstance(self.header_row, tuple) else (self.header_row,)

    @property
    def first_data_row(self) -> int:
        """The first row of data, without more said the one after the last header row."""
        return self.first_row or max(*self.header_rows, self.label_row or 0) + 1


class Table(Strict):
    """One table of a submission."""

    reader: Reader = Field(description="how its file is laid out")
    file: str = Field("*", description="name of its file, with * for what changes from delivery to delivery")
