"""YAML in which a word stays the word that stands there: for files that people write by hand.

Only `true` and `false` are yes and no, so that the country code NO and the answer `yes` stay text;
a date and a number with a leading zero stay text; every key is text; a key may stand only once.
"""

import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.constructor import ConstructorError

from schemas.problem import Path, Problem


class PlainLoader(yaml.SafeLoader):
    """The safe loader with fewer surprises."""

    # a copy per class would still hold YAML 1.1's dates, octals, sexagesimals and yes/no
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """A mapping with text keys, in the order of the file."""
        values: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            if not isinstance(key, str):
                raise ConstructorError(None, None, "a key must be one word", key_node.start_mark)
            if key in values:
                raise ConstructorError(None, None, f"the key {key} stands twice", key_node.start_mark)
            values[key] = self.construct_object(value_node, deep=True)
        return values


def _construct_yaml_map(loader: PlainLoader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    return loader.construct_mapping(node)


PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), list("tf"))
PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^-?(0|[1-9][0-9]*)$"), list("-0123456789")
)
PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^-?(0|[1-9][0-9]*)\.[0-9]+$"), list("-0123456789")
)
PlainLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(~|null|)$"), ["~", "n", ""])
PlainLoader.add_constructor("tag:yaml.org,2002:map", _construct_yaml_map)


@dataclass(frozen=True)
class Document:
    """What a file says, the line on which each place begins, and keys that stand twice (the first counts)."""

    values: Any
    lines: dict[Path, int] = field(default_factory=dict)
    repeated: list[Problem] = field(default_factory=list)


def load_plain_yaml(text: str) -> Any:
    """Read one YAML document.

    Raises:
        yaml.YAMLError: not YAML, a key that stands twice, or a tag that plain data do not need.
    """
    loader = PlainLoader(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def read_document(text: str) -> Document:
    """Read one YAML document with the lines of its places, past keys that stand twice.

    Raises:
        yaml.YAMLError: not YAML, or a tag that plain data do not need.
    """
    loader = PlainLoader(text)
    try:
        node = loader.get_single_node()
        document = Document(None)
        if node is None:
            return document
        _note_places(node, (), document, set())
        return Document(loader.construct_document(node), document.lines, document.repeated)
    finally:
        loader.dispose()


def _note_places(node: yaml.Node, path: Path, document: Document, seen: set[int]) -> None:
    """Note the lines below a node, and take repeated keys out of it; an anchor is followed once."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            document.lines[*path, number] = value.start_mark.line + 1
            _note_places(value, (*path, number), document, seen)
    if isinstance(node, yaml.MappingNode):
        node.value = [pair for pair in node.value if _note_key(pair[0], path, document)]
        for key, value in node.value:
            _note_places(value, (*path, str(key.value)), document, seen)


def _note_key(key: yaml.Node, path: Path, document: Document) -> bool:
    """Whether the key stands here for the first time."""
    place, line = (*path, str(key.value)), key.start_mark.line + 1
    if place not in document.lines:
        document.lines[place] = line
        return True
    said = f"the key stands twice, in line {document.lines[place]} as well; keep one"
    document.repeated.append(Problem(place, said, line))
    return False
