from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.individual_risk import estimate_journalist
from anonymize.special_unique import find_special_uniques

# Templ, Statistical Disclosure Control for Microdata (2017): the example of SUDA
BOOK = pd.DataFrame(
    {
        "age": ["20s"] * 7 + ["60s"],
        "gender": ["male"] * 4 + ["female"] * 3 + ["male"],
        "income": ["50k+"] * 2 + ["50k-"] * 6,
        "education": ["high"] * 4 + ["university", "high", "middle", "university"],
    }
)
# World Bank, SDC practice guide: the example of SUDA scores
GUIDE = pd.DataFrame(
    {
        "residence": ["u", "u", "u", "u", "r", "u", "u", "u", "u", "u"],
        "gender": list("fffmfmfmff"),
        "education": ["si", "si", "pi", "sc", "sc", "sc", "pc", "ps", "si", "si"],
        "labor": ["e", "e", "non", "e", "un", "e", "non", "un", "non", "non"],
    }
)


def score(table: pd.DataFrame, largest: int = 9, fraction: float = 0.01) -> pd.DataFrame:
    """The scores of every record, and its minimal sample uniques by size."""
    columns = list(table.columns)
    counted = table.groupby(columns, sort=False).size().reset_index(name="cases")
    shown = [pd.factorize(counted[name])[0] for name in columns]
    special = find_special_uniques(shown, counted["cases"].to_numpy(), largest, fraction)
    found = counted.assign(score=special.score, dis=special.dis_score, msu=list(special.found.T))
    return table.merge(found, on=columns, how="left")


def test_scores_of_the_book_are_those_of_the_book() -> None:
    assert score(BOOK)["score"].tolist()[4:] == [4, 2, 6, 8]


def test_scores_of_the_guide_are_those_of_the_guide() -> None:
    assert score(GUIDE)["score"].tolist() == [0, 0, 6, 0, 12, 0, 6, 10, 0, 0]


def test_minimal_uniques_of_a_record_worked_out_by_hand() -> None:
    # the fifth of the guide is the only one in the country, so that pairs with that are not minimal; of the
    # other three columns any two tell her: no woman has that education, or is out of work, and nobody both
    assert score(GUIDE)["msu"][4].tolist() == [1, 3, 0, 0]
    assert score(GUIDE)["score"][4] == 6 + 3 * 2
    # the eighth alone has that education; he is the only man out of work
    assert score(GUIDE)["msu"][7].tolist() == [1, 2, 0, 0]


def test_dis_scores_worked_out_by_hand() -> None:
    # a and b are alone, c and d a pair: two uniques and one pair in a tenth of the population
    table = pd.DataFrame({"x": list("aabb"), "y": list("stuu"), "z": list("1111")})
    found = score(table, fraction=0.1)
    # both are told by y alone: with three columns (3 - 1)! each, so that the spread is even
    assert found["score"].tolist() == [2, 2, 0, 0]
    dis = 2 * 0.1 / (2 * 0.1 + 2 * 0.9)
    assert found["dis"].tolist() == pytest.approx([dis, dis, 0, 0])


def test_larger_uniques_are_not_looked_for_beyond_the_limit() -> None:
    assert score(GUIDE, largest=1)["score"].tolist() == [0, 0, 6, 0, 6, 0, 6, 6, 0, 0]


@given(rows=st.lists(st.tuples(*[st.integers(0, 2)] * 4), min_size=1, max_size=14), largest=st.integers(1, 4))
def test_minimal_sample_uniques_are_those_of_their_definition(
    rows: list[tuple[int, ...]], largest: int
) -> None:
    table = pd.DataFrame(rows, columns=list("abcd"))
    found = score(table, largest)
    for number, row in enumerate(rows):
        alone = {
            chosen
            for size in range(1, largest + 1)
            for chosen in combinations(range(4), size)
            if sum(all(other[c] == row[c] for c in chosen) for other in rows) == 1
        }
        minimal = [one for one in alone if not any(set(other) < set(one) for other in alone)]
        wanted = [sum(len(one) == size for one in minimal) for size in range(1, largest + 1)]
        assert found["msu"][number].tolist() == wanted


@pytest.mark.parametrize(
    ("size", "people", "risk"),
    [(1, 17, 0.17707583), (1, 541, 0.01165448), (2, 110, 0.01714426), (2, 84.5, 0.02204233)],
)
def test_individual_risk_is_that_of_mu_argus(size: int, people: float, risk: float) -> None:
    # records of Capobianchi, Polettini and Lucarelli, as sdcMicro's freqCalc and indivRisk give them
    assert estimate_journalist(np.array([size]), size / people)[0] == pytest.approx(risk, abs=1e-8)


def test_individual_risk_in_closed_form() -> None:
    part = 0.2
    # Benedetti and Franconi: p / (1 - p) log(1 / p) for one, p / (1 - p)^2 (p log p + 1 - p) for two
    one = part / (1 - part) * np.log(1 / part)
    two = part / (1 - part) ** 2 * (part * np.log(part) + 1 - part)
    assert estimate_journalist(np.array([1, 2]), part) == pytest.approx([one, two])


def test_individual_risk_of_large_classes_stays_a_number() -> None:
    # 1 / F, F a million times a thousand
    assert estimate_journalist(np.array([10**6]), 0.001)[0] == pytest.approx(1e-9, rel=1e-5)
    # the two ways of adding the series up agree where they meet
    near = estimate_journalist(np.array([199, 200, 201, 202]), 0.3)
    assert np.diff(near, 2) == pytest.approx(np.diff(0.3 / np.arange(199, 203), 2), rel=2e-2)
    assert estimate_journalist(np.array([1, 7]), 1.0) == pytest.approx([1, 1 / 7])
