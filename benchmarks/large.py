"""Anonymize a table that does not fit into memory, and say what it took.

Usage: python benchmarks/large.py ROWS FOLDER [K ...]. The table, invented from a fixed seed, has six
quasi-identifiers as text and is written to FOLDER as Parquet with its hierarchies, if it is not there yet.
Each K is anonymized by `palermo anonymize` in a process of its own: CPU seconds, wall seconds, peak memory.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from process import PALERMO, Used, run

COUNTRIES, SUBREGIONS, REGIONS = 60, 12, 4
SEED = 0.20261124
# Skewed as CTDC's countries and years are: the square of a uniform number favours the small ones.
COLUMNS = {
    "year": "2004 + (random() ** 0.5 * 20)::INTEGER",
    "source": "['Case management', 'Hotline', 'Referral'][1 + (random() ** 2 * 2.49)::INTEGER]",
    "gender": "CASE WHEN random() < 0.7 THEN 'Woman' WHEN random() < 0.97 THEN 'Man' ELSE 'Other' END",
    "age": "['0-8', '9-17', '18-20', '21-23', '24-26', '27-29', '30-38', '39-47', '48+']"
    "[1 + (random() * 8.49)::INTEGER]",
    "citizenship": f"'C' || lpad((random() ** 2 * {COUNTRIES - 1})::INTEGER::VARCHAR, 2, '0')",
    "exploitation": f"'C' || lpad((random() ** 3 * {COUNTRIES - 1})::INTEGER::VARCHAR, 2, '0')",
}
MINORS = ("0-8", "9-17")


@dataclass(frozen=True)
class Figures:
    """What one run used and gave: geometric Loss, rows left out."""

    used: Used
    loss: float
    left_out: int
    smallest_class: int

    def __str__(self) -> str:
        """The figures in a line."""
        return (
            f"{self.used.seconds:.0f} CPU s, {self.used.wall:.0f} s, {self.used.peak:,.0f} MiB at most; "
            f"Loss {self.loss:.4f}, {self.left_out:,} left out, smallest class {self.smallest_class}"
        )


def make_table(rows: int, folder: Path) -> Path:
    """The table and its hierarchies; made once."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_hierarchies(folder)
    path = folder / f"cases_{rows}.parquet"
    if not path.exists():
        drawn = ", ".join(f"{how} AS {name}" for name, how in COLUMNS.items())
        with duckdb.connect(config={"threads": "1"}) as connection:
            connection.execute(f"SELECT setseed({SEED})")
            connection.execute(f"COPY (SELECT {drawn} FROM range({rows})) TO '{path}' (FORMAT parquet)")
    return path


def _write_hierarchies(folder: Path) -> None:
    years = [f"{year};{year - year % 5}-{year - year % 5 + 4};*" for year in range(2004, 2025)]
    ages = [
        f"{age};{'minor' if age in MINORS else 'adult'};*"
        for age in ("0-8", "9-17", "18-20", "21-23", "24-26", "27-29", "30-38", "39-47", "48+")
    ]
    countries = [
        f"C{n:02};S{n * SUBREGIONS // COUNTRIES:02};R{n * REGIONS // COUNTRIES};*" for n in range(COUNTRIES)
    ]
    lines = {"year": years, "age": ages, "citizenship": countries, "exploitation": countries}
    for column, rows in lines.items():
        (folder / f"{column}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def anonymize(table: Path, k: int, recoding: str, columns: Sequence[str] = tuple(COLUMNS)) -> Figures:
    """Run `palermo anonymize` once.

    Raises:
        SystemExit: it failed.
    """
    policy = table.with_name(f"policy_{k}_{recoding}.yml")
    limit = f"suppression_limit: 0.05\nrecoding: {recoding}\n"
    policy.write_text(f"k: {k}\nquasi_identifiers: [{', '.join(columns)}]\n{limit}", "utf-8")
    out = table.with_name(f"out_{k}_{recoding}.parquet")
    command = [*PALERMO, "anonymize", str(table), "--policy", str(policy)]
    used, _ = run([*command, "--hierarchies", str(table.parent), "--out", str(out)])
    account = json.loads(out.with_suffix(".account.json").read_text("utf-8"))
    return Figures(used, account["loss_geometric"], account["suppressed"], account["smallest_class"])


def main(rows: int, folder: Path, levels: list[int]) -> None:
    """Make, anonymize, say."""
    table = make_table(rows, folder)
    print(f"{rows:,} rows, {table.stat().st_size / 2**20:,.0f} MiB")
    for k in levels:
        for recoding in ("local", "full_domain"):
            print(f"k = {k}, {recoding}: {anonymize(table, k, recoding)}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), [int(k) for k in sys.argv[3:]] or [11])
