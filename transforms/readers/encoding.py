"""Encoding: the bytes of a file as text, and in which encoding it is where it is in another than was said."""

import codecs
import re
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain

from schemas.reader import Reader
from schemas.unreadable import Unreadable
from transforms.readers.content import FileUnreadable

SIGNATURES = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "ZIP / XLSX / ODS",
    b"\xd0\xcf\x11\xe0": "XLS / DOC",
    b"\x1f\x8b": "GZIP",
}

MOST_BLANK = 2**20
"""Space before the first cell; of more, nobody needs the row numbers."""


MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
WINDOWS_OF_ISO = {
    "iso8859-1": "windows-1252",
    "iso8859-2": "windows-1250",
    "iso8859-5": "windows-1251",
    "iso8859-6": "windows-1256",
    "iso8859-7": "windows-1253",
    "iso8859-8": "windows-1255",
    "iso8859-9": "windows-1254",
    "iso8859-13": "windows-1257",
    "iso8859-15": "windows-1252",
}
"""What a file mostly is that has control characters under the page of the standard (WHATWG Encoding)."""

FAMILY = {"utf-8-sig": ("utf-8",), "utf-16": ("utf-16-le", "utf-16-be")}
HIGH_CONTROL = re.compile("[\x80-\x9f]")
CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f-\x9f]")
"""Signs no table has; space, line ends, the end mark of DOS, and the breaks that databases write are none."""

LOOKED_AT = 2**16
FEWEST_ZEROS = 3


def decode_content(content: bytes, reader: Reader) -> str:
    """The bytes as text in the first encoding of the source.

    Raises:
        FileUnreadable: empty, not text, or not in that encoding; names the position of the first bad byte.
    """
    return "".join(decode_pieces([content], reader))


def decode_pieces(pieces: Iterable[bytes], reader: Reader) -> Iterator[str]:
    """The same for bytes that come in pieces; the last piece decides whether there was anything.

    Raises:
        FileUnreadable: as decode_content.
    """
    pieces = iter(pieces)
    head = take_head(pieces, LOOKED_AT)
    decoder = _Decoder(head, reader.encodings[0])
    blank, is_empty = "", True
    for piece in chain([head] if head else [], pieces, [b""]):
        text = blank + decoder.decode(piece)
        if is_empty and not text.strip():
            blank = text[:MOST_BLANK]
            continue
        yield text
        blank, is_empty = "", False
    if is_empty:
        raise FileUnreadable(Unreadable.EMPTY)


def take_head(pieces: Iterator[bytes], size: int) -> bytes:
    """The first bytes of a file, at least so many if it has them; `pieces` gives the others."""
    taken: list[bytes] = []
    length = 0
    while length < size and (piece := next(pieces, b"")):
        taken.append(piece)
        length += len(piece)
    return b"".join(taken)


def decode_beginning(head: bytes, encoding: str, size: int) -> str:
    """The first lines of a file in at most `size` bytes.

    Raises:
        FileUnreadable: they are not in that encoding.
    """
    try:
        text = getincrementaldecoder(settle_order(head, encoding))().decode(head[:size])
    except UnicodeError:
        raise FileUnreadable(Unreadable.NOT_ENCODING, said=encoding) from None
    return text[: text.rfind("\n") + 1] or text


class _Decoder:
    """Decodes a file piece by piece, and refuses it where it turns out to be something else."""

    def __init__(self, head: bytes, encoding: str) -> None:
        _refuse_signature(head)
        refuse_other_unicode(head, encoding)
        self._said = encoding
        self._decoder = getincrementaldecoder(settle_order(head, encoding))()
        self._watch = _Utf8Watch(encoding)
        self._meant = WINDOWS_OF_ISO.get(_normalize(encoding))
        self._passed, self._lines = 0, 1

    def decode(self, piece: bytes) -> str:
        """The text of the next piece; the last piece is empty."""
        waiting = len(self._decoder.getstate()[0])
        self._watch.see(piece)
        try:
            text = self._decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            raise self._explain(error, piece, waiting) from None
        except UnicodeError:
            raise FileUnreadable(Unreadable.NOT_ENCODING, said=self._said) from None
        if "\0" in text:
            raise FileUnreadable(Unreadable.NUL_BYTES)
        has_controls = self._meant and HIGH_CONTROL.search(text)
        if self._watch.is_utf8 and (has_controls or not piece):
            raise _build_other("utf-8", self._said)
        if has_controls:
            raise FileUnreadable(Unreadable.PERHAPS_ENCODING, said=self._said, found=self._meant or "")
        text = text if self._passed else text.removeprefix("\ufeff")
        self._passed, self._lines = self._passed + len(piece), self._lines + piece.count(b"\n")
        return text

    def _explain(self, error: UnicodeDecodeError, piece: bytes, waiting: int) -> FileUnreadable:
        """`error` counts from the bytes that waited for this piece."""
        if self._watch.is_utf8:
            return _build_other("utf-8", self._said)
        place = self._passed - waiting + error.start + 1
        end = max(0, error.start - len(error.object) + len(piece))
        line = self._lines + piece.count(b"\n", 0, end)
        return FileUnreadable(Unreadable.BYTE_NOT_ENCODING, byte=str(place), line=str(line), said=self._said)


def _build_other(found: str, said: str) -> FileUnreadable:
    """The file is text, but in another encoding than the source says."""
    return FileUnreadable(Unreadable.OTHER_ENCODING, found=found.upper(), said=said)


def _refuse_signature(content: bytes) -> None:
    for signature, what in SIGNATURES.items():
        if content.startswith(signature):
            raise FileUnreadable(Unreadable.NOT_TEXT, format=what)


def fit_encodings(head: bytes, encodings: Sequence[str], *, is_whole: bool) -> tuple[str, ...]:
    """Those under which the beginning of a file is text without control characters, in their order."""
    found = find_unicode(head)
    return tuple(
        name
        for name in encodings
        if (found is None or _is_in_family(name, found)) and _is_text(head, name, is_whole)
    )


def _is_text(head: bytes, encoding: str, is_whole: bool) -> bool:
    try:
        text = getincrementaldecoder(settle_order(head, encoding))().decode(head, final=is_whole)
    except (UnicodeError, FileUnreadable):
        return False
    return not CONTROL.search(text) and not (_is_single_byte(encoding) and _is_utf8(head, is_whole=is_whole))


def settle_order(head: bytes, encoding: str) -> str:
    """`utf-16` without a mark as the order of bytes that the file has; any other encoding as it is.

    Raises:
        FileUnreadable: neither order is there.
    """
    if _normalize(encoding) != "utf-16" or head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return encoding
    found = find_unicode(head)
    if found not in ("utf-16-le", "utf-16-be"):
        raise FileUnreadable(Unreadable.NOT_ENCODING, said=encoding)
    return found


def find_unicode(head: bytes) -> str | None:
    """UTF-8 by its mark, UTF-16 by its mark or by the zeros of its line ends and digits; else null."""
    for mark, name in MARKS.items():
        if head.startswith(mark):
            return name
    part = head[:LOOKED_AT]
    first, second = part[::2].count(0), part[1::2].count(0)
    if max(first, second) < max(FEWEST_ZEROS, len(part) / 25) or max(first, second) < 4 * min(first, second):
        return None
    return "utf-16-le" if second > first else "utf-16-be"


def refuse_other_unicode(head: bytes, encoding: str) -> None:
    """Let the beginning of a file through unless it is in a Unicode encoding that the source does not say.

    Raises:
        FileUnreadable: it is; the mark would become part of the first name, or every cell be another one.
    """
    found = find_unicode(head)
    if found and not _is_in_family(encoding, found):
        raise _build_other(found, encoding)


def _is_utf8(content: bytes, *, is_whole: bool) -> bool:
    """Whether bytes are UTF-8 with some letter beyond ASCII; another page's text hardly ever is by chance."""
    try:
        return not getincrementaldecoder("utf-8")().decode(content, final=is_whole).isascii()
    except UnicodeDecodeError:
        return False


class _Utf8Watch:
    """Whether all of a file in a page of single bytes is UTF-8 as well, which tells that it was meant so."""

    def __init__(self, encoding: str) -> None:
        """Watch only where every byte is a letter of the page."""
        self._decoder = getincrementaldecoder("utf-8")() if _is_single_byte(encoding) else None
        self._has_letters = False

    def see(self, piece: bytes) -> None:
        """Look at the next piece of the file; the last one is empty."""
        if self._decoder is None or (piece.isascii() and piece and not self._decoder.getstate()[0]):
            return
        try:
            self._has_letters |= not self._decoder.decode(piece, final=not piece).isascii()
        except UnicodeDecodeError:
            self._decoder = None

    @property
    def is_utf8(self) -> bool:
        """Whether all that was seen is UTF-8 with letters beyond ASCII."""
        return self._decoder is not None and self._has_letters


@cache
def _is_single_byte(encoding: str) -> bool:
    """Whether each byte is a sign of its own, so that no byte ever waits for another."""
    decoder = getincrementaldecoder(encoding)()
    for byte in range(256):
        decoder.reset()
        try:
            if not decoder.decode(bytes([byte])):
                return False
        except UnicodeError:
            continue
    return True


def _is_in_family(encoding: str, found: str) -> bool:
    """Whether an encoding is the one that was found, or leaves its mark or its order of bytes open."""
    return found in (_normalize(encoding), *FAMILY.get(_normalize(encoding), ()))


def _normalize(encoding: str) -> str:
    return codecs.lookup(encoding).name
