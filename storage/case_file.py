"""Stored cases as files: which of them hold a key, and the same file without the rows of some keys."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.case import KEY_FIELD, SOURCE_FIELD
from storage.erasure import Rewritten
from storage.parquet import write_table
from storage.staging import flush_folder, translate_error
from storage.store import Store
from storage.zone import HASH

IsWithdrawn = Callable[[str | None, str], bool]
"""Whether a key is withdrawn; given the source too, where the file says it, as one of cases does."""


def list_case_files(store: Store) -> list[str]:
    """The ids of all files with keys of cases: cases, perpetrators, which case a published row is."""
    names = (path.name.partition(".")[0] for path in store.zones.cases.glob("*.parquet"))
    return sorted(name for name in names if HASH.fullmatch(name))


def list_documents(store: Store) -> Iterator[tuple[str, dict[str, Any]]]:
    """The documents of the restricted zone by id."""
    for path in sorted(store.zones.cases.glob("*.json")):
        if HASH.fullmatch(path.stem):
            document = store.read_document(path.stem)
            if isinstance(document, dict):
                yield path.stem, document


def erase_file(path: Path) -> None:
    """Remove an artefact for good, as far as the file system does; that it is gone is on the disk.

    Raises:
        StorageFailed: the system refused.
    """
    try:
        path.unlink(missing_ok=True)
        flush_folder(path.parent)
    except OSError as error:
        raise translate_error(error) from None


def holds_withdrawn(store: Store, sha: str, is_withdrawn: IsWithdrawn) -> bool:
    """Whether a row of the file is of a withdrawn case."""
    return any(_find_rows(_read_keys(store, sha), is_withdrawn))


def rewrite_without(store: Store, sha: str, is_withdrawn: IsWithdrawn) -> Rewritten:
    """Keep the file anew without the rows of withdrawn cases; the old file is still there."""
    stored = store.cases_file(sha)
    with stored.open() as opened:
        table = pq.read_table(opened, partitioning=None)
    withdrawn = _find_rows(table, is_withdrawn)
    left = table.filter(pa.array([not row for row in withdrawn], pa.bool_()))
    arrays = {name: _encode_anew(left[name]) for name in left.column_names}
    after = store.like(stored).put_case_file(write_table(pa.table(arrays)))
    return Rewritten(sha, after, sum(withdrawn))


def _read_keys(store: Store, sha: str) -> pa.Table:
    with store.cases_file(sha).open() as opened, pq.ParquetFile(opened) as file:
        return file.read([name for name in (SOURCE_FIELD, KEY_FIELD) if name in file.schema_arrow.names])


def _find_rows(table: pa.Table, is_withdrawn: IsWithdrawn) -> list[bool]:
    if KEY_FIELD not in table.column_names:
        return [False] * len(table)
    sources = table[SOURCE_FIELD].to_pylist() if SOURCE_FIELD in table.column_names else [None] * len(table)
    keys = table[KEY_FIELD].to_pylist()
    return [key is not None and is_withdrawn(source, key) for source, key in zip(sources, keys, strict=True)]


def _encode_anew(column: "pa.ChunkedArray[Any]") -> Any:
    """A word that only a dropped row had must not travel along in the dictionary."""
    if not pa.types.is_dictionary(column.type):
        return column
    plain = pc.cast(column, column.type.value_type)
    return plain.combine_chunks().dictionary_encode() if len(plain) else plain.dictionary_encode()
