"""Draw what growth.py measured: a row of panels a quantity, a column what grows. See growth.py."""

import sys

import matplotlib
import pandas as pd

matplotlib.use("svg")
# Without these every drawing of the same figures would differ in its ids and its date.
matplotlib.rcParams["svg.hashsalt"] = "palermo"
QUANTITIES = {"cpu_seconds": "CPU seconds", "peak_mib": "peak memory, MiB", "loss": "Loss (0 = nothing lost)"}


def main(figures: str, out: str) -> None:
    """Draw, and write the picture."""
    from matplotlib import pyplot

    table = pd.read_csv(figures)
    columns = list(dict.fromkeys(table["grows"]))
    picture, panels = pyplot.subplots(len(QUANTITIES), len(columns), figsize=(10, 7), sharey="row")
    for down, (quantity, title) in enumerate(QUANTITIES.items()):
        for across, grows in enumerate(columns):
            panel, points = panels[down][across], table[table["grows"] == grows]
            panel.plot(points["value"], points[quantity], marker="o", color="#1b5e7d")
            panel.set_ylim(bottom=0)
            panel.grid(alpha=0.3)
            if grows == "rows":
                panel.set_xscale("log")
            if down == len(QUANTITIES) - 1:
                panel.set_xlabel(grows)
            if across == 0:
                panel.set_ylabel(title)
    picture.tight_layout()
    picture.savefig(out, metadata={"Date": None})


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
