"""JSON text as values, strictly: what two readers could understand in two ways is refused."""

import json
from typing import Any, Never

from transforms.readers.content import clean_text


def parse_json(text: str) -> Any:
    """The value.

    Raises:
        ValueError: not JSON, NaN or Infinity, or two values under one name, of which neither can be trusted.
        RecursionError: nested too deep.
    """
    return json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({clean_text(name) for name, _ in pairs}) < len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _refuse_constant(_: str) -> Never:
    raise ValueError("not a number of JSON")
