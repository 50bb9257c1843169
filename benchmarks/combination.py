"""Measure the protection of combinations (k^m) on a table of the shape of CTDC's, and what it blanks.

Usage: python benchmarks/combination.py ROWS M [FLAGS]. Rows are invented from a fixed seed after CTDC's
Global Dataset: six quasi-identifiers and FLAGS (40 if not given) sparse yes/no/unknown flags, which depend
on one of eight latent kinds of case. Years are published as bands of five, countries as one of five regions,
rows in classes below k are left out; "yes" alone is an item. Figures: CPU and wall seconds, peak memory in
MiB, the share of items blanked, and what the check apart from it took.
"""

import resource
import sys
import time

import numpy as np
import pandas as pd

from anonymize.combination import Limit, protect_combinations
from anonymize.combination_check import count_rare_combinations

K = 11
KINDS, COUNTRIES, REGIONS = 8, 60, 5
SEED = 20261124


def make_rows(rows: int, flags: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """What the quasi-identifiers show, a row a column of the table, and the flags: 1 is yes, 0 no item."""
    chance = np.random.default_rng(SEED)
    kind = chance.choice(KINDS, rows, p=chance.dirichlet(np.full(KINDS, 3.0)))
    ages = chance.dirichlet(np.array([1, 4, 4, 4, 4, 3, 4, 2, 1]) * 1.2, KINDS).cumsum(axis=1)
    age = (chance.random(rows)[:, None] > ages[kind]).sum(axis=1).clip(max=8)
    woman = chance.random(rows) < chance.uniform(0.15, 0.95, KINDS)[kind]
    gender = np.where(chance.random(rows) < 0.01, 2, woman)
    origin = _draw_countries(chance, rows, 1.1)
    # a quarter is exploited at home, the others where people of that origin mostly are
    abroad = (origin * 7 + _draw_countries(chance, rows, 1.6)) % COUNTRIES
    place = np.where(chance.random(rows) < 0.25, origin, abroad)
    band = chance.choice(4, rows, p=[0.1, 0.2, 0.3, 0.4])
    region = COUNTRIES // REGIONS
    shown = np.stack([band, gender, age, age < 2, origin // region, place // region]).astype(np.int64)
    share, lift = chance.uniform(0.02, 0.15, flags), chance.lognormal(0, 0.9, (KINDS, flags))
    yes = chance.random((rows, flags)) < (share * lift / lift.mean(axis=0)).clip(max=0.6)[kind]
    return shown, {f"flag_{number:02}": yes[:, number].astype(np.int64) for number in range(flags)}


def _draw_countries(chance: np.random.Generator, rows: int, slope: float) -> np.ndarray:
    share = 1 / np.arange(1, COUNTRIES + 1) ** slope
    return chance.choice(COUNTRIES, rows, p=share / share.sum())


def main(rows: int, m: int, flags: int) -> None:
    """Protect, check, and say what it took."""
    shown, items = make_rows(rows, flags)
    frame = pd.DataFrame(shown.T)
    kept = frame.groupby(list(frame)).transform("size").to_numpy() >= K
    shown, items = shown[:, kept], {name: codes[kept] for name, codes in items.items()}
    started, wall = time.process_time(), time.perf_counter()
    found = protect_combinations(shown, items, np.ones(int(kept.sum()), dtype=np.int64), Limit(K, m, {}))
    seconds, wall = time.process_time() - started, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    before, after = (sum(int(codes.sum()) for codes in table.values()) for table in (items, found))
    lost, values = before - after, before + shown.size
    print(f"{rows:,} rows ({int(kept.sum()):,} published), {len(shown)} + {flags} columns, k = {K}, m = {m}")
    print(f"{seconds:.1f} CPU s, {wall:.1f} s, {peak:,.0f} MiB at most")
    print(f"blanked: {lost:,} of {before:,} items ({lost / before:.2%}), {lost / values:.2%} of all values")
    check(shown, found, m)


def check(shown: np.ndarray, items: dict[str, np.ndarray], m: int) -> None:
    """Count every combination apart from how they were protected."""
    frame = pd.DataFrame(shown.T, columns=[f"shown_{number}" for number in range(len(shown))])
    groups = [[name] for name in frame]
    for name, codes in items.items():
        frame[name] = np.where(codes > 0, 1.0, np.nan)
    started = time.process_time()
    rare = count_rare_combinations(frame, groups, list(items), K, m)
    print(f"check: {rare} rare combinations, {time.process_time() - started:.1f} CPU s")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 40)
