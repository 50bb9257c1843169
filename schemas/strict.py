"""The base of every description that people write: strict about its keys, and frozen once it is read."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class Strict(BaseModel):
    """Base of all descriptions: an unknown key is an error, a loaded description does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)
