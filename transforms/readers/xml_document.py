"""XML documents: elements that are records; bytes in, cells out. No DTD, no entity, no network."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from lxml import etree

from schemas.reader import Reader
from schemas.unreadable import Unreadable
from transforms.readers.content import MOST_COLUMNS, Content, FileUnreadable
from transforms.readers.nested import NotFlat, build_content, explain_no_records, flatten_record

OWN_TEXT = "text()"
DOCTYPE = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E", re.IGNORECASE)


def read_xml(content: bytes, reader: Reader) -> Content:
    """Read the elements at `records`, a dotted path below the root; namespaces are left out of names.

    Raises:
        FileUnreadable: not XML, with a DTD, without such elements, or with more attributes than columns.
    """
    records = _find_records(parse_xml(content), reader.records)
    if not records:
        raise explain_no_records(reader.records)
    _refuse_wide(records)
    repeated = frozenset(reader.repeated) | find_repeated(records)
    return build_content(enumerate(_read_records(records, repeated), 1))


def parse_xml(content: bytes) -> Any:
    """The root of a document.

    Raises:
        FileUnreadable: not XML, or with a DTD.
    """
    if not content.strip():
        raise FileUnreadable(Unreadable.EMPTY)
    if DOCTYPE.search(content):
        raise FileUnreadable(Unreadable.DOCUMENT_TYPE)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):  # the message of the parser may quote the file
        raise FileUnreadable(Unreadable.NOT_XML) from None
    if root.getroottree().docinfo.doctype:  # in an encoding that the search above does not see through
        raise FileUnreadable(Unreadable.DOCUMENT_TYPE)
    return root


def _find_records(root: Any, path: str | None) -> list[Any]:
    found = [root]
    for step in path.split(".") if path else ():
        found = [child for element in found for child in element if name_element(child) == step]
    return found if path else list(root)


def _refuse_wide(records: list[Any]) -> None:
    """Counted before they are read: the library looks each attribute up among all of its element.

    Raises:
        FileUnreadable: an element has more attributes than a table may have columns.
    """
    if any(len(element.attrib) > MOST_COLUMNS for record in records for element in record.iter()):
        raise FileUnreadable(Unreadable.TOO_MANY_NAMES, most=MOST_COLUMNS)


def _read_records(records: list[Any], repeated: frozenset[str]) -> Iterator[dict[str, str] | str]:
    for record in records:
        try:
            yield _name_own_text(flatten_record(_convert(record, repeated)))
        except (NotFlat, RecursionError):
            yield " ".join(_list_texts(record))


def _name_own_text(cells: dict[str, str]) -> dict[str, str]:
    """The text of the record itself, which has no name, under that of XPath."""
    return {name or OWN_TEXT: cell for name, cell in cells.items()}


def _list_texts(record: Any) -> Iterator[str]:
    """Every text of a record, those of attributes too: it is to be screened."""
    for element in record.iter():
        yield from element.attrib.values()
    yield from record.itertext()


def find_repeated(records: list[Any]) -> frozenset[str]:
    """Names of elements of which some record has several beside each other; they are numbered in all."""
    return frozenset(
        name
        for record in records
        for element in record.iter()
        for name, number in Counter(map(name_element, element)).items()
        if number > 1
    )


def _convert(element: Any, repeated: frozenset[str]) -> Any:
    """An element as a mapping of attributes and children, or as its text where it has neither.

    Raises:
        NotFlat: text stands between its children, which no column would hold.
    """
    if any((child.tail or "").strip() for child in element):
        raise NotFlat
    values: dict[str, Any] = {f"@{_local(name)}": value for name, value in element.attrib.items()}
    children: dict[str, list[Any]] = defaultdict(list)
    for child in element:
        children[name_element(child)].append(_convert(child, repeated))
    for name, several in children.items():
        values[name] = several if name in repeated or len(several) > 1 else several[0]
    text = (element.text or "").strip()
    if not values:
        return text
    return {**values, "": text} if text else values


def name_element(element: Any) -> str:
    """The name of an element without its namespace; blank for what is none."""
    return _local(element.tag) if isinstance(element.tag, str) else ""


def _local(name: str) -> str:
    return etree.QName(name).localname
