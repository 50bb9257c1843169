"""How the file of one table is laid out: format, encoding, and where its header and its rows stand."""

from enum import StrEnum

from pydantic import Field, field_validator

from schemas.strict import Strict


class Format(StrEnum):
    """File formats that have a reader."""

    DELIMITED = "delimited"
    XLSX = "xlsx"
    JSON_LINES = "json_lines"


class Reader(Strict):
    """Where the table stands in its file. Row numbers count from 1, as a spreadsheet shows them."""

    format: Format
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    sheet: str | None = None
    header_row: int = 1
    label_row: int | None = Field(
        None, description="row of visible labels beside machine names in header_row"
    )

    @field_validator("encoding")
    @classmethod
    def _is_encoding(cls, name: str) -> str:
        try:
            "a".encode(name)
        except LookupError:
            raise ValueError(f"there is no encoding {name}; write utf-8, utf-16 or windows-1250") from None
        return name

    @field_validator("delimiter")
    @classmethod
    def _is_one_character(cls, delimiter: str) -> str:
        if len(delimiter) != 1 or delimiter in '"\r\n':
            raise ValueError('a delimiter is one character, such as "," or ";" or "\\t"')
        return delimiter

    @property
    def first_data_row(self) -> int:
        """The row after the last header row."""
        return max(self.header_row, self.label_row or 0) + 1


class Table(Strict):
    """One table of a submission; `file` is a glob by which its file is known among several."""

    reader: Reader
    file: str = "*"
