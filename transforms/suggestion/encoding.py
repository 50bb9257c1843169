"""Encoding: under which code page a file's words are words; where two fit alike, a person must say."""

import re
from dataclasses import dataclass
from functools import cache

from schemas.lexicon import load_header_words, load_value_words

DELIMITERS = (",", ";", "\t", "|")
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
CODE_PAGES = (
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "windows-1254",
    "windows-1256",
    "windows-874",
    "iso-8859-2",
    "iso-8859-5",
    "iso-8859-9",
    "koi8-u",
    "cp852",
    "cp866",
)
READ = 200_000
"""Bytes from the beginning that are looked at."""
WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Encodings:
    """Encodings that fit, best first; `tied` where the first ones fit alike and read differently."""

    names: tuple[str, ...]
    tied: bool = False


def rank_encodings(content: bytes) -> Encodings:
    """The encodings under which the bytes can be read, by how many of the words are known ones."""
    for mark, name in MARKS.items():
        if content.startswith(mark):
            return Encodings((name,))
    if content[1:200:2].count(0) > 40 or content[0:200:2].count(0) > 40:
        return Encodings(("utf-16-le" if content[1:2] == b"\0" else "utf-16-be",))
    if _decodes(content, "utf-8-sig"):
        return Encodings(("utf-8-sig",))
    part = content[:READ]
    texts = {name: text for name in CODE_PAGES if (text := _decode(part, name)) is not None}
    if not texts:
        return Encodings(())
    scores = {name: _score(text) for name, text in texts.items()}
    names = sorted(texts, key=lambda name: -scores[name])
    best = [name for name in names if scores[name] == scores[names[0]]]
    return Encodings(tuple(names), len({texts[name] for name in best}) > 1)


def _decodes(content: bytes, name: str) -> bool:
    try:
        content.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _decode(content: bytes, name: str) -> str | None:
    try:
        return content.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


def _score(text: str) -> int:
    """Known words with signs beyond ASCII count for, words of mixed scripts or cases and controls against."""
    words = {word for word in WORD.findall(text) if not word.isascii()}
    known = sum(10 for word in words if word.casefold() in _known_words() and _is_spelt(word))
    odd = sum(1 for word in words if not _is_spelt(word))
    signs = sum(1 for sign in set(text) if not sign.isascii() and not sign.isalpha())
    return known - odd - 2 * signs


def _is_spelt(word: str) -> bool:
    """Whether capitals stand only at the beginning or everywhere, as in words people write."""
    return word.islower() or word.istitle() or word.isupper()


@cache
def _known_words() -> frozenset[str]:
    spellings = [word.word for word in load_header_words()] + [word.word for word in load_value_words()]
    return frozenset(part.casefold() for spelling in spellings for part in WORD.findall(spelling))
