"""Blocks: delimited text in parts that end where a record ends, and their records as cells.

Most files are regular: quotes stand only around cells, and every record has as many cells as the others.
Their blocks are read as columns by Arrow; all others record by record, strictly, by the standard library.
Both give the same cells.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from math import inf

import numpy as np
import pyarrow as pa
import pyarrow.csv

from schemas.unreadable import Unreadable
from transforms.readers.content import Columns, FileUnreadable, clean_text

LONGEST_RECORD = 4 * 2**20
LONGEST_CELL = 2**17  # csv.field_size_limit() as the standard library sets it
FIRST_BLOCK = 2**16
QUOTE, LINE_FEED, RETURN = b'"', b"\n", b"\r"
CELLS = pa.dictionary(pa.int32(), pa.string())


Records = list[tuple[int, list[str]]]


def read_records(text: Iterable[str], delimiter: str, size: int) -> Iterator[Records | Columns]:
    """The records of a text in blocks of about `size` bytes, with their numbers; the first is never Columns.

    Raises:
        FileUnreadable: a quotation mark does not close, or a record is longer than any row of a table.
    """
    number = 1
    pieces = _slice(text, size)
    for block in _cut_blocks(pieces, delimiter.encode(), size):
        if not block.is_regular:
            yield from _read_strictly(chain([block.content], pieces), delimiter, number, size)
            return
        read = _read_columns(block, delimiter, number) if number > 1 else None
        if read is None:
            [read] = _read_strictly([block.content], delimiter, number, inf)
        yield read
        number += len(read)


def _slice(text: Iterable[str], size: int) -> Iterator[bytes]:
    """The text as UTF-8, in pieces as long as a block; a short one first, for the header.

    Pieces that come shorter are gathered: a block costs the same work again however few rows it has.
    """
    length, gathered = min(size, FIRST_BLOCK), bytearray()
    for piece in text:
        gathered += piece.encode()
        start = 0
        while len(gathered) - start >= length:
            yield bytes(gathered[start : start + length])
            start, length = start + length, size
        del gathered[:start]
    if gathered:
        yield bytes(gathered)


@dataclass(frozen=True)
class _Block:
    """Whole records; `is_regular` says that they can be told apart by looking at quotes and line feeds."""

    content: bytes
    is_regular: bool
    has_quotes: bool = True


def _cut_blocks(pieces: Iterable[bytes], delimiter: bytes, size: int) -> Iterator[_Block]:
    """Blocks of whole records; the last one there is if it is not regular: nobody knows where it ends."""
    rest = b""
    for piece, following in pairwise(chain(pieces, [b""])):
        content = rest + piece
        block, rest = _cut(content, delimiter) if following else (_judge(content, delimiter), b"")
        if len(rest) > max(size, LONGEST_RECORD) or (block and not block.is_regular):
            yield _Block(content + following, is_regular=False)
            return
        if block:
            yield block


def _cut(content: bytes, delimiter: bytes) -> tuple[_Block | None, bytes]:
    """The whole records of a text, null where it ends within the first, and what is left."""
    end = content.rfind(LINE_FEED) + 1
    if QUOTE in content:
        is_open, marks = _follow_quotes(content)
        feeds = np.flatnonzero((marks == LINE_FEED[0]) & ~is_open)
        end = int(feeds[-1]) + 1 if len(feeds) else 0
    if not end:
        return None, content
    return _judge(content[:end], delimiter), content[end:]


def _follow_quotes(content: bytes) -> tuple[np.ndarray, np.ndarray]:
    """For each byte, whether it stands between quotes, an opening one included and a closing one not."""
    marks = np.frombuffer(content, dtype=np.uint8)
    return np.bitwise_xor.accumulate(marks == QUOTE[0]), marks


def _judge(content: bytes, delimiter: bytes) -> _Block:
    """Regular is what both ways of reading read alike: line ends of one kind, quotes around cells only."""
    has_quotes = QUOTE in content
    if content.count(RETURN) != content.count(b"\r\n") or len(delimiter) > 1:
        return _Block(content, is_regular=False)
    return _Block(content, not has_quotes or _are_quotes_around_cells(content, delimiter), has_quotes)


def _are_quotes_around_cells(content: bytes, delimiter: bytes) -> bool:
    """Every quote opens where a cell begins, closes where one ends, or is doubled between the two."""
    is_open, marks = _follow_quotes(content)
    quotes = np.flatnonzero(marks == QUOTE[0])
    if is_open[-1]:
        return False
    edges = np.frombuffer(delimiter + QUOTE + LINE_FEED + RETURN, dtype=np.uint8)
    around = np.concatenate(([LINE_FEED[0]], marks, [LINE_FEED[0]]))
    neighbours = np.where(is_open[quotes], around[quotes], around[quotes + 2])
    return bool(np.isin(neighbours, edges).all())


def _read_columns(block: _Block, delimiter: str, number: int) -> Columns | None:
    """The cells of a regular block; null where its records are of several lengths or one is very long."""
    feeds = np.flatnonzero(np.frombuffer(block.content, dtype=np.uint8) == LINE_FEED[0])
    if np.diff(feeds, prepend=-1, append=len(block.content)).max() > LONGEST_CELL:
        return None
    width = _count_cells(block, delimiter, int(feeds[0]) if len(feeds) else len(block.content))
    if width < 2 or _has_blank_line(block.content):
        return None
    names = [str(place) for place in range(width)]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(block.content),
            pyarrow.csv.ReadOptions(use_threads=False, block_size=len(block.content) + 1, column_names=names),
            pyarrow.csv.ParseOptions(
                delimiter=delimiter,
                quote_char='"' if block.has_quotes else False,
                newlines_in_values=block.has_quotes,
                ignore_empty_lines=False,
            ),
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, CELLS), strings_can_be_null=False, check_utf8=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    return Columns(number, tuple(_clean_words(column) for column in table.columns))


def _clean_words(column: pa.ChunkedArray) -> pa.Array:
    """Each distinct word of a column cleaned once."""
    encoded = column.combine_chunks()
    words = pa.array([clean_text(word) for word in encoded.dictionary.to_pylist()], pa.large_string())
    return words.take(encoded.indices)


class _Stream(io.RawIOBase):
    """Pieces as a stream of bytes."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces, self._rest = iter(pieces), b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)


def _read_strictly(pieces: Iterable[bytes], delimiter: str, number: int, size: float) -> Iterator[Records]:
    """Every record with its number; strict, because a quote that never closes would swallow rows."""
    stream = io.TextIOWrapper(io.BufferedReader(_Stream(pieces)), encoding="utf-8", newline="")
    place = _Place(number - 1)
    records: Records = []
    taken = 0
    try:
        for cells in csv.reader(_read_lines(stream, place), delimiter=delimiter, strict=True):
            place.number += 1
            records.append((place.number, [clean_text(cell) for cell in cells]))
            taken += sum(map(len, cells)) + len(cells)
            if taken > size:
                yield records
                records, taken = [], 0
    except csv.Error:
        raise FileUnreadable(Unreadable.QUOTE_OPEN, row=str(place.number)) from None
    yield records


@dataclass
class _Place:
    """The number of the record that was read last."""

    number: int


def _read_lines(stream: io.TextIOWrapper, place: _Place) -> Iterator[str]:
    while line := stream.readline(LONGEST_RECORD + 1):
        if len(line) > LONGEST_RECORD:
            raise FileUnreadable(
                Unreadable.ROW_TOO_LONG, row=str(place.number + 1), mib=LONGEST_RECORD // 2**20
            )
        yield line


def _has_blank_line(content: bytes) -> bool:
    """Arrow reads one as a row of blank cells, and so as regular."""
    return content.startswith((b"\n", b"\r\n")) or b"\n\n" in content or b"\n\r\n" in content


def _count_cells(block: _Block, delimiter: str, line: int) -> int:
    """Cells of the first record, which is the first line unless that has quotes."""
    text = block.content if QUOTE in block.content[:line] else block.content[:line]
    return len(next(csv.reader(io.StringIO(text.decode(), newline=""), delimiter=delimiter), []))
