"""JSON lines: one flat object a line; bytes in, cells out."""

from collections.abc import Iterator

from schemas.reader import Reader
from transforms.readers.content import Content, clean_text
from transforms.readers.encoding import decode_content
from transforms.readers.json_text import parse_json
from transforms.readers.nested import NotFlat, build_content
from transforms.readers.plain_value import write_plain


def read_json_lines(content: bytes, reader: Reader) -> Content:
    """Read one object a line; the columns are the keys in the order of their first appearance.

    Raises:
        FileUnreadable: not text in the encoding of the source.
    """
    return build_content(_read_lines(decode_content(content, reader)))


def _read_lines(text: str) -> Iterator[tuple[int, dict[str, str] | str]]:
    """The records by the numbers of their lines; as text where a line is none."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, _parse_line(line)
        except (ValueError, RecursionError):
            yield number, line


def _parse_line(line: str) -> dict[str, str]:
    value = parse_json(line)
    if not isinstance(value, dict) or any(isinstance(cell, dict | list) for cell in value.values()):
        raise NotFlat
    return {clean_text(name): write_plain(cell) for name, cell in value.items()}
