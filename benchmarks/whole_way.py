"""Measure the whole way of one file, read, screen, map, validate, beside pandas and pandera alone.

Usage: python benchmarks/whole_way.py csv|xlsx [ROWS]

The file is invented, in the 64-column shape of CTDC. Each contestant runs in a process of its own; printed
are CPU seconds (its own and those of processes it started) and its peak memory, imports left out of both.
"""

import resource
import sys
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pandas as pd

from pipeline.sandbox import read_sandboxed
from pipeline.settings import CHECKOUT, Settings
from samples.chance import Chance
from samples.ctdc import make_all_columns
from schemas.case import case_schema
from schemas.description import parse_source
from schemas.source import Source
from storage.handed import HandedFile
from transforms.mapping import map_cases
from transforms.reading import read_tables
from transforms.screening import screen_identifiers
from transforms.validation import validate_cases

SOURCE = "int_ctdc_global_dataset_2020_full"
YEAR = 2026


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


def run_palermo(path: Path, *, in_sandbox: bool) -> pd.DataFrame:
    """The whole way, as ingestion goes it but for the store."""
    source = describe(path)
    if in_sandbox:
        with HandedFile(path) as file:
            tables = read_sandboxed(source, {source.cases: file.pieces()}, Settings().caps)
    else:
        tables = read_tables(source, {source.cases: path.read_bytes()})
    screen_identifiers(source, tables)
    mapped = map_cases(tables, source, period="2015-2018", key=b"k" * 32, source_version="0" * 64)
    return validate_cases(mapped, current_year=YEAR).cases


def measure(run: Callable[[Path], object], path: Path) -> tuple[float, float]:
    """CPU seconds and peak MiB of one contestant, in a fork that ends with it."""
    with get_context("fork").Pool(1) as pool:
        return pool.apply(_measure, (run, path))


def _measure(run: Callable[[Path], object], path: Path) -> tuple[float, float]:
    started = _used()
    run(path)
    return _used() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _used() -> float:
    spent = time.process_time()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent + children.ru_utime + children.ru_stime


def run_all(path: Path) -> pd.DataFrame:
    """Palermo within one process."""
    return run_palermo(path, in_sandbox=False)


def run_sandboxed(path: Path) -> pd.DataFrame:
    """Palermo, with reading in the sandbox; the CPU time of the sandbox is its own and not counted."""
    return run_palermo(path, in_sandbox=True)


def read_plainly(path: Path) -> pd.DataFrame:
    """Pandas alone, types guessed."""
    return pd.read_csv(path) if path.suffix == ".csv" else pd.read_excel(path)


def read_as_text(path: Path) -> pd.DataFrame:
    """Pandas alone, every cell as text, as a national file must be read."""
    if path.suffix == ".csv":
        return pd.read_csv(path, dtype=str, keep_default_na=False)
    return pd.read_excel(path, dtype=str, keep_default_na=False)


def read_calamine(path: Path) -> pd.DataFrame:
    """Pandas alone, with its faster engine for workbooks."""
    return pd.read_excel(path, engine="calamine")


def validate_alone(cases: pd.DataFrame) -> float:
    """CPU seconds of pandera alone, on the finished cases."""
    started = time.process_time()
    case_schema().validate(cases, lazy=True)
    return time.process_time() - started


def main(form: str, rows: int) -> None:
    """Make the file, then let each contestant read it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"cases.{form}"
        make_file(path, rows)
        print(f"{rows:,} rows x 64 columns, {path.stat().st_size / 2**20:.0f} MiB of {form}")
        contestants: list[Callable[[Path], object]] = [read_plainly, read_as_text]
        contestants += [read_calamine] if form == "xlsx" else []
        figures = {run.__name__: measure(run, path) for run in (*contestants, run_all, run_sandboxed)}
        for name, (seconds, peak) in figures.items():
            ratio = figures["run_all"][0] / seconds
            print(f"{name:<20}{seconds:>9.2f} s{peak:>9.0f} MiB   whole way / this {ratio:>6.1f}")
        alone = validate_alone(run_all(path))
        print(
            f"{'pandera alone':<20}{alone:>9.2f} s   whole way / this {figures['run_all'][0] / alone:>6.1f}"
        )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200_000)
