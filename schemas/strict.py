"""The base of every description that people write: strict about its keys, and frozen once it is read."""

import re
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict


def written_like(pattern: str, how: str) -> AfterValidator:
    """Text of one form, refused with words instead of the pattern."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"write {how}")
        return text

    return AfterValidator(check)


FieldName = Annotated[
    str, written_like(r"[a-z][a-z0-9_]*", "the name of a field of docs/reference/fields.md, such as gender")
]


def _write_word(value: Any) -> Any:
    """A number, true or false that somebody wrote without quotes, as the text of a cell."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def _as_several(value: Any) -> Any:
    return (value,) if isinstance(value, dict | BaseModel) else value


Entry = TypeVar("Entry")
Several = Annotated[tuple[Entry, ...], BeforeValidator(_as_several)]
"""One section of keys, or a list of them."""

Word = Annotated[str, BeforeValidator(_write_word)]
"""What a cell says; `1` may stand there without quotes."""


class Strict(BaseModel):
    """Base of all descriptions: an unknown key is an error, a loaded description does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)
