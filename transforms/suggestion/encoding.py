"""Encoding: under which code page a file's words are words; where two fit alike, a person must say."""

import re
from collections import Counter
from collections.abc import Sequence
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
    "cp874",
    "iso-8859-2",
    "iso-8859-5",
    "iso-8859-9",
    "koi8-u",
    "cp852",
    "cp866",
)
PAGE_OF_LANGUAGE = {
    "sr-Latn": "windows-1250",
    "hr": "windows-1250",
    "ro": "windows-1250",
    "sr-Cyrl": "windows-1251",
    "mk": "windows-1251",
    "ru": "windows-1251",
    "uk": "windows-1251",
    "tr": "windows-1254",
    "ar": "windows-1256",
    "th": "cp874",
    "en": "windows-1252",
    "es": "windows-1252",
    "fr": "windows-1252",
    "pt": "windows-1252",
    "sq": "windows-1252",
}
SHORTEST = 3
READ = 200_000
"""Bytes from the beginning that are looked at."""
WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Encodings:
    """Encodings that fit, best first; `tied` where the first ones fit alike and read differently."""

    names: tuple[str, ...]
    tied: bool = False


def rank_encodings(content: bytes, languages: Sequence[str] = ()) -> Encodings:
    """The encodings under which the bytes can be read, by how many of the words are known ones.

    Where several fit alike, the code page of the language decides: the one that was named, or for texts
    that read the same the one of the words, because the next file may have more letters of it.
    """
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
    top = max(scores.values())
    own = {PAGE_OF_LANGUAGE.get(language) for language in languages}
    own |= {PAGE_OF_LANGUAGE.get(_name_language(texts[name])) for name in texts if scores[name] == top}
    names = sorted(texts, key=lambda name: (-scores[name], name not in own))
    best = [name for name in names if scores[name] == top]
    told = bool(languages) and names[0] in own
    return Encodings(tuple(names), not told and len({texts[name] for name in best}) > 1)


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
    return word == word.lower() or word.istitle() or word.isupper()


def _name_language(text: str) -> str | None:
    """The language of most of the known words."""
    words = {word.casefold() for word in WORD.findall(text)}
    found = Counter(language for word in words for language in _known_words().get(word, ()))
    return found.most_common(1)[0][0] if found else None


@cache
def _known_words() -> dict[str, set[str]]:
    """Every part of a known word with its languages; parts of one or two letters stand anywhere."""
    known: dict[str, set[str]] = {}
    for word in (*load_header_words(), *load_value_words()):
        for part in WORD.findall(word.word):
            if len(part) >= SHORTEST:
                known.setdefault(part.casefold(), set()).add(word.language)
    return known
