"""Encoding: under which code page a file's words are words; where two fit alike, a person must say."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from schemas.lexicon import load_header_words, load_value_words
from transforms.readers.encoding import CONTROL

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
    "windows-1253",
    "windows-1255",
    "windows-1257",
    "iso-8859-7",
    "iso-8859-13",
    "cp737",
    "gb18030",
    "big5",
    "shift_jis",
    "euc-kr",
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
    **dict.fromkeys(("it", "de", "nl", "sv", "da", "nb", "fi", "id", "sw"), "windows-1252"),
    **dict.fromkeys(("hu", "cs", "sk", "sl", "pl"), "windows-1250"),
    **dict.fromkeys(("et", "lv", "lt"), "windows-1257"),
    "bg": "windows-1251",
    "az": "windows-1254",
    "el": "windows-1253",
    "he": "windows-1255",
    "fa": "windows-1256",
    "ur": "windows-1256",
    "ja": "shift_jis",
    "ko": "euc-kr",
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
    that read the same the one of the words, because the next file may have more letters of it. Where no
    word is known under any of them, the forms of the words are no ground to choose: a person is asked.
    """
    for mark, name in MARKS.items():
        if content.startswith(mark):
            return Encodings((name,))
    if content[1:200:2].count(0) > 40 or content[0:200:2].count(0) > 40:
        return Encodings(("utf-16-le" if content[1:2] == b"\0" else "utf-16-be",))
    if _decodes(content, "utf-8-sig"):
        return Encodings(("utf-8-sig",))
    part = content[:READ]
    decoded = {name: text for name in CODE_PAGES if (text := _decode(part, name)) is not None}
    texts = {name: text for name, text in decoded.items() if not CONTROL.search(text)} or decoded
    if not texts:
        return Encodings(())
    scores = {name: _score(text) for name, text in texts.items()}
    top = max(scores.values())
    own = {PAGE_OF_LANGUAGE.get(language) for language in languages}
    own |= {PAGE_OF_LANGUAGE.get(_name_language(texts[name])) for name in texts if scores[name] == top}
    names = sorted(texts, key=lambda name: (-scores[name], name not in own))
    best = [name for name in names if scores[name] == top]
    told = bool(languages) and names[0] in own
    rivals = best if any(map(_list_known, texts.values())) else names
    return Encodings(tuple(names), not told and len({texts[name] for name in rivals}) > 1)


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
    words = _list_foreign(text)
    odd = sum(1 for word in words if not _is_spelt(word))
    signs = sum(1 for sign in set(text) if not sign.isascii() and not sign.isalpha())
    return 10 * len(_list_known(text)) - odd - 2 * signs


def _list_foreign(text: str) -> set[str]:
    return {word for word in WORD.findall(text) if not word.isascii()}


def _list_known(text: str) -> set[str]:
    """Known words with signs beyond ASCII, as people write them."""
    return {w for w in _list_foreign(text) if w.casefold() in _known_words() and _is_spelt(w)}


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
