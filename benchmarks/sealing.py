"""Measure what sealing costs: the same cases as a sealed file and as a plain one, written, hashed and asked.

Usage: python benchmarks/sealing.py [ROWS]. CPU seconds of this process, the best of three.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.settings import CHECKOUT
from samples import invented
from samples.chance import Chance
from schemas.description import parse_policy, parse_source
from storage.content import StoredFile
from storage.relation import count_classes, query_cases
from storage.seal import CHUNK, OpenedFile, seal_pieces
from storage.store import Store
from transforms.mapping import map_cases
from transforms.reading import read_tables
from transforms.validation import validate_cases

SOURCE = "zzz_palermo_invented_cases"
YEAR = 2019
COPIES = 20


def measure(run: Callable[[], object]) -> float:
    """CPU seconds, the best of three."""
    seconds = []
    for _ in range(3):
        started = time.process_time()
        run()
        seconds.append(time.process_time() - started)
    return min(seconds)


def compare(name: str, plain: Callable[[], object], sealed: Callable[[], object]) -> None:
    """One line: both ways."""
    print(f"{name:<34}{measure(plain):>9.3f} s plain{measure(sealed):>9.3f} s sealed")


def main(rows: int) -> None:
    """Keep invented cases, `COPIES` times in one pool, and read them both ways."""
    source = parse_source(SOURCE, (CHECKOUT / "sources" / SOURCE / "source.yml").read_text("utf-8"))
    policy = parse_policy((CHECKOUT / "anonymize" / "policies" / "public.yml").read_text("utf-8"))
    [content] = invented.make_year(Chance(YEAR, SOURCE), YEAR, rows).values()
    tables = read_tables(source, {source.cases: content})
    mapped = map_cases(tables, source, period=str(YEAR), key=b"k" * 32, source_version="0" * 64)
    validated = validate_cases(mapped, current_year=YEAR)
    with TemporaryDirectory() as folder:
        store = Store(Path(folder) / "home")
        sealed = store.cases_file(store.put_cases(validated.cases, validated.reasons))
        plain = StoredFile(Path(folder) / "plain.parquet")
        plain.path.write_bytes(sealed.read())
        pools = [[each] * COPIES for each in (plain, sealed)]
        print(f"{rows:,} rows {COPIES} times, {plain.path.stat().st_size / 2**20:.1f} MiB of Parquet each")
        compare("hash each file", *(lambda p=p: [f.hash() for f in p] for p in pools))
        columns = policy.quasi_identifier_columns
        compare("count classes", *(lambda p=p: count_classes(p, columns) for p in pools))
        sql = "SELECT count(*) FROM cases WHERE gender = 'Woman'"
        compare("ask for one column", *(lambda p=p: query_cases(p, sql) for p in pools))
        measure_bytes(store, Path(folder))


def measure_bytes(store: Store, folder: Path) -> None:
    """Raw bytes: sealed and opened, in pieces of 1 MiB."""
    key, pieces, path = store.keys.current("common"), [bytes(16 * CHUNK)] * 512, folder / "raw"
    path.write_bytes(b"".join(seal_pieces(pieces, key)))
    seal = measure(lambda: [None for _ in seal_pieces(pieces, key)])
    opened = measure(lambda: _read(OpenedFile(path, key)))
    print(f"512 MiB: sealed in {seal:.2f} s, its SHA-256 included; opened in {opened:.2f} s")


def _read(file: OpenedFile) -> None:
    with file:
        while file.read(16 * CHUNK):
            pass


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
