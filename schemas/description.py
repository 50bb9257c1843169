"""Descriptions: `source.yml` and policy files as values, or an error that a data officer can act on."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from difflib import get_close_matches
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from schemas.case import case_fields
from schemas.field import Kind, Requirement
from schemas.plain_yaml import load_plain_yaml
from schemas.policy import Policy, QuasiIdentifier, Sensitive
from schemas.reader import Reader, Table
from schemas.source import (
    Bounds,
    Column,
    Concatenated,
    Limits,
    Link,
    LookupTarget,
    Perpetrators,
    Publisher,
    RowFilter,
    Schedule,
    Source,
    Terms,
)

PARTS: dict[str, type[BaseModel]] = {
    "publisher": Publisher,
    "terms": Terms,
    "schedule": Schedule,
    "reader": Reader,
    "tables": Table,
    "link": Link,
    "columns": Column,
    "concatenated": Concatenated,
    "ignored_rows": RowFilter,
    "rows": RowFilter,
    "perpetrators": Perpetrators,
    "bounds": Bounds,
    "min": Limits,
    "max": Limits,
    "quasi_identifiers": QuasiIdentifier,
    "sensitive": Sensitive,
}
"""Key of a description to the model of what stands under it, so that a remedy can name the right keys."""

WRITTEN_BY_PALERMO = frozenset(name for name, field in case_fields().items() if field.kind is Kind.TEXT)
UNKNOWN_NAME = re.compile(r"there is no (field|lookup|table) (\S+)")


class InvalidDescription(Exception):
    """A description has errors; `problems` has one line for each: key path, what is wrong, what to do."""

    def __init__(self, what: str, problems: Iterable[str]) -> None:
        """Keep the problems, and join them to one line."""
        self.problems = tuple(problems)
        super().__init__(f"{what}: {'; '.join(self.problems)}")


def parse_source(source_id: str, text: str) -> Source:
    """Read a source description; the id is the name of its folder.

    Raises:
        InvalidDescription: not YAML, or not a description of a source.
    """
    what = f"source {source_id}"
    values = _load_mapping(what, text)
    if "id" in values:
        raise InvalidDescription(what, ["id: the folder's name is the id; remove this key"])
    try:
        source = Source(**{**values, "id": source_id})
    except ValidationError as error:
        raise InvalidDescription(what, _explain(error, Source, values)) from None
    checks = (_misplaced_fields, _double_places, _idle_keys, _uncompared_flags, _ambiguous_words)
    if problems := [problem for check in checks for problem in check(source)]:
        raise InvalidDescription(what, problems)
    return source


def parse_policy(text: str) -> Policy:
    """Read a release policy.

    Raises:
        InvalidDescription: not YAML, or not a policy.
    """
    values = _load_mapping("policy", text)
    try:
        return Policy(**values)
    except ValidationError as error:
        raise InvalidDescription("policy", _explain(error, Policy, values)) from None


def _load_mapping(what: str, text: str) -> dict[str, Any]:
    try:
        values = load_plain_yaml(text)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise InvalidDescription(what, [f"{line}{error.problem}; correct the YAML there"]) from None
    except yaml.YAMLError:
        raise InvalidDescription(
            what, ["not YAML; it has a character that no text file should have"]
        ) from None
    if not isinstance(values, dict):
        raise InvalidDescription(what, ["no keys at all; start with a copy of another description"])
    return values


def _explain(error: ValidationError, model: type[BaseModel], values: dict[str, Any]) -> list[str]:
    """One line for each problem; the branches of a lookup's union count as one."""
    lines = (_explain_one(details, model, values) for details in error.errors(include_url=False))
    return list(dict.fromkeys(lines))


def _explain_one(details: ErrorDetails, model: type[BaseModel], values: dict[str, Any]) -> str:
    path = [str(part) for part in details["loc"]]
    if path[:1] == ["tables"] and "tables" not in values:
        path = path[2:]  # a reader without tables is one table's; say where it was written
    if path[:1] == ["lookups"]:
        return f"{'.'.join(path[:3])}: give a code, a number, a list of fields, or null"
    message, where = details["msg"].removeprefix("Value error, "), ".".join(path) or "the whole"
    match details["type"]:
        case "extra_forbidden":
            known = _part_of(path[:-1], model).model_fields
            return f"{where}: there is no such key;{_suggest(path[-1], known)} keys are {', '.join(known)}"
        case "missing":
            return f"{where}: is missing; add it"
        case "string_type":
            return f"{where}: must be text; put it in quotes"
        case "value_error":
            return f"{where}: {message}{_suggest_name(message, values)}"
    return f"{where}: {message[0].lower()}{message[1:]}"


def _part_of(path: list[str], model: type[BaseModel]) -> type[BaseModel]:
    return next((PARTS[part] for part in reversed(path) if part in PARTS), model)


def _suggest_name(message: str, values: dict[str, Any]) -> str:
    """The nearest names for those that a message says do not exist."""
    known = {
        "field": case_fields(),
        "lookup": values.get("lookups") or {},
        "table": values.get("tables") or {},
    }
    hints = (_suggest(name.strip(";,"), known[kind]) for kind, name in UNKNOWN_NAME.findall(message))
    return "".join(f";{hint}" for hint in hints if hint)


def _suggest(name: str, known: Iterable[str]) -> str:
    nearest = get_close_matches(name, list(known), n=1)
    return f" did you mean {nearest[0]}?" if nearest else ""


def _misplaced_fields(source: Source) -> Iterator[str]:
    """Fields that only Palermo fills, and mandatory fields that nothing fills."""
    mapped = _mapped_fields(source)
    for field in sorted({*mapped, *source.constants} & WRITTEN_BY_PALERMO):
        yield f"{field}: Palermo fills this field itself; map the column elsewhere or list it under ignored"
    mandatory = {name for name, field in case_fields().items() if field.requirement is Requirement.MANDATORY}
    for field in sorted(mandatory - WRITTEN_BY_PALERMO - set(mapped) - set(source.constants)):
        yield f"constants: {field} is mandatory; map a column to it or give it here"


def _double_places(source: Source) -> Iterator[str]:
    """Fields and columns that stand in two places which exclude each other."""
    places = Counter([*set(_mapped_fields(source)), *source.constants, *source.not_collected])
    for field in sorted(name for name, count in places.items() if count > 1):
        yield f"{field}: only one of columns, constants and not_collected may fill a field; choose one"
    columns = Counter([*source.columns, *source.concatenated, *source.ignored, *source.refused])
    for column in sorted(name for name, count in columns.items() if count > 1):
        yield f"column {column}: stands under two of columns, concatenated, ignored and refused; choose one"
    if sum(column.key for column in source.columns.values()) > 1:
        yield "columns: several columns are the key; keep one"


def _idle_keys(source: Source) -> Iterator[str]:
    """Keys of a column that would do nothing there, or not what they say."""
    for name, column in source.columns.items():
        field = case_fields().get(column.field or "")
        kind = field.kind if field else None
        if column.date is not None and (kind is not Kind.YEAR or not _is_date_form(column.date)):
            yield f"columns.{name}.date: give a form such as %d.%m.%Y, and only for a field that is a year"
        if column.lookup and kind in (None, Kind.INTEGER, Kind.YEAR):
            yield f"columns.{name}.lookup: only fields with codes, yes and no have a lookup; remove it"
        if column.others == "no" and not column.flags:
            yield f"columns.{name}.others: only a column with flags has others; remove it"
        several = [t for t in source.lookups.get(column.lookup or "", {}).values() if isinstance(t, tuple)]
        if kind is not Kind.CODES and any(len(target) > 1 for target in several):
            yield f"columns.{name}.lookup: gives several codes, but {column.field} holds one"


def _uncompared_flags(source: Source) -> Iterator[str]:
    """Flags that concatenated text names but nothing fills, so that every row naming them would wait."""
    filled = {*_mapped_fields(source), *source.constants}
    for name, text in source.concatenated.items():
        for field in sorted(set(_named_flags(source, text.flags)) - filled):
            yield f"concatenated.{name}: nothing fills {field}; map a column to it or drop it there"


def _is_date_form(form: str) -> bool:
    """Whether a date written in the form can be read back."""
    try:
        return datetime.strptime(datetime(2003, 2, 1).strftime(form), form).year == 2003
    except ValueError:
        return False


def _mapped_fields(source: Source) -> list[str]:
    fields = [column.field for column in source.columns.values() if column.field]
    for column in source.columns.values():
        fields += _named_flags(source, column.flags)
    return fields


def _named_flags(source: Source, lookup: str | None) -> list[str]:
    targets = source.lookups[lookup].values() if lookup else ()
    return [field for target in targets for field in _list(target)]


def _list(target: LookupTarget) -> tuple[str, ...]:
    return target if isinstance(target, tuple) else () if target is None else (str(target),)


def _ambiguous_words(source: Source) -> Iterator[str]:
    """Words that differ only in case or spacing, and so are one word to the lookup, yet have two meanings."""
    for name, lookup in source.lookups.items():
        meanings: dict[str, set[LookupTarget]] = {}
        for word, target in lookup.items():
            meanings.setdefault(" ".join(word.casefold().split()), set()).add(target)
        for word in sorted(word for word, targets in meanings.items() if len(targets) > 1):
            yield f"lookups.{name}: the word {word} has two meanings; case and spacing do not count"
