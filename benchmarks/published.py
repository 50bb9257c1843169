"""CTDC's published table taken as if it were raw: what record suppression and Palermo keep of it.

Usage: python benchmarks/published.py GLOBAL_DATASET_2020.csv [K]. The table (48,801 rows, 11-anonymous)
is not part of this repository. Quasi-identifiers: year (in bands of five), source, gender, age (minor or
adult above it) and citizenship (all or nothing). A cell counts where it says something: a blank does not.
"""

import json
import sys
import tempfile
from pathlib import Path

import pandas as pd
from process import PALERMO, run

COLUMNS = ["yearOfRegistration", "Datasource", "gender", "ageBroad", "citizenship"]
MINORS = ("0--8", "9--17")


def write_hierarchies(frame: pd.DataFrame, folder: Path) -> None:
    """Years in bands, ages as minor or adult."""
    years = {year: f"{int(float(year)) // 5 * 5}" for year in frame["yearOfRegistration"] if year}
    ages = {age: "minor" if age in MINORS else "adult" for age in frame["ageBroad"] if age}
    for column, bands in (("yearOfRegistration", years), ("ageBroad", ages)):
        lines = [f"{value};{bands.get(value, '*')};*" for value in sorted(set(frame[column]))]
        (folder / f"{column}.csv").write_text("\n".join(lines) + "\n", "utf-8")


def count_cells(frame: pd.DataFrame) -> int:
    """Cells that say something."""
    return int((frame.notna() & (frame != "")).sum().sum())


def main(table: str, k: int) -> None:
    """Anonymize, count, say."""
    frame = pd.read_csv(table, dtype=str, keep_default_na=False)[COLUMNS]
    kept = frame[frame.groupby(COLUMNS)["gender"].transform("size") >= k]
    with tempfile.TemporaryDirectory() as space:
        folder = Path(space)
        write_hierarchies(frame, folder)
        frame.to_csv(folder / "table.csv", index=False)
        policy = folder / "policy.yml"
        columns = ", ".join(COLUMNS)
        rest = f"quasi_identifiers: [{columns}]\nrecoding: local\nsuppression_limit: 0.05\n"
        policy.write_text(f"k: {k}\n{rest}", "utf-8")
        out = folder / "out.parquet"
        command = [*PALERMO, "anonymize", str(folder / "table.csv"), "--policy", str(policy)]
        run([*command, "--hierarchies", space, "--out", str(out)])
        ours = pd.read_parquet(out)
        account = json.loads(out.with_suffix(".account.json").read_text("utf-8"))
    print(f"{len(frame):,} rows, {count_cells(frame):,} cells that say something, k = {k}")
    print(f"record suppression keeps {len(kept):,} rows, {count_cells(kept):,} cells")
    print(
        f"Palermo keeps {len(ours):,} rows, {count_cells(ours[COLUMNS]):,} of these cells, "
        f"smallest class {account['smallest_class']}"
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 25)
