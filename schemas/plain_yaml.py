"""YAML in which a word stays the word that stands there: for files that people write by hand.

Only `true` and `false` are yes and no, so that the country code NO and the answer `yes` stay text;
a date and a number with a leading zero stay text; every key is text; a key may stand only once.
"""

import re
from collections.abc import Hashable
from typing import Any

import yaml
from yaml.constructor import ConstructorError


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
