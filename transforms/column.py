"""Columns: which table a name of the source description means, and how a finding may name a column."""

from collections.abc import Iterable, Mapping

from schemas.finding import Finding, FindingCode, Level
from schemas.link import Link
from schemas.source import Source
from transforms.mapped import RawTable


def locate_column(source: Source, address: str) -> tuple[str, str]:
    """Table and column of an address: `table.column`, or a plain column of the case table."""
    table, _, column = address.partition(".")
    return (table, column) if column and table in source.tables else (source.cases, address)


def name_target(source: Source, link: Link) -> str:
    """The column of the linked table that has the number of the case."""
    return link.to or locate_column(source, link.on or "")[1]


def list_used_columns(source: Source, table: str) -> tuple[str, ...]:
    """Columns of a table without which it cannot be mapped and compared."""
    needed = [name for name, column in source.columns.items() if not column.optional]
    needed += [*source.concatenated, *_filter_columns(source), *_shared_column(source)]
    needed += source.stated.columns if source.stated else ()
    mapped = list_columns(source, table, needed)
    return tuple(dict.fromkeys([*mapped, *_layout_columns(source, table)]))


def list_known_columns(source: Source, table: str) -> tuple[str, ...]:
    """Every column of a table that the source description names; only these names may be quoted."""
    named = [*source.columns, *source.concatenated, *_filter_columns(source), *source.ignored]
    named += _shared_column(source)
    named += source.stated.columns if source.stated else ()
    named += [*source.refused, *source.labels, *source.aliases.values()]
    named += source.persons.columns if source.persons else ()
    placed = list_columns(source, table, named)
    return tuple(dict.fromkeys([*placed, *_layout_columns(source, table)]))


def name_column(source: Source, table: RawTable, column: str) -> str:
    """The column's name if the source description knows it, else its position: a name can be a cell."""
    if column in list_known_columns(source, table.name):
        return column
    return f"column {table.frame.columns.get_loc(column) + 1}"


def check_columns(source: Source, tables: Mapping[str, RawTable]) -> tuple[Finding, ...]:
    """Columns that are mapped but missing, and columns that nobody has placed."""
    findings = []
    for table in tables.values():
        known = set(list_known_columns(source, table.name))
        there = {*table.frame.columns, *_list_absent_groups(source, table)}
        missing = [c for c in list_used_columns(source, table.name) if c not in there]
        unknown = [c for c in list_filled_columns(table) if c not in known]
        findings += [Finding(FindingCode.COLUMN_MISSING, 1, table=table.name, column=c) for c in missing]
        findings += [
            Finding(FindingCode.COLUMN_UNKNOWN, 1, table=table.name, column=name_column(source, table, c))
            for c in unknown
        ]
    return tuple(findings)


def list_columns(source: Source, table: str, addresses: Iterable[str]) -> tuple[str, ...]:
    """The columns of one table among some addresses, as they stand in its file."""
    located = (locate_column(source, address) for address in addresses)
    names = dict.fromkeys(column for where, column in located if where == table)
    return tuple(dict.fromkeys(column for name in names for column in name_repeated(source, table, name)))


def list_unusable_columns(table: RawTable) -> frozenset[str]:
    """Columns whose machine name and label disagree."""
    return frozenset(f.column or "" for f in table.findings if f.code is FindingCode.LABEL_DISAGREES)


def list_held_rows(findings: Iterable[Finding]) -> frozenset[int]:
    """Rows that findings hold as a whole, because their cells cannot be told apart."""
    whole = (f for f in findings if f.code.level is Level.HOLD and f.column is None)
    return frozenset(row for finding in whole for row in finding.rows)


def list_filled_columns(table: RawTable) -> list[str]:
    """Columns with a name of their own, and nameless ones with a cell in a row that is not held."""
    nameless = [f"column {position}" for position in range(1, len(table.frame.columns) + 1)]
    columns = table.frame.columns.intersection(nameless)
    usable = table.frame[columns].drop(index=list(list_held_rows(table.findings)))
    return [c for c in table.frame.columns if c not in usable or usable[c].ne("").any()]


def _filter_columns(source: Source) -> list[str]:
    return [row_filter.column for row_filter in source.ignored_rows]


def name_repeated(source: Source, table: str, name: str) -> tuple[str, ...]:
    """The columns of the file that a name stands for: several where each person of a row has one."""
    persons = source.persons
    is_repeated = persons is not None and table == source.cases and name in persons.columns
    return persons.name_columns(name) if persons and is_repeated else (name,)


def _list_absent_groups(source: Source, table: RawTable) -> frozenset[str]:
    """Columns of groups of which no column stands in the file, save the first: so many persons no row has."""
    persons = source.persons
    if persons is None or table.name != source.cases:
        return frozenset()
    groups = list(zip(*(persons.name_columns(name) for name in persons.columns), strict=True))[1:]
    absent = (group for group in groups if not set(group) & set(table.frame.columns))
    return frozenset(column for group in absent for column in group)


def _shared_column(source: Source) -> list[str]:
    return [source.shared_key.column] if source.shared_key else []


def _layout_columns(source: Source, table: str) -> list[str]:
    """Plain names that the layout and the ties of a table give, which are not addresses."""
    skipping = [rule.column for rule in source.tables[table].reader.skip_rows if rule.column]
    return [*skipping, *_linking_columns(source, table)]


def _linking_columns(source: Source, table: str) -> list[str]:
    """Plain names that `link` and `perpetrators` give."""
    names: list[str | None] = [*list_columns(source, table, (link.on for link in source.link if link.on))]
    names += [name_target(source, link) for link in source.link if link.table == table and link.on]
    people = source.perpetrators
    if people and table == people.table:
        names += [people.rows.column if people.rows else None, people.gender, people.age, people.citizenship]
        names.append(people.link)
    if people and table == source.cases:
        names.append(people.to or people.link)
    return [name for name in names if name]
