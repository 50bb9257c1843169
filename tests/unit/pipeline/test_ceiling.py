"""The most that an agency lets be published of its cases, changed between two releases."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.draft import NothingChanged
from schemas.detail import DetailLevel
from tests.unit.pipeline.conftest import DESCRIPTION, Office, make_rows

OTHER = "xyz_other_cases"


def read(office: Office, version: str) -> pd.DataFrame:
    [path] = office.workspace.store.zones.release_folder(version).glob("*.parquet")
    return pd.read_parquet(path)


def levels(office: Office) -> dict[str, DetailLevel]:
    last = office.workspace.ledger.releases()[-1]
    placements = office.workspace.ledger.candidate(last.candidate).account.placements
    return {placement.source_id: placement.level for placement in placements}


def test_a_ceiling_alone_makes_a_new_release_and_the_same_one_none(tmp_path: Path) -> None:
    office, other = Office(tmp_path), Office(tmp_path, OTHER)
    office.deliver("2019", make_rows(1, 40))
    other.deliver("2019", make_rows(101, 40))
    assert len(read(office, office.release())) == 80
    with pytest.raises(NothingChanged):
        office.release()
    other.describe(f"{DESCRIPTION}ceiling: listed\n")
    assert len(read(office, office.release())) == 40
    assert levels(office) == {office.id: DetailLevel.RECORD, OTHER: DetailLevel.LISTED}
    with pytest.raises(NothingChanged):
        office.release()
