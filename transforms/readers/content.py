"""What every reader gives: the cells of one table as clean text, before its columns have names."""

import unicodedata
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from schemas.finding import Finding, FindingCode
from schemas.reader import Reader

UNREADABLE = "#UNREADABLE!"
"""Stands for a formula or an error value: what it would show is never computed and never trusted."""

MOST_BLANK = 2**20
"""Space before the first cell; of more, nobody needs the row numbers."""

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
    place of `rows`. `width` is how many columns there are even if the last of them are blank.
    """

    header: tuple[str, ...]
    rows: dict[int, list[str]] = field(repr=False)
    labels: tuple[str, ...] = ()
    overflow: dict[int, str] = field(default_factory=dict, repr=False)
    findings: tuple[Finding, ...] = ()
    columns: Columns | None = field(default=None, repr=False)
    width: int = 0


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
    return "".join(decode_pieces([content], reader))


def decode_pieces(pieces: Iterable[bytes], reader: Reader) -> Iterator[str]:
    """The same for bytes that come in pieces; the last piece decides whether there was anything.

    Raises:
        FileUnreadable: as decode_content.
    """
    decoder = getincrementaldecoder(reader.encoding)()
    passed, lines, blank, is_empty = 0, 1, "", True
    for piece in chain(pieces, [b""]):
        if passed == 0 and piece:
            _refuse_signature(piece)
            _refuse_other_mark(piece, reader.encoding)
        waiting = len(decoder.getstate()[0])
        try:
            text = decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            raise _not_in(reader.encoding, passed - waiting + error.start, lines, piece, error) from None
        except UnicodeError:
            raise FileUnreadable(
                f"the file does not begin with the mark of {reader.encoding}",
                "save it in that encoding, or let the data officer name its true one, such as utf-16-le",
            ) from None
        if "\0" in text:
            raise FileUnreadable(
                "the file has NUL bytes", "save it as text again, in the encoding of the source"
            )
        text = blank + (text if passed else text.removeprefix("\ufeff"))
        passed, lines = passed + len(piece), lines + piece.count(b"\n")
        if is_empty and not text.strip():
            blank = text[:MOST_BLANK]
            continue
        yield text
        blank, is_empty = "", False
    if is_empty:
        raise FileUnreadable("the file is empty", "hand in the file with its rows")


def _not_in(encoding: str, place: int, lines: int, piece: bytes, error: UnicodeDecodeError) -> FileUnreadable:
    """`error` counts from the bytes that waited for this piece."""
    line = lines + piece.count(b"\n", 0, max(0, error.start - len(error.object) + len(piece)))
    return FileUnreadable(
        f"byte {place + 1} (line {line}) is not {encoding}",
        "save the file in that encoding, or let the data officer name its true encoding in the source",
    )


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
