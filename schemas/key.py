"""Keys: which keys a description knows, told from the models themselves."""

import types
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel


def list_models(root: type[BaseModel]) -> tuple[type[BaseModel], ...]:
    """A model and every model that stands somewhere below it, in the order of their keys."""
    found: dict[type[BaseModel], None] = {root: None}
    for field in root.model_fields.values():
        for model in _models_in(field.annotation):
            found |= dict.fromkeys(list_models(model))
    return tuple(found)


def find_model(root: type[BaseModel], path: Sequence[str | int]) -> type[BaseModel] | None:
    """The model of what stands at a place, or None where no keys are known there."""
    here: Any = root
    for part in path:
        here = _step(here, part)
    return next(_models_in(here), None)


def _step(annotation: Any, part: str | int) -> Any:
    """The type of what stands under one key or number."""
    for option in _options(annotation):
        if isinstance(option, type) and issubclass(option, BaseModel):
            field = option.model_fields.get(str(part))
            return field.annotation if field else None
        if get_origin(option) in (dict, tuple):
            return get_args(option)[1 if get_origin(option) is dict else 0]
    return None


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    for option in _options(annotation):
        if isinstance(option, type) and issubclass(option, BaseModel):
            yield option
        elif get_origin(option) in (dict, tuple):
            yield from (model for inner in get_args(option) for model in _models_in(inner))


def _options(annotation: Any) -> tuple[Any, ...]:
    """The alternatives of a union, without what is said about them."""
    if get_origin(annotation) is Annotated:
        return _options(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(option for inner in get_args(annotation) for option in _options(inner))
    return (annotation,)
