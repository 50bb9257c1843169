"""Dialect: in which of its allowed encodings a text file is, and whether its delimiter is the one said."""

from collections.abc import Iterable, Iterator
from itertools import chain

from schemas.reader import Format, Reader
from schemas.source import Source
from schemas.unreadable import Unreadable
from transforms.column import list_known_columns
from transforms.heading import name_columns
from transforms.readers.content import FileUnreadable
from transforms.readers.delimited import read_delimited
from transforms.readers.encoding import decode_beginning, fit_encodings, take_head

TEXT = (Format.DELIMITED, Format.JSON, Format.JSON_LINES)
"""Formats whose encoding the source says; XML says its own."""

DELIMITERS = (",", ";", "\t", "|")
SHOWN = {"\t": "Tab"}
"""A delimiter that is not seen, as its key is named."""

MOST_TRIED = 16 * 2**20
"""Bytes by which one of several encodings is chosen; files of cases are rarely larger."""

MOST_HEADING = 2**16


def settle_dialect(source: Source, table: str, pieces: Iterable[bytes]) -> tuple[Reader, Iterator[bytes]]:
    """The layout of a text file with the one encoding that it is in, and the pieces of the file again.

    Raises:
        FileUnreadable: it is in none of several encodings, or other signs separate its cells than was said.
    """
    reader = source.tables[table].reader
    pieces = iter(pieces)
    most = MOST_TRIED if len(reader.encodings) > 1 else MOST_HEADING
    head = take_head(pieces, most)
    if head.strip() and len(reader.encodings) > 1:
        reader = _choose_encoding(source, table, head, is_whole=len(head) < most)
    if reader.format is Format.DELIMITED:
        _refuse_other_delimiter(source, table, reader, head)
    return reader, chain([head] if head else [], pieces)


def _choose_encoding(source: Source, table: str, head: bytes, *, is_whole: bool) -> Reader:
    """Of the encodings that fit, the first of those under which most described columns are there."""
    reader = source.tables[table].reader
    fitting = fit_encodings(head, reader.encodings, is_whole=is_whole)
    if not fitting:
        raise FileUnreadable(Unreadable.NO_ENCODING, said=", ".join(reader.encodings))
    readers = [reader.model_copy(update={"encoding": name}) for name in fitting]
    if len(readers) == 1 or reader.format is not Format.DELIMITED:
        return readers[0]
    return max(readers, key=lambda each: _count_described(source, table, each, head))


def _refuse_other_delimiter(source: Source, table: str, reader: Reader, head: bytes) -> None:
    found = {reader.delimiter: _count_described(source, table, reader, head)}
    for delimiter in DELIMITERS:
        if delimiter not in found:
            other = reader.model_copy(update={"delimiter": delimiter})
            found[delimiter] = _count_described(source, table, other, head)
    best = max(found, key=lambda delimiter: found[delimiter])
    if found[best] > found[reader.delimiter]:
        shown, said = (SHOWN.get(delimiter, delimiter) for delimiter in (best, reader.delimiter))
        raise FileUnreadable(Unreadable.OTHER_DELIMITER, found=shown, said=said)


def _count_described(source: Source, table: str, reader: Reader, head: bytes) -> int:
    """How many columns of the description have a name in the header; 0 where there is no header."""
    try:
        heading = decode_beginning(head, reader.encodings[0], MOST_HEADING)
        plain = reader.model_copy(update={"encoding": "utf-8"})
        names, _ = name_columns(source, table, next(read_delimited([heading.encode()], plain, MOST_HEADING)))
    except FileUnreadable:
        return 0
    return len({*names} & {*list_known_columns(source, table)})
