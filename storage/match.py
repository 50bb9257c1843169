"""Matches among stored cases: keys that several cases of a submission share, and what one changes.

DuckDB answers over Parquet, for some of the keys at a time: its memory grows little with the cases.
"""

from collections.abc import Iterator

import duckdb

from schemas.case import KEY_FIELD, MADE_BY_PALERMO, case_fields
from schemas.submission import Revision
from storage.content import StoredFile
from storage.parquet import ROW
from storage.relation import count_rows, open_cases, open_dataset

KEYS_AT_ONCE = 2_000_000


def find_repeated_rows(path: StoredFile, key: str) -> tuple[int, ...]:
    """Row numbers of the cases of a file whose key, a field of the case, another case of it has too."""
    with open_cases([path]) as connection:
        rows = (row for part in _list_parts(connection, key) for row in _find_repeated(connection, key, part))
        return tuple(sorted(rows))


def _find_repeated(connection: duckdb.DuckDBPyConnection, key: str, part: str) -> list[int]:
    # counted first: a window over all rows would hold each of them
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE twice AS SELECT {key} FROM cases "  # noqa: S608
        f"WHERE {key} IS NOT NULL AND {part} GROUP BY {key} HAVING count(*) > 1"
    )
    if not count_rows(connection, "SELECT count(*) FROM twice"):
        return []
    found = connection.sql(f"SELECT {ROW} FROM cases SEMI JOIN twice USING ({key})")  # noqa: S608
    return [int(row) for (row,) in found.fetchall()]


def compare_cases(now: StoredFile, before: StoredFile) -> Revision:
    """Cases that are new, changed or gone, told by their key; `before` is what would be replaced.

    A source without a key column is compared row by row: its key is the number of the row. Cases are equal
    where 64-bit hashes of all their fields are.
    """
    fields = [name for name in case_fields() if name not in MADE_BY_PALERMO]
    said = ", ".join(f"{name}::VARCHAR" for name in fields)
    hashes = f"SELECT hash({KEY_FIELD}) AS key, hash([{said}]) AS said FROM"
    with open_cases([now]) as connection:
        connection.register("replaced", open_dataset([before]))
        connection.execute(f"CREATE TABLE now AS {hashes} cases; CREATE TABLE before AS {hashes} replaced")
        added, changed, removed, same = connection.sql(
            "SELECT count(*) FILTER (before.key IS NULL), count(*) FILTER (now.said != before.said),"
            " count(*) FILTER (now.key IS NULL), count(*) FILTER (now.said = before.said)"
            " FROM now FULL JOIN before USING (key)"
        ).fetchall()[0]
    return Revision(added, changed, removed, same)


def have_same_cases(one: StoredFile, other: StoredFile) -> bool:
    """Whether both files have the same cases, in any order and under any key; by 64-bit hashes of a case."""
    said = ", ".join(f"{name}::VARCHAR" for name in case_fields() if name not in MADE_BY_PALERMO)
    with open_cases([one]) as connection:
        connection.register("others", open_dataset([other]))
        for name, table in (("mine", "cases"), ("theirs", "others")):
            connection.execute(f"CREATE TABLE {name} AS SELECT hash([{said}]) AS said FROM {table}")  # noqa: S608
        differences = "(FROM mine EXCEPT ALL FROM theirs) UNION ALL (FROM theirs EXCEPT ALL FROM mine)"
        return not count_rows(connection, f"SELECT count(*) FROM ({differences})")  # noqa: S608


def _list_parts(connection: duckdb.DuckDBPyConnection, key: str) -> Iterator[str]:
    """Conditions that part the keys evenly: all cases of a key are in one part."""
    number = count_rows(connection, "SELECT count(*) FROM cases") // KEYS_AT_ONCE + 1
    return (f"hash({key}) % {number} = {part}" for part in range(number))
