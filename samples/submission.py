"""The invented files of every source: written for a demonstration, and small ones as examples."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from samples import argentina, ctdc, htcds, invented, north_macedonia, serbia
from samples.chance import Chance

SEED = 2019

Files = dict[str, bytes]
"""Content by file name."""

SUBMISSIONS: dict[str, Callable[[Chance], dict[str, Files]]] = {
    "arg_rescate_linea145": lambda chance: {"2020-2021": argentina.make_tables(chance)},
    "int_ctdc_global_dataset_2020": lambda chance: {"2015-2018": ctdc.make_ten_columns(chance)},
    "int_ctdc_global_dataset_2020_full": lambda chance: {"2015-2018": ctdc.make_all_columns(chance)},
    "int_iom_htcds_2_0": lambda chance: {"2019": htcds.make_workbook(chance)},
    "mkd_nrm_identified_victims": north_macedonia.make_files,
    "srb_czztlj_identified_victims": serbia.make_files,
    "zzz_palermo_invented_cases": invented.make_files,
}

EXAMPLE_ROWS = 30
EXAMPLES: dict[str, Callable[[Chance], dict[str, Files]]] = {
    "zzz_palermo_invented_cases": lambda chance: {"2019": invented.make_year(chance, 2019, EXAMPLE_ROWS)},
}
"""Where the example is not the last of the submissions, because that is too large."""


@dataclass(frozen=True)
class SampleFile:
    """What one source hands in for one period: the file of each of its tables."""

    source_id: str
    period: str
    paths: tuple[Path, ...]


def write_samples(folder: Path, seed: int = SEED) -> dict[str, list[SampleFile]]:
    """Write invented files of every source into a folder; the same seed gives the same bytes."""
    samples: dict[str, list[SampleFile]] = {}
    for source_id, make_files in SUBMISSIONS.items():
        submissions = make_files(Chance(seed, source_id))
        samples[source_id] = [
            SampleFile(source_id, period, _write_files(folder / source_id / period, files))
            for period, files in submissions.items()
        ]
    return samples


def write_examples(sources: Path) -> list[Path]:
    """Write the example of every source into its folder; `expected.csv` beside it is written by hand."""
    written: list[Path] = []
    for source_id in SUBMISSIONS:
        _, files = make_example(source_id)
        written += _write_files(sources / source_id / "examples", files)
    return written


def make_example(source_id: str, seed: int = SEED) -> tuple[str, Files]:
    """Period and files that stand under `examples` in the folder of the source."""
    make_files = EXAMPLES.get(source_id) or SUBMISSIONS[source_id]
    return list(make_files(Chance(seed, source_id)).items())[-1]


def _write_files(folder: Path, files: Files) -> tuple[Path, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return tuple(folder / name for name in files)
