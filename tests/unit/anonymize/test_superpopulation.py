from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from anonymize.superpopulation import estimate_uniqueness

# shares of unique people that the test suite of ARX expects of its Adult table, by sampling fraction
ADULT = [
    (0.01, "pitman", 0.1446083531167384),
    (0.1, "pitman", 0.27684993883653597),
    (0.1, "zayatz", 0.3207402393466189),
    (0.2, "zayatz", 0.3577099234829125),
    (1.0, "zayatz", 0.5142895033485844),
]
CHOSEN = [(0.01, "pitman"), (0.1, "pitman"), (0.2, "zayatz"), (1.0, "zayatz")]


@pytest.fixture(scope="module")
def sizes(real_data: Path) -> np.ndarray:
    frame = pd.read_csv(real_data / "benchmark" / "adult" / "adult.csv", sep=";", dtype=str)
    return frame.groupby(list(frame.columns)).size().to_numpy()


@pytest.mark.parametrize(("fraction", "model", "share"), ADULT)
def test_unique_people_of_adult_are_as_many_as_arx_says(
    sizes: np.ndarray, fraction: float, model: str, share: float
) -> None:
    found = estimate_uniqueness(sizes, round(int(sizes.sum()) / fraction))
    assert getattr(found, model) == pytest.approx(share, rel=1e-6)


@pytest.mark.parametrize(("fraction", "chosen"), CHOSEN)
def test_model_is_chosen_by_sampling_fraction(sizes: np.ndarray, fraction: float, chosen: str) -> None:
    found = estimate_uniqueness(sizes, round(int(sizes.sum()) / fraction))
    assert found.chosen == chosen
    assert found.decided == getattr(found, chosen)


def test_sample_of_everybody_has_the_uniques_that_it_has() -> None:
    sizes = np.array([1, 1, 2, 5, 1])
    assert estimate_uniqueness(sizes, 10).zayatz == pytest.approx(3 / 10)


def test_zayatz_worked_out_by_hand() -> None:
    # three of six people are drawn: one of a class of one in 1/2 of draws, just one of two in 3/5 of them.
    # Of one class each, one seen alone is alone with chance (1/2) / (1/2 + 3/5); one of three is seen so.
    assert estimate_uniqueness(np.array([1, 2]), 6).zayatz == pytest.approx(1 * (1 / 2) / (1 / 2 + 3 / 5) / 3)


def test_nobody_unique_is_nobody_unique_in_the_population() -> None:
    assert estimate_uniqueness(np.array([2, 3]), 100).decided == 0


def test_pitman_has_no_estimate_where_nobody_is_alike() -> None:
    found = estimate_uniqueness(np.ones(5, dtype=int), 500)
    assert (found.pitman, found.chosen) == (None, "zayatz")
