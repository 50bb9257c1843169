"""Palermo beside the Python peers: same tables, same hierarchies, same score, one run.

Usage: python benchmarks/peers.py PEERS_PYTHON[,LIGHTHOUSE_PYTHON] TABLES_FOLDER [K ...]. PEERS_PYTHON is
the interpreter of an environment made from peers.txt; LIGHTHOUSE_PYTHON has project-lighthouse-anonymize,
whose dependencies are at odds with the others'. TABLES_FOLDER may hold `adult` and `mach2019` (tables and
hierarchies in ARX's form; they are not part of this repository); tables of CTDC's shape are made here. Every
job is a process of its own: CPU seconds, peak memory. Loss is ARX's, the geometric mean over columns: a
value that covers s of D leaves costs (s - 1) / (D - 1), a row left out costs 1. `smallest` is pycanon's k of
what came out. Mondrian without hierarchies (anonypyx) publishes any set of values, not steps of them.

pac-synth, CTDC's own engine, draws rows anew under differential privacy (epsilon 12, combinations of two): no
row of it is somebody's, so that it has no Loss and no k. What is compared of all is the mean error of the
tables of counts of every two columns, a coarser value counting in equal parts for all that it covers, and the
share of the cells of the table that say something. sdcMicro is R's, which the package index does not have.
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import prod
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from large import COLUMNS
from large import make_table as make_large_table
from peer_run import list_leaves, read_levels, read_table
from process import PALERMO, Used, run

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
    command = [*PALERMO, "anonymize", str(work.table), "--policy", str(policy)]
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


def measure_counts(work: Work, out: Path) -> tuple[float, float]:
    """The mean error of the counts of every two columns, and the share of cells that say something."""
    frame, raw = read_table(str(out)), read_table(str(work.table))
    before, after, said = [], [], 0.0
    for name in work.columns:
        leaves = {leaf: place for place, leaf in enumerate(read_levels(work.hierarchies, name, raw[name])[0])}
        before.append(_spread(raw[name], leaves))
        after.append(_spread(frame[name], leaves))
        said += float((frame[name].str.count(r"\|") + 1 < len(leaves)).sum()) / work.rows
    errors = [
        float(np.abs(_count(before[a], before[b]) - _count(after[a], after[b])).sum()) / work.rows
        for a, b in combinations(range(len(before)), 2)
    ]
    return float(np.mean(errors)), said / len(work.columns)


def _spread(column: pd.Series, leaves: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """The label of each row by number, and for each label the equal parts of the leaves it may stand for."""
    number, shown = pd.factorize(column)
    parts = np.zeros((len(shown), len(leaves)))
    for row, label in enumerate(shown):
        covered = [leaves[leaf] for leaf in label.split("|")]
        parts[row, covered] = 1 / len(covered)
    return number, parts


def _count(one: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Rows by the leaves of two columns."""
    shape = len(one[1]), len(other[1])
    pairs = np.bincount(one[0] * shape[1] + other[0], minlength=shape[0] * shape[1]).reshape(shape)
    return one[1].T @ pairs @ other[1]


def compare(peers: list[str], work: Work, k: int, space: Path) -> None:
    """Print a line for every tool."""
    out = space / "out.csv"
    tools = {
        "Palermo, local": lambda: run_palermo(work, k, "local", out),
        "Palermo, full domain": lambda: run_palermo(work, k, "full_domain", out),
        "anjana": lambda: run_peer(peers[0], "anjana", work, k, out),
    }
    if work.rows <= SLOW_ABOVE:
        tools["anonypyx"] = lambda: run_peer(peers[0], "anonypyx", work, k, out)
        tools["pac-synth"] = lambda: run_peer(peers[0], "pac-synth", work, k, out)
        if len(peers) > 1:
            tools["lighthouse"] = lambda: run_peer(peers[1], "lighthouse", work, k, out)
    for tool, runs in tools.items():
        used = runs()
        error, said = measure_counts(work, out)
        line = f"| {work.name} | {k} | {tool} | {used.seconds:.1f} s | {used.peak:,.0f} MiB "
        if tool != "pac-synth":
            loss, left_out = measure_loss(work, out)
            _, words = run([peers[0], PEER_RUN, "pycanon", str(out), "-", str(k), "-", *work.columns])
            line += f"| {loss:.4f} | {left_out / work.rows:.2%} | {words.split()[-1]} "
        else:
            line += "| – | – | – "
        print(f"{line}| {error:.2%} | {said:.1%} |", flush=True)


def main(peers: list[str], tables: Path, levels: list[int]) -> None:
    """Everything beside everything."""
    heads = "table | k | tool | CPU | peak | Loss | left out | smallest | error of counts | cells said"
    print(f"| {heads} |\n{'|---' * (heads.count('|') + 1)}|")
    with tempfile.TemporaryDirectory() as folder:
        for work in list_work(tables, Path(folder)):
            for k in levels:
                compare(peers, work, k, Path(folder))


if __name__ == "__main__":
    main(sys.argv[1].split(","), Path(sys.argv[2]), [int(k) for k in sys.argv[3:]] or [5, 11])
