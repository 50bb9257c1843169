"""Measure the whole way of one file beside pandas and pandera alone.

Usage: python benchmarks/whole_way.py csv|xlsx [ROWS], or: python benchmarks/whole_way.py ingest [MIB]

The file is invented, in the 64-column shape of CTDC. Each contestant runs in a process of its own; printed
are CPU seconds, its own and those of the reading processes, without imports, and the peak memory of the
process and of its largest reading process, imports included. `ingest` runs `palermo ingest` on a CSV file
of so many MiB, the same rows again and again, in a workspace that is removed afterwards.
"""

import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pandas as pd

from pipeline.batching import map_batches, validate_batches
from pipeline.confinement import MIB
from pipeline.ingest import ingest_files
from pipeline.room import screen_batches
from pipeline.sandbox import end_rooms, prepare_room, read_batches_sandboxed
from pipeline.settings import CHECKOUT, Settings
from pipeline.workspace import Described, Workspace
from samples.chance import Chance
from samples.ctdc import make_all_columns
from schemas.case import case_schema
from schemas.description import parse_source
from schemas.source import Source
from storage.handed import HandedFile
from storage.store import Store
from transforms.mapped import RawTable
from transforms.mapping import map_cases
from transforms.reading import read_tables
from transforms.screening import screen_identifiers
from transforms.validation import validate_cases

SOURCE = "int_ctdc_global_dataset_2020_full"
YEAR = 2026
PERIOD = "2015-2018"


def make_file(path: Path, rows: int) -> None:
    """Write invented rows, as CSV or as a workbook."""
    [content] = make_all_columns(Chance(YEAR, SOURCE), rows).values()
    if path.suffix == ".csv":
        path.write_bytes(content)
        return
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Cases")
    for line in content.decode().splitlines():
        sheet.append(line.split(","))
    workbook.save(path)


def describe(path: Path) -> Source:
    """The source description, for the format of the file."""
    text = (CHECKOUT / "sources" / SOURCE / "source.yml").read_text("utf-8")
    form = "xlsx" if path.suffix == ".xlsx" else "delimited"
    return parse_source(SOURCE, text.replace("format: delimited", f"format: {form}"))


def run_rooms(path: Path) -> pd.DataFrame:
    """Read, screen, map and validate in one process and as a whole."""
    source = describe(path)
    tables = read_tables(source, {source.cases: path.read_bytes()})
    screen_identifiers(source, tables)
    mapped = map_cases(tables, source, period=PERIOD, key=b"k" * 32, source_version="0" * 64)
    return validate_cases(mapped, current_year=YEAR).cases


def run_way(path: Path) -> int:
    """Read twice in the sandbox, screen, map, validate and store, in batches, as ingestion does."""
    source = describe(path)
    with TemporaryDirectory() as folder, HandedFile(path) as file:
        store = Store(Path(folder))

        def read() -> Iterator[RawTable]:
            return read_batches_sandboxed(source, {source.cases: file.pieces()}, Settings().caps)

        screen_batches(source, read)
        mapped = map_batches(
            store,
            Described(source, "0" * 64),
            read(),
            period=PERIOD,
            key=b"k" * 32,
            scheme_key=None,
            previous=None,
            withdrawn=(),
        )
        validated = validate_batches(store, source, mapped, YEAR)
    return int(validated["account"]["accepted"])


def run_ingest(path: Path) -> int:
    """Everything that `palermo ingest` does, the judgement on the delivery and the ledger included."""
    with TemporaryDirectory(dir=path.parent) as folder:
        workspace = Workspace(Settings(home=Path(folder)))
        ingest_files(workspace, SOURCE, PERIOD, [path], "benchmark")
        [entry] = workspace.ledger.pool_entries()
    return entry.rows


def start_reading(path: Path) -> None:
    """Only start the process that reads, which loads the readers."""
    prepare_room()


@dataclass(frozen=True)
class Measured:
    """CPU seconds of a contestant and its reading processes; peak MiB of it and of the largest of them."""

    seconds: float
    peak: float
    peak_reading: float


def measure(run: Callable[[Path], object], path: Path) -> Measured:
    """One contestant in a process of its own."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (run, path))


def _measure(run: Callable[[Path], object], path: Path) -> Measured:
    started = time.process_time()
    run(path)
    end_rooms()
    reading = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = time.process_time() - started + reading.ru_utime + reading.ru_stime
    return Measured(seconds, _read_peak(), reading.ru_maxrss / 1024)


def _read_peak() -> float:
    """Peak MiB of this program; `ru_maxrss` begins with the memory of the process that started it."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def read_plainly(path: Path) -> pd.DataFrame:
    """Pandas alone, types guessed; of a workbook with its default engine, openpyxl."""
    return pd.read_csv(path) if path.suffix == ".csv" else pd.read_excel(path, engine="openpyxl")


def read_as_text(path: Path) -> pd.DataFrame:
    """Pandas alone, every cell as text, as a national file must be read; of a workbook with calamine."""
    if path.suffix == ".csv":
        return pd.read_csv(path, dtype=str, keep_default_na=False)
    return pd.read_excel(path, dtype=str, keep_default_na=False, engine="calamine")


def read_calamine(path: Path) -> pd.DataFrame:
    """Pandas alone, with its faster engine for workbooks."""
    return pd.read_excel(path, engine="calamine")


def validate_alone(cases: pd.DataFrame) -> float:
    """CPU seconds of pandera alone, on the finished cases."""
    started = time.process_time()
    case_schema().validate(cases, lazy=True)
    return time.process_time() - started


def compare(form: str, rows: int) -> None:
    """Make the file, then let each contestant read it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"cases.{form}"
        make_file(path, rows)
        print(f"{rows:,} rows x 64 columns, {path.stat().st_size / MIB:.0f} MiB of {form}", flush=True)
        imports = measure(start_reading, path).seconds
        way = measure(run_way, path)
        whole = way.seconds - imports
        print(f"{'run_way':<16}{whole:>9.2f} s{way.peak:>9.0f} MiB, reading {way.peak_reading:.0f} MiB")
        contestants: list[Callable[[Path], object]] = [run_rooms, read_plainly, read_as_text]
        for run in [*contestants, *([read_calamine] if form == "xlsx" else [])]:
            found = measure(run, path)
            ratio = f"run_way / this {whole / found.seconds:>6.1f}"
            print(f"{run.__name__:<16}{found.seconds:>9.2f} s{found.peak:>9.0f} MiB   {ratio}", flush=True)
        alone = validate_alone(run_rooms(path))
        print(f"{'pandera alone':<16}{alone:>9.2f} s   run_way / this {whole / alone:>6.1f}")


def ingest_large(size: int) -> None:
    """Make a CSV file of so many MiB and ingest it."""
    with TemporaryDirectory(dir="/var/tmp") as folder:
        path = Path(folder) / "ctdc-global-dataset.csv"
        [content] = make_all_columns(Chance(YEAR, SOURCE), 50_000).values()
        header, _, lines = content.partition(b"\n")
        with path.open("wb") as file:
            file.write(header + b"\n")
            while file.tell() < size * MIB:
                file.write(lines)
        started, found = time.monotonic(), measure(run_ingest, path)
        print(
            f"{path.stat().st_size / MIB:,.0f} MiB: CPU {found.seconds:,.0f} s, peak {found.peak:,.0f} MiB,"
            f" reading {found.peak_reading:,.0f} MiB, {time.monotonic() - started:,.0f} s by the clock"
        )


if __name__ == "__main__":
    number = int(sys.argv[2]) if len(sys.argv) > 2 else None
    if sys.argv[1] == "ingest":
        ingest_large(number or 2048)
    else:
        compare(sys.argv[1], number or 200_000)
