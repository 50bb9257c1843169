"""Record: where in a JSON or XML document the lists stand of which each entry may be a case."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from schemas.reader import Format, Reader
from transforms.readers.encoding import decode_content
from transforms.readers.json_text import parse_json
from transforms.readers.xml_document import find_repeated, name_element, parse_xml

DEEPEST = 8


def describe_records(content: bytes, found: Format, encoding: str) -> list[Reader]:
    """A layout for each list of records; one without a place where there is none, for the reader to refuse.

    Raises:
        FileUnreadable: not in that encoding, or no whole XML.
    """
    if found is Format.XML:
        readers = [Reader(format=found, records=path, repeated=names) for path, names in _list_xml(content)]
        return readers or [Reader(format=found)]
    plain = Reader(format=found, encoding=encoding)
    try:
        document = parse_json(decode_content(content, plain))
    except (ValueError, RecursionError):
        return [plain]
    paths = [path or None for path in _list_json(document, "", DEEPEST)]
    return [plain.model_copy(update={"records": path}) for path in paths] or [plain]


def _list_json(value: Any, path: str, depth: int) -> Iterator[str]:
    """Lists of objects that are reached through objects alone; keys with points in them lead nowhere."""
    if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        yield path
    if isinstance(value, dict) and depth:
        for key, inner in value.items():
            if "." not in key:
                yield from _list_json(inner, f"{path}.{key}" if path else key, depth - 1)


def _list_xml(content: bytes) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Elements that stand several times at one place, nearest to the root, and what repeats within them."""
    level = {"": [parse_xml(content)]}
    for _ in range(DEEPEST):
        below: dict[str, list[Any]] = {}
        for path, elements in level.items():
            for child in (child for element in elements for child in element):
                name = name_element(child)
                below.setdefault(f"{path}.{name}" if path else name, []).append(child)
        level = {}
        for path, elements in below.items():
            if len(elements) > 1 and any(map(_has_parts, elements)):
                yield path, _list_repeated(elements)
            elif len(elements) == 1:
                level[path] = elements


def _list_repeated(records: list[Any]) -> tuple[str, ...]:
    """Records within records; plain texts of one name are joined in one cell and need no number."""
    names = find_repeated(records)
    parts = Counter(name_element(e) for record in records for e in record.iter() if _has_parts(e))
    return tuple(sorted(name for name in names if parts[name]))


def _has_parts(element: Any) -> bool:
    return len(element) > 0 or bool(element.attrib)
