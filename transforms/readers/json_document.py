"""JSON documents: a list of records somewhere in one document; bytes in, cells out."""

import json
from collections.abc import Iterator
from typing import Any

from schemas.reader import Reader
from schemas.unreadable import Unreadable
from transforms.readers.content import Content, FileUnreadable
from transforms.readers.encoding import decode_content
from transforms.readers.json_text import parse_json
from transforms.readers.nested import NotFlat, build_content, explain_no_records, flatten_record


def read_json(content: bytes, reader: Reader) -> Content:
    """Read the list of records at `records`, or the document itself where it is the list.

    Raises:
        FileUnreadable: not JSON, or no list stands there.
    """
    try:
        document = parse_json(decode_content(content, reader))
    except (ValueError, RecursionError):
        raise FileUnreadable(Unreadable.NOT_JSON) from None
    return build_content(enumerate(_read_records(_find_records(document, reader.records)), 1))


def _find_records(document: Any, path: str | None) -> list[Any]:
    found = document
    for step in path.split(".") if path else ():
        found = found.get(step) if isinstance(found, dict) else None
    if not isinstance(found, list):
        raise explain_no_records(path)
    return found


def _read_records(records: list[Any]) -> Iterator[dict[str, str] | str]:
    for record in records:
        try:
            yield flatten_record(record)
        except NotFlat:
            yield json.dumps(record, ensure_ascii=False)
