"""The order of nodes and the loss of levels, worked out by hand."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from anonymize.case_ladder import build_ladder, build_lattice
from anonymize.lattice import LatticeTooLarge
from schemas.policy import QuasiIdentifier

PLACE = QuasiIdentifier(ladder=("citizenship", "citizenship_subregion", "citizenship_region"))
CLASSES = pd.DataFrame(
    {
        "citizenship": ["NGA", "GHA", "KEN", "SRB", None, None],
        "citizenship_subregion": ["W", "W", "E", "S", None, None],
        "citizenship_region": ["Africa", "Africa", "Africa", "Europe", "Africa", None],
        "count": [1, 1, 1, 1, 1, 1],
    }
)


def test_value_covers_the_leaves_seen_under_it_and_null_covers_all() -> None:
    ladder = build_ladder("citizenship", PLACE, CLASSES)
    assert ladder.domain == 4
    assert ladder.covered[:, ladder.value].tolist() == [
        [1, 1, 1, 1, 3, 4],
        [2, 2, 1, 1, 3, 4],
        [3, 3, 3, 1, 3, 4],
        [4, 4, 4, 4, 4, 4],
    ]


def test_what_the_pool_did_not_know_is_no_loss() -> None:
    ladder = build_ladder("citizenship", PLACE, CLASSES)
    loss = ladder.measure_loss(np.full(6, 2))
    assert loss.tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3, 0, 0, 0])


def test_equal_published_values_have_equal_numbers_at_different_levels() -> None:
    ladder = build_ladder("citizenship", PLACE, CLASSES)
    shown = ladder.shown[:, ladder.value]
    assert shown[2, 0] == shown[0, 4] == shown[2, 2]
    assert shown[1, 0] == shown[1, 1] != shown[1, 2]
    assert len({int(number) for number in shown[3]} | {int(shown[0, 5])}) == 1


def test_nodes_go_from_no_loss_to_all_and_every_step_is_after_its_predecessor() -> None:
    gender = QuasiIdentifier(ladder=("gender",))
    classes = CLASSES.assign(gender=["Woman", "Man", "Woman", "Man", "Woman", "Man"])
    counts = classes["count"].to_numpy()
    nodes = build_lattice({"citizenship": PLACE, "gender": gender}, classes, counts).nodes.tolist()
    assert len(nodes) == 8
    assert (nodes[0], nodes[-1]) == ([0, 0], [3, 1])
    for finer, coarser in product(nodes, nodes):
        if np.less_equal(finer, coarser).all():
            assert nodes.index(finer) <= nodes.index(coarser)


def test_column_with_one_value_is_not_given_up_for_nothing() -> None:
    one = pd.DataFrame({"gender": ["Woman"], "count": [5]})
    ladder = build_ladder("gender", QuasiIdentifier(ladder=("gender",)), one)
    assert ladder.measure_loss(np.array([1])).tolist() == [1.0]


def test_policy_with_too_many_combinations_is_refused_at_once() -> None:
    names = [f"column_{number}" for number in range(18)]
    classes = pd.DataFrame({name: ["a", "b"] for name in names} | {"count": [1, 1]})
    identifiers = {name: QuasiIdentifier(ladder=(name,)) for name in names}
    with pytest.raises(LatticeTooLarge, match="18 quasi-identifiers"):
        build_lattice(identifiers, classes, classes["count"].to_numpy())
