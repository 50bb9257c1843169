"""Optima under privacy models on Adult, as the test suite of ARX 3.9 publishes them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from anonymize.hierarchy import Hierarchy, build_hierarchy, climb_hierarchy
from anonymize.model.classes import Classes, Tally
from anonymize.requirement import Requirement, Sensitive, build_requirement
from anonymize.table import anonymize_table
from anonymize.table_measure import measure_table
from schemas.table_policy import TablePolicy

ADULT = "sex age race marital-status education native-country workclass occupation salary-class"
COLUMNS = ADULT.split(" ")
SENSITIVE = "occupation"
OTHERS = [name for name in COLUMNS if name != SENSITIVE]

DIVERSE = {"model": "entropy_l_diversity", "column": SENSITIVE, "l": 5}
RECURSIVE = {"model": "recursive_l_diversity", "column": SENSITIVE, "c": 4, "l": 5}
CLOSE = {"model": "t_closeness", "column": SENSITIVE, "t": 0.2, "distance": "hierarchical"}
BASIC = {"model": "beta_likeness", "column": SENSITIVE, "kind": "basic"}
ENHANCED = {"model": "beta_likeness", "column": SENSITIVE, "kind": "enhanced"}

# policy, measure, score and levels; ARX's sample is the population's subset where a model is about it
OPTIMA: list[tuple[dict[str, Any], float, str, float, list[int]]] = [
    (DIVERSE, 0.04, "entropy", 228878.2039109517, [1, 0, 1, 1, 2, 2, 2, 1]),
    (DIVERSE, 0.0, "entropy", 324620.5269918692, [1, 1, 1, 1, 3, 2, 2, 1]),
    (RECURSIVE, 0.05, "entropy", 209764.96161974416, [1, 0, 1, 1, 2, 2, 2, 0]),
    (CLOSE, 0.0, "entropy", 398400.0741806447, [0, 4, 1, 1, 3, 2, 2, 1]),
    (CLOSE, 0.05, "entropy", 374778.01889889664, [1, 4, 0, 0, 3, 1, 2, 1]),
    ({**BASIC, "beta": 5}, 0.4, "loss", 0.23350465152356303, [0, 2, 0, 0, 2, 0, 1, 0]),
    ({**ENHANCED, "beta": 2}, 0.0, "loss", 0.759176305345683, [1, 4, 1, 1, 3, 2, 2, 0]),
    ({**ENHANCED, "beta": 10}, 1.0, "loss", 0.3419039849540606, [0, 3, 0, 0, 3, 1, 2, 0]),
    ({"model": "delta_presence", "max": 0.2}, 0.05, "entropy", 20747.362350403302, [1, 0, 1, 1, 2, 2, 2, 0]),
    (
        {"model": "delta_presence", "min": 0.05, "max": 0.15},
        0.0,
        "entropy",
        37223.2491248282,
        [1, 4, 1, 1, 1, 2, 2, 1],
    ),
    ({"model": "k_map", "k": 3}, 0.05, "entropy", 15121.633326877098, [0, 0, 1, 1, 1, 2, 1, 0]),
    ({"model": "k_map", "k": 5}, 0.0, "entropy", 28551.7222913157, [1, 0, 1, 2, 3, 2, 2, 1]),
    (
        {"model": "average_risk", "limit": 0.01},
        0.04,
        "entropy",
        314637.8461904862,
        [1, 0, 1, 1, 3, 2, 2, 1, 1],
    ),
]


@dataclass(frozen=True)
class Adult:
    """The whole table, and the part of it that ARX takes as the sample of a population."""

    whole: pd.DataFrame
    subset: pd.DataFrame
    hierarchies: dict[str, Hierarchy]

    def number(self, frame: pd.DataFrame, names: list[str]) -> np.ndarray:
        places = [{row[0]: n for n, row in enumerate(self.hierarchies[name].rows)} for name in names]
        return np.stack([frame[name].map(place) for name, place in zip(names, places, strict=True)])

    def describe(self, frame: pd.DataFrame, names: list[str]) -> tuple[np.ndarray, Classes]:
        """The classes of the whole table, and what is known of them of a sample of it."""
        classes, member = np.unique(self.number(self.whole, names), axis=1, return_inverse=True)
        place = {tuple(column): n for n, column in enumerate(classes.T.tolist())}
        mine = np.array([place[tuple(column)] for column in self.number(frame, names).T.tolist()])
        size = len(place)
        value = self.number(frame, [SENSITIVE])[0]
        width = len(self.hierarchies[SENSITIVE].rows)
        key, cases = np.unique(mine * width + value, return_counts=True)
        tally = Tally(key // width, key % width, cases, width)
        people = np.bincount(member, minlength=size) if frame is self.subset else None
        return classes, Classes(np.bincount(mine, minlength=size), people, {SENSITIVE: tally})

    def require(self, policy: TablePolicy, facts: Classes) -> Requirement:
        rows = self.hierarchies[SENSITIVE].rows
        levels = list(zip(*rows, strict=True))[:-1]
        labels = [np.unique(level, return_inverse=True)[1] for level in levels]
        # values are numbered by row, not by name
        labels[0] = np.arange(len(rows))
        return build_requirement(policy, facts, {SENSITIVE: Sensitive([row[0] for row in rows], labels)})


@pytest.fixture(scope="module")
def adult(real_data: Path) -> Adult:
    folder = real_data / "benchmark" / "adult"
    files = {name: folder / f"adult_hierarchy_{name}.csv" for name in COLUMNS}
    return Adult(
        pd.read_csv(folder / "adult.csv", sep=";", dtype=str),
        pd.read_csv(folder / "adult_subset.csv", sep=";", dtype=str),
        {
            name: build_hierarchy(name, [line.split(";") for line in path.read_text().splitlines()])
            for name, path in files.items()
        },
    )


@pytest.mark.parametrize(("model", "limit", "measure", "score", "levels"), OPTIMA)
def test_optimum_under_a_model_is_the_one_that_arx_publishes(
    adult: Adult, model: dict[str, Any], limit: float, measure: str, score: float, levels: list[int]
) -> None:
    names = COLUMNS if len(levels) == len(COLUMNS) else OTHERS
    given = {
        "k": 2,
        "quasi_identifiers": names,
        "suppression_limit": limit,
        "recoding": "full_domain",
        "measure": measure,
        "models": [model],
    }
    # ARX asks for no k here, but for closeness; ours is never below 2
    k = 5 if model is CLOSE else 1
    policy = TablePolicy.model_validate(given).model_copy(update={"k": k})
    about_population = policy.needs_population
    classes, facts = adult.describe(adult.subset if about_population else adult.whole, names)
    ladders = [
        climb_hierarchy(adult.hierarchies[name], policy.quasi_identifiers[name], code)
        for name, code in zip(names, classes, strict=True)
    ]
    recoded = anonymize_table(ladders, facts.cases, policy, adult.require(policy, facts))
    account = measure_table(ladders, facts.cases, recoded, policy)
    found = account.entropy if measure == "entropy" else account.loss_geometric
    assert found == pytest.approx(score, rel=1e-9)
    assert recoded.levels[~recoded.suppressed][0].tolist() == levels
