"""Run one Python peer on one table, in the peers' own environment. Called by peers.py, not by hand.

Usage: peer_run.py PEER TABLE.csv HIERARCHIES K OUT.csv COLUMN... A cell of OUT holds the leaves that the
published value covers, joined by `|`: labels of a hierarchy for anjana, the lists that Mondrian makes for
anonypyx. Rows that a peer leaves out are not in it. PEER `pycanon` prints the k of TABLE instead.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

EMPTY = "(empty)"


def read_table(path: str) -> pd.DataFrame:
    """All text; a missing value is the empty text."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def read_levels(folder: Path, column: str, values: pd.Series) -> list[list[str]]:
    """A hierarchy as columns, a level each; one that is not there has its values and `*`."""
    files = [folder / f"{column}.csv", *folder.glob(f"*_hierarchy_{column}.csv")]
    for path in files:
        if path.is_file():
            rows = [line.split(";") for line in path.read_text("utf-8").splitlines() if line.strip()]
            return [[row[level].strip() for row in rows] for level in range(len(rows[0]))]
    found = sorted(set(values))
    return [found, ["*"] * len(found)]


def run_anjana(frame: pd.DataFrame, columns: list[str], k: int, folder: Path, limit: float) -> pd.DataFrame:
    """Greedy full-domain generalization with suppression."""
    from anjana.anonymity import k_anonymity

    levels = {name: read_levels(folder, name, frame[name]) for name in columns}
    given = {name: dict(enumerate(map(np.array, found))) for name, found in levels.items()}
    out = k_anonymity(frame[columns].copy(), [], columns, k, limit * 100, given)[columns]
    return out.apply(lambda column: list_leaves(column, levels[column.name]))


def list_leaves(column: pd.Series, levels: list[list[str]]) -> pd.Series:
    """What each published label covers, joined by `|`."""
    covered: dict[str, set[str]] = {}
    for level in levels:
        for leaf, label in zip(levels[0], level, strict=True):
            covered.setdefault(label, set()).add(leaf)
    return column.map({label: "|".join(sorted(found)) for label, found in covered.items()})


def run_anonypyx(frame: pd.DataFrame, columns: list[str], k: int) -> pd.DataFrame:
    """Mondrian over categories: values become lists."""
    from anonypyx import Anonymiser

    # its lists are joined by commas, so values must hold none
    plain = frame[columns].apply(lambda column: column.str.replace(",", ";").astype("category"))
    classes = Anonymiser(
        plain, k=k, feature_columns=columns, generalisation_strategy="human-readable", algorithm="Mondrian"
    ).anonymise()
    rows = classes.loc[classes.index.repeat(classes["count"]), columns]
    return rows.apply(lambda column: column.astype(str).str.replace(",", "|").str.replace(";", ","))


def run_pac(frame: pd.DataFrame, columns: list[str], folder: Path) -> pd.DataFrame:
    """CTDC's engine: rows drawn from noisy counts. It cannot be given a seed, so that every run differs."""
    from pacsynth import Dataset, DpAggregateSeededParametersBuilder, DpAggregateSeededSynthesizer

    chosen = DpAggregateSeededParametersBuilder().reporting_length(2).epsilon(12.0).build()
    engine = DpAggregateSeededSynthesizer(chosen)
    # an empty cell is a value here as for the other tools; to the engine it would be nothing known
    engine.fit(Dataset.from_data_frame(frame[columns].replace("", EMPTY)))
    drawn = Dataset.raw_data_to_data_frame(engine.sample())[columns]
    every = {name: "|".join(read_levels(folder, name, frame[name])[0]) for name in columns}
    return drawn.apply(lambda column: column.replace({"": every[column.name], EMPTY: ""}))


def run_lighthouse(frame: pd.DataFrame, columns: list[str], k: int, folder: Path) -> pd.DataFrame:
    """Mondrian over hierarchies; rows that it cannot place are left out."""
    from logging import getLogger

    from project_lighthouse_anonymize import k_anonymize, prepare_gtrees
    from project_lighthouse_anonymize.gtrees import GTree

    logger, trees, given = getLogger("lighthouse"), {}, frame[columns].replace("", EMPTY)
    levels = {name: read_levels(folder, name, given[name]) for name in columns}
    for name, found in levels.items():
        found[0] = [leaf or EMPTY for leaf in found[0]]
        tree = GTree()
        nodes = {(): tree.create_node("*")}
        for row in zip(*found[::-1], strict=True):
            steps = tuple(dict.fromkeys(row if row[0] != "*" else row[1:]))
            for depth in range(1, len(steps) + 1):
                if steps[:depth] not in nodes:
                    nodes[steps[:depth]] = tree.create_node(
                        steps[depth - 1], parent=nodes[steps[: depth - 1]]
                    )
        tree.add_default_geometric_sizes()
        trees[name] = tree
    given.insert(0, "row", range(len(given)))
    ready = prepare_gtrees(logger, given, columns, trees)
    out, _, _ = k_anonymize(logger, given, columns, k, ready, "row", parallelism=None)
    shown = out[columns].astype(str)
    listed = shown.apply(lambda column: list_leaves(column, levels[column.name]))
    return listed.apply(lambda column: column.str.replace(EMPTY, ""))


def main(peer: str, table: str, folder: str, k: str, out: str, columns: list[str]) -> None:
    """Run it, and write or print what it gave."""
    frame = read_table(table)
    if peer == "pycanon":
        from pycanon import anonymity

        print(anonymity.k_anonymity(frame, columns))
    elif peer == "anjana":
        run_anjana(frame, columns, int(k), Path(folder), 0.05).to_csv(out, index=False)
    elif peer == "pac-synth":
        run_pac(frame, columns, Path(folder)).to_csv(out, index=False)
    elif peer == "lighthouse":
        run_lighthouse(frame, columns, int(k), Path(folder)).to_csv(out, index=False)
    else:
        run_anonypyx(frame, columns, int(k)).to_csv(out, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:6], sys.argv[6:])
