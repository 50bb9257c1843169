"""What a drafted description still leaves to a person: places that say TODO, each told with what to write."""

from collections.abc import Iterator, Mapping
from typing import Any

from schemas.problem import Path, Problem

TODO = "TODO"
"""Stands in a draft where only a person can decide; a description that has it is not used."""

HINTS = {
    "columns": "write what the column means, such as {field: gender}, or move its name to ignored or refused",
    "lookups": "write what the word stands for, such as a code or unknown",
    "reader": "write the number of the row with the columns' names",
    "constants": "write the value that holds for every case",
    "terms": "write the agreement, by its number",
    "publisher": "write who answers for the data",
    "link": "write the column that ties the tables",
    "ignored_rows": "write the words of rows that are no victims, or remove the entry",
}
OTHERWISE = "write what it asks for"


def find_todo(values: Mapping[str, Any]) -> Iterator[Problem]:
    """A problem for each place that says TODO."""
    for path in _list_todo(values, ()):
        yield Problem(path, f"still says TODO: {HINTS.get(str(path[0]), OTHERWISE)}")


def _list_todo(value: Any, path: Path) -> Iterator[Path]:
    if value == TODO:
        yield path
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _list_todo(inner, (*path, str(key)))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _list_todo(inner, (*path, number))
