"""Scalar: text of a draft that means nothing to YAML or a terminal, and comments behind it."""

import json
from collections.abc import Iterable, Iterator, Mapping

from schemas.unfilled import TODO

WIDEST = 100
LONGEST_COMMENT = 120
JOINERS = "\u200c\u200d"
"""Letters of Persian, Urdu and the scripts of India join or stand apart by these; they steer no line."""


def quote(text: str) -> str:
    """A YAML scalar in double quotes, in which no sign means anything to YAML or a terminal."""
    signs = json.dumps(text, ensure_ascii=False)
    return "".join(s if s.isprintable() or s in JOINERS else f"\\U{ord(s):08x}" for s in signs)


def write_flow(parts: Mapping[str, str]) -> str:
    """A mapping in one line; the values are YAML already."""
    return "{" + ", ".join(f"{key}: {value}" for key, value in parts.items()) + "}"


def write_words(words: Iterable[str]) -> str:
    """A list of quoted words in one line."""
    return "[" + ", ".join(map(quote, words)) + "]"


def write_todo(key: str, hint: str, indent: str = "") -> str:
    """A line that a person must fill; as long as it says TODO the description is refused."""
    return f"{indent}{key}: {TODO}  # {comment(hint)}"


def wrap_list(key: str, entries: Iterable[str]) -> Iterator[str]:
    """A list of plain words over as many lines as it needs."""
    line = f"{key}: ["
    for entry in entries:
        if len(line) + len(entry) > WIDEST:
            yield line.rstrip()
            line = "  "
        line += f"{entry}, "
    yield line.removesuffix(", ") + "]"


def comment(text: str) -> str:
    """Text behind a `#`: one line, without signs that steer a terminal."""
    return "".join(s if s.isprintable() or s in JOINERS else " " for s in text)[:LONGEST_COMMENT]
