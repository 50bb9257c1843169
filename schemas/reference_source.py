"""The reference page of `source.yml`, written from its models so that it cannot say anything else."""

import types
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from schemas.key import list_models
from schemas.reference import render_page, render_table
from schemas.source import Source

PLAIN = {str: "text", int: "number", float: "number", bool: "true or false", type(None): "null"}

HEADER = ("key", "what stands there", "without it", "meaning")


def render_source_reference() -> str:
    """Markdown of every key of a source description."""
    return render_page(
        "# Every key of source.yml",
        "How to write one: [add a source](../how-to/add-a-source.md). A word stays the word that stands"
        " there: only `true` and `false` are yes and no, `NO` is Norway, `08` and a date are text, and a key"
        " may stand only once. An unknown key is an error that names its line.",
        *(part for model in list_models(Source) for part in _render_model(model)),
    )


def _render_model(model: type[BaseModel]) -> tuple[str, str, str]:
    rows = [
        _render_row(name, field)
        for name, field in model.model_fields.items()
        if (model, name) != (Source, "id")
    ]
    return f"## {model.__name__}", " ".join((model.__doc__ or "").split()), render_table(HEADER, rows)


def _render_row(name: str, field: FieldInfo) -> tuple[str, str, str, str]:
    return (
        f"`{field.alias or name}`",
        _name_type(field.annotation),
        _name_default(field),
        field.description or "",
    )


def _name_type(annotation: Any) -> str:
    """A type in words; a model by a link to its keys."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _name_type(inner[0])
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(_name_type(one) for one in inner if one is not type(None)))
    if origin is tuple:
        return f"list of {_name_type(inner[0])}"
    if origin is dict:
        return f"{_name_type(inner[0])} to {_name_type(inner[1])}"
    if origin is Literal:
        return ", ".join(f"`{one}`" for one in inner)
    if issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    if issubclass(annotation, Enum):
        return ", ".join(f"`{one.value}`" for one in annotation)
    return PLAIN[annotation]


def _name_default(field: FieldInfo) -> str:
    if field.is_required():
        return "an error"
    default = field.get_default(call_default_factory=True)
    if default in (None, (), {}) or isinstance(default, BaseModel):
        return "none"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"
