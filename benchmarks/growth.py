"""How local recoding grows with rows, quasi-identifiers and k: figures and a picture.

Usage: python benchmarks/growth.py FOLDER OUT.csv, then, in the environment of peers.txt,
python benchmarks/growth_plot.py OUT.csv OUT.svg. The table is that of large.py; each point is one
`palermo anonymize` in a process of its own.
"""

import csv
import sys
from pathlib import Path

from large import COLUMNS, anonymize, make_table

ROWS = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000)
LEVELS = (2, 5, 11, 20, 50)
# What stays the same while another thing grows.
USUAL_ROWS, USUAL_K = 300_000, 11


def main(folder: Path, out: Path) -> None:
    """Measure every point."""
    columns = tuple(COLUMNS)
    points = [("rows", rows, rows, columns, USUAL_K) for rows in ROWS]
    points += [
        ("quasi-identifiers", n, USUAL_ROWS, columns[-n:], USUAL_K) for n in range(2, len(columns) + 1)
    ]
    points += [("k", k, USUAL_ROWS, columns, k) for k in LEVELS]
    with out.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(["grows", "value", "cpu_seconds", "peak_mib", "loss"])
        for grows, value, rows, shown, k in points:
            found = anonymize(make_table(rows, folder), k, "local", shown)
            writer.writerow(
                [grows, value, f"{found.used.seconds:.2f}", f"{found.used.peak:.0f}", f"{found.loss:.5f}"]
            )
            print(grows, value, found, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
