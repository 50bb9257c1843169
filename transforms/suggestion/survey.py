"""Survey: a file of unknown form as grids of text. Strangers' bytes are parsed here and nowhere later."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from schemas.reader import Format
from transforms.readers.content import FileUnreadable
from transforms.suggestion.encoding import Encodings, rank_encodings
from transforms.suggestion.grid import UTF8, Grid, guess_part, list_parts, read_grids, read_part
from transforms.suggestion.heading import find_heading
from transforms.suggestion.signature import guess_format

LINES = (Format.DELIMITED, Format.JSON_LINES)
"""Formats of which the beginning tells enough."""
SPELT_BY_FILE = (Format.XML, Format.SAV, Format.DTA, Format.XPT)
PREVIEWED, PREVIEWED_WORDS = 8, 6


class EncodingUndecided(Exception):
    """Several code pages fit alike; `previews` has the first row's words under each, side by side."""

    def __init__(self, previews: dict[str, tuple[str, ...]]) -> None:
        """Keep the words; a header's words are no cells."""
        self.previews = previews
        super().__init__("several encodings fit alike: choose the one whose words are right, with --encoding")


def survey_file(
    pieces: Iterable[bytes],
    extension: str,
    *,
    languages: Sequence[str],
    encoding: str | None,
    beginning: int = 2**24,
) -> list[Grid]:
    """Every table that a file may hold. Of text about `beginning` bytes are read, of other formats all.

    Raises:
        FileUnreadable: the file is empty, broken, or of no format that is read.
        EncodingUndecided: several encodings fit alike, and none was given.
    """
    stream = iter(pieces)
    content = _take_beginning(stream, beginning)
    found = guess_format(content, extension)
    follows = next(stream, b"")
    if follows and found in LINES:
        content = _end_with_line(content)
        grids = _read_one(content, found, languages, encoding)
        return [replace(grid, is_cut=True) for grid in grids]
    content += b"".join(chain([follows], stream))
    if found is None:
        return _read_archive(content, languages, encoding)
    return _read_one(content, found, languages, encoding)


def _take_beginning(pieces: Iterator[bytes], size: int) -> bytes:
    taken = bytearray()
    for piece in pieces:
        taken += piece
        if len(taken) >= size:
            break
    return bytes(taken)


def _end_with_line(content: bytes) -> bytes:
    """Without the last line, which may be cut; in UTF-16 the end of a line has two bytes."""
    for end in (b"\n\0", b"\0\n", b"\n"):
        if (b"\0" in end) == (b"\0" in content[:100]) and (place := content.rfind(end)) >= 0:
            stop = place + len(end)
            return content[: stop - stop % 2 if b"\0" in end else stop]
    return content


def _read_one(content: bytes, found: Format, languages: Sequence[str], encoding: str | None) -> list[Grid]:
    if found.is_workbook:
        encoding = UTF8
    elif encoding is None:
        encoding = UTF8 if found in SPELT_BY_FILE else _choose_encoding(content, languages)
    return read_grids(content, found, encoding)


def _read_archive(content: bytes, languages: Sequence[str], encoding: str | None) -> list[Grid]:
    """The tables of the files in a ZIP; what is no table, such as a letter beside them, is passed over."""
    grids: list[Grid] = []
    trouble: FileUnreadable | None = None
    for name, pattern in list_parts(content).items():
        part = read_part(content, name)
        try:
            found = guess_part(part, name.rpartition(".")[2])
            read = _read_one(part, found, languages, encoding)
        except FileUnreadable as error:
            trouble = error
            continue
        grids += [replace(g, reader=g.reader.model_copy(update={"member": pattern})) for g in read]
    if trouble and not grids:
        raise trouble
    return grids


def _choose_encoding(content: bytes, languages: Sequence[str]) -> str:
    ranked = rank_encodings(content, languages)
    if ranked.tied:
        raise EncodingUndecided(_preview(content, ranked))
    return ranked.names[0] if ranked.names else UTF8  # the reader says where it does not fit


def _preview(content: bytes, ranked: Encodings) -> dict[str, tuple[str, ...]]:
    """The header's words beyond ASCII under each encoding; of a file without a header no word is shown."""
    shown: dict[str, tuple[str, ...]] = {}
    for name in ranked.names[:PREVIEWED]:
        [grid] = read_grids(content, Format.DELIMITED, name)
        words = (word for word in find_heading(grid).names if not word.isascii())
        shown[name] = tuple(words)[:PREVIEWED_WORDS]
    return shown
