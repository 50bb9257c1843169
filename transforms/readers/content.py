"""What every reader gives: the cells of one table as clean text, before its columns have names."""

import unicodedata
from dataclasses import dataclass, field

from schemas.finding import Finding, FindingCode
from schemas.reader import Reader

UNREADABLE = "#UNREADABLE!"
"""Stands for a formula or an error value: what it would show is never computed and never trusted."""

SIGNATURES = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls) or one with a password",
    b"\x1f\x8b": "a gzip archive",
}


class FileUnreadable(Exception):
    """The bytes are not a table of the format the source description names. Never quotes them."""

    def __init__(self, why: str, remedy: str, table: str | None = None) -> None:
        """Say why, and what the sender can do."""
        self.why, self.remedy, self.table = why, remedy, table
        where = f"table {table}: " if table else ""
        super().__init__(f"{where}{why}; {remedy}")

    @property
    def finding(self) -> Finding:
        """The same as a finding."""
        return Finding(FindingCode.FILE_UNREADABLE, 1, table=self.table)


@dataclass(frozen=True)
class Content:
    """Header cells, label cells, and the rows by their number; rows may be shorter than the header.

    `overflow` holds the text of held rows that fits no column; it is kept only to be screened
    for identifiers. `findings` names the held rows.
    """

    header: tuple[str, ...]
    rows: dict[int, list[str]] = field(repr=False)
    labels: tuple[str, ...] = ()
    overflow: dict[int, str] = field(default_factory=dict, repr=False)
    findings: tuple[Finding, ...] = ()


def clean_text(text: str) -> str:
    """The text in Unicode normal form C, without space, byte-order mark or zero-width space around it."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).strip("\ufeff\u200b")
    return text.strip()


def decode_content(content: bytes, reader: Reader) -> str:
    """The bytes as text in the encoding of the source.

    Raises:
        FileUnreadable: empty, not text, or not in that encoding; names the position of the first bad byte.
    """
    if not content.strip():
        raise FileUnreadable("the file is empty", "hand in the file with its rows")
    _refuse_signature(content)
    _refuse_other_mark(content, reader.encoding)
    try:
        text = content.decode(reader.encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileUnreadable(
            f"byte {error.start + 1} (line {line}) is not {reader.encoding}",
            "save the file in that encoding, or let the data officer name its true encoding in the source",
        ) from None
    if "\0" in text:
        raise FileUnreadable("the file has NUL bytes", "save it as text again, in the encoding of the source")
    return text.removeprefix("\ufeff")


def _refuse_signature(content: bytes) -> None:
    for signature, what in SIGNATURES.items():
        if content.startswith(signature):
            raise FileUnreadable(f"the file is {what}, not text", "hand in the table in the agreed format")


def _refuse_other_mark(content: bytes, encoding: str) -> None:
    """A UTF-8 mark under another encoding would turn the first column name into another one."""
    if content.startswith(b"\xef\xbb\xbf") and not encoding.lower().replace("_", "-").startswith("utf-8"):
        raise FileUnreadable(
            f"the file is UTF-8, the source says {encoding}",
            "save the file in that encoding, or let the data officer change it in the source",
        )
