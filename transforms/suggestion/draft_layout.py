"""Layout of a draft: how the files are read, which tables belong together, and the persons of a row."""

import re
from collections.abc import Iterator, Sequence

from schemas.reader import Format, Reader
from schemas.unfilled import TODO
from transforms.suggestion.draft_column import Addressed
from transforms.suggestion.grid import UTF8, generalize_name
from transforms.suggestion.person import Persons
from transforms.suggestion.placement import PlacedColumn
from transforms.suggestion.scalar import quote, write_flow, write_words
from transforms.suggestion.table import SuggestedTable
from transforms.suggestion.tie import Tied, TiedTables
from transforms.wording import level_words

PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")


def name_tables(tied: TiedTables, files: Sequence[str]) -> list[str]:
    """A name for each table, the cases first: that of its sheet or file in an archive, where it is a word."""
    names: list[str] = []
    for number, table in enumerate(_list_tables(tied), 1):
        part = table.reader.sheet or (table.reader.member or "").rpartition(".")[0].strip("*")
        word = re.sub(r"\W+", "_", level_words(part)).strip("_")
        name = word if PLAIN_NAME.fullmatch(word) and word not in names else f"table_{number}"
        names.append(name)
    return names


def address_columns(tied: TiedTables, names: Sequence[str]) -> list[Addressed]:
    """The columns of all tables; those of linked ones with the name of their table before theirs."""
    tables = _list_tables(tied)
    return [
        (f"{name}.{one.column.name}" if table is not tied.cases else one.column.name, one)
        for name, table in zip(names, tables, strict=True)
        for one in table.columns
    ]


def _list_tables(tied: TiedTables) -> list[SuggestedTable]:
    return [tied.cases, *(one.table for one in tied.others)]


def write_layout(tied: TiedTables, names: Sequence[str], files: Sequence[str]) -> Iterator[str]:
    """The sections `reader`, or `tables`, `cases` and `link`; and `persons`."""
    if not tied.others:
        unnamed = {"sheet": None} if tied.cases.is_first else {}  # a name may change, its place does not
        reader = tied.cases.reader.model_copy(update=unnamed)
        yield f"reader: {write_reader(reader, tied.cases.has_header)}"
        yield from _remark(tied.cases)
    else:
        yield "tables:"
        for name, table in zip(names, _list_tables(tied), strict=True):
            yield from _write_table(name, table, _list_tables(tied), files)
        yield f"cases: {names[0]}  # the table of which one row is one victim"
        yield "link:"
        for name, one in zip(names[1:], tied.others, strict=True):
            yield f"  - {_write_link(name, one)}"
    yield from _remark_others(tied)
    if tied.cases.persons:
        yield from _write_persons(tied.cases.persons, tied.cases.columns)


def _write_table(
    name: str, table: SuggestedTable, tables: Sequence[SuggestedTable], files: Sequence[str]
) -> Iterator[str]:
    yield f"  {name}:"
    if len({one.file for one in tables}) > 1:
        yield f"    file: {_write_pattern(table.file, files)}"
    yield f"    reader: {write_reader(table.reader, table.has_header)}"
    yield from _remark(table)


def _write_pattern(file: int, files: Sequence[str]) -> str:
    """The file's name with `*` for its numbers; a person sees to it that it tells no name."""
    if file >= len(files):
        return f'{TODO}  # a part of the name by which the file is known, such as "*persons*"'
    pattern = generalize_name(files[file], list(files))
    return f"{quote(pattern)}  # what changes from delivery to delivery is *; no name of a person"


def _write_link(name: str, one: Tied) -> str:
    parts = {"table": name, "on": quote(one.on) if one.on else TODO}
    if one.to:
        parts["to"] = quote(one.to)
    if one.many:
        parts["many"] = "true"
    return write_flow(parts)


def write_reader(reader: Reader, has_header: bool = True) -> str:
    """The layout of one file in one line, without what is so by itself."""
    parts = {"format": reader.format.value}
    if reader.member:
        parts["member"] = quote(reader.member)
    if not reader.format.is_workbook and reader.encoding != UTF8:
        parts["encoding"] = str(reader.encoding)
    if reader.format is Format.DELIMITED and reader.delimiter != ",":
        parts["delimiter"] = quote(reader.delimiter)
    parts |= {key: quote(value) for key in ("sheet", "records") if (value := getattr(reader, key))}
    if reader.repeated:
        parts["repeated"] = write_words(reader.repeated)
    if not has_header:
        parts["header_row"] = TODO
    elif reader.header_rows != (1,):
        rows = reader.header_rows
        parts["header_row"] = str(rows[0]) if len(rows) == 1 else f"[{', '.join(map(str, rows))}]"
    parts |= {
        key: str(row) for key in ("label_row", "first_row", "last_row") if (row := getattr(reader, key))
    }
    for rule in reader.skip_rows:
        column = {"column": quote(rule.column)} if rule.column else {}
        words = {**column, "words": write_words(rule.words), "reason": rule.reason, "and_below": "true"}
        parts["skip_rows"] = f"[{write_flow(words)}]"
    return write_flow(parts)


def _remark(table: SuggestedTable) -> Iterator[str]:
    if not table.has_header:
        yield "# Found no row of column names. Where the file has one write its number above, and each name"
        yield "# under columns; else ask the publisher for one."
    if table.reader.last_row:
        yield "# Notes follow the last row. Where it differs from file to file say so by skip_rows."
    if table.is_cut:
        yield f"# Only the first {table.rows:,} rows were looked at: notes at the end are not seen."


def _remark_others(tied: TiedTables) -> Iterator[str]:
    if tied.alike:
        yield f"# {tied.alike} more sheets or files have the same columns: a description reads one of them."
    if tied.left_out - tied.alike:
        number = tied.left_out - tied.alike
        yield f"# {number} more sheets or files are not read: no column ties them to this."


def _write_persons(persons: Persons, columns: Sequence[PlacedColumn]) -> Iterator[str]:
    yield "persons:  # a row has several persons, and each filled group of columns is one"
    numbered = persons.groups == tuple(str(n) for n in range(1, len(persons.groups) + 1))
    yield f"  groups: {len(persons.groups) if numbered else write_words(persons.groups)}"
    yield "  columns:"
    for one in columns:
        if one.column.sources:
            written = persons.write_columns(one.column.name)
            said = quote(written) if isinstance(written, str) else write_words(written)
            yield f"    {quote(one.column.name)}: {said}"
