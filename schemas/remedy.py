"""Remedies: what the model of a description refuses, as problems that a data officer can act on."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from schemas.key import find_model
from schemas.nearest import ask_nearest, find_nearest
from schemas.problem import Path, Problem
from schemas.source import Source

MISSING, UNKNOWN = "missing", "extra_forbidden"
TARGET_DEPTH = len(("lookups", "name", "word"))


def explain_refusals(
    error: ValidationError, model: type[BaseModel], values: Mapping[str, Any]
) -> Iterator[Problem]:
    """One problem for each mistake; the alternatives that a value could have been count as one."""
    refusals = [(_find_place(d, values), d) for d in error.errors(include_url=False)]
    meant = {_find_meant(path, model) for path, details in refusals if details["type"] == UNKNOWN}
    told: set[Path] = set()
    for path, details in refusals:
        if details["type"] == MISSING and path in meant:
            continue  # its name stands there, misspelt
        is_own = details["type"] in (MISSING, UNKNOWN, "value_error") and not _is_target(path)
        if is_own or path not in told:
            told.add(path)
            yield Problem(path, _say(details, path, model))


def find_written_path(details: ErrorDetails, values: Mapping[str, Any]) -> Path:
    """The place of an error as the file has it: without branches of a union and numbers nobody wrote."""
    loc = details["loc"]
    if loc[:1] == ("tables",) and "tables" not in values:
        loc = loc[2:]  # a reader without tables is one table's; say where it was written
    last = loc[-1:] if details["type"] == MISSING else ()
    return (*follow_path(loc[: len(loc) - len(last)], values), *last)


def follow_path(path: Path, values: Mapping[str, Any]) -> Path:
    """The parts of a path that stand in the file."""
    followed: list[str | int] = []
    here: Any = values
    for part in path:
        if _stands_in(here, part):
            here = here[part]
            followed.append(part)
    return tuple(followed)


def _find_place(details: ErrorDetails, values: Mapping[str, Any]) -> Path:
    """The place to tell a mistake at: what is wrong inside the target of a word is told at the word."""
    path = find_written_path(details, values)
    return path[:TARGET_DEPTH] if _is_target(path) else path


def _is_target(path: Path) -> bool:
    return path[:1] == ("lookups",) and len(path) >= TARGET_DEPTH


def _stands_in(here: Any, part: str | int) -> bool:
    if isinstance(here, list):
        return isinstance(part, int) and part < len(here)
    return isinstance(here, Mapping) and part in here


def _say(details: ErrorDetails, path: Path, model: type[BaseModel]) -> str:
    if _is_target(path):
        return "give a code, a number, a range, a list of fields, null, or {to: CODE, is: broader}"
    kind, given, context = details["type"], details.get("input"), details.get("ctx", {})
    match kind:
        case "extra_forbidden":
            return _say_unknown(path, model)
        case "missing":
            return "is missing; add it"
        case "value_error":
            return details["msg"].removeprefix("Value error, ")
        case "literal_error" | "enum":
            return _say_one_of(str(context["expected"]), given)
        case "string_type" if given is None or isinstance(given, dict | list):
            return "must be one text; write it behind the colon"
        case "string_type":
            return "must be text; put it in quotes"
    return _say_plain(kind, context) or f"{details['msg'][0].lower()}{details['msg'][1:]}"


def _say_plain(kind: str, context: Mapping[str, Any]) -> str | None:
    match kind:
        case "dict_type" | "model_type" | "model_attributes_type":
            return "must hold keys of its own; write them below it, indented, as key: value"
        case "tuple_type" | "list_type":
            return "must be a list; write [one, another]"
        case "int_type" | "int_parsing" | "int_from_float":
            return "must be a whole number, without quotes"
        case "float_type" | "float_parsing":
            return "must be a number, with a point before its decimals"
        case "bool_type" | "bool_parsing":
            return "must be true or false"
        case "greater_than_equal" | "less_than_equal":
            bound = "at least" if "ge" in context else "at most"
            return f"must be {bound} {context.get('ge', context.get('le'))}"
        case "too_short":
            return "must name at least one"
    return None


def _say_unknown(path: Path, model: type[BaseModel]) -> str:
    """The key that was meant, or all keys that belong there."""
    meant = find_nearest(str(path[-1]), _list_keys(path, model))
    return "there is no such key" + (ask_nearest(meant) or f"; keys are {', '.join(_list_keys(path, model))}")


def _find_meant(path: Path, model: type[BaseModel]) -> Path:
    """The place of the key that was meant by one that does not exist."""
    return (*path[:-1], *find_nearest(str(path[-1]), _list_keys(path, model)))


def _list_keys(path: Path, model: type[BaseModel]) -> list[str]:
    """Keys that may stand beside a key; the id of a source is the name of its folder."""
    above = find_model(model, path[:-1])
    fields = above.model_fields if above else {}
    return [field.alias or name for name, field in fields.items() if (above, name) != (Source, "id")]


def _say_one_of(expected: str, given: Any) -> str:
    choices = expected.replace("'", "").replace(" or ", ", ")
    nearest = find_nearest(given, choices.split(", ")) if isinstance(given, str) else ()
    return f"must be one of {choices}{ask_nearest(nearest)}"
