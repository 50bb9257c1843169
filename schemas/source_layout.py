"""Whether the tables and the repeated columns of a source description hang together."""

from collections.abc import Iterator

from schemas.problem import Path, Problem
from schemas.source import Source
from schemas.source_check import list_columns_by_path

ANY_FILE = "*"


def find_layout_problems(source: Source, mentioned: frozenset[str]) -> Iterator[Problem]:
    """A problem for each link that leads nowhere and each column that a table of many rows cannot give.

    `mentioned` are the words of entries that could not be read: a table among them is not forgotten.
    """
    yield from _find_broken_links(source)
    yield from _find_unlinked(source, mentioned)
    yield from _find_unnamed_files(source)
    yield from _find_misplaced_columns(source)
    yield from _find_repeated_columns(source, mentioned)


def _find_broken_links(source: Source) -> Iterator[Problem]:
    linked = {source.cases}
    for number, link in enumerate(source.link):
        table = (link.on or "").partition(".")[0]
        if link.table in linked:
            yield Problem(("link", number, "table"), f"{link.table} is linked already, or is the case table")
        if table in source.tables and table not in linked:
            said = f"{table} must be linked before, and not as a table of many rows"
            yield Problem(("link", number, "on"), said)
        linked |= set() if link.many else {link.table}


def _find_unlinked(source: Source, mentioned: frozenset[str]) -> Iterator[Problem]:
    unlinked = set(source.tables) - {source.cases} - {link.table for link in source.link}
    unlinked -= {source.perpetrators.table} if source.perpetrators else set()
    for table in sorted(unlinked - mentioned):
        yield Problem(("tables", table), "nothing says how its rows belong to cases; add it under link")


def _find_unnamed_files(source: Source) -> Iterator[Problem]:
    """Tables that any file fits, beside others that are no sheets or members of the same file."""
    for name, table in source.tables.items():
        others = [other for key, other in source.tables.items() if key != name]
        if (
            table.file == ANY_FILE
            and others
            and not (table.reader.part and all(other.reader.part for other in others))
        ):
            said = "any file fits this table; say by file which one holds it, such as file: persons*"
            yield Problem(("tables", name), said)


def _find_misplaced_columns(source: Source) -> Iterator[Problem]:
    """A table of many rows gives flags and fields; keys, compared text and filters need one row a case."""
    many = {link.table for link in source.link if link.many}
    for path, column in list_columns_by_path(source).items():
        if str(path[-1]).partition(".")[0] in many and (column.key or path[0] == "concatenated"):
            yield Problem(path, "a case has many rows there; give a column of the case table")
    for number, row_filter in enumerate(source.ignored_rows):
        if row_filter.column.partition(".")[0] in many:
            said = "a case has many rows there; skip rows of that table under its reader"
            yield Problem(("ignored_rows", number, "column"), said)


def _find_repeated_columns(source: Source, mentioned: frozenset[str]) -> Iterator[Problem]:
    persons = source.persons
    if persons is None:
        return
    used = {str(path[-1]) for path in list_columns_by_path(source)} | {*source.ignored, *source.refused}
    used |= {row_filter.column for row_filter in source.ignored_rows}
    told: dict[str, str] = {}
    for name in persons.columns:
        path: Path = ("persons", "columns", name)
        if name not in used | mentioned:
            yield Problem(path, f"say under columns what {name} means, or list it under ignored")
        for column in persons.name_columns(name):
            if column in told or (column in used and column != name):
                other = told.get(column, "another section")
                yield Problem(path, f"{column} stands under {other} as well; a column is one of one group")
            told[column] = name
