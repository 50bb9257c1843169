"""The base of every description that people write: strict about its keys, and frozen once it is read."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


def _write_word(value: Any) -> Any:
    """A number, true or false that somebody wrote without quotes, as the text of a cell."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


Word = Annotated[str, BeforeValidator(_write_word)]
"""What a cell says; `1` may stand there without quotes."""


class Strict(BaseModel):
    """Base of all descriptions: an unknown key is an error, a loaded description does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)
