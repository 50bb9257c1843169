"""Wording: a header or a cell levelled to the words in it, so that spellings of one word compare equal."""

import re
import unicodedata
from functools import cache

JOINTS = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
SPELLINGS = str.maketrans({"đ": "dj", "ı": "i", "ø": "o", "ł": "l", "æ": "ae", "ة": "ه", "ى": "ي", "ـ": ""})
VOWEL_CLASSES = frozenset({0, 103, 107})
"""Combining classes of marks that are letters of their own in Thai; all others are accents."""


@cache
def level_words(text: str) -> str:
    """Words in small letters with single spaces; without accents, punctuation, and joints as in `caseId`."""
    spaced = JOINTS.sub(" ", unicodedata.normalize("NFC", text)).replace("_", " ")
    return " ".join("".join(map(_level_sign, _strip_accents(spaced.casefold()))).split())


def level_name(text: str) -> str:
    """A name or word as `level_words` levels it, but without joints inside it: MCDONALD is McDonald."""
    return level_words(text.casefold())


def _strip_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.translate(SPELLINGS))
    kept = (sign for sign in decomposed if unicodedata.combining(sign) in VOWEL_CLASSES)
    return unicodedata.normalize("NFC", "".join(kept)).translate(SPELLINGS)


def _level_sign(sign: str) -> str:
    """Letters, marks and digits stay; digits of any script become ours; all else parts words."""
    if unicodedata.category(sign) == "Nd":
        return str(unicodedata.digit(sign))
    return sign if unicodedata.category(sign)[0] in "LMN" else " "


def level_digits(text: str) -> str:
    """The same text with the digits of any script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(s)) if unicodedata.category(s) == "Nd" else s for s in text)
