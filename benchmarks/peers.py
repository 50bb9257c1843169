"""Palermo beside the Python peers: same tables, same hierarchies, same score, one run.

Usage: python benchmarks/peers.py PEERS_PYTHON TABLES_FOLDER [K ...]. PEERS_PYTHON is the interpreter of an
environment made from peers.txt. TABLES_FOLDER may hold `adult` and `mach2019` (tables and hierarchies in
ARX's form; they are not part of this repository); tables of the shape of CTDC's are made here. Every job is
a process of its own: CPU seconds, peak memory. Loss is ARX's, the geometric mean over columns: a value that
covers s of D leaves costs (s - 1) / (D - 1), a row left out costs 1. `smallest` is pycanon's k of what came
out. Mondrian (anonypyx) publishes any set of values, not steps of the hierarchies.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path

import duckdb
import pandas as pd
from large import COLUMNS, RUN
from large import make_table as make_large_table
from peer_run import list_leaves, read_levels, read_table

PEER_RUN = str(Path(__file__).with_name("peer_run.py"))
ADULT = (
    *("sex", "age", "race", "marital-status", "education"),
    *("native-country", "workclass", "occupation", "salary-class"),
)
MACH = ("age", "familysize", "gender", "married", "race", "religion")
LIMIT = 0.05
# Mondrian takes a minute at 50,000 rows already, and pycanon reads everything as text in pandas.
SLOW_ABOVE = 60_000


@dataclass(frozen=True)
class Work:
    """A table in CSV with its hierarchies, and the columns to protect."""

    name: str
    table: Path
    hierarchies: Path
    columns: tuple[str, ...]
    rows: int


@dataclass(frozen=True)
class Used:
    """What a process used: CPU seconds, and MiB at most."""

    seconds: float
    peak: float


def run(command: list[str]) -> tuple[Used, str]:
    """Run one process to its end; what it used, and what it said.

    Raises:
        SystemExit: it failed; its last words are printed.
    """
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(running.pid, 0)
        said.seek(0)
        words = said.read().decode()
        if status:
            raise SystemExit(words[-2000:])
    return Used(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024), words


def take_table(name: str, folder: Path, columns: tuple[str, ...], space: Path) -> Work:
    """A benchmark table, rewritten with commas, which every tool reads."""
    source = folder / ("adult.csv" if name == "adult" else "mach2019_int.csv")
    frame = pd.read_csv(source, sep=";", dtype=str, keep_default_na=False)
    table = space / f"{name}.csv"
    frame[list(columns)].to_csv(table, index=False)
    return Work(name, table, folder, columns, len(frame))


def make_table(rows: int, space: Path) -> Work:
    """The invented table of large.py, as CSV."""
    folder = space / "invented"
    table = folder / f"cases_{rows}.csv"
    duckdb.read_parquet(str(make_large_table(rows, folder))).write_csv(str(table))
    return Work(f"invented {rows:,}", table, folder, tuple(COLUMNS), rows)


def list_work(tables: Path, space: Path) -> Iterator[Work]:
    """Every table there is."""
    for name, columns in (("adult", ADULT), ("mach2019", MACH)):
        if (tables / name).is_dir():
            yield take_table(name, tables / name, columns, space)
    for rows in (50_000, 200_000, 1_200_000):
        yield make_table(rows, space)


def run_palermo(work: Work, k: int, recoding: str, out: Path) -> Used:
    """`palermo anonymize`, its labels turned into the leaves they cover."""
    policy, result = out.with_suffix(".yml"), out.with_suffix(".palermo.csv")
    columns = ", ".join(work.columns)
    limit = f"suppression_limit: {LIMIT}\nrecoding: {recoding}\n"
    policy.write_text(f"k: {k}\nquasi_identifiers: [{columns}]\n{limit}", "utf-8")
    command = [sys.executable, "-c", RUN, "anonymize", str(work.table), "--policy", str(policy)]
    used, _ = run(
        [*command, "--hierarchies", str(work.hierarchies), "--values", "mixed", "--out", str(result)]
    )
    frame, raw = read_table(str(result)), read_table(str(work.table))
    for name in work.columns:
        frame[name] = list_leaves(frame[name], read_levels(work.hierarchies, name, raw[name]))
    frame.to_csv(out, index=False)
    return used


def run_peer(peers: str, peer: str, work: Work, k: int, out: Path) -> Used:
    """One Python peer."""
    command = [peers, PEER_RUN, peer, str(work.table), str(work.hierarchies), str(k), str(out)]
    return run([*command, *work.columns])[0]


def measure_loss(work: Work, out: Path) -> tuple[float, int]:
    """Geometric Loss over all rows of the table, and how many were left out."""
    frame, raw = read_table(str(out)), read_table(str(work.table))
    left_out = work.rows - len(frame)
    losses = []
    for name in work.columns:
        leaves = len(read_levels(work.hierarchies, name, raw[name])[0])
        covered = frame[name].str.count(r"\|").sum() / (leaves - 1)
        losses.append((covered + left_out) / work.rows)
    return prod(1 + loss for loss in losses) ** (1 / len(losses)) - 1, left_out


def compare(peers: str, work: Work, k: int, space: Path) -> None:
    """Print a line for every tool."""
    out = space / "out.csv"
    tools = {
        "Palermo, local": lambda: run_palermo(work, k, "local", out),
        "Palermo, full domain": lambda: run_palermo(work, k, "full_domain", out),
        "anjana": lambda: run_peer(peers, "anjana", work, k, out),
    }
    if work.rows <= SLOW_ABOVE:
        tools["anonypyx"] = lambda: run_peer(peers, "anonypyx", work, k, out)
    for tool, runs in tools.items():
        used = runs()
        loss, left_out = measure_loss(work, out)
        _, said = run([peers, PEER_RUN, "pycanon", str(out), "-", str(k), "-", *work.columns])
        print(
            f"| {work.name} | {k} | {tool} | {used.seconds:.1f} s | {used.peak:,.0f} MiB | {loss:.4f} "
            f"| {left_out / work.rows:.2%} | {said.split()[-1]} |",
            flush=True,
        )


def main(peers: str, tables: Path, levels: list[int]) -> None:
    """Everything beside everything."""
    print("| table | k | tool | CPU | peak | Loss | left out | smallest |\n|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for work in list_work(tables, Path(folder)):
            for k in levels:
                compare(peers, work, k, Path(folder))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), [int(k) for k in sys.argv[3:]] or [5, 11])
