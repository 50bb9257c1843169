"""What may stand in a log line or an entry of the audit trail: numbers, enums and ids, never free text."""

import math
import re
from collections.abc import Mapping
from enum import Enum

from storage.error import DetailRefused

Plain = int | float | bool | str | None
Detail = Plain | Enum

ID_LIKE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@:|+-]{0,127}")


def check_detail(detail: Mapping[str, Detail]) -> dict[str, Plain]:
    """Numbers, truth values, enum members and id-like words, as they go into JSON.

    Raises:
        DetailRefused: a value is of another type, or text that is not like an id.
    """
    return {check_word("name of a detail", name): _plain(name, value) for name, value in detail.items()}


def check_word(what: str, word: object) -> str:
    """The word itself, when it is like an id: no space, at most 128 letters, digits and ._@:|+-.

    Raises:
        DetailRefused: it is not.
    """
    if not is_word(word):
        raise DetailRefused(f"the {what} is not an id; write an id, a code or a number, never free text")
    return str(word)


def is_word(word: object) -> bool:
    """Whether `check_word` lets it through."""
    return isinstance(word, str) and ID_LIKE.fullmatch(word) is not None


def _plain(name: str, value: object) -> Plain:
    if isinstance(value, Enum):
        return value.value if isinstance(value.value, int | str) else value.name
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    if isinstance(value, str):
        return check_word(f"detail {name}", value)
    raise DetailRefused(f"detail {name} is a {type(value).__name__}; only numbers, enums and ids are kept")
