"""Sheet part: what the XML of an Excel sheet says beside its values: formulas, errors, hidden rows, comments.

The library that reads the values gives a formula's last result and leaves errors blank, so both are looked
for here. Most sheets have neither, which a search through the bytes shows; only others are parsed.
ECMA-376 part 1, chapters 18.3 (worksheets) and 18.7 (comments); part 2 (packages).
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import IO, Any

from lxml import etree

PIECE = 2**22
OVERLAP = 64
DECLARATION = rb"<\?xml(?:(?!encoding)[^>])*(?:encoding=[\"']utf-8[\"'][^>]*)?>"
PLAIN_ROOT = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:%s\s*)?<worksheet[\s>]" % DECLARATION, re.IGNORECASE)
TELLING = (b't="e"', b"='", b"= ", b" =", b'"&', b"hidden", b"<!")
TELLING_ELEMENT = (re.compile(rb"<f[\s/>]"), re.compile(rb":f[\s/>]"), re.compile(rb":c[\s/>]"))
"""What a sheet without formulas, errors, hidden cells and declarations has in its texts only, if at all."""

BEYOND = re.compile(rb"""r="(?:[A-Z]{3}\d+|[E-Z][A-Z]\d+|[A-Z]{0,2}\d{7,})\"""")
NOT_PLAIN = (*TELLING_ELEMENT, BEYOND)
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
MARKED = etree.XPath("*[local-name()='c'][@t='e' or *[local-name()='f']]")
LAST = etree.XPath("string(*[local-name()='c'][last()]/@r)")
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


COMMENTS = ("comments", "threadedComment")


class PartBroken(Exception):
    """The workbook's parts do not fit together, or declare what no workbook declares."""


@dataclass
class SheetFacts:
    """Cells by row and column from 1; `hidden_columns` are ranges; `rows` and `columns` are the last ones.

    `hidden_sheets` are places among all sheets, and `comments` are those of the whole file.

    Of a plain sheet the last ones are not known: it has less than a million rows and at most 130 columns.
    """

    marked: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    hidden_sheets: list[int] = field(default_factory=list)
    comments: int = 0
    rows: int = 0
    columns: int = 0

    def reach(self, row: int, column: int) -> None:
        """Note that a cell stands there: the library lays out every cell up to the last one."""
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)


def read_sheet_facts(archive: zipfile.ZipFile, sheet: str) -> SheetFacts:
    """What the part of a sheet says.

    Raises:
        PartBroken: the part is not there, or has a declaration of types.
        KeyError, lxml.etree.XMLSyntaxError, zipfile.BadZipFile: the archive is damaged.
    """
    part = _find_part(archive, sheet)
    with archive.open(part) as stream:
        is_plain = _is_plain(stream)
    facts = SheetFacts()
    if not is_plain:
        with archive.open(part) as stream:
            _read_rows(stream, facts)
    facts.comments = _count_comments(archive, part)
    return facts


def _find_part(archive: zipfile.ZipFile, sheet: str) -> str:
    workbook = _parse(archive, "xl/workbook.xml")
    relations = read_relations(archive, "xl/workbook.xml")
    parts = [
        relations.get(element.get(RELATION) or element.get(STRICT_RELATION) or "")
        for element in workbook.iter("{*}sheet")
        if element.get("name") == sheet
    ]
    if len(parts) != 1 or parts[0] is None:
        raise PartBroken
    return parts[0][1]


def read_relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Id to kind and part of what a part refers to; the kind is the last word of its URL."""
    folder, name = posixpath.split(part)
    path = f"{folder}/_rels/{name}.rels"
    if path not in archive.namelist():
        return {}
    relations: dict[str, tuple[str, str]] = {}
    for element in _parse(archive, path).iter("{*}Relationship"):
        target = element.get("Target", "")
        place = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        relations[element.get("Id", "")] = (element.get("Type", "").rpartition("/")[2], place)
    return relations


def _parse(archive: zipfile.ZipFile, part: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    with archive.open(part) as stream:
        tree = etree.parse(stream, parser)
    if tree.docinfo.doctype:
        raise PartBroken
    return tree.getroot()


def _is_plain(stream: IO[bytes]) -> bool:
    """Whether a search through the bytes shows that there is nothing to tell."""
    rest = stream.read(PIECE)
    if not PLAIN_ROOT.match(rest):
        return False
    while rest:
        if any(sign in rest for sign in TELLING) or any(each.search(rest) for each in NOT_PLAIN):
            return False
        piece = stream.read(PIECE)
        rest = rest[-OVERLAP:] + piece if piece else b""
    return True


def _read_rows(stream: IO[bytes], facts: SheetFacts) -> None:
    events = etree.iterparse(
        stream, events=("end",), tag=("{*}row", "{*}col"), resolve_entities=False, no_network=True
    )
    number = 0
    for _, element in events:
        if not number and element.getroottree().docinfo.doctype:
            raise PartBroken
        if etree.QName(element).localname == "col":
            _read_column(element, facts)
            continue
        number = int(element.get("r") or number + 1)
        _read_row(element, number, facts)
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _read_column(element: Any, facts: SheetFacts) -> None:
    if _is_true(element.get("hidden")):
        facts.hidden_columns.append((int(element.get("min", 1)), int(element.get("max", 1))))


def _read_row(row: Any, number: int, facts: SheetFacts) -> None:
    if _is_true(row.get("hidden")):
        facts.hidden_rows.append(number)
    facts.reach(number, _place(LAST(row), 0))
    for cell in MARKED(row):
        before = sum(1 for _ in cell.itersiblings(preceding=True))
        facts.marked.add((number, _place(cell.get("r", ""), before + 1)))


def _place(reference: str, otherwise: int) -> int:
    """The column of a reference such as AB12, from 1."""
    match = REFERENCE.fullmatch(reference)
    if not match:
        return otherwise
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return column


def _is_true(written: str | None) -> bool:
    return written in ("1", "true")


def _count_comments(archive: zipfile.ZipFile, part: str) -> int:
    """Comments of all sheets, of the old kind and in threads; their text is never read out."""
    counts = dict.fromkeys(COMMENTS, 0)
    for kind, place in list_comment_parts(archive, part):
        root = _parse(archive, place)
        counts[kind] += sum(1 for _ in chain(root.iter("{*}comment"), root.iter("{*}threadedComment")))
    return max(counts.values())


def list_comment_parts(archive: zipfile.ZipFile, part: str) -> set[tuple[str, str]]:
    """Kind and place of the parts with comments, of every part that lies beside that of a sheet."""
    folder = posixpath.dirname(part)
    begin, end = f"{folder}/_rels/", ".rels"
    names = archive.namelist()
    beside = [n for n in names if n.startswith(begin) and n.endswith(end)]
    sheets = {part, *(f"{folder}/{name[len(begin) : -len(end)]}" for name in beside)}
    related = (found for sheet in sheets for found in read_relations(archive, sheet).values())
    return {(kind, place) for kind, place in related if kind in COMMENTS and place in names}


def list_hidden_columns(facts: SheetFacts, width: int) -> Iterator[int]:
    """The hidden columns among the first `width`, from 1."""
    for first, last in facts.hidden_columns:
        yield from range(max(first, 1), min(last, width) + 1)
