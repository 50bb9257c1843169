"""Any table on disk, through DuckDB: its rows are counted without being held."""

import tempfile
from collections.abc import Mapping, Sequence
from math import prod
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from storage.error import TableTooWide, TableUnreadable

MEMORY = "4GiB"
KEY = "palermo_class"

Numbers = NDArray[np.int64]
Codes = NDArray[np.int32]


class Table:
    """One CSV or Parquet file; every value is read as text, a missing one as the empty text.

    Use it in a `with`: its working space on disk goes at the end.
    """

    def __init__(self, path: Path, delimiter: str | None = None) -> None:
        """Open the file.

        Raises:
            TableUnreadable: not a CSV or Parquet file, or not there.
        """
        self._space = tempfile.TemporaryDirectory(prefix="palermo-table-")
        settings = {"memory_limit": MEMORY, "temp_directory": self._space.name}
        self._connection = duckdb.connect(config=dict(settings))
        self._connection.execute("SET temp_file_encryption = true")  # its key is never written down
        self._connection.execute("SET preserve_insertion_order = false")
        self._connection.execute("SET enable_progress_bar = false")
        try:
            given = _read(self._connection, path, delimiter)
            given.create_view("given")
        except (duckdb.Error, OSError) as error:
            self.__exit__()
            raise TableUnreadable(
                f"the table cannot be read ({type(error).__name__}); give a Parquet file, or a CSV file in "
                "UTF-8 with a header row, and its delimiter if that is not found"
            ) from None
        self.columns: tuple[str, ...] = tuple(given.columns)

    def __enter__(self) -> "Table":
        """The table itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the file and of the working space."""
        self._connection.close()
        self._space.cleanup()

    def list_values(self, column: str) -> list[str]:
        """The distinct values of a column, in their order."""
        found = self._connection.execute(f"SELECT DISTINCT {_text(column)} v FROM given ORDER BY v")  # noqa: S608
        return [value for (value,) in found.fetchall()]

    def count_classes(self, values: Mapping[str, Sequence[str]]) -> tuple[Numbers, Numbers]:
        """Classes over some columns: codes with a row a column and a column a class, and cases by class.

        A code is the place of the value in `values`, -1 where it is not there. Classes are sorted by them.

        Raises:
            TableTooWide: the values could combine in more ways than can be numbered.
        """
        codes, _, cases = self.count_rows(values, ())
        return codes, cases

    def count_rows(
        self, values: Mapping[str, Sequence[str]], items: Sequence[str]
    ) -> tuple[Numbers, dict[str, Codes], Numbers]:
        """As `count_classes`, but over item columns too: codes, items by column, and cases by distinct row.

        Sorted by class first. The number of an item is the place of its value in `list_values`. The
        distinct rows are held in memory, four bytes a cell.

        Raises:
            TableTooWide: the values could combine in more ways than can be numbered.
        """
        sizes = [len(known) + 1 for known in values.values()]
        if prod(sizes) > np.iinfo(np.int64).max:
            raise TableTooWide(f"{len(sizes)} quasi-identifiers have too many values; choose fewer of them")
        self._number_classes(values, sizes)
        shown = "".join(f"{self._number_items(n, item)} AS i{n}, " for n, item in enumerate(items))
        counted = self._connection.execute(
            f"SELECT {KEY}, {shown} count(*)::BIGINT cases FROM numbered GROUP BY ALL ORDER BY ALL"  # noqa: S608
        ).fetchnumpy()
        codes = np.stack(np.unravel_index(np.asarray(counted[KEY], dtype=np.int64), sizes)) - 1
        found = {item: np.asarray(counted[f"i{n}"], dtype=np.int32) for n, item in enumerate(items)}
        return codes.astype(np.int64), found, np.asarray(counted["cases"], dtype=np.int64)

    def count_combinations(self, columns: Sequence[str]) -> tuple[dict[str, Codes], Numbers]:
        """The different combinations of values: by column the place in `list_values`, and cases of each.

        Sorted by the columns in their order. They are held in memory, four bytes a cell.
        """
        shown = ", ".join(f"{self._number_items(n, column)} AS i{n}" for n, column in enumerate(columns))
        counted = self._connection.execute(
            f"SELECT {shown}, count(*)::BIGINT cases FROM given GROUP BY ALL ORDER BY ALL"  # noqa: S608
        ).fetchnumpy()
        found = {name: np.asarray(counted[f"i{n}"], dtype=np.int32) for n, name in enumerate(columns)}
        return found, np.asarray(counted["cases"], dtype=np.int64)

    def list_records(self, columns: Sequence[str]) -> dict[str, Codes]:
        """As `count_combinations`, but one entry a record, in the order of the file."""
        shown = ", ".join(f"{self._number_items(n, column)} AS i{n}" for n, column in enumerate(columns))
        self._connection.execute("SET preserve_insertion_order = true")
        try:
            rows = self._connection.execute(f"SELECT {shown} FROM given").fetchnumpy()  # noqa: S608
        finally:
            self._connection.execute("SET preserve_insertion_order = false")
        return {name: np.asarray(rows[f"i{n}"], dtype=np.int32) for n, name in enumerate(columns)}

    def _number_items(self, number: int, item: str) -> str:
        """How a query asks for the place of a row's value among those of the column."""
        column = quote(item)
        values = f"SELECT DISTINCT coalesce({column}::VARCHAR, '') v FROM given ORDER BY v"  # noqa: S608
        self._connection.execute(f"CREATE OR REPLACE TYPE item_{number} AS ENUM ({values})")
        return f"enum_code(coalesce({column}::VARCHAR, '')::item_{number})"

    def _number_classes(self, values: Mapping[str, Sequence[str]], sizes: Sequence[int]) -> None:
        """The view `numbered`: every row with the number of its class."""
        joins, key = [], "0::BIGINT"
        for number, ((column, known), size) in enumerate(zip(values.items(), sizes, strict=True)):
            table = f"values_{number}"
            self._connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {table} AS "
                "SELECT unnest($1::VARCHAR[]) v, unnest(range(1, len($1::VARCHAR[]) + 1)) n",
                [list(known)],
            )
            joins.append(f"LEFT JOIN {table} ON {_text(column)} = {table}.v")
            key = f"({key}) * {size} + coalesce({table}.n, 0)"
        self._connection.execute(
            f"CREATE OR REPLACE VIEW numbered AS SELECT {key} AS {KEY}, given.* FROM given {' '.join(joins)}"  # noqa: S608
        )


def read_hierarchy(path: Path) -> list[list[str]]:
    """The rows of a hierarchy file in ARX's form: `;` between levels, the value itself first."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return [[cell.strip() for cell in line.split(";")] for line in lines if line.strip()]


def _read(
    connection: duckdb.DuckDBPyConnection, path: Path, delimiter: str | None
) -> duckdb.DuckDBPyRelation:
    if path.suffix == ".parquet":
        return connection.read_parquet(str(path))
    options = {} if delimiter is None else {"sep": delimiter}
    return connection.read_csv(str(path), header=True, all_varchar=True, **options)  # type: ignore[arg-type]


def _text(column: str) -> str:
    return f"coalesce(given.{quote(column)}::VARCHAR, '')"


def quote(name: str) -> str:
    """The name of a column as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'
