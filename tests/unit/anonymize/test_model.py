"""Every privacy model on classes worked out by hand, at the boundary."""

from math import e, log

import numpy as np
import pytest

from anonymize.model.average import AverageRisk
from anonymize.model.classes import Classes, Tally
from anonymize.model.closeness import Closeness, Likeness
from anonymize.model.diversity import DistinctDiversity, EntropyDiversity, Homogeneity, RecursiveDiversity
from anonymize.model.model import Model
from anonymize.model.population import DeltaPresence, PopulationMap
from anonymize.requirement import Requirement, build_requirement
from schemas.table_model import Attacker
from schemas.table_policy import TablePolicy

X = "x"


def make_classes(*rows: tuple[int, ...], population: list[int] | None = None) -> Classes:
    """Classes given by how many of their cases have each value."""
    counts = np.array(rows)
    group, value = np.nonzero(counts)
    tally = Tally(group, value, counts[group, value], counts.shape[1])
    people = None if population is None else np.array(population)
    return Classes(counts.sum(axis=1), people, {X: tally})


def judge(model: Model, *rows: tuple[int, ...]) -> list[bool]:
    return model.judge(make_classes(*rows)).tolist()


def test_distinct_diversity_counts_values_that_occur() -> None:
    model = DistinctDiversity(X, 3)
    assert judge(model, (9, 9, 0, 0), (9, 1, 1, 0), (1, 1, 1, 1)) == [False, True, True]
    assert model.measure(make_classes((9, 9, 0, 0), (0, 0, 0, 1))).tolist() == [2, 1]


def test_entropy_diversity_of_equal_shares_is_their_number() -> None:
    figures = EntropyDiversity(X, 2).measure(make_classes((5, 5, 0), (1, 1, 1), (2, 1, 1)))
    # the last has an entropy of 1.5 bits
    assert figures == pytest.approx([2, 3, 2**1.5])


@pytest.mark.parametrize(("least", "met"), [(2.0, True), (2.001, False)])
def test_entropy_diversity_at_the_boundary(least: float, met: bool) -> None:
    assert judge(EntropyDiversity(X, least), (7, 7, 0)) == [met]


def test_recursive_diversity_is_strict() -> None:
    # Machanavajjhala et al., Definition 4.2: with l = 2 and c = 2, 4 < 2 * 2 does not hold
    assert judge(RecursiveDiversity(X, 2, 2), (4, 1, 1), (3, 1, 1), (3, 0, 0)) == [False, True, False]
    # with l = 3 only the third and later values count
    assert judge(RecursiveDiversity(X, 2, 3), (3, 3, 1), (3, 3, 2)) == [False, True]


DISEASES = {  # figure 1 of Li et al., 2007: value, disease of what, of which system
    "flu": (0, 0, 0),
    "pneumonia": (1, 0, 0),
    "bronchitis": (2, 0, 0),
    "pulmonary embolism": (3, 1, 0),
    "gastritis": (4, 2, 1),
    "stomach cancer": (5, 2, 1),
}


@pytest.mark.parametrize(
    ("other", "distance"),
    [("flu", 0), ("bronchitis", 1 / 3), ("pulmonary embolism", 2 / 3), ("gastritis", 1)],
)
def test_hierarchical_distance_of_two_diseases_is_that_of_the_paper(other: str, distance: float) -> None:
    labels = [np.array(level) for level in zip(*DISEASES.values(), strict=True)]
    whole = np.array([float(name == other) for name in DISEASES])
    model = Closeness(X, 0.5, whole, labels)
    assert model.measure(make_classes((3, 0, 0, 0, 0, 0))) == pytest.approx([distance])


def test_equal_distance_is_half_of_what_differs() -> None:
    whole = np.array([6.0, 3.0, 1.0])
    model = Closeness(X, 0.4, whole, [np.arange(3)])
    assert model.measure(make_classes((1, 1, 0), (1, 0, 0), (6, 3, 1))) == pytest.approx([0.2, 0.4, 0])
    assert judge(model, (1, 0, 0), (0, 1, 0)) == [True, False]


@pytest.mark.parametrize(("share", "met"), [(4, True), (5, False)])
def test_basic_likeness_bounds_the_gain(share: int, met: bool) -> None:
    # a value that a fifth of the table has may have two fifths of a class where beta is 1
    model = Likeness(X, 1, np.array([2.0, 8.0]), enhanced=False)
    assert judge(model, (share, 10 - share)) == [met]


def test_enhanced_likeness_bounds_frequent_values_more() -> None:
    # a value with a share of 1 / e may gain -ln(1 / e) = 1 of it at most: up to 2 / e, whatever beta is
    model = Likeness(X, 50, np.array([1 / e, 1 - 1 / e]), enhanced=True)
    assert judge(model, (735, 265), (736, 264)) == [True, False]
    assert 0.735 < 2 / e < 0.736
    assert log(1 / e) == -1


def test_homogeneity_never_lets_all_be_alike() -> None:
    model = Homogeneity(X, 1, np.array([True, True, False]))
    # the last value is not known, and gives nothing away
    assert judge(model, (5, 0, 0), (4, 1, 0), (4, 0, 1), (0, 0, 5)) == [False, True, True, True]


@pytest.mark.parametrize(("alike", "met"), [(4, True), (5, False)])
def test_homogeneity_at_its_limit(alike: int, met: bool) -> None:
    assert judge(Homogeneity(X, 0.4, np.array([True, True, False])), (alike, 0, 10 - alike)) == [met]


def test_presence_is_the_share_of_the_population() -> None:
    classes = make_classes((1,), (2,), (3,), population=[10, 10, 10])
    model = DeltaPresence(0.2, 0.25)
    assert model.measure(classes) == pytest.approx([0.1, 0.2, 0.3])
    assert model.judge(classes).tolist() == [False, True, False]


def test_presence_with_a_least_share_refuses_people_like_no_case() -> None:
    classes = make_classes((2,), (0,), population=[10, 1])
    assert DeltaPresence(0.1, 1).refuse_all(classes)
    assert not DeltaPresence(0, 1).refuse_all(classes)


def test_map_counts_people_not_cases() -> None:
    classes = make_classes((9,), (1,), (1,), population=[9, 10, 11])
    assert PopulationMap(10).judge(classes).tolist() == [False, True, True]


def test_average_risk_leaves_out_the_smallest_classes() -> None:
    classes = make_classes((1,), (2,), (7,))
    model = AverageRisk(0.3, Attacker.PROSECUTOR)
    # three classes of ten cases are 0.3, as is allowed
    assert model.measure(classes) == pytest.approx(0.3)
    assert not model.choose_excess(classes).any()
    # two of nine without the smallest, one of seven without two
    assert AverageRisk(0.22, Attacker.PROSECUTOR).choose_excess(classes).tolist() == [True, True, False]
    assert AverageRisk(0.23, Attacker.PROSECUTOR).choose_excess(classes).tolist() == [True, False, False]


def test_average_risk_of_the_journalist_goes_by_people() -> None:
    classes = make_classes((1,), (1,), population=[2, 4])
    assert AverageRisk(0.3, Attacker.JOURNALIST).measure(classes) == pytest.approx(3 / 8)


def test_averages_are_met_together_where_one_raises_the_other() -> None:
    # classes of 1, 4 and 9 that look like 100, 5 and 10 people: for the journalist the second is the riskiest
    classes = make_classes((1,), (4,), (9,), population=[100, 5, 10])
    averages = (AverageRisk(0.21, Attacker.PROSECUTOR), AverageRisk(0.11, Attacker.JOURNALIST))
    # all: 3 / 14 is too much, so the first goes; of 4 and 9 people 1.7 / 13 are told, so the second goes
    assert averages[0].choose_excess(classes).tolist() == [True, False, False]
    required = Requirement(1, classes, (), averages)
    unpublished = required.find_unpublished(classes)
    assert unpublished.tolist() == [True, True, False]
    left = classes.select(~unpublished)
    assert all(average.is_met(left) for average in averages)


def test_maximum_risk_asks_for_a_class_size() -> None:
    policy = TablePolicy.model_validate(
        {
            "k": 2,
            "quasi_identifiers": ["a"],
            "suppression_limit": 0,
            "models": [{"model": "maximum_risk", "limit": 0.09}],
        }
    )
    # 1 / 11 is above, 1 / 12 below
    assert build_requirement(policy, make_classes((1,))).k == 12


def test_bound_counts_one_case_of_a_class_that_fails_and_all_of_a_hopeless_one() -> None:
    facts = make_classes((4, 4), (9, 1), (3, 0))
    models = (EntropyDiversity(X, 1.9), DistinctDiversity(X, 2))
    # the second has an entropy too low but two values: some part of it must fail; the third has no hope
    assert Requirement(2, facts, models).count_least(facts) == 1 + 3


def test_merged_classes_know_what_their_parts_knew() -> None:
    facts = make_classes((1, 2), (3, 0), (5, 5), population=[4, 5, 6])
    merged = facts.merge(np.array([1, 1, -1]), 2)
    assert merged.cases.tolist() == [0, 6]
    assert merged.population is not None
    assert merged.population.tolist() == [0, 9]
    tally = merged.values[X]
    assert (tally.group.tolist(), tally.value.tolist(), tally.cases.tolist()) == ([1, 1], [0, 1], [4, 2])
