"""What every test shares: a deterministic Hypothesis profile and the folder of real files."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, settings

from schemas.case import case_fields
from schemas.field import Kind

settings.register_profile(
    "ci", derandomize=True, deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

ROOT = Path(__file__).parents[1]
REAL_DATA = Path(os.environ.get("PALERMO_REAL_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real public files beside the checkout; tests that need it skip where it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip("real files are not here: mapping of CTDC, Argentine and HTCDS files is not tried")
    return REAL_DATA


MakeCases = Callable[[Sequence[dict[str, Any]]], pd.DataFrame]
CASE_DTYPES = {Kind.FLAG: "Int8", Kind.INTEGER: "Int16", Kind.YEAR: "Int16", Kind.BOOLEAN: "boolean"}
MANDATORY_VALUES = {
    "source_id": "xyz_office_cases",
    "data_source_type": "Hotline",
    "consent_publication": True,
    "year_of_registration": 2019,
    "trafficking_status": "PossibleVictimOfTrafficking",
    "schema_version": "0.1.0",
    "source_version": "0" * 64,
    "period": "2019",
}


@pytest.fixture(scope="session")
def make_cases() -> MakeCases:
    """Makes a frame of cases, typed as mapping types it, from the fields that matter to a test.

    Mandatory fields are filled in; rows are numbered from 2, as under a header.
    """
    nothing = pd.DataFrame(
        {name: pd.array([], dtype=_dtype(name, field.kind)) for name, field in case_fields().items()}
    )

    def make(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
        filled = [{**MANDATORY_VALUES, "source_record_key": f"key {n}", **row} for n, row in enumerate(rows)]
        index = range(2, len(rows) + 2)
        given = {
            name: pd.Series([row.get(name) for row in filled], index, nothing[name].dtype)
            for name in dict.fromkeys(name for row in filled for name in row)
        }
        return nothing.reindex(index).assign(**given)

    return make


def _dtype(name: str, kind: Kind) -> str:
    return "Int8" if name == "number_of_children" else CASE_DTYPES.get(kind, "str")
