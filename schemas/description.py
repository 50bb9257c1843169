"""Descriptions: `source.yml` and policy files as values, or an error that a data officer can act on.

All mistakes are told at once. What the model refuses is explained, then left out, so that the names
and the fit of everything else are checked in the same pass.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from schemas.policy import Policy
from schemas.policy_text import build_policy, read_mapping
from schemas.problem import InvalidDescription, Path, Problem, write_problems
from schemas.remedy import explain_refusals, find_written_path
from schemas.retention import Retention
from schemas.source import SOURCE_ID, Source
from schemas.source_check import find_unknown_names
from schemas.source_conflict import find_conflicts
from schemas.source_layout import find_layout_problems
from schemas.template import fill_in_template
from schemas.unfilled import find_todo

STAND_INS: dict[str, Any] = {
    "title": "?",
    "publisher": {"name": "?", "country": "ZZZ"},
    "terms": {"licence": "?", "agreement": "?", "birth_dates": "?"},
    "schedule": {"every": "once"},
    "columns": {},
}
"""What stands in for a required part that could not be read, so that the rest can be checked."""

STAND_IN_TABLE = {"reader": {"format": "delimited"}}
NAMING = ("columns", "one_hot", "concatenated", "constants", "link", "perpetrators")
MOST_ROUNDS = 20


def parse_source(source_id: str, text: str) -> Source:
    """Read a source description; the id is the name of its folder.

    Raises:
        InvalidDescription: not YAML, or not a description of a source.
    """
    what = f"source {source_id}"
    document = read_mapping(what, text)
    problems = [*document.repeated, *_check_id(source_id, document.values)]
    values, twice = fill_in_template({key: value for key, value in document.values.items() if key != "id"})
    todo = [*find_todo(values)]
    source, refusals = _build_source(_leave_out_all(values, todo))
    problems += [*twice, *todo, *refusals]
    if source is not None:
        mentioned = _list_mentioned(values) if refusals or todo else frozenset()
        problems += find_unknown_names(source)
        problems += find_layout_problems(source, mentioned)
        problems += find_conflicts(source, mentioned)
    if problems or source is None:
        written = [replace(problem, path=_follow(problem.path, values)) for problem in problems]
        raise InvalidDescription(what, write_problems(written, document.lines))
    return source.model_copy(update={"id": source_id})


def parse_policy(text: str) -> Policy:
    """Read a release policy.

    Raises:
        InvalidDescription: not YAML, or not a policy.
    """
    return build_policy(text, Policy)


def parse_retention(text: str) -> Retention:
    """Read a retention policy.

    Raises:
        InvalidDescription: not YAML, or not a retention policy.
    """
    return build_policy(text, Retention)


def _follow(path: Path, values: Mapping[str, Any]) -> Path:
    """The path without the number of a section that was written once, without a list."""
    if len(path) > 1 and isinstance(path[1], int) and isinstance(values.get(str(path[0])), dict):
        return (path[0], *path[2:])
    return path


def _check_id(source_id: str, values: Mapping[str, Any]) -> Iterator[Problem]:
    if "id" in values:
        yield Problem(("id",), "the folder's name is the id; remove this key")
    if not SOURCE_ID.fullmatch(source_id):
        said = "name the folder country_publisher_dataset, such as srb_centre_identified_victims"
        yield Problem((), f"id: {said}")


def _build_source(values: Mapping[str, Any]) -> tuple[Source | None, list[Problem]]:
    """The description without what its model refuses, and what that is; None if nothing is left."""
    problems: list[Problem] = []
    left = deepcopy(dict(values))
    for _ in range(MOST_ROUNDS):
        try:
            return Source(**{**left, "id": "xyz_not_yet_named"}), problems
        except ValidationError as error:
            problems += _explain_new(error, left, values)
            for path in [find_written_path(details, left) for details in error.errors()]:
                _leave_out(left, path)
    return None, problems


def _explain_new(
    error: ValidationError, left: Mapping[str, Any], values: Mapping[str, Any]
) -> Iterator[Problem]:
    """What is refused, save the absence of what was left out in an earlier round."""
    for problem in explain_refusals(error, Source, left):
        if problem.path[:1] == () or problem.path[0] not in values or problem.path[0] in left:
            yield problem


def _leave_out_all(values: Mapping[str, Any], problems: Iterable[Problem]) -> dict[str, Any]:
    left = deepcopy(dict(values))
    for problem in problems:
        _leave_out(left, problem.path)
    return left


def _leave_out(values: dict[str, Any], path: Path) -> None:
    """Take the entry out that holds a place: one column, one table, one word of a lookup, or a section."""
    section = path[0] if path else ""
    depth = {"lookups": 3, "columns": 2, "concatenated": 2, "tables": 2, "constants": 2, "bounds": 3}
    entry = path[: depth.get(str(section), 1)]
    above: Any = values
    for part in entry[:-1]:
        above = above[part] if isinstance(above, dict) and part in above else {}
    if entry and isinstance(above, dict):
        above.pop(entry[-1], None)
    if section == "tables" and len(entry) == 2:
        values["tables"][entry[1]] = deepcopy(STAND_IN_TABLE)
    if section in ("tables", "reader") and len(entry) == 1:
        values["reader"] = deepcopy(STAND_IN_TABLE["reader"])
    if section not in values and section in STAND_INS:
        values[str(section)] = deepcopy(STAND_INS[str(section)])


def _list_mentioned(values: Mapping[str, Any]) -> frozenset[str]:
    """Every word of the parts that name fields, lookups and tables, and on the right of a lookup."""
    sections = [values.get(section) for section in NAMING]
    lookups = values.get("lookups")
    sections += list(lookups.values()) if isinstance(lookups, dict) else []
    return frozenset(word for section in sections for word in _words_in(section))


def _words_in(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from _words_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words_in(inner)
    elif value is not None:
        yield str(value)
