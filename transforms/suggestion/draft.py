"""Draft: the text of a `source.yml`, complete but for what is marked TODO and only a person can decide."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from schemas.case import case_fields
from schemas.codelist import load_codelist
from schemas.field import Requirement
from schemas.reader import Format, Reader
from transforms.suggestion.lookup import DraftLookup, build_lookups, name_lookup
from transforms.suggestion.placement import Place, PlacedColumn
from transforms.suggestion.table import SuggestedTable
from transforms.suggestion.vocabulary import is_missing, list_flags

TODO = "# TODO"
HEAD = """\
# Drafted by `palermo suggest`. No person has checked it: read every line, decide what is marked TODO, and
# remove the marks. A column that stands nowhere in this file is refused at the door unless it is blank.
"""
GIVEN_BY_PEOPLE = {
    "data_source_type": "what kind of register it is",
    "trafficking_status": "the weakest that is true of every row",
    "consent_publication": "true only if the agreement covers publication of what identifies nobody",
}


@dataclass(frozen=True)
class Draft:
    """The text, and the lookups in it, for the account of what is left."""

    text: str = field(repr=False)
    lookups: dict[str, DraftLookup] = field(repr=False)


def write_draft(tables: Sequence[SuggestedTable], *, country: str | None, least: int) -> Draft:
    """The description of a source of one table or several; `least` is the fewest rows of a word shown."""
    named = {table: f"table_{number}" for number, table in enumerate(map(id, tables), 1)}
    main = max(tables, key=_count_used)
    addressed = [
        (f"{named[id(table)]}." if table is not main else "", one)
        for table in [main, *(table for table in tables if table is not main)]
        for one in table.columns
    ]
    columns = _drop_repeated(addressed)
    lookups = build_lookups([one for _, one in columns], least)
    parts = (
        [HEAD.rstrip()],
        _write_publisher(country),
        _write_layout(tables, main, named),
        _write_columns(columns),
        _write_constants(columns, country),
        _write_unused(columns),
        _write_missing(columns),
        _write_lookups(lookups, least),
    )
    return Draft("\n\n".join("\n".join(part) for part in map(list, parts) if part) + "\n", lookups)


def quote(text: str) -> str:
    """A YAML scalar in double quotes, in which no sign means anything to YAML or a terminal."""
    signs = json.dumps(text, ensure_ascii=False)
    return "".join(s if s.isprintable() else f"\\U{ord(s):08x}" for s in signs)


def _count_used(table: SuggestedTable) -> int:
    return sum(one.placement.is_used for one in table.columns)


def _drop_repeated(addressed: Sequence[tuple[str, PlacedColumn]]) -> list[tuple[str, PlacedColumn]]:
    """Columns of further tables give no field that the table of cases gives, and no key."""
    given = {one.placement.target for prefix, one in addressed if not prefix and one.placement.is_used}
    return [
        (prefix, one)
        for prefix, one in addressed
        if not prefix
        or not one.placement.is_used
        or (one.placement.target not in given and one.placement.place is not Place.KEY)
    ]


def _write_publisher(country: str | None) -> Iterator[str]:
    mark = "" if country else "  # TODO: ISO 3166 alpha-3"
    yield f'title: "TODO"  {TODO}: country and register in one line'
    yield f'publisher: {{name: "TODO", country: {country or "ZZZ"}}}{mark}'
    yield f"terms:  {TODO}: add agreement, on what grounds the data are here; nothing is released without"
    yield "  licence: restricted-submission"
    yield f"schedule: {{every: year}}  {TODO}: month, quarter, year or once"


def _write_layout(
    tables: Sequence[SuggestedTable], main: SuggestedTable, named: dict[int, str]
) -> Iterator[str]:
    if len(tables) == 1:
        yield f"reader: {_write_reader(main.reader)}"
        yield from _remark_layout(main)
        return
    yield "tables:"
    for table in tables:
        yield f"  {named[id(table)]}:"
        yield f'    file: "*"  {TODO}: a part of the file\'s name by which it is known, such as "*persons*"'
        yield f"    reader: {_write_reader(table.reader)}"
        yield from _remark_layout(table)
    yield f"cases: {named[id(main)]}  {TODO}: the table of which one row is one victim"
    yield from _write_link(tables, main, named)


def _write_link(
    tables: Sequence[SuggestedTable], main: SuggestedTable, named: dict[int, str]
) -> Iterator[str]:
    own = {one.column.name for one in main.columns if one.column.name}
    for table in tables:
        for one in table.columns if table is not main else ():
            profile = one.column.profile
            if one.column.name in own and profile.filled and profile.different == profile.filled:
                yield f"link: {{table: {named[id(table)]}, on: {quote(one.column.name)}}}"
                return
    yield f"{TODO} link: {{table: , on: }}"


def _write_reader(reader: Reader) -> str:
    parts = {"format": reader.format.value}
    if reader.format is not Format.XLSX and reader.encoding != "utf-8-sig":
        parts["encoding"] = reader.encoding
    if reader.format is Format.DELIMITED and reader.delimiter != ",":
        parts["delimiter"] = quote(reader.delimiter)
    if reader.sheet:
        parts["sheet"] = quote(reader.sheet)
    if reader.header_rows != (1,):
        rows = reader.header_rows
        parts["header_row"] = str(rows[0]) if len(rows) == 1 else f"[{', '.join(map(str, rows))}]"
    parts |= {key: str(row) for key in ("label_row", "last_row") if (row := getattr(reader, key))}
    return "{" + ", ".join(f"{key}: {value}" for key, value in parts.items()) + "}"


def _remark_layout(table: SuggestedTable) -> Iterator[str]:
    if not table.has_header:
        yield f"{TODO}: the file has no row of column names: ask the publisher for one"
    if table.total_row:
        yield f"{TODO}: totals follow the rows: add skip_rows to the reader, with the word that begins them"
    if table.reader.last_row:
        yield f"{TODO}: notes follow the last row; where it differs from file to file say so by skip_rows"


def _write_columns(columns: Iterable[tuple[str, PlacedColumn]]) -> Iterator[str]:
    used = [(prefix, one) for prefix, one in columns if one.placement.is_used]
    yield "columns:" if used else "columns: {}"
    for prefix, one in used:
        name, why = quote(prefix + one.column.name), f"{one.placement.confidence:.2f}"
        if not one.column.name:
            yield f"  {TODO}: column {one.column.position} looks like {one.placement.target} ({why})"
        else:
            yield f"  {name}: {{{_describe(one)}}}  # {why}: {_comment(one.placement.reason)}"
    yield from _write_open(columns)
    labels = [(p, one) for p, one in columns if one.placement.place is Place.CONCATENATED]
    if labels:
        yield ""
        yield "concatenated:"
    for prefix, one in labels:
        separator = (one.placement.words.separator if one.placement.words else None) or ";"
        name = quote(prefix + one.column.name)
        yield f"  {name}: {{flags: {name_lookup(one)}, separator: {quote(separator)}}}"


def _write_open(columns: Iterable[tuple[str, PlacedColumn]]) -> Iterator[str]:
    undecided = [(prefix, one) for prefix, one in columns if one.placement.place is Place.UNDECIDED]
    if undecided:
        yield f"  {TODO}: decide on each: a field here, or under ignored with a reason, or under refused"
    for prefix, one in undecided:
        name = quote(prefix + one.column.name) if one.column.name else f"column {one.column.position}"
        yield f"  {TODO} {name}: {{field: }}  # {_comment(one.placement.reason)}"


def _describe(one: PlacedColumn) -> str:
    placement = one.placement
    if placement.place is Place.KEY:
        return "key: true"
    separator = placement.words.separator if placement.words else None
    parts = {"field": placement.target}
    if placement.place is Place.FLAGS:
        parts = {"flags": str(name_lookup(one))}
    elif lookup := name_lookup(one):
        parts["lookup"] = lookup
    if separator:
        parts["separator"] = quote(separator)
    if placement.date:
        parts["date"] = quote(placement.date)
    return ", ".join(f"{key}: {value}" for key, value in parts.items())


def _write_constants(columns: Iterable[tuple[str, PlacedColumn]], country: str | None) -> Iterator[str]:
    given = {one.placement.target for _, one in columns if one.placement.is_used and one.column.name}
    flags = {
        flag
        for _, one in columns
        if one.placement.place is Place.FLAGS
        for flag in list_flags(one.placement.target)
    }
    yield "constants:" if country and "reporting_country" not in given else "constants: {}"
    if country and "reporting_country" not in given:
        yield f"  reporting_country: {country}"
    for name, why in GIVEN_BY_PEOPLE.items():
        if name not in given | flags:
            yield f"  {TODO} {name}: {_list_choices(name)}  # {why}"
    if "year_of_registration" not in given:
        yield f"  {TODO} year_of_registration:   # where the file is of one year and no column tells it"
    expected = [f.name for f in case_fields().values() if f.requirement is Requirement.EXPECTED]
    missing = [
        n for n in expected if n not in given | flags and n not in {*GIVEN_BY_PEOPLE, "reporting_country"}
    ]
    yield ""
    yield f"{TODO}: {len(missing)} more fields are expected; list under not_collected what is never asked"


def _list_choices(name: str) -> str:
    codelist = case_fields()[name].codelist
    return " | ".join(load_codelist(codelist).codes) if codelist else "true"


def _write_unused(columns: Iterable[tuple[str, PlacedColumn]]) -> Iterator[str]:
    for place in (Place.IGNORED, Place.REFUSED):
        found = [(p, one) for p, one in columns if one.placement.place is place]
        if found:
            yield f"{place.value}:"
        for prefix, one in found:
            name = one.column.name or f"column {one.column.position}"
            yield f"  {quote(prefix + name)}: {one.placement.target}"


def _write_missing(columns: Iterable[tuple[str, PlacedColumn]]) -> Iterator[str]:
    """Words of no answer that stand in placed columns; all of them are in the public vocabulary."""
    found: dict[str, str] = {}
    for _, one in columns:
        if one.placement.place is Place.FIELD or one.placement.place is Place.FLAGS:
            words = one.placement.words.missing if one.placement.words else {}
            found |= {cell: "unknown" for cell in one.column.profile.counts if is_missing(cell)} | dict(words)
    if found:
        yield "missing:"
        yield from (f"  {quote(word)}: {reason}" for word, reason in _spell_once(found).items())


def _spell_once(words: dict[str, str]) -> dict[str, str]:
    return dict({word.casefold(): (word, code) for word, code in words.items()}.values())


def _write_lookups(lookups: dict[str, DraftLookup], least: int) -> Iterator[str]:
    if lookups:
        yield "lookups:"
    for name, lookup in lookups.items():
        yield f"  {name}:" if lookup.codes else f"  {name}: {{}}"
        for word, code in lookup.codes.items():
            yield f"    {quote(word)}: {_write_code(name, code)}"
        for word, number in lookup.to_place.items():
            yield f"    {TODO} {quote(word)}:   # in {number:,} rows"
        for column, number in lookup.rare.items():
            where = quote(column) if column else "the file"
            yield f"    {TODO}: {number:,} more words in fewer than {least} rows each: look at {where} itself"


def _write_code(lookup: str, code: str) -> str:
    """Flags as a list, so that a word may name several, or none; numbers and codes as they are."""
    if not code:
        return "[]  # known, and sets no flag that is mapped"
    if code in case_fields():
        return f"[{code}]"
    return code if code.isdigit() and len(code) == 1 else quote(code)


def _comment(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)[:120]
