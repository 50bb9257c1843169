"""The countries whose forms and scripts of files are tried: whole ingestion, and bands of their own."""

import csv
from pathlib import Path

import pytest
from invented_country import COUNTRIES

from pipeline.ingest import ingest_files
from pipeline.settings import Settings
from pipeline.workspace import Workspace
from transforms.derivation import derive_fields

FOLDER = Path(__file__).parents[1] / "countries"
PERIOD = "2018-2023"
TURKISH = "tur_directorate_identified_victims"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    return Workspace(Settings(home=home, sources=FOLDER))


@pytest.mark.parametrize("country", sorted(COUNTRIES))
def test_the_file_of_a_country_comes_into_the_pool(country, workspace):
    """Read in the confined process, mapped, validated, checked and pooled: no row waits."""
    examples = FOLDER / country / "examples"
    paths = [path for path in examples.iterdir() if not path.name.startswith("expected")]
    with (examples / "expected.csv").open(encoding="utf-8") as file:
        wanted = len(list(csv.DictReader(file)))
    receipt = ingest_files(workspace, country, PERIOD, paths, "officer")
    account = workspace.ledger.submission(receipt.submission).account
    assert (account.accepted, account.held) == (wanted, 0)


def test_bands_of_other_cuts_are_placed_where_they_nest(map_files):
    """24-26, 12-15, 18-25, 26-35, 48+ and a word for not known, in the finest level that holds each."""
    files = {path.name: path.read_bytes() for path in (FOLDER / TURKISH / "examples").glob("*.xls")}
    cases = derive_fields(map_files(TURKISH, files)).cases
    levels = cases[["age_broad", "age_group", "majority_status"]]
    rows = levels.astype(object).where(levels.notna(), None).to_numpy().tolist()
    assert rows == [
        ["24--26", "18--26", "Adult"],
        ["9--17", "0--17", "Minor"],
        [None, "18--26", "Adult"],
        [None, None, "Adult"],
        ["48+", "39+", "Adult"],
        [None, None, None],
    ]
